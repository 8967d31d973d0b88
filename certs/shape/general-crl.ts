import { type Bytes, type EpochMs, Fault, renderHex } from "../../schemas/ground/index.ts";
import type { Revocation } from "./certificate.ts";
import { readEntries } from "./crl-entries.ts";
import { readDerTime } from "./der-values.ts";
import { childOf, type Der, parseDer } from "./der.ts";
import { type DistinguishedName, readDistinguishedName } from "./distinguished-name.ts";
import { type ListScope, readListScope } from "./distribution.ts";
import { readDocument } from "./document.ts";
import { type ExtensionFields, readExtensions } from "./extension-fields.ts";
import { certLimits } from "./limits.ts";
import { oids } from "./oids.ts";
import { findScheme, type SchemeSigned } from "./signature-scheme.ts";
import { splitSigned } from "./signed.ts";

/** A revocation list of RFC 5280, read whole: of all or part of its issuer's certificates, full or delta. */
export interface GeneralCrl extends SchemeSigned {
  readonly issuer: DistinguishedName;
  readonly thisUpdate: EpochMs;
  readonly nextUpdate: EpochMs;
  readonly authorityKeyId: string;
  /** Undefined when the list is of everything its issuer gave. */
  readonly scope?: ListScope | undefined;
  readonly isDelta: boolean;
  readonly revoked: ReadonlyMap<string, Revocation>;
  /** Critical extensions, of the list and its entries, that we do not act on. */
  readonly criticalUnknown: readonly string[];
}

/** Extensions of a list that we act on. */
const processed: ReadonlySet<string> = new Set([
  oids.issuingDistributionPoint,
  oids.deltaCrlIndicator,
]);

function malformed(detail: string): Fault {
  return new Fault("CERT_MALFORMED", detail);
}

function readHead(body: Der, algorithm: Bytes) {
  const [, , , from, until] = body.children;
  if (renderHex(childOf(body, 0, 0x02).content) !== "01") throw malformed("not a CRL of version 2");
  if (!Buffer.from(childOf(body, 1, 0x30).bytes).equals(algorithm)) {
    throw malformed("the signature algorithm is named in two ways");
  }
  if (from === undefined || until === undefined) throw malformed("a CRL says when it is good");
  return {
    issuer: readDistinguishedName(childOf(body, 2, 0x30)),
    thisUpdate: readDerTime(from),
    nextUpdate: readDerTime(until),
  };
}

/** RFC 5280 §5.2: the number and the identifier of the issuer's key are there and not critical. */
function checkIdentity({ critical, values, authorityKeyId }: ExtensionFields): string {
  const number = values.get(oids.crlNumber);
  const isNumber = number !== undefined && parseDer(number).tag === 0x02;
  if (!isNumber || authorityKeyId === undefined) {
    throw malformed("a CRL has a number and the identifier of its issuer's key");
  }
  if (critical.has(oids.crlNumber) || critical.has(oids.authorityKeyId)) {
    throw malformed("an extension is critical that never is");
  }
  return authorityKeyId;
}

function readGeneral(outer: Der): GeneralCrl {
  const { body, algorithm, tbs, signature } = splitSigned(outer);
  const scheme = findScheme(algorithm);
  if (scheme === undefined) {
    throw new Fault("CERT_OUTSIDE_PROFILE", "the signature algorithm is not one we verify");
  }
  const head = readHead(body, algorithm);
  const entries = body.children[5]?.tag === 0x30 ? body.children[5] : undefined;
  const at = entries === undefined ? 5 : 6;
  const extensions = childOf(body, at, 0xa0);
  if (body.children.length !== at + 1 || extensions.children.length !== 1) {
    throw malformed("a CRL has other fields than RFC 5280 gives it");
  }
  const fields = readExtensions(childOf(extensions, 0, 0x30));
  const scope = fields.values.get(oids.issuingDistributionPoint);
  const isDelta = fields.values.has(oids.deltaCrlIndicator);
  const { revoked, unknown } = readEntries(entries, { isDelta, readTime: readDerTime });
  return Object.freeze({
    ...head,
    tbs,
    signature,
    scheme,
    authorityKeyId: checkIdentity(fields),
    scope: scope === undefined ? undefined : readListScope(parseDer(scope), head.issuer.bytes),
    isDelta,
    revoked,
    criticalUnknown: [...[...fields.critical].filter((oid) => !processed.has(oid)), ...unknown],
  });
}

/**
 * Reads a revocation list of RFC 5280 from DER: version 2, with its number, the identifier of its issuer's
 * key and its next update. Not proved to be its issuer's until a path uses it.
 *
 * @throws {Fault} CERT_MALFORMED, CERT_OUTSIDE_PROFILE, CERT_TOO_COMPLEX
 * @see RFC 5280 §5
 */
export function readGeneralCrl(der: Bytes): GeneralCrl {
  return readDocument(der, certLimits.maxCrlBytes, readGeneral);
}
