import { rename } from "node:fs/promises";

import { limits } from "../../schemas/index.ts";
import {
  type Bytes,
  type EpochMs,
  Fault,
  isFault,
  renderHex,
  sameBytes,
  sha256,
} from "../../schemas/ground/index.ts";
import type { FileRow, UploadRow } from "../store/index.ts";
import { checkFile, digestOf, endingOf } from "./check-file.ts";
import type { ClearFile } from "./clear-file.ts";
import { cleanName } from "./file-name.ts";
import { attachmentLimits } from "./limits.ts";
import { sealManifest } from "./manifest.ts";
import type { AttachmentParts } from "./parts.ts";
import { refOf } from "./places.ts";
import { lengthOf, removeFile, sealedBytes, sealFile, syncName } from "./sealed-file.ts";
import { stripMetadata } from "./strip.ts";
import { appendUpload, openUpload } from "./upload-file.ts";

/** What a caller says of a file before he sends it. */
export interface UploadWish {
  readonly size: number;
  readonly mediaType: string;
  readonly sha256?: Bytes | undefined;
  readonly name?: string | undefined;
  readonly stripMetadata?: boolean | undefined;
  /** An upload of the very same that this caller began and did not end is gone on with; wants `sha256`. */
  readonly resume?: boolean | undefined;
}

/** How an upload stands. */
export interface UploadView {
  readonly id: string;
  /** RECEIVING, DONE or REFUSED. */
  readonly state: "RECEIVING" | "DONE" | "REFUSED";
  /** So much is safe on the disk; the next byte goes there. */
  readonly offset: number;
  readonly size: number;
  readonly mediaType: string;
  readonly name: string;
  readonly endsAt: EpochMs;
  /** Of one that is done: the file's digest and size as a message names them. */
  readonly file?: { readonly digest: Bytes; readonly size: number } | undefined;
  /** Of one that is refused. */
  readonly refusal?: { readonly code: string; readonly detail: string } | undefined;
}

/** Files on their way from callers to this gateway. */
export interface Uploads {
  /** @throws {Fault} ATTACHMENT_TYPE_REFUSED, REQUEST_INVALID, REQUEST_TOO_LARGE, ATTACHMENT_ALLOWANCE_SPENT, STORE_FULL */
  begin(who: string, wish: UploadWish): Promise<UploadView>;
  /** @throws {Fault} NOT_FOUND */
  find(who: string, id: string): UploadView;
  /**
   * Takes what comes from a byte on. With the last byte the file is checked, sealed and kept; what is wrong with it is told and
   * ends the upload.
   *
   * @throws {Fault} NOT_FOUND, UPLOAD_OFFSET_WRONG, REQUEST_TOO_LARGE, STORE_WRITE_FAILED, ATTACHMENT_*
   */
  append(who: string, id: string, run: { readonly offset: number; readonly source: AsyncIterable<Bytes> }): Promise<UploadView>;
  /** Takes an upload away, and its file as long as no message names it. @throws {Fault} NOT_FOUND */
  drop(who: string, id: string): Promise<void>;
  /** Takes away what nobody went on with, and files that no message here names. */
  expire(): Promise<void>;
} // prettier-ignore

const idBytes = 16;

function keptUntil({ office }: AttachmentParts): EpochMs {
  return office.clock.now() + attachmentLimits.uploadMs;
}

function viewOf({ office }: AttachmentParts, row: UploadRow): UploadView {
  const { id, offset, size, mediaType, name, endsAt, detail = "" } = row;
  const shown = { id, offset, size, mediaType, name, endsAt };
  if (row.state === "RECEIVING") return { ...shown, state: "RECEIVING" };
  const file = row.file === undefined ? undefined : office.store.attachments.file(row.file);
  if (row.state === "DONE") return { ...shown, state: "DONE", file };
  return { ...shown, state: "REFUSED", refusal: { code: row.state, detail } };
}

/** What callers have here that is in no message yet. */
function checkAllowance({ office }: AttachmentParts, who: string, size: number): void {
  const { callerBytes, callerUploads, allBytes } = attachmentLimits;
  const { attachments } = office.store;
  const open = attachments.uploads().filter(({ state }) => state === "RECEIVING");
  const held = [...open, ...attachments.unused()];
  const own = held.filter((one) => one.who === who);
  const bytesOf = (rows: readonly { readonly size: number }[]): number => rows.reduce((sum, one) => sum + one.size, size); // prettier-ignore
  if (bytesOf(own) > callerBytes || own.length >= callerUploads) {
    const way = "send or delete some, or wait until they end";
    throw new Fault("ATTACHMENT_ALLOWANCE_SPENT", `a caller may have ${callerUploads} uploads of ${callerBytes} bytes here that no message names; ${way}`); // prettier-ignore
  }
  if (bytesOf(held) > allBytes) {
    throw new Fault("ATTACHMENT_ALLOWANCE_SPENT", `all callers have ${allBytes} bytes here that no message names; wait`); // prettier-ignore
  }
}

