import { type EpochMs, isFault } from "../../schemas/ground/index.ts";
import { type Certificate, type Crl, parseCertificate, parseCrl } from "../../certs/shape/index.ts";
import { proveCertificate, type RegisterView, revokedSince } from "../../certs/trust/index.ts";
import type { RevokedSigner } from "../store/index.ts";

/** A signing certificate that a list of its state names. The list is not yet proved to be its issuer's. */
interface Listed extends RevokedSigner {
  /** When the first list was made that says so. */
  readonly madeAt: EpochMs;
  readonly notBefore: EpochMs;
}

/** More CAs stand above no certificate of ours. */
const maxCas = 4;

function readOr<T>(parse: () => T): readonly T[] {
  try {
    return [parse()];
  } catch (error) {
    // what cannot be read proves nothing and revokes nothing
    if (isFault(error)) return [];
    throw error;
  }
}

/** A certificate and the CAs above it, as far as they stand in its state's part. */
function chainOf(leaf: Certificate, cas: readonly Certificate[]): readonly Certificate[] {
  const chain = [leaf];
  for (let next = leaf; chain.length <= maxCas;) {
    const { authorityKeyId } = next;
    const above = cas.find((ca) => ca.subjectKeyId === authorityKeyId && !chain.includes(ca));
    if (above === undefined) break;
    chain.push(above);
    next = above;
  }
  return chain;
}

function listingsOf(chain: readonly Certificate[], lists: readonly Crl[]): readonly { since: EpochMs; madeAt: EpochMs }[] {
  return chain.flatMap(({ serial, authorityKeyId }) =>
    lists.flatMap((list) => {
      const listing = list.authorityKeyId === authorityKeyId ? list.revoked.get(serial) : undefined;
      return listing === undefined ? [] : [{ since: revokedSince(listing), madeAt: list.thisUpdate }];
    }),
  );
} // prettier-ignore

/** Every listing of every signing certificate: certificates are read only where a list of their state names any. */
function readListed(register: RegisterView): readonly Listed[] {
  const byAuthority = Map.groupBy(register.agencies, ({ authority }) => authority);
  return [...byAuthority].flatMap(([authority, agencies]) => {
    const { crls = [], intermediates = [] } = register.authority(authority) ?? {};
    const lists = crls.flatMap((der) => readOr(() => parseCrl(der)));
    if (lists.every(({ revoked }) => revoked.size === 0)) return [];
    const cas = intermediates.flatMap((der) => readOr(() => parseCertificate(der)));
    return agencies.flatMap(({ agency, certificates }) =>
      certificates
        .filter(({ kind }) => kind === "SIGNING")
        .flatMap(({ certificate }) => readOr(() => parseCertificate(certificate)))
        .flatMap((leaf) => {
          const { thumbprint, notBefore } = leaf;
          const said = listingsOf(chainOf(leaf, cas), lists);
          return said.map((one) => ({ agency, thumbprint, notBefore, ...one }));
        }),
    );
  });
}

const listed = new WeakMap<RegisterView, readonly Listed[]>();

function findListed(register: RegisterView): readonly Listed[] {
  const held = listed.get(register);
  if (held !== undefined) return held;
  const found = readListed(register);
  listed.set(register, found);
  return found;
}

/** Whether it is truly revoked from that moment on, by the very rules that messages are judged by. */
function isProven(register: RegisterView, { agency, thumbprint, since, notBefore }: Listed, now: EpochMs): boolean {
  const provenAt = Math.max(since, notBefore);
  try {
    proveCertificate(register, { agency, kind: "SIGNING", thumbprint, provenAt }, now);
    return false;
  } catch (error) {
    if (isFault(error)) return error.code === "CERT_REVOKED";
    throw error;
  }
} // prettier-ignore

/**
 * Signing certificates that the register's lists revoke, each with the moment from which it proves nothing, where that is
 * news: `isNews` is asked first, because a proof costs more than a look. A list dated ahead of our clock says nothing yet.
 */
export function findRevokedSigners(
  register: RegisterView,
  now: EpochMs,
  isNews: (signer: RevokedSigner) => boolean,
): readonly RevokedSigner[] {
  return findListed(register)
    .filter((one) => one.madeAt <= now && isNews(one) && isProven(register, one, now))
    .map(({ agency, thumbprint, since }) => ({ agency, thumbprint, since }));
}
