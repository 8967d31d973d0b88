import { existsSync, readFileSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { dirname } from "node:path";

import { replaceFile, syncFolder } from "../../schemas/disk/index.ts";
import { encodeLogBatch, parseLogBatch } from "../../schemas/index.ts";
import { type Bytes, concatBytes, sameBytes, sha256, toFault } from "../../schemas/ground/index.ts";

/** One entry as it was seen: with the leaves, so that the log can be put back from here. */
export interface SeenEntry {
  readonly leaves: readonly Bytes[];
  readonly checkpoint: Bytes;
}

/** What the hub signed or saw of its log, on a disk that is not the stream's. */
export interface SeenFile {
  /** Every entry that stood in it when it was opened, oldest first; none any more once one was added. */
  read(): readonly SeenEntry[];
  /** Adds one; it is synced when this resolves. @throws {Fault} INTEGRITY_STORE */
  add(entry: Bytes): Promise<void>;
  /** Begins anew with this checkpoint. Done when what stood before it is safe elsewhere. */
  restart(checkpoint: Bytes): Promise<void>;
  /** Bytes written since it was begun. */
  readonly bytes: number;
  stop(): Promise<void>;
}

const lengthBytes = 4;
const digestBytes = 32;

function frame(entry: Bytes): Bytes {
  const length = Buffer.alloc(lengthBytes);
  length.writeUInt32BE(entry.length);
  return concatBytes(length, sha256(entry), entry);
}

/** Every whole record. What a crash cut short was never told to anybody. */
function readFrames(file: string): { readonly entries: readonly Bytes[]; readonly end: number } {
  if (!existsSync(file)) return { entries: [], end: 0 };
  const all = readFileSync(file);
  const entries: Bytes[] = [];
  let at = 0;
  while (at + lengthBytes + digestBytes <= all.length) {
    const start = at + lengthBytes + digestBytes;
    const end = start + all.readUInt32BE(at);
    const entry = all.subarray(start, end);
    const isWhole = end <= all.length && sameBytes(sha256(entry), all.subarray(at + lengthBytes, start));
    if (!isWhole) break;
    entries.push(entry);
    at = end;
  }
  return { entries, end: at };
} // prettier-ignore

/** The last checkpoint in a file of what was seen, which is not ours to write; undefined where there is none. @throws {Fault} CODEC_* */
export function readLastSeen(file: string): Bytes | undefined {
  const bytes = readFrames(file).entries.at(-1);
  return bytes === undefined ? undefined : parseLogBatch(bytes).checkpoint;
}

/**
 * Opens what was seen of the log.
 *
 * @throws {Fault} INTEGRITY_STORE, CODEC_*
 */
export async function openSeenFile(file: string): Promise<SeenFile> {
  const found = readFrames(file);
  let entries = found.entries.map(parseLogBatch);
  let bytes = found.end;
  const reopen = async (): Promise<FileHandle> => {
    const opened = await open(file, "a", 0o600);
    await opened.truncate(bytes);
    return opened;
  };
  let handle = await reopen();
  syncFolder(dirname(file));
  return {
    read: () => entries,
    add: async (entry) => {
      const framed = frame(entry);
      try {
        await handle.write(framed);
        await handle.datasync();
      } catch (error) {
        throw toFault(error, "INTEGRITY_STORE", "what was signed cannot be written down");
      }
      bytes += framed.length;
      entries = [];
    },
    restart: async (checkpoint) => {
      const framed = frame(encodeLogBatch({ leaves: [], checkpoint }));
      await handle.close();
      replaceFile(file, framed, { mode: 0o600 });
      bytes = framed.length;
      handle = await reopen();
    },
    get bytes() {
      return bytes;
    },
    stop: () => handle.close(),
  };
}
