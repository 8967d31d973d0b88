import type { Bytes, EpochMs } from "../../schemas/ground/index.ts";
import type { Database } from "./database.ts";
import { bytesOf, maybeOf, numberOf, type Row, textOf } from "./row.ts";

/** One size of a log that its hub signed. */
export interface LogNote {
  /** The log's name. */
  readonly origin: string;
  readonly size: number;
  readonly root: Bytes;
  /** The signed note. */
  readonly note: Bytes;
}

/** The newest of a log that was verified here; each one before it is its beginning. */
export interface LogHead extends LogNote {
  readonly hub: string;
  /** Since when this log is followed. */
  readonly since: EpochMs;
  /** When it was last seen to have grown, or to stand. */
  readonly at: EpochMs;
  /** When the hub went on with another log. */
  readonly endedAt?: EpochMs | undefined;
}

/** What another agency says that its hub showed it. NEW: not compared yet. GOOD: of the same log. FORKED: not. */
export interface ToldNote extends LogNote {
  readonly agency: string;
  readonly at: EpochMs;
  readonly state: "NEW" | "GOOD" | "FORKED";
  /** How long the hub was asked to prove it while it could answer. */
  readonly waitedMs: number;
}

/** What logs of hubs were seen to be. What changes it is called inside `write` only. */
export interface LogHeads {
  /** The log of a hub that goes on now. */
  of(hub: string): LogHead | undefined;
  all(): readonly LogHead[];
  put(head: LogHead): void;
  /** It is followed no more; what it was stays. */
  end(origin: string, at: EpochMs): void;
  /** Forgets what a log was verified to be, so that it is met anew; its notes stay. */
  forget(origin: string): void;
  /** Notes that proofs lead to are kept for ever. */
  keepNote(note: LogNote): void;
  /** The same of one that enough witnesses cosigned; it takes the place of one with fewer lines. */
  keepCosigned(note: LogNote): void;
  note(of: Omit<LogNote, "note">): Bytes | undefined;
  tell(told: ToldNote): void;
  told(): readonly ToldNote[];
  forgetTold(origin: string): void;
}

const toldStates = ["NEW", "GOOD", "FORKED"] as const;

function noteOf(row: Row): LogNote {
  return {
    origin: textOf(row, "origin"),
    size: numberOf(row, "size"),
    root: bytesOf(row, "root"),
    note: bytesOf(row, "note"),
  };
}

function headOf(row: Row): LogHead {
  const endedAt = maybeOf(row, "ended_at", numberOf);
  return {
    ...noteOf(row),
    hub: textOf(row, "hub"),
    since: numberOf(row, "since"),
    at: numberOf(row, "at"),
    ...(endedAt === undefined ? {} : { endedAt }),
  };
}

function toldOf(row: Row): ToldNote {
  const state = textOf(row, "state");
  return {
    ...noteOf(row),
    agency: textOf(row, "agency"),
    at: numberOf(row, "at"),
    state: toldStates.find((one) => one === state) ?? "NEW",
    waitedMs: numberOf(row, "waited"),
  };
}

function makeTold(database: Database): Pick<LogHeads, "tell" | "told" | "forgetTold"> {
  const tell = database.prepare(
    `INSERT OR REPLACE INTO log_told (agency, origin, size, root, note, at, state, waited) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const told = database.prepare("SELECT * FROM log_told ORDER BY agency, origin");
  const forget = database.prepare("DELETE FROM log_told WHERE origin = ?");
  return {
    tell: ({ agency, origin, size, root, note, at, state, waitedMs }) =>
      void tell.run(agency, origin, size, root, note, at, state, Math.round(waitedMs)),
    told: () => told.all().map(toldOf),
    forgetTold: (origin) => void forget.run(origin),
  };
}

/** Builds the part of the store that holds what logs were seen to be. */
export function makeLogHeads(database: Database): LogHeads {
  const of = database.prepare("SELECT * FROM log_head WHERE hub = ? AND ended_at IS NULL");
  const all = database.prepare("SELECT * FROM log_head ORDER BY hub, since");
  const put = database.prepare(
    `INSERT INTO log_head (origin, hub, size, root, note, since, at) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (origin) DO UPDATE SET size = excluded.size, root = excluded.root, note = excluded.note, at = excluded.at`,
  );
  const end = database.prepare("UPDATE log_head SET ended_at = ? WHERE origin = ?");
  const forget = database.prepare("DELETE FROM log_head WHERE origin = ?");
  const keep = database.prepare("INSERT OR IGNORE INTO log_note (origin, size, root, note) VALUES (?, ?, ?, ?)");
  const keepCosigned = database.prepare(
    `INSERT INTO log_note (origin, size, root, note) VALUES (?, ?, ?, ?)
     ON CONFLICT (origin, size, root) DO UPDATE SET note = excluded.note`,
  );
  const note = database.prepare("SELECT note FROM log_note WHERE origin = ? AND size = ? AND root = ?");
  return {
    ...makeTold(database),
    of: (hub) => {
      const row = of.get(hub);
      return row === undefined ? undefined : headOf(row);
    },
    all: () => all.all().map(headOf),
    put: ({ origin, hub, size, root, note: bytes, since, at }) => void put.run(origin, hub, size, root, bytes, since, at),
    end: (origin, at) => void end.run(at, origin),
    forget: (origin) => void forget.run(origin),
    keepNote: ({ origin, size, root, note: bytes }) => void keep.run(origin, size, root, bytes),
    keepCosigned: ({ origin, size, root, note: bytes }) => void keepCosigned.run(origin, size, root, bytes),
    note: ({ origin, size, root }) => {
      const row = note.get(origin, size, root);
      return row === undefined ? undefined : bytesOf(row, "note");
    },
  };
} // prettier-ignore
