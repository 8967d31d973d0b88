import type { Bytes, EpochMs } from "../../schemas/ground/index.ts";
import type { Database } from "./database.ts";
import type { SqlValue } from "./drivers/sqlite.ts";
import { bytesOf, maybeOf, numberOf, type Row, textOf } from "./row.ts";

/** A file that is being handed to this gateway. */
export interface UploadRow {
  readonly id: string;
  /** The caller; nobody else goes on with it. */
  readonly who: string;
  readonly size: number;
  readonly mediaType: string;
  readonly sha256?: Bytes | undefined;
  readonly name: string;
  /** Whether what a camera wrote is taken out. */
  readonly strip: boolean;
  /** What it lies on the disk under. */
  readonly key: Bytes;
  /** So much of it is safe on the disk. */
  readonly offset: number;
  /** RECEIVING, DONE, or the code of why it was refused. */
  readonly state: string;
  readonly detail?: string | undefined;
  /** Of one that is done: the file it became. */
  readonly file?: Bytes | undefined;
  readonly endsAt: EpochMs;
}

/** A file that travels beside messages, as it lies here or is to come. */
export interface FileRow {
  /** Digest over all that a message says of it: two that say different things are two files. */
  readonly ref: Bytes;
  /** SHA-256 of the file in the clear. */
  readonly digest: Bytes;
  readonly size: number;
  readonly mediaType: string;
  readonly key: Bytes;
  /** SHA-256 of the sealed manifest. */
  readonly manifest: Bytes;
  /** The sealed manifest, once it is here. */
  readonly sealed?: Bytes | undefined;
  /** Who handed it in; empty of what others sent. */
  readonly who: string;
  /** As its owner called it, cleaned; empty of what others sent. */
  readonly name: string;
  /** HERE, KNOWN (not asked for), WANTED, or the code of why it was refused. */
  readonly state: string;
  /** When it is tried again, of one that is wanted. */
  readonly nextAt: EpochMs;
  readonly tries: number;
  readonly madeAt: EpochMs;
}

/** That a message names a file. */
export interface UseRow {
  readonly ref: Bytes;
  readonly message: Bytes;
  readonly box: "in" | "out";
  /** What goes first is small, or a small picture of what comes after. */
  readonly rank: number;
  /** Of ours: when its chunks are next looked after at the hub; absent when no more. */
  readonly nextAt?: EpochMs | undefined;
  /** Of ours: when all chunks were at the hub last. */
  readonly storedAt?: EpochMs | undefined;
}

/** Files beside messages. What changes them is called inside `write` only. */
export interface Attachments {
  upload(id: string): UploadRow | undefined;
  putUpload(upload: UploadRow): void;
  dropUpload(id: string): void;
  /** Uploads that are not done. */
  uploads(): readonly UploadRow[];
  file(ref: Bytes): FileRow | undefined;
  putFile(file: FileRow): void;
  /** With all that names it. */
  dropFile(ref: Bytes): void;
  /** Files of one digest. */
  byDigest(digest: Bytes): readonly FileRow[];
  /** All of them; for who looks after the folder. */
  refs(): readonly Bytes[];
  /** Those that are here, in the order of their names. */
  here(): readonly Pick<FileRow, "ref" | "size">[];
  /** Files that callers handed in and no message names. */
  unused(): readonly FileRow[];
  /** Files whose messages are all gone from here. */
  orphans(): readonly FileRow[];
  /** Files to be fetched now, the smallest first. */
  wanted(now: EpochMs, limit: number): readonly FileRow[];
  putUse(use: UseRow): void;
  uses(ref: Bytes): readonly UseRow[];
  /** Files of ours whose chunks are to be looked after now. */
  due(now: EpochMs, limit: number): readonly UseRow[];
  /** Files of ours that are all at the hub, and still looked after; those that came there last first. */
  stored(limit: number): readonly UseRow[];
}

function uploadOf(row: Row): UploadRow {
  return {
    id: textOf(row, "id"),
    who: textOf(row, "who"),
    size: numberOf(row, "size"),
    mediaType: textOf(row, "media_type"),
    sha256: maybeOf(row, "sha256", bytesOf),
    name: textOf(row, "name"),
    strip: numberOf(row, "strip") === 1,
    key: bytesOf(row, "key"),
    offset: numberOf(row, "offset"),
    state: textOf(row, "state"),
    detail: maybeOf(row, "detail", textOf),
    file: maybeOf(row, "file", bytesOf),
    endsAt: numberOf(row, "ends_at"),
  };
}

function fileOf(row: Row): FileRow {
  return {
    ref: bytesOf(row, "ref"),
    digest: bytesOf(row, "digest"),
    size: numberOf(row, "size"),
    mediaType: textOf(row, "media_type"),
    key: bytesOf(row, "key"),
    manifest: bytesOf(row, "manifest"),
    sealed: maybeOf(row, "sealed", bytesOf),
    who: textOf(row, "who"),
    name: textOf(row, "name"),
    state: textOf(row, "state"),
    nextAt: numberOf(row, "next_at"),
    tries: numberOf(row, "tries"),
    madeAt: numberOf(row, "made_at"),
  };
}

