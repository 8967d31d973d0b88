import type { EpochMs } from "../../schemas/ground/index.ts";
import type { Database, Statement } from "./database.ts";
import type { SqlValue } from "./drivers/sqlite.ts";
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
  /** Only messages of which, at this time, no words of use wait to be accepted. */
  readonly freeAt?: EpochMs | undefined;
  /** Only messages that nobody here was given the content of, as the record of this act says. */
  readonly unopenedBy?: "MESSAGE_READ" | undefined;
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

/** Words of SQL and what stands for their question marks. */
export interface Words {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

/** Conditions, each with its values; one that lacks any is not asked. */
export type Asked = readonly (readonly [sql: string, values: readonly (SqlValue | undefined)[]])[];

const shownClass =
  "instr(?, CASE state WHEN 'QUARANTINED' THEN ' QUARANTINED ' ELSE ' ' || handling || ' ' END) > 0";
const isFree =
  "NOT EXISTS (SELECT 1 FROM words_wait WHERE words_wait.message = message.seq AND coalesce(until > ?, 1))";
/** Their ids stand in the record as people are shown them. */
const [a, b, c, d, e] = [
  [1, 8],
  [9, 4],
  [13, 4],
  [17, 4],
  [21, 12],
].map(([from, many]) => `substr(hex(message.id), ${from}, ${many})`);
const isUnopened = `NOT EXISTS (SELECT 1 FROM audit WHERE object <> '' AND object = lower(${a} || '-' || ${b} || '-' || ${c} || '-' || ${d} || '-' || ${e})
  AND +act = ? AND +outcome = 'OK')`; // prettier-ignore
const quarantined = "QUARANTINED";
const handlings = ["H0", "H1", "H2", "H3"];
/** As many places as one row of `message_span` stands for. */
const spanPlaces = 1_024;

/** Joins what is asked. */
export function allOf(asked: Asked): Words {
  const used = asked.flatMap(([sql, said]) => {
    const values = said.filter((value) => value !== undefined);
    return values.length < said.length ? [] : [{ sql, values }];
  });
  return {
    sql: used.map(({ sql }) => sql).join(" AND "),
    values: used.flatMap(({ values }) => values),
  };
}

/** The first and the last place that can be of a page; undefined where it has no end. */
export interface Places {
  readonly first?: number | undefined;
  readonly last?: number | undefined;
}

function readPlace(statement: Statement, at: EpochMs): number {
  return numberOf(statement.get(at) ?? {}, "n");
}

/** Finds between which places the messages of a query lie: a stretch too many, never one too few. */
export function makePlaceFinder(database: Database): (query: StoredQuery) => Places {
  const first = database.prepare(`SELECT coalesce(min(block), 8000000000000) * ${spanPlaces} AS n FROM message_span WHERE most >= ?`);
  const last = database.prepare(`SELECT coalesce(max(block) + 1, 0) * ${spanPlaces} - 1 AS n FROM message_span WHERE least < ?`);
  return ({ since, until, before }) => {
    const ends = [...(until === undefined ? [] : [readPlace(last, until)]), ...(before === undefined ? [] : [before - 1])];
    return {
      first: since === undefined ? undefined : readPlace(first, since),
      last: ends.length === 0 ? undefined : Math.min(...ends),
    };
  };
} // prettier-ignore

/** A list of classes as SQL looks into it. */
export function classWords(classes: readonly string[] | undefined): string | undefined {
  return classes === undefined ? undefined : ` ${classes.join(" ")} `;
}

/** What a query asks of rows. Which rows are looked at at all is for who joins them. */
export function rowConditions(query: StoredQuery, { first, last }: Places): Asked {
  const { box, state, classes, since, until, freeAt, unopenedBy } = query;
  return [
    ["message.box = ?", [box]],
    ["system = ?", [0]],
    ["state = ?", [state]],
    [shownClass, [classWords(classes)]],
    [isFree, [freeAt]],
    [isUnopened, [unopenedBy]],
    ["stored_at >= ?", [since]],
    ["stored_at < ?", [until]],
    ["seq >= ?", [first]],
    ["seq <= ?", [last]],
  ];
}

/** Of others' messages there are two states, and which a message is in is its class. */
export function classesOf({ box, state, classes }: StoredQuery): readonly string[] | undefined {
  if (box !== "in" || state === undefined) return classes;
  const all = classes ?? [...handlings, quarantined];
  return all.filter((one) => (one === quarantined) === (state === quarantined));
}

/** Whether a list is all of a box, or all of a box in one state: then no index of words is needed. */
export function isWhole({ wish = {}, classes, box }: StoredQuery): boolean {
  if (renderMatch(wish) !== undefined || box === undefined) return false;
  return [...handlings, quarantined].every((one) => classes?.includes(one) ?? true);
}

/**
 * What the index is asked for a query: all it knows of that makes the rows fewer. The classes are asked only where handling
 * codes are kept from the caller, for to the index each is a long list; of what lies in quarantine there is little, and the
 * rows say it. Asked exactly, as a count has to be, nothing is left to the rows.
 */
export function matchOf(query: StoredQuery, isExact = false): string | undefined {
  const { wish = {}, box } = query;
  const classes = classesOf(query);
  const needed = isExact ? [...handlings, quarantined] : handlings;
  const isOpen = classes === undefined || needed.every((one) => classes.includes(one));
  const seen = classes?.length === 0 ? ["none"] : classes;
  const codes = [
    ...(wish.codes ?? []),
    ...(box === undefined ? [] : [["box", [box]] as const]),
    ...(isOpen || seen === undefined ? [] : [["class", seen] as const]),
  ];
  return renderMatch({ ...wish, codes });
}
