import { type Bytes, concatBytes, Fault, utf8 } from "../../schemas/ground/index.ts";
import {
  maxNoteBytes,
  type NoteSignature,
  noteAlgorithms,
  parseNote,
  renderNote,
  type VerifiedSignature,
  type VerifierKey,
  verifyNote,
} from "../log/index.ts";

/** A text to hang lines under: they are read, and written, as those of a note are. */
const anyText = "\n";
const above = utf8(`${anyText}\n`);

/**
 * The lines of signatures alone, as a witness answers them (C2SP tlog-witness).
 *
 * @throws {Fault} LOG_NOTE_INVALID when they would not be read back
 */
export function renderCosignatures(signatures: readonly NoteSignature[]): Bytes {
  return renderNote({ text: anyText, signatures }).subarray(above.length);
}

/**
 * Reads what a witness answered: lines of signatures and nothing else. None of them is believed yet.
 *
 * @throws {Fault} LOG_NOTE_INVALID
 */
export function parseCosignatures(bytes: Bytes): readonly NoteSignature[] {
  if (bytes.length > maxNoteBytes - above.length) throw new Fault("LOG_NOTE_INVALID", "note: too long");
  const { text, signatures } = parseNote(concatBytes(above, bytes));
  if (text === anyText) return signatures;
  throw new Fault("LOG_NOTE_INVALID", "note: more than lines of signatures");
} // prettier-ignore

/** A line that was verified: whose it is, and when he says that he saw the tree. */
export interface VerifiedCosignature extends VerifiedSignature {
  readonly line: NoteSignature;
}

/**
 * The lines that are cosignatures of a text by these keys. Lines by others are passed over, and so is one in a known
 * name that does not fit: one witness's spoilt line must not take away another's word.
 *
 * @throws {Fault} LOG_CHECKPOINT_INVALID when ML-DSA-44 is asked of a text that is no checkpoint
 */
export function findCosignatures(
  { text, lines }: { readonly text: string; readonly lines: readonly NoteSignature[] },
  keys: readonly VerifierKey[],
): readonly VerifiedCosignature[] {
  const known = keys.filter(({ algorithm }) => algorithm !== noteAlgorithms.ED25519);
  return lines.flatMap((line) => {
    try {
      return verifyNote({ text, signatures: [line] }, known).map((one) => ({ ...one, line }));
    } catch (error) {
      if (error instanceof Fault && error.code === "LOG_NOTE_INVALID") return [];
      throw error;
    }
  });
}
