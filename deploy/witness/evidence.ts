import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";

import { type EpochMs, parseUtf8, renderHex, sha256, utf8 } from "../../schemas/ground/index.ts";
import { type Note, renderNote } from "../../certs/log/index.ts";

/** Two notes that one log signed, of which one contradicts the other, or cannot be shown to follow from it. */
export interface Contradiction {
  readonly origin: string;
  readonly before: Note;
  readonly after: Note;
  /** What is wrong, for people. */
  readonly says: string;
  readonly at: EpochMs;
}

/** A log that signs ever new lies is found out by the first; the disk is not theirs to fill. */
const maxFiles = 1_000;

/** Keeps both notes in a file of their own; says where. The same two are kept once. */
export function keepEvidence(dir: string, { origin, before, after, says, at }: Contradiction): string {
  const folder = join(dir, "evidence");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const digest = renderHex(sha256(utf8(`${before.text}\n${after.text}`))).slice(0, 32);
  const file = join(folder, `${digest}.json`);
  if (existsSync(file) || readdirSync(folder).length >= maxFiles) return file;
  const texts = [before, after].map((note) => parseUtf8(renderNote(note)));
  const handle = openSync(file, "wx", 0o600);
  try {
    writeSync(handle, `${JSON.stringify({ origin, says, at, before: texts[0], after: texts[1] }, undefined, 2)}\n`);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  return file;
} // prettier-ignore
