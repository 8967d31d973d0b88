import { type Bytes, type EpochMs, sha256 } from "../../schemas/ground/index.ts";
import type { Database } from "./database.ts";
import { bytesOf, maybeOf, numberOf, textOf } from "./row.ts";

/** What a receipt said of one message. */
export interface StoredRung {
  readonly kind: "ACCEPTED" | "TAKEN_ON" | "REFUSED" | "DELIVERED";
  readonly issuer: string;
  readonly channel: string;
  readonly at: EpochMs;
  readonly code?: string | undefined;
  readonly detail?: string | undefined;
  readonly stream?: string | undefined;
  readonly sequence?: number | undefined;
}

/** A signed receipt as it came. */
export interface StoredReceipt {
  readonly issuer: string;
  readonly issuedAt: EpochMs;
  readonly receivedAt: EpochMs;
  /** The encoded SignedReceipt. */
  readonly raw: Bytes;
}

/** The last held line of a reader in one channel and series. */
export interface HeldMark {
  readonly first: number;
  readonly sequence: number;
  /** From `first` up to here nothing is open any more. */
  readonly settled: number;
  readonly issuedAt: EpochMs;
}

/** A channel in one series, as one reader sees it. */
export interface ReaderPlace {
  readonly reader: string;
  readonly channel: string;
  readonly series: number;
}

/** What others signed about our messages. What changes it is called inside `write` only. */
export interface Ladder {
  /** Place of a receipt, and whether it is new. */
  addReceipt(receipt: StoredReceipt): { seq: number; isNew: boolean };
  addRung(message: number, rung: StoredRung, receipt: number): void;
  rungs(message: number): readonly StoredRung[];
  /** Signed receipts that said something of a message, as they came. */
  receipts(message: number): readonly Bytes[];
  /** Who is to hold a message. */
  expect(message: number, readers: readonly string[]): void;
  /** Messages of a channel, between two numbers, both counted, that a reader is not known to hold. */
  open(
    place: ReaderPlace,
    from: number,
    to: number,
  ): readonly { message: number; sequence: number }[];
  /** Notes that a reader holds a message. */
  hold(message: number, reader: string, at: EpochMs): void;
  /** Who is to hold a message, and since when he says that he does. */
  readers(
    message: number,
  ): readonly { readonly reader: string; readonly heldAt?: EpochMs | undefined }[];
  /** How many readers of a message are not known to hold it. */
  countOpen(message: number): number;
  /** How many messages of ours that are under way a reader is not known to hold. */
  countOpenOf(reader: string): number;
  mark(place: ReaderPlace): HeldMark | undefined;
  setMark(place: ReaderPlace, mark: HeldMark): void;
}

