import type { Bytes, EpochMs } from "../../schemas/ground/index.ts";
import type { Database } from "./database.ts";
import { bytesOf, maybeOf, numberOf, type Row, textOf } from "./row.ts";

/** What an owner orders. */
export type RecallKind = "UPDATE" | "CANCEL" | "LIFT" | "PROLONG" | "CORRECT" | "BLOCK" | "PURGE";

/** An order of an owner about one message of his. */
export interface RecallOrder {
  /** Place of the order in the store. */
  readonly message: number;
  /** The message it is about. */
  readonly target: Bytes;
  /** Who orders it. */
  readonly originator: string;
  readonly box: "in" | "out";
  readonly kind: RecallKind;
  /** A code of PURGE_SCOPE; of a block that is lifted or prolonged its code of BLOCK_ACT; of other orders empty. */
  readonly scope: string;
  /** A code of PURGE_REASON or of the like; may be empty. */
  readonly reason: string;
  readonly dueAt?: EpochMs | undefined;
  /** OPEN: to be carried out here. KEPT: a hold or a refusal stands in its way. DONE. */
  readonly state: "OPEN" | "KEPT" | "DONE";
  /** What was answered last. */
  readonly told?: string | undefined;
  /** The code of why it goes no further now. */
  readonly trouble?: string | undefined;
}

/** Somebody whom no order could be written to. */
export interface Unreached {
  readonly holder: string;
  readonly code: string;
  readonly at: EpochMs;
}

/** That a body outside the network has undone what it was given. */
export interface OutsideWord {
  /** The use, by its number in the onward log. */
  readonly use: number;
  /** What was ordered of it: who mended a copy still has it. */
  readonly kind: RecallKind;
  readonly ref: string;
  readonly who: string;
  readonly at: EpochMs;
}

/** Orders of owners about messages of theirs. What changes them is called inside `write` only. */
export interface Recalls {
  add(order: Omit<RecallOrder, "state" | "told" | "trouble">): void;
  /** All that its owner ordered of a message, the first stored first. */
  of(target: Bytes, originator: string): readonly RecallOrder[];
  /** The lines of one order. */
  ofOrder(message: number): readonly RecallOrder[];
  /** What is not done, the first stored first, after a place. */
  undone(box: "in" | "out", kind: RecallKind, page: { readonly after: number; readonly limit: number }): readonly RecallOrder[];
  /** The newest first, before a place. */
  list(box: "in" | "out", page: { readonly before: number; readonly limit: number }): readonly RecallOrder[];
  settle(order: Pick<RecallOrder, "message" | "target">, next: Pick<RecallOrder, "state" | "told" | "trouble">): void;
  /** Notes whom an order could not be written to; undefined takes the note back. */
  noteUnreached(target: Bytes, holder: string, word: Omit<Unreached, "holder"> | undefined): void;
  unreached(target: Bytes): readonly Unreached[];
  confirmOutside(word: OutsideWord): void;
  outside(use: number, kind: RecallKind): OutsideWord | undefined;
  /** Notes that an order of ours passes on another's, by their places. */
  noteOnward(message: number, cause: number): void;
  /** The order that one of ours passes on; undefined of one that somebody began. */
  causeOf(message: number): number | undefined;
  /** The orders of ours that pass one on, the first first. */
  onwardOf(cause: number): readonly number[];
} // prettier-ignore

const kinds: readonly RecallKind[] = [
  "UPDATE",
  "CANCEL",
  "LIFT",
  "PROLONG",
  "CORRECT",
  "BLOCK",
  "PURGE",
];
const states = ["OPEN", "KEPT", "DONE"] as const;

function orderOf(row: Row): RecallOrder {
  const [kind, state] = [textOf(row, "kind"), textOf(row, "state")];
  return {
    message: numberOf(row, "message"),
    target: bytesOf(row, "target"),
    originator: textOf(row, "originator"),
    box: textOf(row, "box") === "in" ? "in" : "out",
    kind: kinds.find((one) => one === kind) ?? "UPDATE",
    scope: textOf(row, "scope"),
    reason: textOf(row, "reason"),
    dueAt: maybeOf(row, "due_at", numberOf),
    state: states.find((one) => one === state) ?? "OPEN",
    told: maybeOf(row, "told", textOf),
    trouble: maybeOf(row, "trouble", textOf),
  };
}

