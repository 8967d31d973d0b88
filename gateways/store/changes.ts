import { type Bytes, bytesKey, type EpochMs, sha256, utf8 } from "../../schemas/ground/index.ts";
import type { Database } from "./database.ts";
import { bytesOf, numberOf, type Row, textOf } from "./row.ts";

/**
 * What became of a message. STORED: it is new here. MOVED: it is in another state, or its words of use were accepted and it
 * can be read now. TAKEN_BACK: what counted as proved does so no more. REMOVED: it left quarantine, and is stored under its own
 * id. RELEASE: of what waits for a second officer, under its own id; no message's. OVERDUE, ESCALATED: in a matter that this message opened a deadline passed, or did so twice.
 * UNPROVED: it is not proved in the hub's log, though the hub had its time. LOG: an alarm about the hub's log; no message's.
 */
export type ChangeKind =
  | "STORED"
  | "MOVED"
  | "TAKEN_BACK"
  | "REMOVED"
  | "RELEASE"
  | "OVERDUE"
  | "ESCALATED"
  | "UNPROVED"
  | "LOG";

/** One line of the log of changes. */
export interface Change {
  /** Place in the log; rises by one. */
  readonly position: number;
  readonly kind: ChangeKind;
  /** Place of the message in the store; another may stand there once this one was removed. */
  readonly message: number;
  readonly id: Bytes;
  readonly box: "in" | "out";
  readonly handling: string;
  /** The state it came to, or left when it was removed. */
  readonly state: string;
  readonly at: EpochMs;
}

/** A change that is about to be written. */
export type NewChange = Omit<Change, "position" | "at">;

/** A place between two changes. The mark is made of the change before it: a log that came about otherwise has another. */
export interface ChangePlace {
  readonly position: number;
  /** Six bytes; zeros before the first change. */
  readonly mark: Bytes;
}

/** What is kept of the log. */
export interface ChangeKeeping {
  /** Older changes go. */
  readonly since: EpochMs;
  /** More than so many are not kept, however young. */
  readonly most: number;
  /** So many go at once. */
  readonly batch: number;
}

/** The log of what became of messages. What changes it is called inside `write` only. */
export interface Changes {
  add(change: NewChange): void;
  /** In order, from the first after a position on. */
  after(position: number, limit: number): readonly Change[];
  /** Behind the newest change. */
  head(): ChangePlace;
  /** Before the oldest change that is kept. */
  begin(): ChangePlace;
  /** Whether this log has, or had at its beginning, just this place. */
  has(place: ChangePlace): boolean;
  /** Before the first change that was made at this time or later. */
  placeAt(at: EpochMs): ChangePlace;
  /** The place behind the change at this position, or where the log begins when that is cut off. */
  placeOf(position: number): ChangePlace;
  /** Cuts from the front what need not be kept, never the newest; returns how many went. */
  cut(keeping: ChangeKeeping): number;
  /** Sixteen bytes that are this store's own, under which places are written outside. */
  key(): Bytes;
}

const markBytes = 6;
const start: ChangePlace = { position: 0, mark: new Uint8Array(markBytes) };
const kinds: readonly ChangeKind[] = [
  "STORED",
  "MOVED",
  "TAKEN_BACK",
  "REMOVED",
  "RELEASE",
  "OVERDUE",
  "ESCALATED",
  "UNPROVED",
  "LOG",
];

/** Bytes that another change at the same position, in a store that was put back, does not have. */
export function markOf({ position, kind, id, state, at }: Change): Bytes {
  const words = utf8(`${position} ${kind} ${Buffer.from(id).toString("hex")} ${state} ${at}`);
  return sha256(words).subarray(0, markBytes);
}

