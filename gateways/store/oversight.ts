import { type Bytes, concatBytes, type EpochMs } from "../../schemas/ground/index.ts";
import type { Database } from "./database.ts";
import { bytesOf, numberOf, type Row, textOf } from "./row.ts";

/** How far a hub's log was counted, and what the tree goes on from there. */
export interface CountedLog {
  readonly hub: string;
  readonly origin: string;
  /** Entries counted, from the first on. */
  readonly size: number;
  readonly edge: readonly Bytes[];
  /** The signed note that the last of them were proved under. */
  readonly note: Bytes;
  readonly since: EpochMs;
  readonly at: EpochMs;
  /** Whether entries did not lead to a signed root: then it is begun anew once a person goes on with that log. */
  readonly isHalted: boolean;
}

/** What entries are alike in. Empty where an entry does not say it. */
export interface OversightCell {
  readonly day: string;
  readonly kind: string;
  readonly rec: string;
  readonly crime: string;
  readonly handling: string;
  readonly family: string;
  readonly type: string;
  readonly country: string;
  readonly act: string;
}

/** A piece of the positions of a cell that is kept. */
export interface StoredPiece extends OversightCell {
  /** The place of the cell; pieces of one cell follow each other. */
  readonly seq: number;
  readonly packed: Bytes;
}

/** Where a cell goes on. */
export interface OpenCell {
  readonly seq: number;
  /** After its last position; 0 of a new one. */
  readonly until: number;
  /** The last piece of its positions, as it is packed; empty where a new one is begun. */
  readonly piece: number;
  readonly packed: Bytes;
}

/** What a seat of oversight counted. What changes it is called inside `write` only. */
export interface OversightCounts {
  /** The log of a hub that was begun last, or the one of an origin. */
  of(hub: string): CountedLog | undefined;
  log(origin: string): CountedLog | undefined;
  /** All of them, the one begun last first. */
  logs(): readonly CountedLog[];
  put(log: CountedLog): void;
  /** With all that was counted in it. */
  forget(origin: string): void;
  /** Finds a cell to go on with, or begins it. */
  open(origin: string, cell: OversightCell): OpenCell;
  close(cell: OpenCell): void;
  /** The days on which something was counted, in order; from a day on and before a day where that is said. */
  days(origin: string, span: { readonly from?: string | undefined; readonly until?: string | undefined }): readonly string[];
  /** All that was counted of a day. */
  ofDay(origin: string, day: string): readonly StoredPiece[];
} // prettier-ignore

const hashBytes = 32;
/** A piece is this long at least before the next is begun: what is written anew for each round stays small. */
const pieceBytes = 512;
const names = [
  "day",
  "kind",
  "rec",
  "crime",
  "handling",
  "family",
  "type",
  "country",
  "act",
] as const;
const nothing = new Uint8Array(); // prettier-ignore

function cutEdge(bytes: Bytes): readonly Bytes[] {
  const count = Math.floor(bytes.length / hashBytes);
  return Array.from({ length: count }, (_, at) => bytes.subarray(at * hashBytes, (at + 1) * hashBytes));
} // prettier-ignore

function logOf(row: Row): CountedLog {
  return {
    hub: textOf(row, "hub"),
    origin: textOf(row, "origin"),
    size: numberOf(row, "size"),
    edge: cutEdge(bytesOf(row, "edge")),
    note: bytesOf(row, "note"),
    since: numberOf(row, "since"),
    at: numberOf(row, "at"),
    isHalted: numberOf(row, "halted") === 1,
  };
}

function pieceOf(row: Row): StoredPiece {
  return {
    seq: numberOf(row, "seq"),
    day: textOf(row, "day"),
    kind: textOf(row, "kind"),
    rec: textOf(row, "rec"),
    crime: textOf(row, "crime"),
    handling: textOf(row, "handling"),
    family: textOf(row, "family"),
    type: textOf(row, "type"),
    country: textOf(row, "country"),
    act: textOf(row, "act"),
    packed: bytesOf(row, "packed"),
  };
}

