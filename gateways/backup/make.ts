import { createHash } from "node:crypto";
import {
  closeSync,
  fstatSync,
  existsSync,
  fsyncSync,
  openSync,
  read,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

import { z } from "zod";

import type { Signer } from "../../certs/keys/index.ts";
import {
  type Bytes,
  type Chance,
  type Clock,
  type EpochMs,
  Fault,
  renderHex,
  toFault,
  utf8,
  tryShape,
} from "../../schemas/ground/index.ts";
import { type RecoveryRecipient, sealBackupKey } from "../crypto/index.ts";
import { sealedFilePath, type Store } from "../store/index.ts";
import { sealFrames } from "./frames.ts";
import {
  entryName,
  isBesideMessages,
  type Manifest,
  maxEntries,
  renderManifest,
} from "./manifest.ts";

/** What a backup is made of. */
export interface BackupSource {
  readonly agency: string;
  /** The gateway's folder. */
  readonly dir: string;
  readonly store: Pick<Store, "hold" | "messages" | "attachments">;
  readonly signer: Signer;
  /** The epoch of the register in force. */
  readonly epoch: () => number;
  readonly clock: Pick<Clock, "now">;
  readonly chance: Chance;
}

/** Where a backup goes, to whom it is sealed, and what goes with it. */
export interface BackupOrder {
  readonly file: string;
  readonly recipients: readonly RecoveryRecipient[];
  /** Private keys; no when left out. */
  readonly withKeys?: boolean | undefined;
  /** Files beside messages that lie here whole: those that came, and those of our own; yes when left out. */
  readonly withFiles?: boolean | undefined;
}

/** A backup that lies on the disk. */
export interface BackupMade {
  readonly file: string;
  readonly bytes: number;
  readonly createdAt: EpochMs;
  readonly messages: number;
  /** Files beside messages in it. */
  readonly files: number;
}

/** What begins every backup, so that a file can be told from others. */
export const magic = "ATUMPAN BACKUP 1\n";
/** Beside the store: the register, the configuration, and the boxes in which the store's key lies. */
const files = ["gateway.json", "register.bin", "store-key.json"] as const;
const maxFileBytes = 64 * 1024 * 1024;
const chunkBytes = 1024 * 1024;
const readAt = promisify(read);

/** One file of a backup, as it is written. */
export interface Listed {
  readonly name: string;
  readonly bytes: number;
  readonly chunks: AsyncIterable<Bytes> | Iterable<Bytes>;
}

const configShape = z.looseObject({
  keys: z.unknown().optional(),
  anchors: z.unknown().optional(),
});

/** Every file that a part of the configuration names, in the gateway's own folder. */
function namedIn(value: unknown): readonly string[] {
  if (typeof value === "string") return tryShape(entryName, value).success ? [value] : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(namedIn);
}

/** What is known to everybody, and what only its owner reads, told apart by what is written in the file. */
export function isPrivate(content: Bytes): boolean {
  return Buffer.from(content).includes("PRIVATE KEY");
}

function keyFiles({ dir }: BackupSource): readonly string[] {
  const config = join(dir, "gateway.json");
  if (!existsSync(config)) return [];
  const found = tryShape(configShape, JSON.parse(readFileSync(config, "utf8")));
  const named = found.success ? namedIn([found.data.keys, found.data.anchors]) : [];
  const renewed = existsSync(join(dir, "keys"))
    ? readdirSync(join(dir, "keys")).map((name) => `keys/${name}`)
    : [];
  return [...named, ...renewed.filter((name) => tryShape(entryName, name).success)];
}

function smallFiles(source: BackupSource, withKeys: boolean): readonly Listed[] {
  const { dir } = source;
  const names = [...new Set([...files, ...keyFiles(source)])].filter(
    (name) => statSync(join(dir, name), { throwIfNoEntry: false })?.isFile() === true,
  );
  return names.flatMap((name) => {
    const content = readFileSync(join(dir, name));
    if (content.length > maxFileBytes)
      throw new Fault("CODEC_TOO_LARGE", `${name} is too large for a backup`);
    if (!withKeys && isPrivate(content)) return [];
    return [{ name, bytes: content.length, chunks: [content] }];
  });
}

/**
 * Files beside messages, as they lie sealed under keys that the store has. None of them ever changes; one that is taken away
 * while the backup is made is not in it.
 */
function* sealedFiles({ dir, store }: BackupSource): Generator<Listed> {
  for (const { ref } of store.attachments.here()) {
    const name = sealedFilePath(ref);
    if (!existsSync(join(dir, name))) continue;
    const handle = openSync(join(dir, name), "r");
    try {
      const bytes = fstatSync(handle).size;
      yield { name, bytes, chunks: readChunks(handle, bytes) };
    } finally {
      closeSync(handle);
    }
  }
}

async function* readChunks(handle: number, bytes: number): AsyncGenerator<Bytes> {
  for (let at = 0; at < bytes;) {
    const buffer = Buffer.alloc(Math.min(chunkBytes, bytes - at));
    const { bytesRead } = await readAt(handle, buffer, 0, buffer.length, at);
    if (bytesRead === 0) throw new Fault("STORE_WRITE_FAILED", "a file was cut while it was read");
    yield buffer.subarray(0, bytesRead);
    at += bytesRead;
  }
}

function* allOf(source: BackupSource, { first, withFiles }: { first: readonly Listed[]; withFiles: boolean }): Generator<Listed> {
  yield* first;
  if (withFiles) yield* sealedFiles(source);
} // prettier-ignore

function checkCount({ store }: BackupSource): void {
  const most = maxEntries - 200;
  if (store.attachments.here().length <= most) return;
  throw new Fault("CODEC_TOO_LARGE", `a backup holds at most ${most} files beside messages; leave them out (withFiles) and copy the folder attachments`);
} // prettier-ignore

function renderHead({ name, bytes }: Pick<Listed, "name" | "bytes">): Bytes {
  return utf8(`${JSON.stringify({ name, bytes })}\n`);
}

interface Contents {
  readonly source: Pick<BackupSource, "agency" | "signer">;
  readonly entries: Iterable<Listed>;
  /** How many were written. */
  readonly tally: { files: number };
  readonly facts: Omit<Manifest, "entries" | "version" | "agency">;
}

/** Every entry, and last the signed list of them. */
async function* renderEntries({ source, entries, facts, tally }: Contents): AsyncGenerator<Bytes> {
  const listed: { name: string; bytes: number; sha256: string }[] = [];
  for (const { name, bytes, chunks } of entries) {
    yield renderHead({ name, bytes });
    const hash = createHash("sha256");
    for await (const chunk of chunks) {
      hash.update(chunk);
      yield chunk;
    }
    listed.push({ name, bytes, sha256: renderHex(hash.digest()) });
    if (isBesideMessages(name)) tally.files += 1;
  }
  const { agency, signer } = source;
  const list = renderManifest({ version: 1, agency, ...facts, entries: listed }, signer);
  yield renderHead({ name: "manifest", bytes: list.length });
  yield list;
}

function writeAll(handle: number, bytes: Bytes): void {
  for (let at = 0; at < bytes.length;) at += writeSync(handle, bytes, at, bytes.length - at);
}

async function writeFile(file: string, pieces: AsyncIterable<Bytes>): Promise<number> {
  const part = `${file}.part`;
  let bytes = 0;
  const handle = openSync(part, "w", 0o600);
  try {
    for await (const piece of pieces) {
      writeAll(handle, piece);
      bytes += piece.length;
    }
    fsyncSync(handle);
  } catch (error) {
    rmSync(part, { force: true });
    throw toFault(error, "STORE_FULL", "the backup could not be written; nothing of it was kept");
  } finally {
    closeSync(handle);
  }
  renameSync(part, file);
  const folder = openSync(dirname(file), "r");
  fsyncSync(folder);
  closeSync(folder);
  return bytes;
}

async function* joined(head: Bytes, rest: AsyncIterable<Bytes>): AsyncGenerator<Bytes> {
  yield head;
  yield* rest;
}

/** The key of one backup, and the beginning of its file. */
export interface BackupSealing {
  readonly key: Bytes;
  readonly head: Bytes;
}

/**
 * Makes the key of a backup and seals it.
 *
 * @throws {Fault} SEAL_NO_RECIPIENTS, SEAL_TOO_MANY_RECIPIENTS
 */
export async function startSealing(
  { agency, chance }: Pick<BackupSource, "agency" | "chance">,
  recipients: readonly RecoveryRecipient[],
  createdAt: EpochMs,
): Promise<BackupSealing> {
  const key = chance.bytes(32);
  const sealed = await sealBackupKey(key, recipients);
  return { key, head: utf8(`${magic}${JSON.stringify({ agency, createdAt, key: sealed })}\n`) };
}

/**
 * Writes a backup: sealed, and signed by who makes it. The file is there whole or not at all.
 *
 * @returns its bytes, and how many files beside messages are in it
 * @throws {Fault} STORE_FULL, STORE_WRITE_FAILED, KEY_UNUSABLE
 */
export async function writeSealed(
  { key, head }: BackupSealing,
  file: string,
  contents: Omit<Contents, "tally">,
): Promise<{ readonly bytes: number; readonly files: number }> {
  const tally = { files: 0 };
  const plain = renderEntries({ ...contents, tally });
  const bytes = await writeFile(file, joined(head, sealFrames({ key, bound: head }, plain)));
  return { bytes, ...tally };
}

/**
 * Makes a backup while the gateway goes on: the store as it is at one moment, the register, the configuration and the boxes of
 * the store's key, in one file, sealed to the recovery keys and signed. Private keys go with it only when asked for. The file is
 * there whole or not at all.
 *
 * @throws {Fault} SEAL_NO_RECIPIENTS, STORE_FULL, STORE_WRITE_FAILED, KEY_UNUSABLE
 */
export async function makeBackup(source: BackupSource, order: BackupOrder): Promise<BackupMade> {
  const { clock, store } = source;
  const { file, recipients, withKeys = false, withFiles = true } = order;
  if (withFiles) checkCount(source);
  const createdAt = clock.now();
  const sealing = await startSealing(source, recipients, createdAt);
  return await store.hold(async (still) => {
    const { messages: all } = store;
    const messages = all.count("in", "VERIFIED") + all.count("in", "QUARANTINED");
    const facts = { createdAt, epoch: source.epoch(), messages, withKeys, withFiles };
    const first = [
      { name: "store.db", bytes: still.bytes, chunks: still.chunks() },
      ...smallFiles(source, withKeys),
    ];
    const entries = allOf(source, { first, withFiles });
    const written = await writeSealed(sealing, file, { source, entries, facts });
    return { file, createdAt, messages, ...written };
  });
}