function makeMarks(database: Database): Pick<Ladder, "mark" | "setMark"> {
  const mark = database.prepare(
    "SELECT * FROM held_by WHERE reader = ? AND channel = ? AND series = ?",
  );
  const setMark = database.prepare(
    `INSERT OR REPLACE INTO held_by (reader, channel, series, first, sequence, settled, issued_at)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  return {
    mark: ({ reader, channel, series }) => {
      const row = mark.get(reader, channel, series);
      return row === undefined
        ? undefined
        : {
            first: numberOf(row, "first"),
            sequence: numberOf(row, "sequence"),
            settled: numberOf(row, "settled"),
            issuedAt: numberOf(row, "issued_at"),
          };
    },
    setMark: ({ reader, channel, series }, { first, sequence, settled, issuedAt }) => {
      setMark.run(reader, channel, series, first, sequence, settled, issuedAt);
    },
  };
}

type Deliveries = Pick<
  Ladder,
  "expect" | "open" | "hold" | "readers" | "countOpen" | "countOpenOf"
>;

function makeDeliveries(database: Database): Deliveries {
  const expectReaders = database.prepare(
    "INSERT INTO delivery (message, reader) SELECT ?, value FROM json_each(?)",
  );
  // a number that was voided fills no place: no reader's word on later numbers speaks of it
  const open = database.prepare(
    `SELECT p.message, p.sequence FROM publication p
     JOIN delivery d ON d.message = p.message AND d.reader = ? AND d.held_at IS NULL
     WHERE p.channel = ? AND p.series = ? AND p.sequence BETWEEN ? AND ?
     AND p.state NOT IN ('REFUSED', 'EXPIRED')`,
  );
  const hold = database.prepare(
    "UPDATE delivery SET held_at = ? WHERE message = ? AND reader = ? AND held_at IS NULL",
  );
  const holders = database.prepare(
    "SELECT reader, held_at FROM delivery WHERE message = ? ORDER BY reader",
  );
  const countOpen = database.prepare(
    "SELECT count(*) AS n FROM delivery WHERE message = ? AND held_at IS NULL",
  );
  const countOpenOf = database.prepare(
    `SELECT count(*) AS n FROM message JOIN delivery ON delivery.message = message.seq AND reader = ? AND held_at IS NULL
     WHERE box = 'out' AND system = 0 AND state IN ('QUEUED', 'ACCEPTED')`,
  );
  return {
    expect: (message, readers) => {
      expectReaders.run(message, JSON.stringify(readers));
    },
    open: ({ reader, channel, series }, from, to) =>
      open.all(reader, channel, series, from, to).map((row) => ({
        message: numberOf(row, "message"),
        sequence: numberOf(row, "sequence"),
      })),
    hold: (message, reader, at) => void hold.run(at, message, reader),
    readers: (message) =>
      holders.all(message).map((row) => ({
        reader: textOf(row, "reader"),
        heldAt: maybeOf(row, "held_at", numberOf),
      })),
    countOpen: (message) => numberOf(countOpen.get(message) ?? {}, "n"),
    countOpenOf: (reader) => numberOf(countOpenOf.get(reader) ?? {}, "n"),
  };
}

/** Builds the part of the store that holds receipts. */
export function makeLadder(database: Database): Ladder {
  const find = database.prepare("SELECT seq FROM receipt WHERE digest = ?");
  const addReceipt = database.prepare(
    "INSERT INTO receipt (digest, issuer, issued_at, received_at, raw) VALUES (?, ?, ?, ?, ?)",
  );
  const addRung = database.prepare(
    // a receipt issued again does not move the time of the first; the place may be another, of a stream made anew
    `INSERT INTO rung (message, kind, issuer, channel, at, code, detail, stream, sequence,
     receipt) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET code = excluded.code, detail = excluded.detail, stream = excluded.stream,
     sequence = excluded.sequence, receipt = excluded.receipt`,
  );
  const receipts = database.prepare(
    "SELECT raw FROM receipt WHERE seq IN (SELECT receipt FROM rung WHERE message = ?) ORDER BY seq",
  );
  const rungs = database.prepare("SELECT * FROM rung WHERE message = ? ORDER BY at, receipt");
  return {
    ...makeMarks(database),
    ...makeDeliveries(database),
    addReceipt: ({ issuer, issuedAt, receivedAt, raw }) => {
      const digest = sha256(raw);
      const held = find.get(digest);
      if (held !== undefined) return { seq: numberOf(held, "seq"), isNew: false };
      return { seq: addReceipt.run(digest, issuer, issuedAt, receivedAt, raw).seq, isNew: true };
    },
    receipts: (message) => receipts.all(message).map((row) => bytesOf(row, "raw")),
    addRung: (message, { kind, issuer, channel, at, code, detail, stream, sequence }, receipt) => {
      addRung.run(message, kind, issuer, channel, at, code ?? null, detail ?? null,
        stream ?? null, sequence ?? null, receipt); // prettier-ignore
    },
    rungs: (message) =>
      rungs.all(message).map((row) => ({
        kind: rungKind(textOf(row, "kind")),
        issuer: textOf(row, "issuer"),
        channel: textOf(row, "channel"),
        at: numberOf(row, "at"),
        code: maybeOf(row, "code", textOf),
        detail: maybeOf(row, "detail", textOf),
        stream: maybeOf(row, "stream", textOf),
        sequence: maybeOf(row, "sequence", numberOf),
      })),
  };
}

function rungKind(kind: string): StoredRung["kind"] {
  return kind === "ACCEPTED" || kind === "REFUSED" || kind === "TAKEN_ON" ? kind : "DELIVERED";
}
