import { Buffer } from "node:buffer";

import { type Bytes, Fault, utf8 } from "../../schemas/ground/index.ts";
import { type Entry, readEntry, sortEntries } from "./entries.ts";

const blockBytes = 512;
const nameBytes = 100;
const prefixBytes = 155;

/** A path as ustar has it: a name of 100 bytes, and what stands before it in 155 more. */
function splitPath(path: string): readonly [name: string, prefix: string] {
  if (utf8(path).length <= nameBytes) return [path, ""];
  for (let at = path.indexOf("/"); at !== -1; at = path.indexOf("/", at + 1)) {
    const [prefix, name] = [path.slice(0, at), path.slice(at + 1)];
    if (utf8(prefix).length <= prefixBytes && utf8(name).length <= nameBytes) return [name, prefix];
  }
  throw new Fault("CONFIG_INVALID", "a path is too long for an archive; shorten its folders");
}

function octal(value: number, width: number): string {
  return `${value.toString(8).padStart(width - 1, "0")}\0`;
}

function renderHeader({ path, content, mode, owner = 0 }: Entry, size: number, seconds: number): Bytes {
  const isFolder = content === undefined;
  const [name, prefix] = splitPath(isFolder ? `${path}/` : path);
  const block = Buffer.alloc(blockBytes);
  const put = (text: string, at: number): void => void block.write(text, at, "utf8");
  put(name, 0);
  put(octal(mode, 8), 100);
  put(octal(owner, 8), 108);
  put(octal(owner, 8), 116);
  put(octal(size, 12), 124);
  put(octal(seconds, 12), 136);
  put("        ", 148);
  put(isFolder ? "5" : "0", 156);
  put("ustar\u000000", 257);
  put(prefix, 345);
  put(`${octal(block.reduce((sum, byte) => sum + byte, 0), 7)} `, 148);
  return block;
} // prettier-ignore

/**
 * An archive (ustar) in pieces: the same entries and the same time give the same bytes, whatever machine writes them.
 *
 * @param seconds since 1970, the time of every file
 * @throws {Fault} CONFIG_INVALID for a path that the format cannot hold
 */
export function* renderTar(entries: readonly Entry[], seconds: number): Generator<Bytes> {
  for (const entry of sortEntries(entries)) {
    const bytes = readEntry(entry);
    yield renderHeader(entry, bytes.length, seconds);
    if (bytes.length === 0) continue;
    yield bytes;
    yield Buffer.alloc((blockBytes - (bytes.length % blockBytes)) % blockBytes);
  }
  yield Buffer.alloc(2 * blockBytes);
}