function makeLogs(
  database: Database,
): Pick<OversightCounts, "of" | "log" | "logs" | "put" | "forget"> {
  const of = database.prepare(
    "SELECT * FROM oversight_log WHERE hub = ? ORDER BY since DESC, origin LIMIT 1",
  );
  const log = database.prepare("SELECT * FROM oversight_log WHERE origin = ?");
  const logs = database.prepare("SELECT * FROM oversight_log ORDER BY since DESC, origin");
  const put = database.prepare(
    `INSERT INTO oversight_log (origin, hub, size, edge, note, since, at, halted) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (origin) DO UPDATE SET size = excluded.size, edge = excluded.edge, note = excluded.note,
       since = excluded.since, at = excluded.at, halted = excluded.halted`,
  );
  const forget = database.prepare("DELETE FROM oversight_log WHERE origin = ?");
  return {
    of: (hub) => of.all(hub).map(logOf)[0],
    log: (origin) => log.all(origin).map(logOf)[0],
    logs: () => logs.all().map(logOf),
    put: ({ origin, hub, size, edge, note, since, at, isHalted }) =>
      void put.run(origin, hub, size, concatBytes(...edge), note, since, at, isHalted ? 1 : 0),
    forget: (origin) => void forget.run(origin),
  };
}

/** Builds the part of the store that holds what a seat of oversight counted. */
export function makeOversightCounts(database: Database): OversightCounts {
  const where = names.map((name) => `${name} = ?`).join(" AND ");
  const find = database.prepare(`SELECT seq, until FROM oversight_cell WHERE origin = ? AND ${where}`);
  const begin = database.prepare(`INSERT INTO oversight_cell (origin, ${names.join(", ")}, until) VALUES (?${", ?".repeat(names.length)}, 0)`);
  const last = database.prepare("SELECT piece, packed FROM oversight_positions WHERE cell = ? ORDER BY piece DESC LIMIT 1");
  const until = database.prepare("UPDATE oversight_cell SET until = ? WHERE seq = ?");
  const keep = database.prepare("INSERT OR REPLACE INTO oversight_positions (cell, piece, packed) VALUES (?, ?, ?)");
  const days = database.prepare(
    "SELECT DISTINCT day FROM oversight_cell WHERE origin = ? AND (? IS NULL OR day >= ?) AND (? IS NULL OR day < ?) ORDER BY day",
  );
  const ofDay = database.prepare(
    "SELECT c.*, p.packed FROM oversight_cell c JOIN oversight_positions p ON p.cell = c.seq WHERE c.origin = ? AND c.day = ? ORDER BY c.seq, p.piece",
  );
  return {
    ...makeLogs(database),
    open: (origin, cell) => {
      const values = names.map((name) => cell[name]);
      const row = find.get(origin, ...values);
      if (row === undefined) return { seq: begin.run(origin, ...values).seq, until: 0, piece: 0, packed: nothing };
      const seq = numberOf(row, "seq");
      const known = last.get(seq) ?? { piece: 0, packed: nothing };
      const [piece, bytes] = [numberOf(known, "piece"), bytesOf(known, "packed")];
      const isFull = bytes.length >= pieceBytes;
      return { seq, until: numberOf(row, "until"), piece: isFull ? piece + 1 : piece, packed: isFull ? nothing : bytes };
    },
    close: ({ seq, until: end, piece, packed: bytes }) => {
      until.run(end, seq);
      keep.run(seq, piece, bytes);
    },
    days: (origin, { from = null, until: before = null }) => {
      const known = days.all(origin, from, from, before, before).map((row) => textOf(row, "day"));
      // what has no day is of all time alone
      return known.filter((day) => day !== "" || (from === null && before === null));
    },
    ofDay: (origin, day) => ofDay.all(origin, day).map(pieceOf),
  };
} // prettier-ignore
