import { type Bytes, Fault } from "../../schemas/ground/index.ts";
import { type Checkpoint, parseCheckpoint } from "./checkpoint.ts";
import { type Note, parseNote } from "./note.ts";
import { verifyNote } from "./signatures.ts";
import type { VerifierKey } from "./verifier-key.ts";

/** A checkpoint whose log signed it. The note has the lines of witnesses too, which are not yet looked at. */
export interface SignedCheckpoint {
  readonly checkpoint: Checkpoint;
  readonly note: Note;
}

/**
 * Reads a checkpoint that its log signed: by at least one of these keys, and all of them speak for that origin.
 *
 * @throws {Fault} LOG_NOTE_INVALID, LOG_CHECKPOINT_INVALID when it is another log's, or signed by none of the keys
 */
export function verifyCheckpoint(bytes: Bytes, ...keys: readonly VerifierKey[]): SignedCheckpoint {
  const note = parseNote(bytes);
  const checkpoint = parseCheckpoint(note.text);
  const own = keys.filter(({ name }) => name === checkpoint.origin);
  if (own.length === 0) {
    throw new Fault("LOG_CHECKPOINT_INVALID", "checkpoint: of a log whose key is not known here");
  }
  if (verifyNote(note, own).length > 0) return { checkpoint, note };
  throw new Fault("LOG_CHECKPOINT_INVALID", "checkpoint: not signed by its log");
}
