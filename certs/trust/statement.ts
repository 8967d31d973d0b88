import type { KeyObject } from "node:crypto";

import { type Bytes, type EpochMs, Fault, sameBytes } from "../../schemas/ground/index.ts";
import { algorithmsFor } from "./algorithms.ts";
import type { LeafKind } from "../shape/index.ts";
import { makePathCache, type ProvenLeaf } from "./path-cache.ts";
import type { RegisterView } from "./register.ts";
import {
  type DetachedSignature,
  isSignatureValid,
  parseSignature,
  type StatementType,
} from "./signature.ts";

/** Something signed, and what it claims to be. */
export interface Statement {
  readonly typ: StatementType;
  readonly bytes: Bytes;
  /** Detached JWS. */
  readonly signature: string;
  /** Who the statement itself says made it. */
  readonly signer: string;
}

const paths = makePathCache();

/**
 * Proves one certificate of an agency: the register names it for this kind, and its path holds at `at`.
 *
 * @param thumbprint SHA-256 of the certificate (DER)
 * @throws {Fault} AGENCY_UNKNOWN, CERT_UNKNOWN, and all of `proveLeaf`
 */
export function proveCertificate(
  register: RegisterView,
  { agency, kind, thumbprint }: { agency: string; kind: LeafKind; thumbprint: Bytes },
  at: EpochMs,
): ProvenLeaf {
  const registered = register.agency(agency);
  if (registered === undefined)
    throw new Fault("AGENCY_UNKNOWN", "the agency is not in the register");
  const authority = register.authority(registered.authority);
  const named = registered.certificates.find(
    (one) => one.kind === kind && sameBytes(one.thumbprint, thumbprint),
  );
  if (authority === undefined || named === undefined) {
    throw new Fault("CERT_UNKNOWN", `the register names no such ${kind} certificate of the agency`);
  }
  const { roots, intermediates, crls } = authority;
  const question = { leaf: named.certificate, intermediates, roots, crls, kind, agency, at };
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

/** Checks a signature by the key a certificate certifies; the algorithm must be in force. */
function isSignedBy(
  register: RegisterView,
  signature: DetachedSignature,
  { bytes, key, at }: { bytes: Bytes; key: KeyObject; at: EpochMs },
): boolean {
  const allowed = algorithmsFor(register, "SIGNATURE", at);
  return allowed.includes(signature.alg) && isSignatureValid(signature, bytes, key);
}

/**
 * Proves that an agency of the register made a statement: the signature is for this type of statement, by a
 * signing certificate that the register names for this agency, whose path holds at `at`.
 *
 * @param at the time the statement is judged at (EpochMs)
 * @returns false when the signature does not fit the bytes
 * @throws {Fault} SIGNATURE_MALFORMED, BYTES_NOT_CANONICAL, ORIGIN_MISMATCH, AGENCY_UNKNOWN, CERT_*
 */
export function isStatementProven(
  register: RegisterView,
  statement: Statement,
  at: EpochMs,
): boolean {
  const signature = parseSignature(statement.signature);
  if (signature.typ !== statement.typ) {
    throw new Fault("SIGNATURE_MALFORMED", `the signature is not over an ${statement.typ}`);
  }
  if (signature.kid !== statement.signer) {
    throw new Fault("ORIGIN_MISMATCH", "the signature names another signer than the statement");
  }
  const { thumbprint } = signature;
  const leaf = proveCertificate(
    register,
    { agency: statement.signer, kind: "SIGNING", thumbprint },
    at,
  );
  return isSignedBy(register, signature, {
    bytes: statement.bytes,
    key: leaf.certificate.publicKey,
    at,
  });
}
