import type { Endorsement } from "../../schemas/index.ts";
import {
  type Bytes,
  type EpochMs,
  isFault,
  renderBase64url,
  sameBytes,
  utf8,
} from "../../schemas/ground/index.ts";
import { type Certificate, parseCertificate, parseCrl } from "../shape/index.ts";
import { algorithmsFor } from "./algorithms.ts";
import type { RegisteredCertificate, RegisterView } from "./register.ts";
import { type DetachedSignature, isSignatureValid, parseSignature } from "./signature.ts";
import { isStatementProven } from "./statement.ts";

/** A sealing key of an agency that whoever asks has met before. */
export interface PinnedKey {
  /** SHA-256 of its certificate. */
  readonly thumbprint: Bytes;
  /** Whether it is sealed to: met first, endorsed, or confirmed by a person; not when it waits or was refused. */
  readonly isBelieved: boolean;
}

/** What is asked of a sealing key that was not met before. */
export interface SealingKeyQuestion {
  /** Every key of the agency that was met before, believed or not. */
  readonly pinned: readonly PinnedKey[];
  readonly candidate: RegisteredCertificate & { readonly agency: string };
  readonly register: RegisterView;
  readonly at: EpochMs;
}

/** Met with the agency itself; vouched for by an earlier key or by two authorities; or by nobody who counts. */
export type SealingKeyVerdict = "first" | "endorsed" | "unendorsed";

/** How many different authorities stand in for the key before; of two, one at most is the agency's own state. */
const authoritiesNeeded = 2;

/**
 * The bytes an endorser signs: that this certificate's key is the agency's own. The key before names itself in
 * `previous`; an authority, which knows the agency and not its keys, leaves it out.
 */
export function renderEndorsed(agency: string, next: Bytes, previous?: Bytes): Bytes {
  const before = previous === undefined ? "-" : renderBase64url(previous);
  return utf8(`atumpan sealing key 1\n${agency}\n${renderBase64url(next)}\n${before}\n`);
}

/**
 * Whether some list of the authority names the certificate. The list's own signature is not asked for: a listing
 * only ever takes away, and what it takes away a person can give back.
 */
function isListed({ serial, authorityKeyId }: Certificate, crls: readonly Bytes[]): boolean {
  return crls
    .map((der) => parseCrl(der))
    .some((crl) => crl.authorityKeyId === authorityKeyId && crl.revoked.has(serial));
}

/** A key that ended before the new one began, or that was revoked, vouches for nothing. */
function mayVouch(previous: Certificate, candidate: Certificate, crls: readonly Bytes[]): boolean {
  return candidate.notBefore <= previous.notAfter && !isListed(previous, crls);
}

/** The line of the register for the key that signed, when it is one of the agency's own that is believed. */
function findVoucher(
  { thumbprint }: DetachedSignature,
  { candidate, pinned, register }: SealingKeyQuestion,
): RegisteredCertificate | undefined {
  const isSame = (one: { readonly thumbprint: Bytes }): boolean =>
    sameBytes(one.thumbprint, thumbprint);
  if (!pinned.some((one) => one.isBelieved && isSame(one))) return undefined;
  const named = register.agency(candidate.agency)?.certificates ?? [];
  return named.find((one) => one.kind === "SEALING" && isSame(one));
}

/** A believed key that the register still names may have expired: its agency's next key is endorsed all the same. */
function isByEarlierKey(signature: string, question: SealingKeyQuestion): boolean {
  const { candidate, register, at } = question;
  const { agency, thumbprint } = candidate;
  const parsed = parseSignature(signature);
  if (parsed.typ !== "atumpan-sealing-key" || parsed.kid !== agency) return false;
  if (!algorithmsFor(register, "SIGNATURE", at).includes(parsed.alg)) return false;
  const voucher = findVoucher(parsed, question);
  const authority = register.authority(register.agency(agency)?.authority ?? "");
  if (voucher === undefined || authority === undefined) return false;
  const previous = parseCertificate(voucher.certificate);
  return (
    mayVouch(previous, parseCertificate(candidate.certificate), authority.crls) &&
    isSignatureValid(
      parsed,
      renderEndorsed(agency, thumbprint, previous.thumbprint),
      previous.publicKey,
    )
  );
}

/** A hub carries the mail, so its word on whom to seal to counts for nothing; nor does the agency's own. */
function isByAuthority(
  { endorser, signature }: Endorsement,
  question: SealingKeyQuestion,
): boolean {
  const { candidate, register, at } = question;
  const { kid } = parseSignature(signature);
  const signer = register.agency(kid);
  if (signer === undefined || signer.authority !== endorser) return false;
  if (signer.kind === "HUB" || signer.agency === candidate.agency) return false;
  if (signer.suspendedFrom !== undefined && signer.suspendedFrom <= at) return false;
  const bytes = renderEndorsed(candidate.agency, candidate.thumbprint);
  const statement = { typ: "atumpan-sealing-key", bytes, signature, signer: kid } as const;
  return isStatementProven(register, statement, at);
}

/** What cannot be read, or whose signer cannot be proved, endorses nothing; that is no fault of who asks. */
function holds(check: () => boolean): boolean {
  try {
    return check();
  } catch (error) {
    if (isFault(error)) return false;
    throw error;
  }
}

/**
 * Says what speaks for a sealing key that was not met before. A certificate is not enough: its CA could make one for
 * itself. It is endorsed by an earlier key of the agency that is believed, or by two authorities, each through the
 * signing certificate of one of its agencies; so that no CA alone can read what is sealed to an agency.
 *
 * Pure. An endorsement that is malformed, revoked, by a hub or by the agency's signing key counts for nothing and
 * spoils nothing.
 */
export function judgeSealingKey(question: SealingKeyQuestion): SealingKeyVerdict {
  const { pinned, candidate } = question;
  if (pinned.length === 0) return "first";
  const { agency, endorsements } = candidate;
  const own = endorsements.filter(({ endorser }) => endorser === agency);
  if (own.some(({ signature }) => holds(() => isByEarlierKey(signature, question)))) {
    return "endorsed";
  }
  const others = endorsements.filter((one) => holds(() => isByAuthority(one, question)));
  const authorities = new Set(others.map(({ endorser }) => endorser));
  return authorities.size >= authoritiesNeeded ? "endorsed" : "unendorsed";
}
