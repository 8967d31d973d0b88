import { truncate } from "node:fs/promises";

import { limits } from "../../schemas/index.ts";
import { type Bytes, concatBytes, Fault, sameBytes, sha256 } from "../../schemas/ground/index.ts";
import type { HubBlobs } from "../link/index.ts";
import type { FileRow } from "../store/index.ts";
import { type Manifest, openManifest } from "./manifest.ts";
import { alone, type AttachmentParts, checkRunning, chunksUnderWay } from "./parts.ts";
import { chunksOf, tagBytes } from "./seal-chunk.ts";
import { lengthOf, readRun, sealedPlace, withFile, writeAll } from "./sealed-file.ts";
import { endOf, noteFile, proveFile } from "./settle.ts";

/** Fetches the files that people asked for, or that are small enough not to ask. */
export interface Fetcher {
  /** Fetches what is due, the smallest first; resolves when nothing more is. */
  work(): Promise<void>;
  /** Sealed bytes of a file that are on the disk. */
  progress(ref: Bytes): number;
}

const roundFiles = 8;
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
    for (const { ref } of attachments.wanted(office.clock.now(), roundFiles)) {
      if (office.blobs === undefined || !this.#parts.way().isUp) return;
      const { blobs } = office;
      await alone(this.#parts, ref, async () => {
        const row = attachments.file(ref);
        if (row?.state !== "WANTED") return;
        const before = this.progress(ref);
        const next = await this.#fetch(row, blobs);
        const tries = next.state === "WANTED" && this.progress(ref) === before ? row.tries + 1 : 0;
        await noteFile(this.#parts, ref, { ...next, tries });
      });
    }
  }

  /** Fetches one file as far as it goes; says what became of it. */
  async #fetch(row: FileRow, blobs: HubBlobs): Promise<Partial<FileRow>> {
    let sealed = row.sealed;
    try {
      sealed ??= await this.#fetchManifest(row, blobs);
      const manifest = openManifest(row, sealed);
      await this.#fetchChunks(row, manifest, blobs);
      await proveFile(this.#parts, row, manifest);
      return { state: "HERE", sealed };
    } catch (error) {
      return { ...endOf(this.#parts, row, error), sealed };
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
      this.#checkWanted(row.ref);
      askNext(runs);
      await this.#keep(row, next.run, { bytes, manifest });
    }
  }

  /** Whoever stops a fetch need not wait for its end. What is under way of it comes, and is not kept. */
  #checkWanted(ref: Bytes): void {
    if (this.#parts.office.store.attachments.file(ref)?.state === "WANTED") return;
    throw new Fault("HUB_UNREACHABLE", "nobody wants the file any more; what came of it is kept");
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

} // prettier-ignore

/** Builds what fetches files from the hub. */
export function makeFetcher(parts: AttachmentParts): Fetcher {
  return new RunningFetcher(parts);
}