function checkSize(size: number): void {
  if (size >= 1 && size <= limits.maxAttachmentBytes) return;
  throw new Fault("REQUEST_TOO_LARGE", `a file has 1 to ${limits.maxAttachmentBytes} bytes`);
}

/** What the caller began of the same bytes, said to be the same. */
function findBegun({ office }: AttachmentParts, who: string, wish: UploadWish): UploadRow | undefined {
  const { sha256: digest, size, mediaType, stripMetadata: strip = false } = wish;
  if (digest === undefined) throw new Fault("REQUEST_INVALID", "say sha256 as well: what is gone on with is known by it");
  return office.store.attachments.uploads().find(
    (row) => row.state === "RECEIVING" && row.who === who && row.size === size && row.mediaType === mediaType &&
      row.strip === strip && row.sha256 !== undefined && sameBytes(row.sha256, digest),
  );
} // prettier-ignore

async function begin(parts: AttachmentParts, who: string, wish: UploadWish): Promise<UploadView> {
  const { office } = parts;
  const ending = endingOf(wish.mediaType);
  checkSize(wish.size);
  const begun = wish.resume === true ? findBegun(parts, who, wish) : undefined;
  if (begun !== undefined) return viewOf(parts, begun);
  office.store.checkRoom();
  checkAllowance(parts, who, wish.size);
  const row: UploadRow = {
    id: renderHex(office.chance.bytes(idBytes)),
    who,
    size: wish.size,
    mediaType: wish.mediaType,
    sha256: wish.sha256,
    name: cleanName(wish.name ?? "", ending),
    strip: wish.stripMetadata === true,
    key: office.chance.bytes(32),
    offset: 0,
    state: "RECEIVING",
    endsAt: keptUntil(parts),
  };
  await office.store.write(() => office.store.attachments.putUpload(row));
  return viewOf(parts, row);
}

function findRow({ office }: AttachmentParts, who: string, id: string): UploadRow {
  const row = office.store.attachments.upload(id);
  if (row !== undefined && row.who === who) return row;
  throw new Fault("NOT_FOUND", "there is no such upload of yours; begin it again");
}

/** Proves a whole upload, and gives what is to be kept of it. */
async function proveUpload({ places }: AttachmentParts, row: UploadRow): Promise<ClearFile> {
  const sent = openUpload({ path: places.upload(row.id), key: row.key }, row.size);
  if (row.sha256 !== undefined && !sameBytes(await digestOf(sent), row.sha256)) {
    throw new Fault("ATTACHMENT_DIGEST_DIFFERS", "the bytes that came have another SHA-256; send them again");
  }
  const file = row.strip ? await stripMetadata(sent, row.mediaType) : sent;
  await checkFile(file, row.mediaType);
  return file;
} // prettier-ignore

/** Seals a proved file; the same file of the same caller is kept once. */
async function keepFile(parts: AttachmentParts, row: UploadRow, file: ClearFile): Promise<FileRow> {
  const { office, places } = parts;
  const { who, mediaType, name } = row;
  const digest = await digestOf(file);
  const same = office.store.attachments
    .byDigest(digest)
    .filter((one) => one.who === who && one.mediaType === mediaType && one.state === "HERE")
    .find(({ ref, size }) => lengthOf(places.file(ref)) === sealedBytes(size));
  if (same !== undefined) return { ...same, madeAt: office.clock.now() };
  const seal = { key: office.chance.bytes(32), size: file.size, mediaType };
  // its name is known only when it is sealed: until then it lies beside the upload
  const made = `${places.upload(row.id)}.sealed`;
  const chunks = await sealFile(file, seal, made);
  const sealed = sealManifest(seal, { digest, chunks });
  const said = { ...seal, digest, manifest: sha256(sealed) };
  const ref = refOf(said);
  await rename(made, places.file(ref));
  await syncName(places.file(ref));
  const now = office.clock.now();
  return { ...said, ref, sealed, who, name, state: "HERE", nextAt: 0, tries: 0, madeAt: now };
}

