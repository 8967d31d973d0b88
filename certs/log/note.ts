import { type Bytes, concatBytes, Fault, parseUtf8, utf8 } from "../../schemas/ground/index.ts";
import { parseBase64, renderBase64 } from "./base64.ts";
import { isKeyName } from "./key-name.ts";

/** One line under a note: who says that he signed it. Nothing is proved by reading it. */
export interface NoteSignature {
  readonly name: string;
  readonly keyId: Bytes;
  readonly signature: Bytes;
}

/** A text, ended by a newline, and the lines under it. */
export interface Note {
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** Room for the 16 signatures of 5 kB each that every reader of notes has to take. */
export const maxNoteBytes = 131_072;

const maxSignatures = 100;
const keyIdBytes = 4;
const lineStart = "\u2014 ";
// every control character but the newline: it would show a reader another text than is signed
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const controls = /[\u0000-\u0009\u000b-\u001f]/;

function refuse(detail: string, cause?: unknown): never {
  throw new Fault("LOG_NOTE_INVALID", `note: ${detail}`, { cause });
}

function readText(bytes: Bytes): string {
  if (bytes.length > maxNoteBytes) refuse(`more than ${maxNoteBytes} bytes`);
  try {
    return parseUtf8(bytes);
  } catch (cause) {
    return refuse("not UTF-8", cause);
  }
}

function readLine(line: string): NoteSignature {
  const [name = "", text = "", ...more] = line.slice(lineStart.length).split(" ");
  const bytes = parseBase64(text) ?? new Uint8Array();
  const isLine = line.startsWith(lineStart) && isKeyName(name) && more.length === 0;
  if (!isLine || bytes.length <= keyIdBytes) return refuse("a line of a signature is malformed");
  return { name, keyId: bytes.subarray(0, keyIdBytes), signature: bytes.subarray(keyIdBytes) };
}

/**
 * Reads a signed note (C2SP signed-note), strictly: at most 128 KiB and 100 signatures, base64 in its one spelling.
 * What is read is not yet believed: `verifyNote`.
 *
 * @throws {Fault} LOG_NOTE_INVALID
 */
export function parseNote(bytes: Bytes): Note {
  const all = readText(bytes);
  if (controls.test(all)) refuse("a control character");
  const cut = all.lastIndexOf("\n\n");
  if (cut < 0) refuse("no blank line before the signatures");
  const lines = all.slice(cut + 2).split("\n");
  if (lines.pop() !== "") refuse("it does not end with a newline");
  if (lines.length < 1 || lines.length > maxSignatures) refuse(`1 to ${maxSignatures} signatures`);
  return { text: all.slice(0, cut + 1), signatures: lines.map(readLine) };
}

/**
 * The bytes of a note; `parseNote` reads them back.
 *
 * @throws {Fault} LOG_NOTE_INVALID when it would not
 */
export function renderNote({ text, signatures }: Note): Bytes {
  const lines = signatures.map(({ name, keyId, signature }) => {
    return `${lineStart}${name} ${renderBase64(concatBytes(keyId, signature))}\n`;
  });
  const bytes = utf8(`${text}\n${lines.join("")}`);
  if (parseNote(bytes).text !== text) refuse("the text ends with one newline");
  return bytes;
}