function useOf(row: Row): UseRow {
  return {
    ref: bytesOf(row, "ref"),
    message: bytesOf(row, "message"),
    box: textOf(row, "box") === "in" ? "in" : "out",
    rank: numberOf(row, "rank"),
    nextAt: maybeOf(row, "next_at", numberOf),
    storedAt: maybeOf(row, "stored_at", numberOf),
  };
}

function uploadValues(one: UploadRow): SqlValue[] {
  const { id, who, size, mediaType, sha256 = null, name, key, offset, state } = one;
  const own = [id, who, size, mediaType, sha256, name, one.strip ? 1 : 0, key, offset, state];
  return [...own, one.detail ?? null, one.file ?? null, one.endsAt];
}

function fileValues(one: FileRow): SqlValue[] {
  const { ref, digest, size, mediaType, key, manifest, sealed = null, who, name } = one;
  const said = [ref, digest, size, mediaType, key, manifest, sealed, who, name];
  return [...said, one.state, one.nextAt, one.tries, one.madeAt];
}

type UploadPart = Pick<Attachments, "upload" | "putUpload" | "dropUpload" | "uploads">;
type UsePart = Pick<Attachments, "putUse" | "uses" | "due" | "stored">;

function makeUploads(database: Database): UploadPart {
  const get = database.prepare("SELECT * FROM upload WHERE id = ?");
  const put =
    database.prepare(`INSERT OR REPLACE INTO upload (id, who, size, media_type, sha256, name, strip, key, offset,
    state, detail, file, ends_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const drop = database.prepare("DELETE FROM upload WHERE id = ?");
  const all = database.prepare("SELECT * FROM upload ORDER BY ends_at");
  return {
    upload: (id) => {
      const row = get.get(id);
      return row === undefined ? undefined : uploadOf(row);
    },
    putUpload: (one) => void put.run(...uploadValues(one)),
    dropUpload: (id) => void drop.run(id),
    uploads: () => all.all().map(uploadOf),
  };
}

function makeUses(database: Database): UsePart {
  const put = database.prepare(`INSERT OR REPLACE INTO attachment_use (ref, message, box, rank, next_at, stored_at)
    VALUES (?, ?, ?, ?, ?, ?)`);
  const of = database.prepare("SELECT * FROM attachment_use WHERE ref = ?");
  const due = database.prepare(`SELECT * FROM attachment_use WHERE next_at <= ? ORDER BY rank, next_at LIMIT ?`);
  const stored = database.prepare(`SELECT * FROM attachment_use WHERE next_at IS NOT NULL AND stored_at IS NOT NULL
    ORDER BY stored_at DESC LIMIT ?`);
  return {
    putUse: (one) =>
      void put.run(one.ref, one.message, one.box, one.rank, one.nextAt ?? null, one.storedAt ?? null),
    uses: (ref) => of.all(ref).map(useOf),
    due: (now, limit) => due.all(now, limit).map(useOf),
    stored: (limit) => stored.all(limit).map(useOf),
  };
} // prettier-ignore

/** Builds the part of the store that knows the files beside messages. */
export function makeAttachments(database: Database): Attachments {
  const get = database.prepare("SELECT * FROM attachment WHERE ref = ?");
  const put =
    database.prepare(`INSERT OR REPLACE INTO attachment (ref, digest, size, media_type, key, manifest, sealed, who,
    name, state, next_at, tries, made_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const dropUses = database.prepare("DELETE FROM attachment_use WHERE ref = ?");
  const drop = database.prepare("DELETE FROM attachment WHERE ref = ?");
  const byDigest = database.prepare("SELECT * FROM attachment WHERE digest = ? ORDER BY made_at");
  const refs = database.prepare("SELECT ref FROM attachment");
  const here = database.prepare(
    "SELECT ref, size FROM attachment WHERE state = 'HERE' ORDER BY ref",
  );
  const unused = database.prepare(`SELECT * FROM attachment a WHERE who <> ''
    AND NOT EXISTS (SELECT 1 FROM attachment_use u WHERE u.ref = a.ref)`);
  const orphans = database.prepare(`SELECT * FROM attachment a
    WHERE EXISTS (SELECT 1 FROM attachment_use u WHERE u.ref = a.ref)
    AND NOT EXISTS (SELECT 1 FROM attachment_use u JOIN message m ON m.id = u.message WHERE u.ref = a.ref)`);
  const wanted = database.prepare(`SELECT * FROM attachment WHERE state = 'WANTED' AND next_at <= ?
    ORDER BY size LIMIT ?`);
  return {
    ...makeUploads(database),
    ...makeUses(database),
    file: (ref) => {
      const row = get.get(ref);
      return row === undefined ? undefined : fileOf(row);
    },
    putFile: (one) => void put.run(...fileValues(one)),
    dropFile: (ref) => {
      dropUses.run(ref);
      drop.run(ref);
    },
    byDigest: (digest) => byDigest.all(digest).map(fileOf),
    refs: () => refs.all().map((row) => bytesOf(row, "ref")),
    here: () =>
      here.all().map((row) => ({ ref: bytesOf(row, "ref"), size: numberOf(row, "size") })),
    unused: () => unused.all().map(fileOf),
    orphans: () => orphans.all().map(fileOf),
    wanted: (now, limit) => wanted.all(now, limit).map(fileOf),
  };
}
