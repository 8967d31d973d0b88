import type { EpochMs } from "../../schemas/ground/index.ts";
import type { Database, Statement } from "./database.ts";
import { makeDueWords } from "./list-due.ts";
import {
  allOf,
  type DueQuery,
  isWhole,
  makePlaceFinder,
  matchOf,
  type Places,
  rowConditions,
  type StoredQuery,
  type Words,
} from "./list-source.ts";
import { listColumns, type StoredSummary, summaryOf } from "./message-row.ts";
import { numberOf } from "./row.ts";

export type { DueQuery, StoredQuery } from "./list-source.ts";

/** Lists of messages, as people see them: without what gateways tell each other. */
export interface MessageLists {
  list(query: StoredQuery): readonly StoredSummary[];
  /** Each with when its answer is due: the sender's own term, or the end of the message. */
  listDue(query: DueQuery): readonly (StoredSummary & { readonly dueAt: EpochMs })[];
  /** How many a list would show, counted up to a limit. */
  countListed(query: StoredQuery): number;
}

/** Where another way to the same rows becomes the shorter one. */
export interface ListTurns {
  /** As many of ours in one state are looked up in the index one by one; of more, what the index finds is looked up among them. */
  readonly inState: number;
  /**
   * So many matches are sorted by their terms; of more, the terms are walked in their order and each is looked up. Below it the
   * first takes up to some ten milliseconds, above it the second finds a page soon.
   */
  readonly matches: number;
}

const usualTurns: ListTurns = { inState: 300, matches: 20_000 };

/** Keeps each statement it compiles; there are as many as ways to filter. */
function makeCompiler(database: Database): (sql: string) => Statement {
  const statements = new Map<string, Statement>();
  return (sql) => {
    const statement = statements.get(sql) ?? database.prepare(sql);
    statements.set(sql, statement);
    return statement;
  };
}

/** The rows of what the index finds, in the order of the store. */
function foundRows(query: StoredQuery, places: Places, match: string): Words {
  const { first, last } = places;
  const isOfState = query.state !== undefined && query.box === "out";
  const { sql, values } = allOf([
    ["search MATCH ?", [match]],
    ["search.rowid >= ?", [first]],
    ["search.rowid <= ?", [last]],
    ...rowConditions(query, places),
  ]);
  // of ours many are in another state: that is asked of the index of states, not of the long rows
  const message = isOfState ? "message INDEXED BY message_state" : "message";
  const from = `FROM search CROSS JOIN ${message} ON message.seq = search.rowid`;
  return { sql: `${from} WHERE ${sql} ORDER BY search.rowid DESC`, values };
}

/** The rows of a state of ours, each looked up in the index. */
function stateRows(query: StoredQuery, places: Places, match: string): Words {
  const isFound = "EXISTS (SELECT 1 FROM search WHERE search MATCH ? AND rowid = message.seq)";
  const { sql, values } = allOf([...rowConditions(query, places), [isFound, [match]]]);
  return { sql: `FROM message INDEXED BY message_state WHERE ${sql} ORDER BY seq DESC`, values };
}

/** Says where the rows of a query come from, so that few are looked at in vain. */
function makeSource(database: Database, few: number): (query: StoredQuery) => Words {
  const findPlaces = makePlaceFinder(database);
  const inState = database.prepare(
    "SELECT count(*) AS n FROM (SELECT 1 FROM message WHERE box = 'out' AND system = 0 AND state = ? LIMIT ?)",
  );
  const isFew = (state: string): boolean => numberOf(inState.get(state, few + 1) ?? {}, "n") <= few;
  return (query) => {
    const places = findPlaces(query);
    const match = isWhole(query) ? undefined : matchOf(query);
    if (match === undefined) {
      const { sql, values } = allOf(rowConditions(query, places));
      return { sql: `FROM message WHERE ${sql} ORDER BY seq DESC`, values };
    }
    const { box, state } = query;
    const rowsOf = box === "out" && state !== undefined && isFew(state) ? stateRows : foundRows;
    return rowsOf(query, places, match);
  };
}

/** What the index knows all of is counted in it. */
function countInIndex(query: StoredQuery): Words | undefined {
  const { state, since, until, freeAt, unopenedBy } = query;
  const match = matchOf(query, true);
  const isOfRows = [state, since, until, freeAt, unopenedBy].some((one) => one !== undefined);
  if (isOfRows || match === undefined || isWhole(query)) return undefined;
  return { sql: "FROM search WHERE search MATCH ?", values: [match] };
}

/** Builds the lists over the messages and their index; where they turn changes how long they take, and nothing they say. */
export function makeMessageLists(database: Database, turns = usualTurns): MessageLists {
  const compile = makeCompiler(database);
  const sourceOf = makeSource(database, turns.inState);
  const dueWords = makeDueWords(database, turns.matches);
  return {
    list: (query) => {
      const { sql, values } = sourceOf(query);
      return compile(`SELECT ${listColumns} ${sql} LIMIT ?`)
        .all(...values, query.limit)
        .map(summaryOf);
    },
    countListed: (query) => {
      const { sql, values } = countInIndex(query) ?? sourceOf(query);
      const statement = compile(`SELECT count(*) AS n FROM (SELECT 1 ${sql} LIMIT ?)`);
      return numberOf(statement.get(...values, query.limit) ?? {}, "n");
    },
    listDue: (query) => {
      const { sql, values } = dueWords(query);
      const rows = compile(sql).all(...values);
      return rows.map((row) => ({ ...summaryOf(row), dueAt: numberOf(row, "due_at") }));
    },
  };
}
