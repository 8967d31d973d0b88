import type { Bytes, EpochMs } from "../../schemas/ground/index.ts";
import type { Database } from "./database.ts";
import { bytesOf, numberOf } from "./row.ts";

/** A chunk of a file of ours that the hub is to keep no more. */
export interface DueChunk {
  readonly digest: Bytes;
  /** The message of ours that was erased or taken back. */
  readonly target: Bytes;
  /** How often the hub was asked and said that it has none of it. */
  readonly confirmed: number;
}

/** How the chunks of one message stand at the hub. */
export interface ChunkCounts {
  readonly asked: number;
  readonly gone: number;
  /** When the hub said it last; 0 before it did. */
  readonly at: EpochMs;
}

/** What of files is erased here and at the hub. What changes it is called inside `write` only. */
export interface ChunkErasures {
  /** Files of ours that a message names. */
  filesOf(message: Bytes): readonly Bytes[];
  /** A file is looked after no more for a message: nothing of it goes to the hub any more. */
  endGiving(ref: Bytes, message: Bytes): void;
  noteChunks(target: Bytes, digests: readonly Bytes[], at: EpochMs): void;
  /** Chunks to ask the hub about now, those noted first first. */
  dueChunks(now: EpochMs, limit: number): readonly DueChunk[];
  /** What the hub said: when it was gone, or undefined where it keeps it; and when it is asked again, if it is. */
  settleChunk(digest: Bytes, word: { readonly goneAt?: EpochMs | undefined; readonly dueAt?: EpochMs | undefined }): void;
  chunkCounts(target: Bytes): ChunkCounts;
  /** Notes that a file of a message was taken back alone; false when that was known. */
  noteFileGone(message: Bytes, digest: Bytes, at: EpochMs): boolean;
  isFileGone(message: Bytes, digest: Bytes): boolean;
} // prettier-ignore

/** Builds the part of the store that knows of erased files. */
export function makeChunkErasures(database: Database): ChunkErasures {
  const files = database.prepare("SELECT ref FROM attachment_use WHERE message = ? AND box = 'out'");
  const end = database.prepare("UPDATE attachment_use SET next_at = NULL WHERE ref = ? AND message = ?");
  const note = database.prepare("INSERT OR IGNORE INTO chunk_erasure (digest, target, due_at, confirmed) VALUES (?, ?, ?, 0)");
  const due = database.prepare("SELECT * FROM chunk_erasure WHERE due_at <= ? ORDER BY due_at, digest LIMIT ?");
  const settle = database.prepare(
    "UPDATE chunk_erasure SET due_at = ?, gone_at = coalesce(gone_at, ?), confirmed = confirmed + ? WHERE digest = ?",
  );
  const counts = database.prepare(
    "SELECT count(*) AS asked, count(gone_at) AS gone, coalesce(max(gone_at), 0) AS at FROM chunk_erasure WHERE target = ?",
  );
  const noteGone = database.prepare("INSERT OR IGNORE INTO file_erasure (message, digest, at) VALUES (?, ?, ?)");
  const gone = database.prepare("SELECT 1 FROM file_erasure WHERE message = ? AND digest = ?");
  return {
    filesOf: (message) => files.all(message).map((row) => bytesOf(row, "ref")),
    endGiving: (ref, message) => void end.run(ref, message),
    noteChunks: (target, digests, at) => {
      for (const digest of digests) note.run(digest, target, at);
    },
    dueChunks: (now, limit) =>
      due.all(now, limit).map((row) => ({
        digest: bytesOf(row, "digest"),
        target: bytesOf(row, "target"),
        confirmed: numberOf(row, "confirmed"),
      })),
    settleChunk: (digest, { goneAt, dueAt }) =>
      void settle.run(dueAt ?? null, goneAt ?? null, goneAt === undefined ? 0 : 1, digest),
    chunkCounts: (target) => {
      const row = counts.get(target);
      if (row === undefined) return { asked: 0, gone: 0, at: 0 };
      return { asked: numberOf(row, "asked"), gone: numberOf(row, "gone"), at: numberOf(row, "at") };
    },
    noteFileGone: (message, digest, at) => noteGone.run(message, digest, at).changes > 0,
    isFileGone: (message, digest) => gone.get(message, digest) !== undefined,
  };
} // prettier-ignore
