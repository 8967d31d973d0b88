import type { EpochMs } from "../../schemas/ground/index.ts";
import { isFault } from "../../schemas/ground/index.ts";
import {
  type Certificate,
  type Crl,
  isSignedBy,
  parseCertificate,
  parseCrl,
} from "../../certs/shape/index.ts";
import type { RegisterView } from "../../certs/trust/index.ts";
import type { SuspendedMark } from "./store-keys-shape.ts";

/** A certificate of our own, and what it is for. */
export interface OwnCertificate {
  readonly kind: "LINK" | "SIGNING";
  readonly certificate: Certificate;
}

/** CRLReason keyCompromise, RFC 5280 §5.3.1. */
const keyCompromise = 1;

function readOr<T>(parse: () => T): readonly T[] {
  try {
    return [parse()];
  } catch (error) {
    // what cannot be read revokes nothing
    if (isFault(error)) return [];
    throw error;
  }
}

/** The lists of a state that are truly by one of its CAs, each with that CA. */
function provenLists(register: RegisterView, authority: string, now: EpochMs): readonly Crl[] {
  const { crls = [], intermediates = [] } = register.authority(authority) ?? {};
  const cas = intermediates.flatMap((der) => readOr(() => parseCertificate(der)));
  return crls
    .flatMap((der) => readOr(() => parseCrl(der)))
    .filter((list) => list.thisUpdate <= now)
    .filter((list) =>
      cas.some((ca) => ca.subjectKeyId === list.authorityKeyId && isSignedBy(list, ca)),
    );
}

function isStolen({ serial, authorityKeyId }: Certificate, lists: readonly Crl[]): boolean {
  return lists.some(
    (list) =>
      list.authorityKeyId === authorityKeyId && list.revoked.get(serial)?.reason === keyCompromise,
  );
}

/**
 * Whether a register in force forbids our agency to go on: it suspends the agency, or a link or signing certificate of
 * ours is listed as revoked because its key is in other hands, and no other of ours of that kind, listed nowhere and named
 * by the register, has taken its place. A suspended state is not meant: parts of its traffic go on.
 */
export function findSuspension(
  register: RegisterView,
  own: { readonly agency: string; readonly certificates: readonly OwnCertificate[] },
  now: EpochMs,
): SuspendedMark | undefined {
  const { epoch } = register;
  const agency = register.agency(own.agency);
  const { suspendedFrom } = agency ?? {};
  if (suspendedFrom !== undefined && suspendedFrom <= now)
    return { code: "MANDATE_SUSPENDED", epoch, at: now };
  const lists = provenLists(register, own.agency.split("/")[0] ?? "", now);
  const named = new Set(agency?.certificates.map(({ thumbprint }) => thumbprint.join(" ")));
  const isWithout = (["LINK", "SIGNING"] as const).some((kind) => {
    const ours = own.certificates.filter((one) => one.kind === kind);
    const stolen = ours.filter(({ certificate }) => isStolen(certificate, lists));
    const good = ours.filter(
      (one) => !stolen.includes(one) && named.has(one.certificate.thumbprint.join(" ")),
    );
    return stolen.length > 0 && good.length === 0;
  });
  return isWithout ? { code: "CERT_REVOKED", epoch, at: now } : undefined;
}
