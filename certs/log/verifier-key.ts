import { createPublicKey, type KeyObject } from "node:crypto";

import {
  type Bytes,
  concatBytes,
  Fault,
  renderHex,
  sha256,
  utf8,
} from "../../schemas/ground/index.ts";
import { parseBase64, renderBase64 } from "./base64.ts";
import { isKeyName } from "./key-name.ts";

/** What a key signs, by the number that signed-note gives it. */
export const noteAlgorithms = {
  /** A log over its notes. */
  ED25519: 1,
  /** A witness over a checkpoint, with the time. */
  COSIGNATURE_ED25519: 4,
  /** The same, with a key that quantum computers do not break. */
  COSIGNATURE_ML_DSA_44: 6,
} as const;

/** A public key that notes are verified by: `name+keyid+base64(algorithm ‖ key)`. */
export interface VerifierKey {
  readonly name: string;
  readonly algorithm: (typeof noteAlgorithms)[keyof typeof noteAlgorithms];
  /** Four bytes that, with the name, say which lines of a note are this key's. */
  readonly keyId: Bytes;
  /** The key itself: 32 bytes, or 1,312 of ML-DSA-44. */
  readonly raw: Bytes;
  readonly publicKey: KeyObject;
} // prettier-ignore

interface Kind {
  readonly algorithm: VerifierKey["algorithm"];
  /** What stands before the key in a SubjectPublicKeyInfo (RFC 8410 §4, RFC 9881 §4). */
  readonly prefix: Bytes;
  readonly rawBytes: number;
}

const edPrefix = Buffer.from("302a300506032b6570032100", "hex");
const mlDsaPrefix = Buffer.from("30820532300b06096086480165030403110382052100", "hex");
const kinds: readonly Kind[] = [
  { algorithm: 1, prefix: edPrefix, rawBytes: 32 },
  { algorithm: 4, prefix: edPrefix, rawBytes: 32 },
  { algorithm: 6, prefix: mlDsaPrefix, rawBytes: 1312 },
];

/** The longest key, of ML-DSA-44, has 1,752 characters of base64. */
const maxKeyText = 2200;
function refuse(detail: string): never {
  throw new Fault("LOG_NOTE_INVALID", detail);
}

/**
 * A verifier key of a public key.
 *
 * @param spki SubjectPublicKeyInfo, DER, of the algorithm's kind
 * @throws {Fault} LOG_NOTE_INVALID
 */
export function makeVerifierKey(
  name: string,
  algorithm: VerifierKey["algorithm"],
  spki: Bytes,
): VerifierKey {
  if (!isKeyName(name)) refuse("key: the name has 1 to 255 bytes, no spaces and no plus");
  const kind = kinds.find((one) => one.algorithm === algorithm);
  const { prefix = edPrefix, rawBytes = 0 } = kind ?? {};
  const isKind = Buffer.from(spki.subarray(0, prefix.length)).equals(prefix);
  if (!isKind || spki.length !== prefix.length + rawBytes) refuse("key: not of its algorithm");
  const raw = Buffer.from(spki.subarray(prefix.length));
  const keyId = sha256(concatBytes(utf8(`${name}\n`), Buffer.of(algorithm), raw)).subarray(0, 4);
  try {
    const publicKey = createPublicKey({ key: Buffer.from(spki), format: "der", type: "spki" });
    return Object.freeze({ name, algorithm, keyId, raw, publicKey });
  } catch (cause) {
    throw new Fault("LOG_NOTE_INVALID", "key: this runtime cannot use it", { cause });
  }
}

/** The text of a verifier key. */
export function renderVerifierKey({ name, algorithm, keyId, raw }: VerifierKey): string {
  return `${name}+${renderHex(keyId)}+${renderBase64(concatBytes(Buffer.of(algorithm), raw))}`;
}

/**
 * Reads a verifier key of an algorithm we use; its id is the one that follows from name and key.
 *
 * @throws {Fault} LOG_NOTE_INVALID
 */
export function parseVerifierKey(text: string): VerifierKey {
  if (text.length > maxKeyText) refuse("key: too long");
  // base64 has plus signs too, names have none
  const [name = "", keyId = "", ...rest] = text.split("+");
  const bytes = parseBase64(rest.join("+")) ?? new Uint8Array();
  const kind = kinds.find((one) => one.algorithm === bytes[0]);
  if (kind === undefined) return refuse("key: of name, key id and key, of an algorithm we use");
  const key = makeVerifierKey(name, kind.algorithm, concatBytes(kind.prefix, bytes.subarray(1)));
  return renderHex(key.keyId) === keyId ? key : refuse("key: the key id does not follow from it");
}
