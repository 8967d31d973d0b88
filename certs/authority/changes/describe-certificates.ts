import type { AgencyCertificate, AgencyKey } from "../../../schemas/index.ts";
import { type Bytes, bytesKey, isFault } from "../../../schemas/ground/index.ts";
import { parseCertificate, parseCrl } from "../../shape/index.ts";
import { renderFingerprint } from "../ceremony/fingerprint.ts";
import { compare, periodOf } from "./compare.ts";
import { remark, type Remark, renderMoment } from "./sentences.ts";

/** Until when a certificate is good; a question mark for one that cannot be read. */
function endOf(der: Bytes): string {
  try {
    return renderMoment(parseCertificate(der).notAfter);
  } catch (error) {
    if (isFault(error)) return "?";
    throw error;
  }
}

function aboutOf(der: Bytes): { readonly until: string; readonly fingerprint: string } {
  return { until: endOf(der), fingerprint: renderFingerprint(der) };
}

/** CAs that come and go; `kind` is ROOT or ISSUING. */
export function describeCas(
  authority: string,
  kind: "ROOT" | "ISSUING",
  { before, after }: { readonly before?: readonly Bytes[]; readonly after?: readonly Bytes[] },
): readonly Remark[] {
  const { added, removed } = compare(before, after, bytesKey);
  return [
    ...added.map((der) => remark(`${kind}_ADDED`, { authority, ...aboutOf(der) })),
    ...removed.map((der) => remark(`${kind}_REMOVED`, { authority, ...aboutOf(der) })),
  ];
}

/** Who speaks for a new sealing key; the first that an agency has needs nobody. */
function describeEndorsed(
  agency: string,
  { endorsements }: AgencyCertificate,
  hadOne: boolean,
): readonly Remark[] {
  if (!hadOne) return [];
  if (endorsements.length === 0) return [remark("KEY_UNENDORSED", { agency })];
  return [remark("KEY_ENDORSED", { agency, by: endorsements.map(({ endorser }) => endorser) })];
}

function nameOf({ kind, certificate }: AgencyCertificate): string {
  return kind + bytesKey(certificate);
}

/** Certificates of an agency that come and go, and who speaks for a new sealing key. */
export function describeCertificates(
  agency: string,
  before: readonly AgencyCertificate[],
  after: readonly AgencyCertificate[],
): readonly Remark[] {
  const { added, removed, changed } = compare(before, after, nameOf);
  const hadOne = before.some(({ kind }) => kind === "SEALING");
  const sealing = [...added, ...changed.map(([, next]) => next)];
  return [
    ...added.map(({ kind, certificate }) =>
      remark("CERT_ADDED", { agency, kind, ...aboutOf(certificate) }),
    ),
    ...removed.map(({ kind, certificate }) =>
      remark("CERT_REMOVED", { agency, kind, ...aboutOf(certificate) }),
    ),
    ...sealing
      .filter(({ kind }) => kind === "SEALING")
      .flatMap((one) => describeEndorsed(agency, one, hadOne)),
  ];
}

/** Keys without a certificate that come and go. */
export function describeKeys(
  agency: string,
  before: readonly AgencyKey[],
  after: readonly AgencyKey[],
): readonly Remark[] {
  const { added, removed } = compare(before, after);
  const about = ({ algorithm, spki }: AgencyKey) => ({
    agency,
    algorithm,
    fingerprint: renderFingerprint(spki),
  });
  return [
    ...added.map((key) => remark("PLAIN_KEY_ADDED", { ...about(key), period: periodOf(key) })),
    ...removed.map((key) => remark("PLAIN_KEY_REMOVED", about(key))),
  ];
}

/** Revocation lists that come and go. */
export function describeLists(
  authority: string,
  before: readonly Bytes[] | undefined,
  after: readonly Bytes[],
): readonly Remark[] {
  const { added, removed } = compare(before, after, bytesKey);
  const lists = added.map((der) => {
    const { revoked, nextUpdate } = parseCrl(der);
    return remark("LIST_NEW", { authority, count: revoked.size, until: renderMoment(nextUpdate) });
  });
  const isFewer = removed.length > added.length;
  return [...lists, ...(isFewer ? [remark("LIST_REMOVED", { authority })] : [])];
}
