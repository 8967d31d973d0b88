import type { Database } from "./database.ts";
import {
  allOf,
  type Asked,
  classesOf,
  classWords,
  type DueQuery,
  makePlaceFinder,
  type Places,
  rowConditions,
  type Words,
} from "./list-source.ts";
import { listColumns } from "./message-row.ts";
import { numberOf } from "./row.ts";
import { renderMatch } from "./search.ts";

const quarantined = "QUARANTINED";
const dueClass = "instr(?, ' ' || class || ' ') > 0";

/** What the terms alone answer; the row of a message is long, and a term is not. */
function termConditions({ box, after, ...query }: DueQuery, { first, last }: Places): Asked {
  return [
    ["message_due.box = ?", [box]],
    ["(due_at, message_due.message) > (?, ?)", [after.dueAt, after.seq]],
    [dueClass, [classWords(classesOf({ ...query, box }))]],
    ["message_due.message >= ?", [first]],
    ["message_due.message <= ?", [last]],
  ];
}

/**
 * What is looked for, and a state that is few messages'. Box and class of a term stand in its own row: asked of the index they
 * are long lists that it goes through from end to end, whatever else is looked for.
 */
function matchOfDue(query: DueQuery): string | undefined {
  const { wish = {}, state } = query;
  const isNobodys = classesOf(query)?.length === 0;
  const few = isNobodys ? "none" : state === quarantined ? state : undefined;
  const codes = few === undefined ? [] : [["class", [few]] as const];
  return renderMatch({ ...wish, codes: [...(wish.codes ?? []), ...codes] });
}

/** In the order of the terms, each looked up. */
function walkTerms(query: DueQuery, places: Places, match: string | undefined): Words {
  const isFound = "EXISTS (SELECT 1 FROM search WHERE search MATCH ? AND rowid = message_due.message)";
  const { sql, values } = allOf([...termConditions(query, places), [isFound, [match]], ...rowConditions(query, places)]);
  return {
    sql: `SELECT ${listColumns}, due_at FROM message_due CROSS JOIN message ON seq = message_due.message
      WHERE ${sql} ORDER BY due_at, message_due.message LIMIT ?`,
    values: [...values, query.limit],
  };
} // prettier-ignore

/** What is found, sorted by its terms; the rows of messages are read of one page where nothing else is asked of them. */
function sortFound(query: DueQuery, places: Places, match: string): Words {
  const { box, state, since, until, freeAt, unopenedBy, limit } = query;
  const { first, last } = places;
  const isAllKnown = (box === "in" || state === undefined) && [since, until, freeAt, unopenedBy].every((one) => one === undefined);
  const inner = allOf([
    ["search MATCH ?", [match]],
    ["search.rowid >= ?", [first]],
    ["search.rowid <= ?", [last]],
    ...termConditions(query, places),
  ]);
  const outer = allOf(rowConditions(query, places));
  return {
    sql: `SELECT ${listColumns}, due_at FROM (SELECT message_due.message AS place, due_at
        FROM search CROSS JOIN message_due ON message_due.message = search.rowid
        WHERE ${inner.sql} ORDER BY due_at, message_due.message LIMIT ?)
      CROSS JOIN message ON seq = place WHERE ${outer.sql} ORDER BY due_at, seq LIMIT ?`,
    values: [...inner.values, isAllKnown ? limit : -1, ...outer.values, limit],
  };
} // prettier-ignore

/** Builds what finds the messages whose answer is due: up to so few matches are sorted, of more the terms are walked. */
export function makeDueWords(database: Database, few: number): (query: DueQuery) => Words {
  const findPlaces = makePlaceFinder(database);
  const matches = database.prepare(
    "SELECT count(*) AS n FROM (SELECT 1 FROM search WHERE search MATCH ? LIMIT ?)",
  );
  return (query) => {
    const places = findPlaces({ ...query, before: undefined });
    const match = matchOfDue(query);
    if (match === undefined) return walkTerms(query, places, undefined);
    const isFew = numberOf(matches.get(match, few + 1) ?? {}, "n") <= few;
    return isFew ? sortFound(query, places, match) : walkTerms(query, places, match);
  };
}
