import type { Bytes, EpochMs } from "../../schemas/ground/index.ts";
import type { Database } from "./database.ts";
import { bytesOf, maybeOf, numberOf, type Row, textOf } from "./row.ts";

/** A deadline that passed in one matter of a thread. */
export interface BreachRow {
  readonly thread: Bytes;
  /** UUID of the message that opened the matter. */
  readonly opening: string;
  readonly other: string;
  readonly workflow: string;
  readonly opener: string;
  readonly closing: string;
  /** Of whom it was awaited. */
  readonly agency: string;
  readonly by: EpochMs;
  /** When it came after all, or more time was given. */
  readonly endedAt?: EpochMs | undefined;
  /** Since when it is overdue twice. */
  readonly escalatedAt?: EpochMs | undefined;
}

/** What came of writing one down. */
export type BreachNews = "NONE" | "OVERDUE" | "ESCALATED";

/** Which of them are asked for. */
export interface BreachQuery {
  /** Only those that are still awaited. */
  readonly open: boolean;
  /** Only of this agency. */
  readonly of?: string | undefined;
  readonly limit: number;
}

/** One as it is kept. */
export interface KeptBreach extends BreachRow {
  /** False for one that was none: what was awaited had been sent in time and came late. */
  readonly stands: boolean;
}

/** How many are open now, of ours and of others, overdue once and twice. */
export interface BreachCount {
  readonly agency: string;
  readonly isEscalated: boolean;
  readonly count: number;
}

/** Deadlines that passed. Nothing is ever taken out. What changes them is called inside `write` only. */
export interface Breaches {
  /** Writes one down, or what became of it; says whether that is news, and it is so once for each. */
  put(breach: BreachRow): BreachNews;
  /** Of a thread, as they were written down. */
  of(thread: Bytes): readonly KeptBreach[];
  /** One that turned out to be none stays, and is told apart. */
  lift(breach: BreachRow): void;
  /** The latest deadline first. */
  list(query: BreachQuery): readonly KeptBreach[];
  countOpen(): readonly BreachCount[];
  /** When a thread is to be looked at again; never, where it is undefined. */
  lookAt(thread: Bytes, at: EpochMs | undefined): void;
  /** Threads whose time has come. */
  toLookAt(now: EpochMs, limit: number): readonly Bytes[];
}

function keptOf(row: Row): KeptBreach {
  const text = (name: string): string => textOf(row, name);
  return {
    thread: bytesOf(row, "thread"),
    opening: text("opening"),
    other: text("other"),
    workflow: text("workflow"),
    opener: text("opener"),
    closing: text("closing"),
    agency: text("agency"),
    by: numberOf(row, "by_at"),
    endedAt: maybeOf(row, "ended_at", numberOf),
    escalatedAt: maybeOf(row, "escalated_at", numberOf),
    stands: numberOf(row, "stands") === 1,
  };
}

type Key = readonly (string | number | Bytes)[];

function keyOf({ thread, opening, other, workflow, closing, agency, by }: BreachRow): Key {
  return [thread, opening, other, workflow, closing, agency, by];
}

const isKey =
  "thread = ? AND opening = ? AND other = ? AND workflow = ? AND closing = ? AND agency = ? AND by_at = ?";

function makePut(database: Database): Pick<Breaches, "put" | "lift"> {
  const find = database.prepare(`SELECT told FROM matter_breach WHERE ${isKey}`);
  const add = database.prepare(
    `INSERT INTO matter_breach (thread, opening, other, workflow, closing, agency, by_at, opener, ended_at, escalated_at, told)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const set = database.prepare(
    `UPDATE matter_breach SET ended_at = ?, escalated_at = ?, told = max(told, ?), stands = 1 WHERE ${isKey}`,
  );
  const lift = database.prepare(`UPDATE matter_breach SET stands = 0 WHERE ${isKey}`);
  return {
    put: (breach) => {
      const { opener, endedAt = null, escalatedAt = null } = breach;
      const worst = escalatedAt === null ? 1 : 2;
      const known = find.get(...keyOf(breach));
      if (known === undefined) add.run(...keyOf(breach), opener, endedAt, escalatedAt, worst);
      else set.run(endedAt, escalatedAt, worst, ...keyOf(breach));
      if (known !== undefined && numberOf(known, "told") >= worst) return "NONE";
      return worst === 2 ? "ESCALATED" : "OVERDUE";
    },
    lift: (breach) => void lift.run(...keyOf(breach)),
  };
} // prettier-ignore

/** Builds the part of the store that holds deadlines that passed. */
export function makeBreaches(database: Database): Breaches {
  const of = database.prepare("SELECT * FROM matter_breach WHERE thread = ? ORDER BY by_at");
  const list = database.prepare(
    `SELECT * FROM matter_breach WHERE (? = 0 OR (ended_at IS NULL AND stands = 1)) AND (? = '' OR agency = ?)
     ORDER BY by_at DESC LIMIT ?`,
  );
  const count = database.prepare(
    `SELECT agency, escalated_at IS NOT NULL AS twice, count(*) AS n FROM matter_breach
     WHERE ended_at IS NULL AND stands = 1 GROUP BY agency, twice`,
  );
  const look = database.prepare("INSERT OR REPLACE INTO breach_look (thread, at) VALUES (?, ?)");
  const forget = database.prepare("DELETE FROM breach_look WHERE thread = ?");
  const due = database.prepare("SELECT thread FROM breach_look WHERE at < ? ORDER BY at LIMIT ?");
  return {
    ...makePut(database),
    of: (thread) => of.all(thread).map(keptOf),
    list: ({ open, of: agency = "", limit }) => list.all(open ? 1 : 0, agency, agency, limit).map(keptOf),
    countOpen: () =>
      count.all().map((row) => ({
        agency: textOf(row, "agency"),
        isEscalated: numberOf(row, "twice") === 1,
        count: numberOf(row, "n"),
      })),
    lookAt: (thread, at) => void (at === undefined ? forget.run(thread) : look.run(thread, at)),
    toLookAt: (now, limit) => due.all(now, limit).map((row) => bytesOf(row, "thread")),
  };
} // prettier-ignore