type Around = Pick<Recalls, "noteUnreached" | "unreached" | "confirmOutside" | "outside">;
type Passed = Pick<Recalls, "noteOnward" | "causeOf" | "onwardOf">;

function makePassed(database: Database): Passed {
  const note = database.prepare("INSERT OR IGNORE INTO recall_onward (message, cause) VALUES (?, ?)");
  const cause = database.prepare("SELECT cause FROM recall_onward WHERE message = ?");
  const onward = database.prepare("SELECT message FROM recall_onward WHERE cause = ? ORDER BY message");
  return {
    noteOnward: (message, by) => void note.run(message, by),
    causeOf: (message) => {
      const row = cause.get(message);
      return row === undefined ? undefined : numberOf(row, "cause");
    },
    onwardOf: (by) => onward.all(by).map((row) => numberOf(row, "message")),
  };
} // prettier-ignore

function makeAround(database: Database): Around {
  const put = database.prepare("INSERT OR REPLACE INTO recall_unreached (target, holder, code, at) VALUES (?, ?, ?, ?)");
  const drop = database.prepare("DELETE FROM recall_unreached WHERE target = ? AND holder = ?");
  const all = database.prepare("SELECT * FROM recall_unreached WHERE target = ? ORDER BY holder");
  const confirm = database.prepare("INSERT OR IGNORE INTO recall_outside (use, kind, ref, who, at) VALUES (?, ?, ?, ?, ?)");
  const outside = database.prepare("SELECT * FROM recall_outside WHERE use = ? AND kind = ?");
  return {
    noteUnreached: (target, holder, word) => {
      if (word === undefined) drop.run(target, holder);
      else put.run(target, holder, word.code, word.at);
    },
    unreached: (target) =>
      all.all(target).map((row) => ({ holder: textOf(row, "holder"), code: textOf(row, "code"), at: numberOf(row, "at") })),
    confirmOutside: ({ use, kind, ref, who, at }) => void confirm.run(use, kind, ref, who, at),
    outside: (use, kind) => {
      const row = outside.get(use, kind);
      if (row === undefined) return undefined;
      return { use, kind, ref: textOf(row, "ref"), who: textOf(row, "who"), at: numberOf(row, "at") };
    },
  };
} // prettier-ignore

/** Builds the part of the store that holds orders of owners. */
export function makeRecalls(database: Database): Recalls {
  const add = database.prepare(
    `INSERT OR IGNORE INTO recall_order (message, target, originator, box, kind, scope, reason, due_at, state)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'OPEN')`,
  );
  const of = database.prepare("SELECT * FROM recall_order WHERE target = ? AND originator = ? ORDER BY message");
  const ofOrder = database.prepare("SELECT * FROM recall_order WHERE message = ? ORDER BY target");
  const undone = database.prepare(
    `SELECT * FROM recall_order WHERE box = ? AND kind = ? AND state IN ('OPEN', 'KEPT') AND message > ?
     ORDER BY message LIMIT ?`,
  );
  const list = database.prepare("SELECT * FROM recall_order WHERE box = ? AND message < ? ORDER BY message DESC LIMIT ?");
  const settle = database.prepare(
    "UPDATE recall_order SET state = ?, told = ?, trouble = ? WHERE message = ? AND target = ?",
  );
  return {
    ...makeAround(database),
    ...makePassed(database),
    add: ({ message, target, originator, box, kind, scope, reason, dueAt }) =>
      void add.run(message, target, originator, box, kind, scope, reason, dueAt ?? null),
    of: (target, originator) => of.all(target, originator).map(orderOf),
    ofOrder: (message) => ofOrder.all(message).map(orderOf),
    undone: (box, kind, { after, limit }) => undone.all(box, kind, after, limit).map(orderOf),
    list: (box, { before, limit }) => list.all(box, before, limit).map(orderOf),
    settle: ({ message, target }, { state, told, trouble }) =>
      void settle.run(state, told ?? null, trouble ?? null, message, target),
  };
} // prettier-ignore
