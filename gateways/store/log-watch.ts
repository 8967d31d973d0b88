import { type Bytes, concatBytes, type EpochMs } from "../../schemas/ground/index.ts";
import type { Database } from "./database.ts";
import { bytesOf, maybeOf, numberOf, type Row, textOf } from "./row.ts";

/** How far the leaves of a hub's log were read, and what the tree goes on from there. */
export interface WatchedLog {
  readonly hub: string;
  readonly origin: string;
  readonly size: number;
  readonly edge: readonly Bytes[];
}

/** A leaf in our name, or of a register, that is not known to be right. */
export interface SuspectLeaf {
  readonly origin: string;
  readonly index: number;
  readonly leaf: Bytes;
  readonly seenAt: EpochMs;
  /** Missing while it may still turn out to be ours. */
  readonly alarmedAt?: EpochMs | undefined;
}

/** What of a message that we sent a leaf binds. */
export interface SentAt {
  readonly id: Bytes;
  readonly digest: Bytes;
  readonly channel: string;
  readonly salt: Bytes;
}

/** What was read of a hub's log. What changes it is called inside `write` only. */
export interface LogWatch {
  of(hub: string): WatchedLog | undefined;
  put(watched: WatchedLog): void;
  forget(hub: string): void;
  suspect(leaf: Omit<SuspectLeaf, "alarmedAt">): void;
  /** The oldest first. */
  suspects(limit: number): readonly SuspectLeaf[];
  alarm(of: Pick<SuspectLeaf, "origin" | "index">, at: EpochMs): void;
  /** It was ours after all. */
  clear(of: Pick<SuspectLeaf, "origin" | "index">): void;
  /** What of ours the hub said that it holds at this place, whatever has been erased since. */
  sentAt(stream: string, sequence: number): readonly SentAt[];
}

const hashBytes = 32;

function cutEdge(bytes: Bytes): readonly Bytes[] {
  const count = bytes.length / hashBytes;
  return Array.from({ length: count }, (_, at) =>
    bytes.subarray(at * hashBytes, (at + 1) * hashBytes),
  );
}

function suspectOf(row: Row): SuspectLeaf {
  return {
    origin: textOf(row, "origin"),
    index: numberOf(row, "leaf_index"),
    leaf: bytesOf(row, "leaf"),
    seenAt: numberOf(row, "seen_at"),
    alarmedAt: maybeOf(row, "alarmed_at", numberOf),
  };
}

function sentOf(row: Row): SentAt {
  const [id, digest, salt] = [bytesOf(row, "id"), bytesOf(row, "digest"), bytesOf(row, "salt")];
  return { id, digest, salt, channel: textOf(row, "channel") };
}

/** Builds the part of the store that holds what was read of logs. */
export function makeLogWatch(database: Database): LogWatch {
  const of = database.prepare("SELECT * FROM log_watch WHERE hub = ?");
  const put = database.prepare("INSERT OR REPLACE INTO log_watch (hub, origin, size, edge) VALUES (?, ?, ?, ?)");
  const forget = database.prepare("DELETE FROM log_watch WHERE hub = ?");
  const suspect = database.prepare("INSERT OR IGNORE INTO log_suspect (origin, leaf_index, leaf, seen_at) VALUES (?, ?, ?, ?)");
  const suspects = database.prepare("SELECT * FROM log_suspect ORDER BY alarmed_at IS NOT NULL, seen_at, leaf_index LIMIT ?");
  const alarm = database.prepare("UPDATE log_suspect SET alarmed_at = ? WHERE origin = ? AND leaf_index = ?");
  const clear = database.prepare("DELETE FROM log_suspect WHERE origin = ? AND leaf_index = ?");
  const sentAt = database.prepare("SELECT id, digest, channel, salt FROM log_proof WHERE box = 'out' AND stream = ? AND sequence = ?");
  return {
    of: (hub) => {
      const row = of.get(hub);
      if (row === undefined) return undefined;
      const size = numberOf(row, "size");
      return { hub, origin: textOf(row, "origin"), size, edge: cutEdge(bytesOf(row, "edge")) };
    },
    put: ({ hub, origin, size, edge }) => void put.run(hub, origin, size, concatBytes(...edge)),
    forget: (hub) => void forget.run(hub),
    suspect: ({ origin, index, leaf, seenAt }) => void suspect.run(origin, index, leaf, seenAt),
    suspects: (limit) => suspects.all(limit).map(suspectOf),
    alarm: ({ origin, index }, at) => void alarm.run(at, origin, index),
    clear: ({ origin, index }) => void clear.run(origin, index),
    sentAt: (stream, sequence) => sentAt.all(stream, sequence).map(sentOf),
  };
} // prettier-ignore
