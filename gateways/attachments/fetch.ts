import { truncate } from "node:fs/promises";

import { limits } from "../../schemas/index.ts";
import {
  type Bytes,
  concatBytes,
  Fault,
  type FaultCode,
  isFault,
  sameBytes,
  sha256,
  toFault,
} from "../../schemas/ground/index.ts";
import type { HubBlobs } from "../link/index.ts";
import type { FileRow } from "../store/index.ts";
import { checkFile, digestOf } from "./check-file.ts";
import { type Manifest, openManifest } from "./manifest.ts";
import { type AttachmentParts, checkRunning, chunksUnderWay } from "./parts.ts";
import { openFile } from "./places.ts";
import { chunksOf, tagBytes } from "./seal-chunk.ts";
import { lengthOf, readRun, removeFile, sealedPlace, withFile, writeAll } from "./sealed-file.ts";

/** Fetches the files that people asked for, or that are small enough not to ask. */
export interface Fetcher {
  /** Fetches what is due, the smallest first; resolves when nothing more is. */
  work(): Promise<void>;
  /** Sealed bytes of a file that are on the disk. */
  progress(ref: Bytes): number;
}

const roundFiles = 8;
const second = 1_000;
/** A chunk that is not there may be on its way still; after a while one asks more seldom. */
const mostRetryMs = 600 * second;
const hourMs = 3_600 * second;
/** On a slow line what a cut loses is small. */
const runBytes = { slow: 8 * 1024, usual: limits.blobChunkBytes } as const;
const slowPerSecond = 16 * 1024;
const manifestHead = 5 + 32;

/** One question for bytes of a chunk. */
interface Run {
  readonly index: number;
  readonly offset: number;
  readonly maxBytes: number;
}

class RunningFetcher implements Fetcher {
  readonly #parts: AttachmentParts;

  constructor(parts: AttachmentParts) {
    this.#parts = parts;
  }

  progress(ref: Bytes): number {
    return lengthOf(this.#parts.places.file(ref));
  }

  async work(): Promise<void> {
    const { office } = this.#parts;
    const { attachments } = office.store;
    for (const row of attachments.wanted(office.clock.now(), roundFiles)) {
      if (office.blobs === undefined || !this.#parts.way().isUp) return;
      const before = this.progress(row.ref);
      const next = await this.#fetch(row, office.blobs);
      const tries = next.state === "WANTED" && this.progress(row.ref) === before ? row.tries + 1 : 0;
      await office.store.write(() => {
        const now = attachments.file(row.ref);
        if (now !== undefined) attachments.putFile({ ...now, ...next, tries });
      });
    }
  }

  /** Fetches one file as far as it goes; says what became of it. */
  async #fetch(row: FileRow, blobs: HubBlobs): Promise<Partial<FileRow>> {
    const { office, places } = this.#parts;
    try {
      const sealed = row.sealed ?? (await this.#fetchManifest(row, blobs));
      const manifest = openManifest(row, sealed);
      await this.#fetchChunks(row, manifest, blobs);
      await this.#prove(row, manifest);
      return { state: "HERE", sealed };
    } catch (error) {
      const { code } = toFault(error, "INTERNAL");
      if (isRefusal(code)) {
        removeFile(places.file(row.ref));
        return { state: code };
      }
      if (!isFault(error)) office.log.error("a file is not fetched", { code });
      return { state: "WANTED", nextAt: office.clock.now() + waitMs(code, row.tries) };
    }
  }

  async #fetchManifest(row: FileRow, blobs: HubBlobs): Promise<Bytes> {
    const size = manifestHead + chunksOf(row.size) * 32 + tagBytes;
    const pieces: Bytes[] = [];
    for (let offset = 0; offset < size; ) {
      const piece = await this.#ask(blobs, row.manifest, { offset, size });
      pieces.push(piece);
      offset += piece.length;
    }
    const sealed = concatBytes(...pieces);
    if (sameBytes(sha256(sealed), row.manifest)) return sealed;
    throw new Fault("BLOB_MISSING", "what the hub gives under this digest has another");
  }

  async #ask(blobs: HubBlobs, digest: Bytes, at: { offset: number; size: number; most?: number }): Promise<Bytes> {
    checkRunning(this.#parts);
    const { offset, size, most = limits.blobChunkBytes } = at;
    const piece = await blobs.getBlob({ digest, offset, maxBytes: Math.min(most, size - offset) });
    if (piece.size !== size || piece.bytes.length === 0) {
      throw new Fault("ATTACHMENT_UNSAFE", "a piece of the file is not as long as the file's size says");
    }
    return piece.bytes;
  }

  /** The questions for all that is not here, in order, from the very byte on where it broke off. */
  *#runs(row: FileRow): Generator<Run> {
    const { receivedPerSecond } = this.#parts.way();
    const step = (receivedPerSecond ?? slowPerSecond) < slowPerSecond ? runBytes.slow : runBytes.usual;
    const have = this.progress(row.ref);
    const first = Math.floor(have / limits.blobChunkBytes);
    for (let index = first; index < chunksOf(row.size); index += 1) {
      const { length } = sealedPlace(row.size, index);
      const from = index === first ? have - first * limits.blobChunkBytes : 0;
      for (let offset = from; offset < length; offset += step) {
        yield { index, offset, maxBytes: Math.min(step, length - offset) };
      }
    }
  }

