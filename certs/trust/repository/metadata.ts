import { verify } from "node:crypto";

import { z } from "zod";

import { parseJsonText } from "../../../schemas/index.ts";
import {
  type Bytes,
  Fault,
  parseUtf8,
  sha256,
  toFault,
  utf8,
  tryShape,
} from "../../../schemas/ground/index.ts";
import { renderCanonical } from "./canonical.ts";
import type { RepositoryKey } from "./key.ts";
import { repositoryLimits } from "./limits.ts";

/** Metadata that was read and has the shape of its kind; nothing of it is proved yet. */
export interface Metadata<S> {
  readonly signed: S;
  readonly signatures: readonly { readonly keyid: string; readonly sig: string }[];
  /** The bytes that are signed. */
  readonly canonical: Bytes;
  /** SHA-256 of the bytes that are signed: what is said, whoever signed it. */
  readonly digest: Bytes;
}

/** Who may sign, and how many of them must. */
export interface Role {
  readonly keys: readonly RepositoryKey[];
  readonly threshold: number;
}

const envelope = z.strictObject({
  signatures: z
    .array(
      z.strictObject({
        keyid: z.string().regex(/^[0-9a-f]{64}$/),
        sig: z
          .string()
          .max(200)
          .regex(/^(?:[0-9a-f]{2})+$/),
      }),
    )
    .max(repositoryLimits.signatures),
  signed: z.unknown(),
});

function refuse(name: string, why: string): never {
  throw new Fault("REGISTER_INVALID", `the metadata of ${name} ${why}`);
}

function readJson(name: string, bytes: Bytes, maxBytes: number): unknown {
  if (bytes.length > maxBytes) refuse(name, `has more than ${maxBytes} bytes`);
  try {
    return parseJsonText(parseUtf8(bytes), maxBytes);
  } catch (error) {
    const { detail } = toFault(error, "REGISTER_INVALID");
    throw new Fault("REGISTER_INVALID", `the metadata of ${name}: ${detail}`, { cause: error });
  }
}

function readShape<S>(name: string, shape: z.ZodType<S>, value: unknown): S {
  const result = tryShape(shape, value);
  if (result.success) return result.data;
  const [told] = result.error.issues.map(
    ({ path, message }) =>
      `at ${path.map(String).join(".").slice(0, 100)}: ${message.slice(0, 200)}`,
  );
  return refuse(name, `is not of its shape${told === undefined ? "" : `, ${told}`}`);
}

/**
 * Reads one file of metadata: JSON without members given twice, of the shape of its kind, with at most one
 * signature by each key.
 *
 * @param name what is told when it is refused: "snapshot", "ng"
 * @throws {Fault} REGISTER_INVALID
 */
export function parseMetadata<S>(
  name: string,
  bytes: Bytes,
  { shape, maxBytes }: { readonly shape: z.ZodType<S>; readonly maxBytes: number },
): Metadata<S> {
  const { signatures, signed } = readShape(name, envelope, readJson(name, bytes, maxBytes));
  const signers = new Set(signatures.map(({ keyid }) => keyid));
  if (signers.size !== signatures.length) refuse(name, "bears two signatures of one key");
  const canonical = utf8(renderCanonical(signed));
  return {
    signed: readShape(name, shape, signed),
    signatures,
    canonical,
    digest: sha256(canonical),
  };
}

function isSignedBy(
  canonical: Bytes,
  { algorithm, publicKey }: RepositoryKey,
  sig: string,
): boolean {
  const hash = algorithm === "ES256" ? "sha256" : null;
  return verify(hash, canonical, publicKey, Buffer.from(sig, "hex"));
}

/** The names of the role's keys that signed; signatures by other keys, and wrong ones, count for nothing. */
export function findSigners(
  { canonical, signatures }: Metadata<unknown>,
  { keys }: Role,
): readonly string[] {
  const byName = new Map(keys.map((key) => [key.keyid, key]));
  return signatures.flatMap(({ keyid, sig }) => {
    const key = byName.get(keyid);
    return key !== undefined && isSignedBy(canonical, key, sig) ? [keyid] : [];
  });
}

/**
 * Checks that enough of a role's keys signed.
 *
 * @returns the names of those that did
 * @throws {Fault} REGISTER_SIGNATURE_INVALID
 */
export function checkSigned(
  name: string,
  metadata: Metadata<unknown>,
  role: Role,
): readonly string[] {
  const signers = findSigners(metadata, role);
  if (signers.length >= role.threshold) return signers;
  throw new Fault(
    "REGISTER_SIGNATURE_INVALID",
    `${name} is signed by ${signers.length} of the keys that may sign it; ${role.threshold} must`,
  );
}
