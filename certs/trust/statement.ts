import type { KeyObject } from "node:crypto";

import { type Bytes, type EpochMs, Fault, sameBytes } from "../../schemas/ground/index.ts";
import type { LeafKind } from "../shape/index.ts";
import { proveAgencyKey } from "./agency-key.ts";
import { checkPartTime } from "./part-time.ts";
import { makePathCache, type ProvenLeaf } from "./path-cache.ts";
import type { RegisterView } from "./register.ts";
import {
  type DetachedSignature,
  fitsKey,
  isSignatureValid,
  parseSignature,
  type StatementType,
} from "./signature.ts";
import { signaturePolicy, singleAlgorithms } from "./signature-policy.ts";

/** Something signed, and what it claims to be. */
export interface Statement {
  readonly typ: StatementType;
  readonly bytes: Bytes;
  /** Detached JWS. */
  readonly signature: string;
  /** Who the statement itself says made it. */
  readonly signer: string;
  /**
   * The moments at each of which the register must let its algorithm be used; when it is judged, unless said. A
   * date that the signer chose never stands here alone: a hub adds its own time, a reader bounds it (`readingTime`).
   */
  readonly algorithmsAt?: readonly EpochMs[];
  /** A moment at which it provably existed, by another's word than its signer's; a later revocation does not undo it. */
  readonly provenAt?: EpochMs | undefined;
}

const paths = makePathCache();

/** A certificate that is said to be an agency's. */
interface CertificateClaim extends Pick<Statement, "provenAt"> {
  readonly agency: string;
  readonly kind: LeafKind;
  readonly thumbprint: Bytes;
}

/**
 * Proves one certificate of an agency: the register names it for this kind, and its path holds at `at`.
 *
 * @param thumbprint SHA-256 of the certificate (DER)
 * @throws {Fault} AGENCY_UNKNOWN, CERT_UNKNOWN, and all of `proveLeaf`
 */
export function proveCertificate(
  register: RegisterView,
  { agency, kind, thumbprint, provenAt }: CertificateClaim,
  at: EpochMs,
): ProvenLeaf {
  const registered = register.agency(agency);
  if (registered === undefined)
    throw new Fault("AGENCY_UNKNOWN", "the agency is not in the register");
  checkPartTime(register, registered.authority, at);
  const authority = register.authority(registered.authority);
  const named = registered.certificates.find(
    (one) => one.kind === kind && sameBytes(one.thumbprint, thumbprint),
  );
  if (authority === undefined || named === undefined) {
    throw new Fault("CERT_UNKNOWN", `the register names no such ${kind} certificate of the agency`);
  }
  const { roots, intermediates, crls } = authority;
  const documents = { leaf: named.certificate, intermediates, roots, crls };
  const question = { ...documents, kind, agency, at, provenAt };
  return paths.prove(question, register.key);
}

/** The certificates of one kind of an agency that hold at `at`, in the register's order. */
export function provenCertificates(
  register: RegisterView,
  { agency, kind }: { agency: string; kind: LeafKind },
  at: EpochMs,
): readonly ProvenLeaf[] {
  const certificates = register.agency(agency)?.certificates ?? [];
  return certificates
    .filter((one) => one.kind === kind)
    .flatMap(({ thumbprint }) => {
      try {
        return [proveCertificate(register, { agency, kind, thumbprint }, at)];
      } catch (error) {
        if (error instanceof Fault && error.code.startsWith("CERT_")) return [];
        throw error;
      }
    });
}

/** The key that vouches for a signature: a certified one, or of an algorithm no certificate can hold, one by itself. */
function proveSignerKey(
  register: RegisterView,
  { alg, thumbprint }: DetachedSignature,
  { agency, at, provenAt }: { agency: string; at: EpochMs; provenAt: EpochMs | undefined },
): KeyObject {
  if (alg === "ML-DSA-65") {
    return proveAgencyKey(register, { agency, algorithm: alg, thumbprint }, provenAt ?? at);
  }
  const leaf = proveCertificate(register, { agency, kind: "SIGNING", thumbprint, provenAt }, at);
  return leaf.certificate.publicKey;
}

/**
 * Whether a signature is over exactly these bytes, as this type of statement, by a key that the register names for
 * the agency and that holds at `at`. Whether its algorithm may be used is not asked here.
 *
 * @throws {Fault} SIGNATURE_MALFORMED, SIGNATURE_KEY_NOT_PERMITTED, ORIGIN_MISMATCH, AGENCY_UNKNOWN, CERT_*
 */
export function isSignedByAgency(
  register: RegisterView,
  signature: DetachedSignature,
  statement: Pick<Statement, "typ" | "bytes" | "signer" | "provenAt"> & { at: EpochMs },
): boolean {
  const { typ, bytes, signer, at, provenAt } = statement;
  if (signature.typ !== typ) {
    throw new Fault("SIGNATURE_MALFORMED", `the signature is not over an ${typ}`);
  }
  if (signature.kid !== signer) {
    throw new Fault("ORIGIN_MISMATCH", "the signature names another signer than the statement");
  }
  const key = proveSignerKey(register, signature, { agency: signer, at, provenAt });
  if (!fitsKey(signature.alg, key)) {
    throw new Fault("SIGNATURE_KEY_NOT_PERMITTED", `the key is not one for ${signature.alg}`);
  }
  return isSignatureValid(signature, bytes, key);
}

/**
 * Proves that an agency of the register made a statement: the signature is for this type of statement, by a
 * signing certificate that the register names for this agency, whose path holds at `at`, or by a registered key
 * in its time.
 *
 * Slips and receipts have room for one signature: where the register requires algorithms, it is of one of those.
 * Of an envelope this asks one signature alone; `checkEnvelopeSigned` asks all of them.
 *
 * @param at the time keys are judged at, and algorithms too unless the statement says otherwise (EpochMs)
 * @returns false when the signature does not fit the bytes
 * @throws {Fault} SIGNATURE_MALFORMED, SIGNATURE_ALGORITHM_NOT_PERMITTED, SIGNATURE_KEY_NOT_PERMITTED,
 * BYTES_NOT_CANONICAL, ORIGIN_MISMATCH, AGENCY_UNKNOWN, CERT_*
 */
export function isStatementProven(
  register: RegisterView,
  statement: Statement,
  at: EpochMs,
): boolean {
  const { typ, algorithmsAt = [at] } = statement;
  const signature = parseSignature(statement.signature);
  const permitted =
    typ === "atumpan-envelope"
      ? signaturePolicy(register, algorithmsAt).allowed
      : singleAlgorithms(register, algorithmsAt);
  if (!permitted.includes(signature.alg)) {
    throw new Fault(
      "SIGNATURE_ALGORITHM_NOT_PERMITTED",
      `the register does not let ${signature.alg} sign this`,
    );
  }
  return isSignedByAgency(register, signature, { ...statement, at });
}
