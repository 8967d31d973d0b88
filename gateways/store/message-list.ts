import type { EpochMs } from "../../schemas/ground/index.ts";
import type { Database, Statement } from "./database.ts";
import type { SqlValue } from "./drivers/sqlite.ts";
import { listColumns, type StoredSummary, summaryOf } from "./message-row.ts";
import { numberOf } from "./row.ts";
import { type DuePlace, type IndexWish, renderMatch } from "./search.ts";

/** Which messages, newest first. */
export interface StoredQuery {
  /** Both when left out; only for those that stand together, or that a text is looked for in. */
  readonly box?: "in" | "out" | undefined;
  readonly state?: string | undefined;
  /** What has to be found in them. */
  readonly wish?: IndexWish | undefined;
  /** When this gateway stored them: from, and before. */
  readonly since?: EpochMs | undefined;
  readonly until?: EpochMs | undefined;
  /** Only of these handling codes; QUARANTINED stands for what lies in quarantine, whatever it claims. All when left out. */
  readonly classes?: readonly string[] | undefined;
  /** Only messages stored before this place. */
  readonly before?: number | undefined;
  readonly limit: number;
}

/** Messages whose answer is due, the soonest first; only those whose term is not over. */
export interface DueQuery extends Omit<StoredQuery, "before" | "box"> {
  readonly box: "in" | "out";
  /** The page before ended here; at its beginning now, and place 0. */
  readonly after: DuePlace;
}

/** Lists of messages, as people see them: without what gateways tell each other. */
export interface MessageLists {
  list(query: StoredQuery): readonly StoredSummary[];
  /** Each with when its answer is due: the sender's own term, or the end of the message. */
  listDue(query: DueQuery): readonly (StoredSummary & { readonly dueAt: EpochMs })[];
  /** How many a list would show, counted up to a limit. */
  countListed(query: StoredQuery): number;
}

