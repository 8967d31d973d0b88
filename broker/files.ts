import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from "node:fs";

import { type Bytes, utf8 } from "../schemas/ground/index.ts";

/** Replaces a file whole and synced: whoever reads it sees the old content or the new. */
export function replaceFile(file: string, content: Bytes, mode: number): void {
  const next = `${file}.next`;
  const handle = openSync(next, "w", mode);
  try {
    writeSync(handle, content);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(next, file);
}

/** Replaces a text file when its content differs; says whether it did. */
export function replaceText(file: string, text: string, mode: number): boolean {
  if (existsSync(file) && readFileSync(file, "utf8") === text) return false;
  replaceFile(file, utf8(text), mode);
  return true;
}