  async #fetchChunks(row: FileRow, manifest: Manifest, blobs: HubBlobs): Promise<void> {
    const atOnce = chunksUnderWay(this.#parts.way().receivedPerSecond);
    const ask = async ({ index, offset, maxBytes }: Run): Promise<Bytes> => {
      const digest = manifest.chunks[index] ?? row.manifest;
      const { length } = sealedPlace(row.size, index);
      return await this.#ask(blobs, digest, { offset, size: length, most: maxBytes });
    };
    const asked: { run: Run; answer: Promise<Bytes> }[] = [];
    const askNext = (runs: Generator<Run>): void => {
      const next = runs.next();
      if (next.done === true) return;
      const run = next.value;
      const answer = ask(run);
      // a fault of one ends the round; those behind it have nobody to tell
      answer.catch(() => undefined);
      asked.push({ run, answer });
    };
    const runs = this.#runs(row);
    for (let at = 0; at < atOnce; at += 1) askNext(runs);
    for (let next = asked.shift(); next !== undefined; next = asked.shift()) {
      const bytes = await next.answer;
      askNext(runs);
      await this.#keep(row, next.run, { bytes, manifest });
    }
  }

  /** Appends what came; a chunk that is whole is believed only when it has its digest. */
  async #keep(row: FileRow, run: Run, came: { bytes: Bytes; manifest: Manifest }): Promise<void> {
    const path = this.#parts.places.file(row.ref);
    const { at, length } = sealedPlace(row.size, run.index);
    await withFile(path, lengthOf(path) === 0 ? "w" : "r+", (handle) =>
      writeAll(handle, came.bytes, at + run.offset),
    );
    if (run.offset + came.bytes.length < length) return;
    const digest = came.manifest.chunks[run.index];
    const chunk = await readRun(path, at, length);
    if (digest !== undefined && sameBytes(sha256(chunk), digest)) return;
    await truncate(path, at);
    throw new Fault("BLOB_MISSING", "what the hub gives under this digest has another");
  }

  /** Every chunk once more from the disk, the whole, and that it is what it should be: its sender is not believed. */
  async #prove(row: FileRow, { chunks, digest }: Manifest): Promise<void> {
    const path = this.#parts.places.file(row.ref);
    for (const [index, wanted] of chunks.entries()) {
      const { at, length } = sealedPlace(row.size, index);
      if (sameBytes(sha256(await readRun(path, at, length)), wanted)) continue;
      await truncate(path, at);
      throw new Fault("BLOB_MISSING", "a piece was damaged on this disk, and is fetched again");
    }
    await withFile(path, "r+", (handle) => handle.sync());
    const file = openFile(this.#parts.places, row);
    if (!sameBytes(digest, row.digest) || !sameBytes(await digestOf(file), row.digest)) {
      throw new Fault("ATTACHMENT_DIGEST_DIFFERS", "the file is not the one that the message names");
    }
    await checkFile(file, row.mediaType);
  }
} // prettier-ignore

/** What no second try mends. */
function isRefusal(code: FaultCode): boolean {
  return code.startsWith("ATTACHMENT_") && code !== "ATTACHMENT_NOT_HERE";
}

function waitMs(code: FaultCode, tries: number): number {
  // a link that is down is not asked; one that is up again is
  if (code === "HUB_UNREACHABLE") return 0;
  if (code === "QUOTA_EXCEEDED") return 2 * second;
  if (code === "MANDATE_SUSPENDED") return hourMs;
  return Math.min(mostRetryMs, 5 * second * 2 ** Math.min(tries, 10));
}

/** Builds what fetches files from the hub. */
export function makeFetcher(parts: AttachmentParts): Fetcher {
  return new RunningFetcher(parts);
}
