import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, readSync, rmSync, writeFileSync } from "node:fs"; // prettier-ignore
import { dirname, join } from "node:path";

import { z } from "zod";

import type { Listed } from "../../gateways/backup/index.ts";
import { type Bytes, concatBytes, Fault, parseUtf8, tryShape, utf8 } from "../../schemas/ground/index.ts"; // prettier-ignore

/** A file that never changes any more, below the hub's folder. */
export interface LastingFile {
  /** As the backup names it: `hub/…`. */
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
}

/** One file of a pack. */
export interface PackedFile {
  readonly name: string;
  readonly content: Bytes;
}

const packFolder = "hub/packed";
/** Of one pack: a log of a thousand million entries then has some ten thousand packs. */
const maxFiles = 1_024;
const maxBytes = 32 * 1024 * 1024;
const maxPackBytes = 64 * 1024 * 1024;
const maxHeadBytes = 300;
const lineFeed = 0x0a;
const chunkBytes = 1024 * 1024;

const head = z.strictObject({
  /** Full tiles and bundles of a log: nothing that leads out of the folder, and nothing that would be run or read as a key. */
  name: z
    .string()
    .max(200)
    .regex(/^hub\/(?:[a-zA-Z0-9][a-zA-Z0-9_-]{0,62}\/){0,3}log\/tile\/(?:entries|\d{1,2})\/(?:x\d{3}\/){0,5}\d{3}$/),
  bytes: z.int().min(0).max(maxBytes),
}); // prettier-ignore

function headOf({ name, bytes }: Pick<LastingFile, "name" | "bytes">): Bytes {
  return utf8(`${JSON.stringify({ name, bytes })}\n`);
}

function* readPack(files: readonly LastingFile[]): Generator<Bytes> {
  for (const file of files) {
    yield headOf(file);
    yield readFileSync(file.path);
  }
}

function packOf(files: readonly LastingFile[], at: number): Listed {
  const bytes = files.reduce((sum, file) => sum + headOf(file).length + file.bytes, 0);
  return { name: `${packFolder}/${String(at).padStart(6, "0")}.tiles`, bytes, chunks: readPack(files) };
} // prettier-ignore

/** Packs files that never change, many in one, and reads each only when it is written. */
export function packFiles(files: readonly LastingFile[]): readonly Listed[] {
  const packs: LastingFile[][] = [];
  let held = 0;
  for (const file of files) {
    const last = packs.at(-1);
    held += file.bytes;
    if (last !== undefined && last.length < maxFiles && held <= maxBytes) {
      last.push(file);
      continue;
    }
    packs.push([file]);
    held = file.bytes;
  }
  return packs.map(packOf);
}

/** The beginning of a file that only grows, as long as it was when it was listed; read only when it is written. */
export function* readGrowing(path: string, bytes: number): Generator<Bytes> {
  const handle = openSync(path, "r");
  try {
    for (let at = 0; at < bytes;) {
      const chunk = Buffer.alloc(Math.min(chunkBytes, bytes - at));
      const got = readSync(handle, chunk, 0, chunk.length, at);
      if (got === 0) throw new Fault("STORE_WRITE_FAILED", "a file was cut while it was read");
      yield chunk.subarray(0, got);
      at += got;
    }
  } finally {
    closeSync(handle);
  }
}

function refuse(why: string): never {
  throw new Fault("BACKUP_INVALID", `a pack of tiles: ${why}`);
}

function readHead(bytes: Bytes): z.infer<typeof head> {
  try {
    const read = tryShape(head, JSON.parse(parseUtf8(bytes)));
    if (read.success) return read.data;
  } catch (error) {
    if (!(error instanceof SyntaxError) && !(error instanceof Fault)) throw error;
  }
  return refuse("a line in it names no tile");
}

/**
 * Takes a pack apart.
 *
 * @throws {Fault} BACKUP_INVALID
 */
export function parsePack(pack: Bytes): readonly PackedFile[] {
  if (pack.length > maxPackBytes) refuse("it is too long");
  const files: PackedFile[] = [];
  for (let at = 0; at < pack.length;) {
    const end = pack.subarray(at, at + maxHeadBytes).indexOf(lineFeed);
    if (end < 0) refuse("a line in it does not end");
    const { name, bytes } = readHead(pack.subarray(at, at + end));
    const start = at + end + 1;
    if (start + bytes > pack.length) refuse("it was cut");
    files.push({ name, content: pack.subarray(start, start + bytes) });
    at = start + bytes;
    if (files.length > maxFiles) refuse("it holds too many");
  }
  return files;
}

/** Renders a pack, as `packFiles` writes it. */
export function renderPack(files: readonly PackedFile[]): Bytes {
  return concatBytes(...files.flatMap(({ name, content }) => [headOf({ name, bytes: content.length }), content]));
} // prettier-ignore

/** Puts what was packed where it belongs, and takes the packs away. @throws {Fault} BACKUP_INVALID */
export function unpackFiles(folder: string): void {
  const packs = join(folder, packFolder);
  let names: readonly string[] = [];
  try {
    names = readdirSync(packs);
  } catch {
    // a backup of a small hub, or of an earlier version, has none
    return;
  }
  for (const pack of names) {
    for (const { name, content } of parsePack(readFileSync(join(packs, pack)))) {
      const path = join(folder, name);
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      try {
        writeFileSync(path, content, { mode: 0o600, flag: "wx" });
      } catch (cause) {
        throw new Fault("BACKUP_INVALID", "a pack of tiles: one cannot be put in its place", { cause });
      }
    }
    rmSync(join(packs, pack));
  }
  rmSync(packs, { recursive: true });
} // prettier-ignore