async function finish(parts: AttachmentParts, row: UploadRow): Promise<UploadView> {
  const { office, places } = parts;
  const { attachments } = office.store;
  try {
    const file = await keepFile(parts, row, await proveUpload(parts, row));
    const done: UploadRow = { ...row, state: "DONE", file: file.ref, offset: row.size };
    await office.store.write(() => {
      attachments.putFile(file);
      attachments.putUpload(done);
    });
    removeFile(places.upload(row.id));
    return viewOf(parts, done);
  } catch (error) {
    if (!isFault(error) || !error.code.startsWith("ATTACHMENT_")) throw error;
    const { code, detail } = error;
    await office.store.write(() => attachments.putUpload({ ...row, state: code, detail }));
    removeFile(places.upload(row.id));
    throw error;
  }
}

function checkOffset(row: UploadRow, offset: number): void {
  if (row.state !== "RECEIVING") {
    throw new Fault("UPLOAD_OFFSET_WRONG", "this upload has ended; ask what became of it");
  }
  if (row.offset === offset) return;
  throw new Fault("UPLOAD_OFFSET_WRONG", `the next byte is ${row.offset}; HEAD tells it too`);
}

interface Run {
  readonly offset: number;
  readonly source: AsyncIterable<Bytes>;
}

async function append(parts: AttachmentParts, row: UploadRow, run: Run): Promise<UploadView> {
  const { office, places } = parts;
  checkOffset(row, run.offset);
  let current = row;
  const kept = async (offset: number): Promise<void> => {
    current = { ...current, offset, endsAt: keptUntil(parts) };
    await office.store.write(() => office.store.attachments.putUpload(current));
  };
  const place = { path: places.upload(row.id), key: row.key };
  const at = await appendUpload(place, { ...run, size: row.size, kept });
  return at === row.size ? await finish(parts, current) : viewOf(parts, current);
}

async function expire({ office, places }: AttachmentParts): Promise<void> {
  const { attachments } = office.store;
  const now = office.clock.now();
  const findUploads = (): readonly UploadRow[] => attachments.uploads().filter(({ endsAt }) => endsAt <= now);
  const findFiles = (): readonly FileRow[] => [...attachments.unused(), ...attachments.orphans()].filter(({ madeAt }) => madeAt + attachmentLimits.uploadMs <= now);
  if (findUploads().length === 0 && findFiles().length === 0) return;
  const [uploads, files] = await office.store.write(() => {
    // asked again inside: a message may have taken up a file in between
    const over = [findUploads(), findFiles()] as const;
    for (const { id } of over[0]) attachments.dropUpload(id);
    for (const { ref } of over[1]) attachments.dropFile(ref);
    return over;
  });
  for (const { id } of uploads) removeFile(places.upload(id));
  for (const { ref } of files) removeFile(places.file(ref));
} // prettier-ignore

/** The file of an upload that is taken away, where no message names it and nobody brought it otherwise: it goes with it. */
function dropUnnamed({ office }: AttachmentParts, { file: ref }: UploadRow): Bytes | undefined {
  const { attachments } = office.store;
  if (ref === undefined || attachments.uploads().some(({ file }) => file !== undefined && sameBytes(file, ref))) return undefined;
  if (!attachments.unused().some((one) => sameBytes(one.ref, ref))) return undefined;
  attachments.dropFile(ref);
  return ref;
} // prettier-ignore

/** Builds the uploads of one gateway; nothing is added to one before `ready`, when the store was held against the disk. */
export function makeUploads(parts: AttachmentParts, ready: Promise<void>): Uploads {
  const { office, places } = parts;
  const busy = new Set<string>();
  return {
    begin: (who, wish) => begin(parts, who, wish),
    find: (who, id) => viewOf(parts, findRow(parts, who, id)),
    append: async (who, id, run) => {
      await ready;
      const row = findRow(parts, who, id);
      if (busy.has(id)) {
        throw new Fault("UPLOAD_OFFSET_WRONG", "another request goes on with this upload; ask where it stands");
      }
      busy.add(id);
      try {
        return await append(parts, row, run);
      } finally {
        busy.delete(id);
      }
    },
    drop: async (who, id) => {
      const row = findRow(parts, who, id);
      const ref = await office.store.write(() => {
        office.store.attachments.dropUpload(id);
        return dropUnnamed(parts, row);
      });
      removeFile(places.upload(id));
      if (ref !== undefined) removeFile(places.file(ref));
    },
    expire: () => expire(parts),
  };
} // prettier-ignore
