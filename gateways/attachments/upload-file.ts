import { createCipheriv } from "node:crypto";

import { type Bytes, Fault } from "../../schemas/ground/index.ts";
import type { ClearFile } from "./clear-file.ts";
import { attachmentLimits } from "./limits.ts";
import { readRun, syncName, withFile, writeAll } from "./sealed-file.ts";

const blockBytes = 16;

/**
 * The same bytes hidden, or shown, from any byte of the file on: what comes in lies on the disk under a key of its own that the
 * store has. What it proves is nothing; the whole is hashed and checked before anybody uses it.
 */
function turn(key: Bytes, at: number, bytes: Bytes): Bytes {
  const counter = Buffer.alloc(blockBytes);
  counter.writeUInt32BE(Math.floor(at / blockBytes), 12);
  const stream = createCipheriv("aes-256-ctr", key, counter);
  stream.update(new Uint8Array(at % blockBytes));
  return stream.update(bytes);
}

/** What is being uploaded, as its file on the disk. */
export interface UploadPlace {
  readonly path: string;
  readonly key: Bytes;
}

/** What comes, and how much of it. */
export interface UploadRun {
  readonly offset: number;
  readonly size: number;
  readonly source: AsyncIterable<Bytes>;
  /** Called after so many bytes are safe on the disk: whatever happens then, the upload goes on from there. */
  readonly kept: (offset: number) => Promise<void>;
}

/** What comes, to where it breaks off: a caller who is cut off is none who did wrong. */
async function* untilBroken(source: AsyncIterable<Bytes>): AsyncGenerator<Bytes> {
  try {
    yield* source;
  } catch {
    return;
  }
}

/**
 * Appends what comes to an upload until it ends, breaks off or is whole, and says where it stands then. All that it said to
 * `kept` is on the disk.
 *
 * @throws {Fault} REQUEST_TOO_LARGE, STORE_WRITE_FAILED
 */
export async function appendUpload(place: UploadPlace, run: UploadRun): Promise<number> {
  return await withFile(place.path, run.offset === 0 ? "w" : "r+", async (handle) => {
    let at = run.offset;
    let safe = at;
    const keep = async (): Promise<void> => {
      if (at === safe) return;
      await handle.sync();
      if (safe === 0) await syncName(place.path);
      safe = at;
      await run.kept(at);
    };
    try {
      for await (const bytes of untilBroken(run.source)) {
        if (at + bytes.length > run.size) {
          throw new Fault("REQUEST_TOO_LARGE", `this upload was said to have ${run.size} bytes`);
        }
        await writeAll(handle, turn(place.key, at, bytes), at);
        at += bytes.length;
        if (at - safe >= attachmentLimits.syncBytes) await keep();
      }
    } finally {
      // what came before a break counts
      await keep();
    }
    return at;
  });
}

/** A whole upload as the bytes that were sent. */
export function openUpload({ path, key }: UploadPlace, size: number): ClearFile {
  return {
    size,
    read: async (offset, length) => {
      const bytes = await readRun(path, offset, Math.max(0, Math.min(length, size - offset)));
      return turn(key, offset, bytes);
    },
  };
}