function changeOf(row: Row): Change {
  const kind = textOf(row, "kind");
  return {
    position: numberOf(row, "position"),
    kind: kinds.find((one) => one === kind) ?? "MOVED",
    message: numberOf(row, "message"),
    id: bytesOf(row, "id"),
    box: textOf(row, "box") === "in" ? "in" : "out",
    handling: textOf(row, "handling"),
    state: textOf(row, "state"),
    at: numberOf(row, "at"),
  };
}

function placeBehind(change: Change): ChangePlace {
  return { position: change.position, mark: markOf(change) };
}

/** `position mark` of the last change that was cut off. */
function makeBeginning(database: Database): {
  readonly get: () => ChangePlace;
  readonly set: (place: ChangePlace) => void;
} {
  const get = database.prepare("SELECT value FROM setting WHERE name = 'changes.cut'");
  const set = database.prepare("INSERT OR REPLACE INTO setting (name, value) VALUES ('changes.cut', ?)");
  return {
    get: () => {
      const row = get.get();
      if (row === undefined) return start;
      const [position = "0", mark = ""] = textOf(row, "value").split(" ");
      return { position: Number(position), mark: Buffer.from(mark, "hex") };
    },
    set: ({ position, mark }) => void set.run(`${position} ${Buffer.from(mark).toString("hex")}`),
  };
} // prettier-ignore

type Cutting = Pick<Changes, "cut">;

function makeCutting(
  database: Database,
  beginning: ReturnType<typeof makeBeginning>,
  head: () => number,
): Cutting {
  const oldest = database.prepare("SELECT * FROM change WHERE position < ? ORDER BY position LIMIT ?");
  const drop = database.prepare("DELETE FROM change WHERE position <= ?");
  return {
    cut: ({ since, most, batch }) => {
      const newest = head();
      const found = oldest.all(newest, batch).map(changeOf);
      // times may go back with the machine's clock: what stands behind a change that stays, stays too
      const stays = found.findIndex(({ position, at }) => at >= since && position > newest - most);
      const gone = stays === -1 ? found : found.slice(0, stays);
      const last = gone.at(-1);
      if (last === undefined) return 0;
      drop.run(last.position);
      beginning.set(placeBehind(last));
      return gone.length;
    },
  };
} // prettier-ignore

/** Builds the part of the store that tells what became of messages. `now` is asked when one is written. */
export function makeChanges(database: Database, now: () => EpochMs): Changes {
  const beginning = makeBeginning(database);
  const add = database.prepare(
    "INSERT INTO change (kind, message, id, box, handling, state, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
  );
  const after = database.prepare("SELECT * FROM change WHERE position > ? ORDER BY position LIMIT ?");
  const newest = database.prepare("SELECT * FROM change ORDER BY position DESC LIMIT 1");
  const get = database.prepare("SELECT * FROM change WHERE position = ?");
  const firstSince = database.prepare("SELECT position FROM change WHERE at >= ? ORDER BY position LIMIT 1");
  const key = database.prepare("SELECT value FROM setting WHERE name = 'changes.key'");
  const placeOf = (position: number): ChangePlace => {
    const row = get.get(position);
    return row === undefined ? beginning.get() : placeBehind(changeOf(row));
  };
  const head = (): ChangePlace => {
    const row = newest.get();
    return row === undefined ? beginning.get() : placeBehind(changeOf(row));
  };
  return {
    ...makeCutting(database, beginning, () => head().position),
    add: ({ kind, message, id, box, handling, state }) => {
      add.run(kind, message, id, box, handling, state, now());
    },
    after: (position, limit) => after.all(position, limit).map(changeOf),
    head,
    begin: beginning.get,
    has: ({ position, mark }) => {
      const known = placeOf(position);
      return known.position === position && bytesKey(known.mark) === bytesKey(mark);
    },
    placeAt: (at) => {
      const row = firstSince.get(at);
      return row === undefined ? head() : placeOf(numberOf(row, "position") - 1);
    },
    placeOf,
    key: () => Buffer.from(textOf(key.get() ?? {}, "value"), "hex"),
  };
} // prettier-ignore
