import type { Bytes, EpochMs } from "../../schemas/ground/index.ts";
import type { Database } from "./database.ts";
import { bytesOf, numberOf, type Row } from "./row.ts";

/** An audience key that another agency shared with us. */
export interface HeldKey {
  readonly originator: string;
  readonly name: string;
  readonly key: Bytes;
  readonly cameAt: EpochMs;
  /** When it is erased. */
  readonly keepUntil: EpochMs;
}

/** The own key of one message of another's. */
export interface MessageKeyHeld {
  readonly originator: string;
  /** The message's id. */
  readonly id: Bytes;
  readonly key: Bytes;
  readonly keepUntil: EpochMs;
}

/** Keys that others gave us. What changes them is called inside `write` only. */
export interface HeldKeys {
  /** Keeps a shared key; false when this sender used the name before: the first one stands. */
  hold(key: HeldKey): boolean;
  find(originator: string, name: string): Bytes | undefined;
  /** Forgets a shared key, if it is this one: a name may have been given another by then. */
  drop(shared: Pick<HeldKey, "originator" | "name" | "key">): void;
  /** Keeps the key of one message; a later one takes its place. */
  holdForMessage(key: MessageKeyHeld): void;
  ofMessage(originator: string, id: Bytes): Bytes | undefined;
  /** Forgets the key of one message, if it is this one. */
  dropOfMessage(own: Pick<MessageKeyHeld, "originator" | "id" | "key">): void;
  /** Erases what is past its time. Says how many. */
  erase(now: EpochMs): number;
}

/**
 * Audience keys kept of one sender: sixteen new audiences a day for two months. A sender who makes more makes us forget
 * its own oldest, and nobody else's.
 */
const maxOfSender = 1024;

function keyOf(row: Row | undefined): Bytes | undefined {
  return row === undefined ? undefined : bytesOf(row, "key");
}

/** Builds the part of the store that holds others' keys. */
export function makeHeldKeys(database: Database): HeldKeys {
  const add = database.prepare(
    `INSERT OR IGNORE INTO held_key (originator, name, key, came_at, keep_until)
     VALUES (?, ?, ?, ?, ?)`,
  );
  const count = database.prepare("SELECT count(*) AS n FROM held_key WHERE originator = ?");
  const dropOldest = database.prepare(
    `DELETE FROM held_key WHERE originator = ? AND name IN (SELECT name FROM held_key
     WHERE originator = ? ORDER BY came_at, name LIMIT ?)`,
  );
  const drop = database.prepare(
    "DELETE FROM held_key WHERE originator = ? AND name = ? AND key = ?",
  );
  const dropOfMessage = database.prepare(
    "DELETE FROM message_key WHERE originator = ? AND id = ? AND key = ?",
  );
  const find = database.prepare("SELECT key FROM held_key WHERE originator = ? AND name = ?");
  const addForMessage = database.prepare(
    "INSERT OR REPLACE INTO message_key (originator, id, key, keep_until) VALUES (?, ?, ?, ?)",
  );
  const ofMessage = database.prepare("SELECT key FROM message_key WHERE originator = ? AND id = ?");
  const erase = ["held_key", "message_key"].map((table) =>
    database.prepare(`DELETE FROM ${table} WHERE keep_until <= ?`),
  );
  return {
    hold: ({ originator, name, key, cameAt, keepUntil }) => {
      if (add.run(originator, name, key, cameAt, keepUntil).changes === 0) return false;
      const surplus = numberOf(count.get(originator) ?? {}, "n") - maxOfSender;
      if (surplus > 0) dropOldest.run(originator, originator, surplus);
      return true;
    },
    find: (originator, name) => keyOf(find.get(originator, name)),
    drop: ({ originator, name, key }) => void drop.run(originator, name, key),
    dropOfMessage: ({ originator, id, key }) => void dropOfMessage.run(originator, id, key),
    holdForMessage: ({ originator, id, key, keepUntil }) =>
      void addForMessage.run(originator, id, key, keepUntil),
    ofMessage: (originator, id) => keyOf(ofMessage.get(originator, id)),
    erase: (now) => erase.reduce((sum, statement) => sum + statement.run(now).changes, 0),
  };
}