interface Condition {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

const shownClass =
  "instr(?, CASE state WHEN 'QUARANTINED' THEN ' QUARANTINED ' ELSE ' ' || handling || ' ' END) > 0";
/** The same as the terms keep it beside themselves. */
const dueClass = " AND instr(?, ' ' || class || ' ') > 0";
const isFound = "seq IN (SELECT rowid FROM search WHERE search MATCH ?)";
const nothing: Condition = { sql: "", values: [] };

/** Places that can be of a time, found without a look at the messages themselves. */
const timeOf = {
  since: `seq >= (SELECT coalesce(min(+seq), 9e15) FROM message INDEXED BY message_stored WHERE stored_at >= ?) AND stored_at >= ?`,
  until: `seq <= (SELECT coalesce(max(+seq), 0) FROM message INDEXED BY message_stored WHERE stored_at < ?) AND stored_at < ?`,
};

/** What a query asks of rows. Which rows are looked at at all is for `sourceOf`. */
function conditionsOf({ box, state, classes, since, until, before }: StoredQuery): Condition {
  const all: readonly [string, readonly (SqlValue | undefined)[]][] = [
    ["message.box = ?", [box]],
    ["system = ?", [0]],
    ["state = ?", [state]],
    [shownClass, [classes === undefined ? undefined : ` ${classes.join(" ")} `]],
    [timeOf.since, [since, since]],
    [timeOf.until, [until, until]],
    ["seq < ?", [before]],
  ];
  const used = all.flatMap(([sql, said]) => {
    const values = said.filter((value) => value !== undefined);
    return values.length === 0 ? [] : [{ sql, values }];
  });
  return {
    sql: used.map(({ sql }) => sql).join(" AND "),
    values: used.flatMap(({ values }) => values),
  };
}

const quarantined = "QUARANTINED";
/** Handling codes there are, and what lies in quarantine: who sees so many sees all. */
const allClasses = 5;

function isWhole({ wish = {}, classes = [], box }: StoredQuery): boolean {
  const asksNothing = renderMatch(wish) === undefined;
  return asksNothing && box !== undefined && (classes.length === 0 || classes.length >= allClasses);
}

/** Of others' messages there are two states, and which a message is in is its class. */
function classesOf({ box, state, classes }: StoredQuery): readonly string[] | undefined {
  if (box !== "in" || state === undefined) return classes;
  const all = classes ?? ["H0", "H1", "H2", "H3", quarantined];
  return all.filter((one) => (one === quarantined) === (state === quarantined));
}

/** What the index is asked for a query: all that it knows of, so that few rows are looked at in vain. */
function matchOf(query: StoredQuery): string | undefined {
  const { wish = {}, box } = query;
  const classes = classesOf(query);
  const seen = classes?.length === 0 ? ["none"] : classes;
  const codes = [
    ...(wish.codes ?? []),
    ...(box === undefined ? [] : [["box", [box]] as const]),
    ...(seen === undefined ? [] : [["class", seen] as const]),
  ];
  return renderMatch({ ...wish, codes });
}

/** Keeps each statement it compiles; there are as many as ways to filter. */
function makeCompiler(database: Database): (sql: string) => Statement {
  const statements = new Map<string, Statement>();
  return (sql) => {
    const statement = statements.get(sql) ?? database.prepare(sql);
    statements.set(sql, statement);
    return statement;
  };
}

/**
 * The rows of a query in the order of the store. Where something is to be found, the index gives the places in that order
 * and each is looked at once; where a state of ours is asked too, the states give them.
 */
function sourceOf(query: StoredQuery): Condition {
  const { sql, values } = conditionsOf(query);
  const match = isWhole(query) ? undefined : matchOf(query);
  if (match === undefined) return { sql: `FROM message WHERE ${sql} ORDER BY seq DESC`, values };
  if (query.state !== undefined && query.box === "out") {
    const from = "FROM message INDEXED BY message_state";
    return {
      sql: `${from} WHERE ${sql} AND ${isFound} ORDER BY seq DESC`,
      values: [...values, match],
    };
  }
  const bound = query.before === undefined ? "" : " AND search.rowid < ?";
  const places = query.before === undefined ? [match] : [match, query.before];
  const from = "FROM search CROSS JOIN message ON message.seq = search.rowid";
  return {
    sql: `${from} WHERE search MATCH ?${bound} AND ${sql} ORDER BY search.rowid DESC`,
    values: [...places, ...values],
  };
}

/** How many there are; what the index knows all of is counted in it. */
function countOf(query: StoredQuery): Condition {
  const { state, since, until } = query;
  const match = matchOf(query);
  if ([state, since, until].some((one) => one !== undefined) || match === undefined)
    return sourceOf(query);
  return { sql: "FROM search WHERE search MATCH ?", values: [match] };
}

/** Builds the lists over the messages and their index. */
export function makeMessageLists(database: Database): MessageLists {
  const compile = makeCompiler(database);
  return {
    list: (query) => {
      const { sql, values } = sourceOf(query);
      return compile(`SELECT ${listColumns} ${sql} LIMIT ?`).all(...values, query.limit).map(summaryOf);
    },
    countListed: (query) => {
      const { sql, values } = countOf(query);
      const statement = compile(`SELECT count(*) AS n FROM (SELECT 1 ${sql} LIMIT ?)`);
      return numberOf(statement.get(...values, query.limit) ?? {}, "n");
    },
    listDue: (query) => {
      const { box, classes, after, limit } = query;
      const { sql, values } = conditionsOf({ ...query, before: undefined, classes: undefined });
      const match = renderMatch(query.wish ?? {});
      const found: Condition = match === undefined ? nothing : { sql: ` AND ${isFound}`, values: [match] };
      const seen: Condition = classes === undefined ? nothing : { sql: dueClass, values: [` ${classes.join(" ")} `] };
      const statement = compile(
        `SELECT ${listColumns}, due_at FROM message_due CROSS JOIN message ON seq = message_due.message
         WHERE message_due.box = ? AND (due_at, message_due.message) > (?, ?)${seen.sql} AND ${sql}${found.sql}
         ORDER BY due_at, message_due.message LIMIT ?`,
      );
      const place = [box, after.dueAt, after.seq, ...seen.values];
      const rows = statement.all(...place, ...values, ...found.values, limit);
      return rows.map((row) => ({ ...summaryOf(row), dueAt: numberOf(row, "due_at") }));
    },
  };
} // prettier-ignore
