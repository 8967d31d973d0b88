import type { Bytes, EpochMs } from "../../schemas/ground/index.ts";
import type { Database } from "./database.ts";
import { bytesOf, numberOf, type Row, textOf } from "./row.ts";

/** A publication in quarantine whose key has not come. */
export interface KeyWait {
  /** Its place in the store. */
  readonly message: number;
  readonly originator: string;
  /** The message's id, proved. */
  readonly id: Bytes;
  /** The audience key it was sealed with. */
  readonly name: string;
  readonly crime: string;
  readonly since: EpochMs;
  readonly nextAskAt: EpochMs;
}

/** What came: an audience key by its name, or one message's key by its id. */
export type CameKey =
  | { readonly originator: string; readonly name: string }
  | { readonly originator: string; readonly id: Bytes };

/** A publication in quarantine, to be judged again. */
export interface Lying {
  readonly seq: number;
  readonly subject: string;
  readonly raw: Bytes;
}

/** What waits for keys, and who waits for ours. What changes it is called inside `write` only. */
export interface KeyWaits {
  add(wait: KeyWait): void;
  /** It waits no longer for a key, though it may still lie in quarantine. */
  remove(message: number): void;
  isAwaited(originator: string, id: Bytes): boolean;
  /** Publications that stay closed until their key comes. */
  count(): number;
  /** What waited for a key that came and is not past its time, newest first. */
  ready(
    came: CameKey,
    page: { readonly now: EpochMs; readonly before: number; readonly limit: number },
  ): readonly Lying[];
  /** What is to be asked for now, by sender. */
  due(now: EpochMs, limit: number): readonly KeyWait[];
  /** All publications of a message that was asked for. */
  asked(wait: Pick<KeyWait, "originator" | "id">, nextAskAt: EpochMs): void;
  /** A request of another's (by its message's place) that is to be answered. */
  addRequest(message: number): void;
  requests(limit: number): readonly number[];
  removeRequest(message: number): void;
  /** Whether the key of a message was given to a reader since. */
  wasGiven(reader: string, message: number, since: EpochMs): boolean;
  give(reader: string, message: number, at: EpochMs): void;
  /** Forgets what was given before. */
  forgetGiven(before: EpochMs): void;
}

function waitOf(row: Row): KeyWait {
  return {
    message: numberOf(row, "message"),
    originator: textOf(row, "originator"),
    id: bytesOf(row, "id"),
    name: textOf(row, "name"),
    crime: textOf(row, "crime"),
    since: numberOf(row, "since"),
    nextAskAt: numberOf(row, "next_ask_at"),
  };
}

function lyingOf(row: Row): Lying {
  return {
    seq: numberOf(row, "seq"),
    subject: textOf(row, "subject"),
    raw: bytesOf(row, "raw"),
  };
}

type Requests = Pick<
  KeyWaits,
  "addRequest" | "requests" | "removeRequest" | "wasGiven" | "give" | "forgetGiven"
>;

function makeRequests(database: Database): Requests {
  const add = database.prepare("INSERT OR IGNORE INTO key_request (message) VALUES (?)");
  const all = database.prepare("SELECT message FROM key_request ORDER BY message LIMIT ?");
  const remove = database.prepare("DELETE FROM key_request WHERE message = ?");
  const wasGiven = database.prepare(
    "SELECT 1 FROM key_given WHERE reader = ? AND message = ? AND at >= ?",
  );
  const give = database.prepare(
    "INSERT OR REPLACE INTO key_given (reader, message, at) VALUES (?, ?, ?)",
  );
  const forget = database.prepare("DELETE FROM key_given WHERE at < ?");
  return {
    addRequest: (message) => void add.run(message),
    requests: (limit) => all.all(limit).map((row) => numberOf(row, "message")),
    removeRequest: (message) => void remove.run(message),
    wasGiven: (reader, message, since) => wasGiven.get(reader, message, since) !== undefined,
    give: (reader, message, at) => void give.run(reader, message, at),
    forgetGiven: (before) => void forget.run(before),
  };
}

/** Builds the part of the store that knows what waits for which key. */
export function makeKeyWaits(database: Database): KeyWaits {
  const add = database.prepare(
    `INSERT OR REPLACE INTO key_wait (message, originator, id, name, crime, since, next_ask_at)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  const remove = database.prepare("DELETE FROM key_wait WHERE message = ?");
  const count = database.prepare("SELECT COUNT(*) AS count FROM key_wait");
  const isAwaited = database.prepare("SELECT 1 FROM key_wait WHERE originator = ? AND id = ?");
  const ready = (column: "name" | "id"): ReturnType<Database["prepare"]> =>
    database.prepare(
      `SELECT m.seq, m.subject, m.raw FROM key_wait w JOIN message m ON m.seq = w.message
       WHERE w.originator = ? AND w.${column} = ? AND m.expires_at > ? AND m.seq < ?
       ORDER BY m.seq DESC LIMIT ?`,
    );
  const [readyByName, readyById] = [ready("name"), ready("id")];
  const due = database.prepare(
    "SELECT * FROM key_wait WHERE next_ask_at <= ? ORDER BY next_ask_at LIMIT ?",
  );
  const asked = database.prepare(
    "UPDATE key_wait SET next_ask_at = ? WHERE originator = ? AND id = ?",
  );
  return {
    ...makeRequests(database),
    add: ({ message, originator, id, name, crime, since, nextAskAt }) =>
      void add.run(message, originator, id, name, crime, since, nextAskAt),
    remove: (message) => void remove.run(message),
    count: () => {
      const row = count.get();
      return row === undefined ? 0 : numberOf(row, "count");
    },
    isAwaited: (originator, id) => isAwaited.get(originator, id) !== undefined,
    ready: (came, { now, before, limit }) => {
      const rows =
        "name" in came
          ? readyByName.all(came.originator, came.name, now, before, limit)
          : readyById.all(came.originator, came.id, now, before, limit);
      return rows.map(lyingOf);
    },
    due: (now, limit) => due.all(now, limit).map(waitOf),
    asked: ({ originator, id }, nextAskAt) => void asked.run(nextAskAt, originator, id),
  };
}
