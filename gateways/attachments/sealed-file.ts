import { rmSync, statSync } from "node:fs";
import { type FileHandle, open, rename } from "node:fs/promises";
import { dirname } from "node:path";

import { limits } from "../../schemas/index.ts";
import { type Bytes, concatBytes, sha256, toFault } from "../../schemas/ground/index.ts";
import type { ClearFile } from "./clear-file.ts";
import { attachmentLimits } from "./limits.ts";
import {
  clearLength,
  chunksOf,
  type FileSeal,
  openChunk,
  sealChunk,
  tagBytes,
} from "./seal-chunk.ts";

/** Runs an act on an open file. @throws {Fault} STORE_WRITE_FAILED when the disk does not do it */
export async function withFile<T>(
  path: string,
  flags: string,
  act: (handle: FileHandle) => Promise<T>,
): Promise<T> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, flags, 0o600);
    return await act(handle);
  } catch (error) {
    throw toFault(error, "STORE_WRITE_FAILED", "a file of the gateway's own folder cannot be read or written");
  } finally {
    await handle?.close();
  }
} // prettier-ignore

/** Writes all of some bytes at a place. */
export async function writeAll(handle: FileHandle, bytes: Bytes, at: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    done += (await handle.write(bytes, done, bytes.length - done, at + done)).bytesWritten;
  }
}

/** Bytes of a file on the disk; 0 when there is none. */
export function lengthOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** Makes the name of a file last that was made or renamed: without it a power cut may leave the bytes and no name. */
export async function syncName(path: string): Promise<void> {
  await withFile(dirname(path), "r", (handle) => handle.sync());
}

/** Takes a file away, if it is there. */
export function removeFile(path: string): void {
  rmSync(path, { force: true });
}

async function readAt(handle: FileHandle, at: number, length: number): Promise<Bytes> {
  const buffer = Buffer.alloc(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await handle.read(buffer, done, length - done, at + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return buffer.subarray(0, done);
}

/** Bytes of a file at a place; fewer where it ends. */
export async function readRun(path: string, at: number, length: number): Promise<Bytes> {
  return await withFile(path, "r", (handle) => readAt(handle, at, length));
}

/** Where a sealed chunk begins in its file, and how long it is. */
export function sealedPlace(size: number, index: number): { at: number; length: number } {
  const at = index * limits.blobChunkBytes;
  return { at, length: clearLength(size, index) + tagBytes };
}

/** Bytes that a file of this size has sealed. */
export function sealedBytes(size: number): number {
  return size + chunksOf(size) * tagBytes;
}

/**
 * Seals a file into one of its own, chunk behind chunk, and gives the digest of each. Whole on the disk when it resolves, or not
 * there. @throws {Fault} STORE_WRITE_FAILED
 */
export async function sealFile(
  source: ClearFile,
  seal: FileSeal,
  path: string,
): Promise<readonly Bytes[]> {
  const made = `${path}.new`;
  const digests: Bytes[] = [];
  await withFile(made, "w", async (handle) => {
    for (let index = 0; index < chunksOf(seal.size); index += 1) {
      const from = index * attachmentLimits.clearChunkBytes;
      const clear = await source.read(from, clearLength(seal.size, index));
      const sealed = sealChunk(seal, index, clear);
      digests.push(sha256(sealed));
      await writeAll(handle, sealed, sealedPlace(seal.size, index).at);
    }
    await handle.sync();
  });
  await rename(made, path);
  return digests;
}

/** A sealed file as what it says. Holds no more than what is asked for, and nothing between two questions. */
export function openSealed(path: string, seal: FileSeal): ClearFile {
  const { clearChunkBytes } = attachmentLimits;
  return {
    size: seal.size,
    read: async (offset, length) => {
      const end = Math.min(seal.size, offset + length);
      if (offset >= end) return new Uint8Array();
      const first = Math.floor(offset / clearChunkBytes);
      const last = Math.floor((end - 1) / clearChunkBytes);
      const pieces = await withFile(path, "r", async (handle) => {
        const opened: Bytes[] = [];
        for (let index = first; index <= last; index += 1) {
          const place = sealedPlace(seal.size, index);
          opened.push(openChunk(seal, index, await readAt(handle, place.at, place.length)));
        }
        return opened;
      });
      const from = offset - first * clearChunkBytes;
      return concatBytes(...pieces).subarray(from, from + end - offset);
    },
  };
}
