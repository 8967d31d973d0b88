import { type Bytes, concatBytes, type EpochMs } from "../../schemas/ground/index.ts";
import type { Database } from "./database.ts";
import { cutHashes, type ProvedEntry } from "./log-proofs.ts";
import { bytesOf, maybeOf, numberOf, type Row, textOf } from "./row.ts";

/** An administrative act of this agency, and its leaf in the hub's log. */
export interface LogAct {
  readonly seq: number;
  /** The line of the audit record that the leaf binds. */
  readonly position: number;
  /** A code of LOG_ACT. */
  readonly act: string;
  readonly at: EpochMs;
  /** Known here alone: with it and the line the leaf is shown to be of this act. */
  readonly salt: Bytes;
  readonly commitment: Bytes;
  readonly state: "WAITING" | "PROVED";
  /** Its place among this agency's acts in the log, as it is asked for. */
  readonly number?: number | undefined;
  /** Why it is not entered. */
  readonly code?: string | undefined;
  readonly proved?: ProvedEntry | undefined;
  /** The log's root as this leaf was its last: fixed by the log's order, and known to nobody before. */
  readonly ownRoot?: Bytes | undefined;
}

/** An act before it was asked for. */
export type NewLogAct = Pick<LogAct, "position" | "act" | "at" | "salt" | "commitment">;

/** Acts of this agency; none is ever taken out. What changes them is called inside `write` only. */
export interface LogActs {
  add(act: NewLogAct): void;
  /** The oldest that is not proved, when it is its time: each follows the one before it. */
  due(now: EpochMs): LogAct | undefined;
  setNumber(seq: number, number: number): void;
  prove(act: Pick<LogAct, "seq" | "number">, entry: ProvedEntry, ownRoot?: Bytes): void;
  putOff(seq: number, code: string, dueAt: EpochMs): void;
  /** The last number that was proved; 0 before the first. */
  lastNumber(): number;
  /** Of a line of the audit record. */
  of(position: number): LogAct | undefined;
  /** Of a commitment, as leaves bind it. */
  byCommitment(commitment: Bytes): LogAct | undefined;
  /** Whether we did it: whatever the log shows in our name is one of these. */
  isOurs(act: Pick<LogAct, "act" | "commitment">): boolean;
  /** The newest first. */
  list(limit: number): readonly LogAct[];
  countWaiting(): number;
}

function provedOf(row: Row): ProvedEntry | undefined {
  if (row["state"] !== "PROVED") return undefined;
  return {
    origin: textOf(row, "origin"),
    index: numberOf(row, "leaf_index"),
    leaf: bytesOf(row, "leaf"),
    leafTime: numberOf(row, "leaf_time"),
    size: numberOf(row, "size"),
    root: bytesOf(row, "root"),
    hashes: cutHashes(bytesOf(row, "hashes")),
    at: numberOf(row, "proved_at"),
  };
}

function actOf(row: Row): LogAct {
  return {
    seq: numberOf(row, "seq"),
    position: numberOf(row, "position"),
    act: textOf(row, "act"),
    at: numberOf(row, "at"),
    salt: bytesOf(row, "salt"),
    commitment: bytesOf(row, "commitment"),
    state: textOf(row, "state") === "PROVED" ? "PROVED" : "WAITING",
    number: maybeOf(row, "number", numberOf),
    code: maybeOf(row, "code", textOf),
    proved: provedOf(row),
    ownRoot: maybeOf(row, "own_root", bytesOf),
  };
}

function makeChanging(database: Database): Pick<LogActs, "add" | "setNumber" | "prove" | "putOff"> {
  const add = database.prepare(
    "INSERT INTO log_act (position, act, at, salt, commitment, state, due_at) VALUES (?, ?, ?, ?, ?, 'WAITING', 0)",
  );
  const setNumber = database.prepare("UPDATE log_act SET number = ? WHERE seq = ? AND state <> 'PROVED'");
  const prove = database.prepare(
    `UPDATE log_act SET state = 'PROVED', code = NULL, origin = ?, leaf_index = ?, leaf = ?, leaf_time = ?, size = ?, root = ?,
     hashes = ?, proved_at = ?, own_root = ?, number = ? WHERE seq = ? AND state <> 'PROVED'`,
  );
  const putOff = database.prepare("UPDATE log_act SET code = ?, due_at = ? WHERE seq = ? AND state <> 'PROVED'");
  return {
    add: ({ position, act, at, salt, commitment }) => void add.run(position, act, at, salt, commitment),
    setNumber: (seq, number) => void setNumber.run(number, seq),
    prove: ({ seq, number }, { origin, index, leaf, leafTime, size, root, hashes, at }, ownRoot) =>
      void prove.run(origin, index, leaf, leafTime, size, root, concatBytes(...hashes), at, ownRoot ?? null, number ?? null, seq),
    putOff: (seq, code, dueAt) => void putOff.run(code, dueAt, seq),
  };
} // prettier-ignore

/** Builds the part of the store that holds acts of this agency in the hub's log. */
export function makeLogActs(database: Database): LogActs {
  const oldest = database.prepare("SELECT * FROM log_act WHERE state <> 'PROVED' ORDER BY seq LIMIT 1");
  const last = database.prepare("SELECT coalesce(max(number), 0) AS n FROM log_act WHERE state = 'PROVED' AND origin IS (SELECT origin FROM log_act WHERE state = 'PROVED' ORDER BY seq DESC LIMIT 1)");
  const of = database.prepare("SELECT * FROM log_act WHERE position = ?");
  const ours = database.prepare("SELECT 1 FROM log_act WHERE commitment = ? AND act = ?");
  const bound = database.prepare("SELECT * FROM log_act WHERE commitment = ? ORDER BY seq LIMIT 1");
  const list = database.prepare("SELECT * FROM log_act ORDER BY seq DESC LIMIT ?");
  const waiting = database.prepare("SELECT count(*) AS n FROM log_act WHERE state <> 'PROVED'");
  return {
    ...makeChanging(database),
    due: (now) => {
      const row = oldest.get();
      return row === undefined || numberOf(row, "due_at") > now ? undefined : actOf(row);
    },
    lastNumber: () => numberOf(last.get() ?? { n: 0 }, "n"),
    of: (position) => {
      const row = of.get(position);
      return row === undefined ? undefined : actOf(row);
    },
    byCommitment: (commitment) => {
      const row = bound.get(commitment);
      return row === undefined ? undefined : actOf(row);
    },
    isOurs: ({ act, commitment }) => ours.get(commitment, act) !== undefined,
    list: (limit) => list.all(limit).map(actOf),
    countWaiting: () => numberOf(waiting.get() ?? { n: 0 }, "n"),
  };
} // prettier-ignore
