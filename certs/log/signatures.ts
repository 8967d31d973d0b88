import { verify } from "node:crypto";

import {
  type Bytes,
  concatBytes,
  type EpochMs,
  Fault,
  sameBytes,
  utf8,
} from "../../schemas/ground/index.ts";
import { parseCheckpoint } from "./checkpoint.ts";
import type { Note, NoteSignature } from "./note.ts";
import { noteAlgorithms, type VerifierKey } from "./verifier-key.ts";

/** A signature that was verified by a known key. */
export interface VerifiedSignature {
  readonly key: VerifierKey;
  /** When a witness says that it saw the tree: of cosignatures only, in whole seconds. */
  readonly at?: EpochMs | undefined;
}

const timeBytes = 8;

/** The moment in front of a cosignature; undefined when it is beyond what numbers hold exactly. */
export function parseCosignatureTime(signature: Bytes): number | undefined {
  if (signature.length <= timeBytes) return undefined;
  const seconds = Buffer.from(signature.subarray(0, timeBytes)).readBigUInt64BE();
  return seconds * 1000n <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(seconds) : undefined;
}

function lengthPrefixed(text: string): Bytes {
  const bytes = utf8(text);
  return concatBytes(Buffer.of(bytes.length), bytes);
}

function renderNumber(value: number): Bytes {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}

/** What a witness signs with ML-DSA-44: its own name, the time and the tree, without further lines. */
function renderCosigned(text: string, name: string, seconds: number): Bytes {
  const { origin, size, root } = parseCheckpoint(text);
  return concatBytes(
    utf8("subtree/v1\n\0"),
    lengthPrefixed(name),
    renderNumber(seconds),
    lengthPrefixed(origin),
    renderNumber(0),
    renderNumber(size),
    root,
  );
}

/** Who signs, what, and for cosignatures when. */
export interface Signed {
  readonly name: string;
  readonly algorithm: VerifierKey["algorithm"];
  /** Seconds since 1970; only cosignatures have them. */
  readonly seconds: number;
}

/**
 * The very bytes that are signed for a note of this text (C2SP signed-note, tlog-cosignature).
 *
 * @throws {Fault} LOG_CHECKPOINT_INVALID when a cosignature with ML-DSA-44 is for a text that is no checkpoint
 */
export function renderSigned(text: string, { name, algorithm, seconds }: Signed): Bytes {
  if (algorithm === noteAlgorithms.ED25519) return utf8(text);
  if (algorithm === noteAlgorithms.COSIGNATURE_ED25519) {
    return utf8(`cosignature/v1\ntime ${seconds}\n${text}`);
  }
  return renderCosigned(text, name, seconds);
}

function verifyOne(text: string, key: VerifierKey, signature: Bytes): VerifiedSignature | undefined {
  const { name, algorithm, publicKey } = key;
  if (algorithm === noteAlgorithms.ED25519) {
    return verify(null, utf8(text), publicKey, signature) ? { key } : undefined;
  }
  const seconds = parseCosignatureTime(signature);
  if (seconds === undefined) return undefined;
  const signed = renderSigned(text, { name, algorithm, seconds });
  const isGood = verify(null, signed, publicKey, signature.subarray(timeBytes));
  return isGood ? { key, at: seconds * 1000 } : undefined;
} // prettier-ignore

function isBy({ name, keyId }: NoteSignature, key: VerifierKey): boolean {
  return key.name === name && sameBytes(key.keyId, keyId);
}

/**
 * The signatures of a note that are by keys we know, in the note's order. Lines by others are passed over; a line
 * that names a key of ours and was not signed by it spoils the note.
 *
 * @throws {Fault} LOG_NOTE_INVALID; LOG_CHECKPOINT_INVALID when ML-DSA-44 is asked of a text that is no checkpoint
 */
export function verifyNote(note: Note, keys: readonly VerifierKey[]): readonly VerifiedSignature[] {
  return note.signatures.flatMap((line) => {
    const key = keys.find((one) => isBy(line, one));
    if (key === undefined) return [];
    const verified = verifyOne(note.text, key, line.signature);
    if (verified !== undefined) return [verified];
    throw new Fault("LOG_NOTE_INVALID", "note: a signature in a known key's name does not fit");
  });
}
