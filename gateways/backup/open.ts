import { createHash, type KeyObject } from "node:crypto";
import { closeSync, fsyncSync, mkdirSync, openSync, read as readFile, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

import { z } from "zod";

import { type Anchors, verifyRegister } from "../../certs/trust/index.ts";
import {
  type Bytes,
  concatBytes,
  type EpochMs,
  Fault,
  parseUtf8,
  renderHex,
  toFault,
} from "../../schemas/ground/index.ts";
import { openBackupKey } from "../crypto/index.ts";
import { openFrames, type ReadExactly } from "./frames.ts";
import { magic } from "./make.ts";
import { checkManifest, entryName, type Manifest, maxEntries, parseManifest } from "./manifest.ts";

/** The beginning of a backup, which everybody may read and nobody proved. */
export interface BackupHead {
  readonly agency: string;
  readonly createdAt: EpochMs;
  readonly key: unknown;
  /** The bytes that all that follows is bound to. */
  readonly bytes: Bytes;
}

const maxHeadBytes = 16 * 1024;
const maxEntryHead = 300;
const headShape = z.strictObject({
  agency: z.string().regex(/^[a-z]{2,10}\/[a-z][a-z0-9-]{0,30}$/),
  createdAt: z.number().int().min(0),
  key: z.unknown(),
});
const entryShape = z.strictObject({
  name: entryName,
  bytes: z
    .number()
    .int()
    .min(0)
    .max(2 ** 42),
});
const readAt = promisify(readFile);

function refuse(why: string): never {
  throw new Fault("BACKUP_INVALID", why);
}

/**
 * Reads the beginning of a backup from its first bytes.
 *
 * @throws {Fault} BACKUP_INVALID
 */
export function parseHead(first: Bytes): BackupHead {
  const buffer = Buffer.from(first.buffer, first.byteOffset, Math.min(first.length, maxHeadBytes));
  const end = buffer.indexOf("\n", magic.length);
  if (buffer.subarray(0, magic.length).toString("latin1") !== magic || end < 0) {
    refuse("this file is no backup, or one of another version");
  }
  try {
    const found = headShape.parse(JSON.parse(parseUtf8(buffer.subarray(magic.length, end))));
    return { ...found, key: found.key, bytes: buffer.subarray(0, end + 1) };
  } catch (cause) {
    throw new Fault("BACKUP_INVALID", "the beginning of the backup cannot be read", { cause });
  }
}

/** Gives out so many bytes at a time of what comes in pieces. */
class Feed {
  readonly #source: AsyncIterator<Bytes>;
  #held: Bytes = new Uint8Array();

  constructor(source: AsyncIterator<Bytes>) {
    this.#source = source;
  }

  async #more(): Promise<boolean> {
    const next = await this.#source.next();
    if (next.done === true) return false;
    this.#held = this.#held.length === 0 ? next.value : concatBytes(this.#held, next.value);
    return true;
  }

  /** At most so many bytes; none at the end. */
  async some(most: number): Promise<Bytes> {
    while (this.#held.length === 0) if (!(await this.#more())) return this.#held;
    const taken = this.#held.subarray(0, most);
    this.#held = this.#held.subarray(taken.length);
    return taken;
  }

  /** Up to the next end of a line; undefined at the end. */
  async line(): Promise<Bytes | undefined> {
    for (;;) {
      const end = this.#held.indexOf(0x0a);
      if (end >= 0) {
        const taken = this.#held.subarray(0, end);
        this.#held = this.#held.subarray(end + 1);
        return taken;
      }
      if (this.#held.length > maxEntryHead) refuse("an entry of the backup has no name");
      if (!(await this.#more()))
        return this.#held.length === 0 ? undefined : refuse("the backup is cut off");
    }
  }
}

/** Where what is in a backup goes, piece by piece. */
export interface EntrySink {
  write(piece: Bytes): void;
  end(): void;
}

type Found = Manifest["entries"][number];

/** What was found in a backup before its list was read. */
interface Unpacked {
  readonly entries: readonly Found[];
  readonly list: Bytes;
  readonly register: Bytes;
}

/** At most this much of the list and of the register is held in memory. */
const maxHeldBytes = 64 * 1024 * 1024;

async function unpackOne(
  feed: Feed,
  { name, bytes }: z.infer<typeof entryShape>,
  sink: EntrySink | undefined,
): Promise<{ readonly found: Found; readonly held: Bytes }> {
  const hash = createHash("sha256");
  const isHeld = name === "manifest" || name === "register.bin";
  if (isHeld && bytes > maxHeldBytes) refuse(`${name} of the backup is too large`);
  const held: Bytes[] = [];
  for (let left = bytes; left > 0;) {
    const piece = await feed.some(left);
    if (piece.length === 0) refuse("the backup is cut off");
    hash.update(piece);
    if (isHeld) held.push(piece);
    sink?.write(piece);
    left -= piece.length;
  }
  sink?.end();
  return { found: { name, bytes, sha256: renderHex(hash.digest()) }, held: concatBytes(...held) };
}

async function unpack(
  feed: Feed,
  sinkOf: (name: string) => EntrySink | undefined,
): Promise<Unpacked> {
  const entries: Found[] = [];
  let register: Bytes = new Uint8Array();
  for (;;) {
    const line = await feed.line();
    if (line === undefined || entries.length > maxEntries)
      return refuse("the backup has no list of its contents");
    const head = entryShape.parse(JSON.parse(parseUtf8(line)));
    const isList = head.name === "manifest";
    const { found, held } = await unpackOne(feed, head, isList ? undefined : sinkOf(head.name));
    if (head.name === "register.bin") register = held;
    if (!isList) entries.push(found);
    else {
      if ((await feed.some(1)).length > 0) refuse("something stands behind the backup's list");
      return { entries, list: held, register };
    }
  }
}

function checkEntries(found: readonly Found[], { entries }: Manifest): void {
  if (JSON.stringify(found) !== JSON.stringify(entries))
    refuse("the backup does not hold what its list says");
}

/** A backup to be read. */
export interface BackupReading {
  readonly file: string;
  /** The private half of one of the keys it is sealed to. */
  readonly key: KeyObject;
  /** What its register is proved from. */
  readonly anchors: Anchors;
  /** Where entries go; all of them are read and checked, wherever they go. */
  readonly sinkOf?: (name: string) => EntrySink | undefined;
}

async function readWhole(
  { file, key, anchors, sinkOf = () => undefined }: BackupReading,
  handle: number,
): Promise<Manifest> {
  const { buffer, bytesRead } = await readAt(
    handle,
    Buffer.alloc(maxHeadBytes),
    0,
    maxHeadBytes,
    0,
  );
  const head = parseHead(buffer.subarray(0, bytesRead));
  let at = head.bytes.length;
  const read: ReadExactly = async (bytes) => {
    const got = await readAt(handle, Buffer.alloc(bytes), 0, bytes, at);
    at += got.bytesRead;
    return got.buffer.subarray(0, got.bytesRead);
  };
  const frames = openFrames({ key: await openBackupKey(head.key, key), bound: head.bytes }, read);
  const { entries, list, register } = await unpack(new Feed(frames), sinkOf);
  const unproven = parseManifest(list);
  checkEntries(entries, unproven.manifest);
  if (register.length === 0) refuse(`${file} holds no register`);
  checkManifest(unproven, verifyRegister(register, anchors));
  if (unproven.manifest.agency !== head.agency)
    refuse("the backup's beginning names another agency");
  return unproven.manifest;
}

/**
 * Reads a whole backup: opens it, checks every byte against the list, and proves that its agency signed the list. What went
 * to sinks counts only when this resolves.
 *
 * @throws {Fault} BACKUP_INVALID, REGISTER_*, NOT_FOUND
 */
export async function openBackup(reading: BackupReading): Promise<Manifest> {
  let handle: number;
  try {
    handle = openSync(reading.file, "r");
  } catch (error) {
    throw toFault(error, "NOT_FOUND", "the backup's file cannot be read");
  }
  try {
    return await readWhole(reading, handle);
  } catch (error) {
    throw toFault(error, "BACKUP_INVALID", "the backup is not one that can be read");
  } finally {
    closeSync(handle);
  }
}

/** Puts entries into a folder as files that only their owner reads, synced. */
export function folderSink(folder: string): (name: string) => EntrySink {
  return (name) => {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const handle = openSync(path, "wx", 0o600);
    return {
      write: (piece) => {
        for (let at = 0; at < piece.length; ) at += writeSync(handle, piece, at, piece.length - at);
      },
      end: () => {
        fsyncSync(handle);
        closeSync(handle);
      },
    };
  };
} // prettier-ignore
