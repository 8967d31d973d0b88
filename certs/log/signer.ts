import { type Bytes, concatBytes, type EpochMs, Fault } from "../../schemas/ground/index.ts";
import type { NoteSignature } from "./note.ts";
import { renderSigned } from "./signatures.ts";
import { makeVerifierKey, noteAlgorithms, type VerifierKey } from "./verifier-key.ts";

/** A private key, held elsewhere: it signs bytes, and its public half is known. */
export interface NoteKey {
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Bytes;
  sign(bytes: Bytes): Bytes;
}

/** What signs texts in one name. */
export interface NoteSigner {
  readonly verifierKey: VerifierKey;
  /** The line of its signature. @throws {Fault} LOG_NOTE_INVALID, and what the key throws */
  sign(text: string): NoteSignature;
}

/** What cosigns checkpoints in one name. */
export interface Cosigner {
  readonly verifierKey: VerifierKey;
  /**
   * The line of its signature over the text of a checkpoint, at a moment of whole seconds; parts of one are cut off.
   *
   * @throws {Fault} LOG_CHECKPOINT_INVALID, LOG_NOTE_INVALID, and what the key throws
   */
  cosign(text: string, at: EpochMs): NoteSignature;
}

/**
 * A signer of notes with an Ed25519 key.
 *
 * @throws {Fault} LOG_NOTE_INVALID for a name or key that is none
 */
export function makeNoteSigner(name: string, key: NoteKey): NoteSigner {
  const verifierKey = makeVerifierKey(name, noteAlgorithms.ED25519, key.spki);
  const { keyId } = verifierKey;
  const sign = (text: string): NoteSignature => ({ name, keyId, signature: key.sign(Buffer.from(text)) });
  return { verifierKey, sign };
} // prettier-ignore

function renderTime(seconds: number): Bytes {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(seconds));
  return bytes;
}

/**
 * A cosigner of checkpoints with an Ed25519 or ML-DSA-44 key; which one is seen from the key. A key of Ed25519 does
 * not sign its own name, so each cosigner needs a key of its own.
 *
 * @throws {Fault} LOG_NOTE_INVALID for a name or key that is none
 */
export function makeCosigner(name: string, key: NoteKey): Cosigner {
  const isSmall = key.spki.length < 100;
  const algorithm = isSmall ? noteAlgorithms.COSIGNATURE_ED25519 : noteAlgorithms.COSIGNATURE_ML_DSA_44;
  const verifierKey = makeVerifierKey(name, algorithm, key.spki);
  const { keyId } = verifierKey;
  const cosign = (text: string, at: EpochMs): NoteSignature => {
    const seconds = Math.floor(at / 1000);
    if (!(seconds >= 0)) throw new Fault("LOG_NOTE_INVALID", "time: a moment since 1970");
    const signed = renderSigned(text, { name, algorithm, seconds });
    return { name, keyId, signature: concatBytes(renderTime(seconds), key.sign(signed)) };
  };
  return { verifierKey, cosign };
} // prettier-ignore
