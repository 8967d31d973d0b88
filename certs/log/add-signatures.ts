import { renderHex } from "../../schemas/ground/index.ts";
import type { Note, NoteSignature } from "./note.ts";

function lineOf({ name, keyId, signature }: NoteSignature): string {
  return `${name} ${renderHex(keyId)} ${renderHex(signature)}`;
}

/** A note with further lines under it; a line that stands there already is not put twice. */
export function addSignatures({ text, signatures }: Note, more: readonly NoteSignature[]): Note {
  const lines = new Map([...signatures, ...more].map((one) => [lineOf(one), one]));
  return { text, signatures: [...lines.values()] };
}
