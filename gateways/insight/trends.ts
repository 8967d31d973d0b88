import { hideCells } from "../../certs/oversight/index.ts";
import { type EpochMs, Fault } from "../../schemas/ground/index.ts";
import { renderInstant } from "../../schemas/index.ts";
import type { TrendGroup, Trends } from "../store/index.ts";

/** What messages may be counted by. */
export const trendDimensions = ["week", "rec", "crime", "type", "from"] as const;

/** One of `trendDimensions`. */
export type TrendDimension = (typeof trendDimensions)[number];

/** What is counted. */
export interface TrendWish {
  readonly box: "in" | "out";
  readonly from: EpochMs;
  readonly until: EpochMs;
  readonly by: readonly TrendDimension[];
  /** The handling codes that whoever asks may see. */
  readonly handlings: readonly string[];
  /** Exercises are counted apart. */
  readonly isExercise: boolean;
  /** Figures below it are withheld, and others so that none of them follows; 0: none is. */
  readonly smallest: number;
}

/** One figure; withheld where there is none. */
export interface TrendRow {
  readonly of: Readonly<Record<string, string>>;
  readonly count?: number;
}

const maxGroups = 50_000;
const maxRows = 5_000;

/**
 * What of a group a dimension has: of a message about two crimes each, so that figures by crime or community do not add up
 * to all messages. A message to nobody's community was sent by name.
 */
const valuesOf: Readonly<Record<TrendDimension, (group: TrendGroup) => readonly string[]>> = {
  week: ({ week }) => [renderInstant(week).slice(0, 10)],
  rec: ({ recs }) => (recs.length === 0 ? ["direct"] : recs),
  crime: ({ crimes }) => crimes,
  type: ({ type }) => [type],
  from: ({ originator }) => [originator.slice(0, originator.indexOf("/"))],
};

type Key = readonly (readonly [name: string, value: string])[];

function keysOf(group: TrendGroup, by: readonly TrendDimension[]): readonly Key[] {
  return by.reduce<readonly Key[]>(
    (keys, name) => keys.flatMap((key) => valuesOf[name](group).map((value) => [...key, [name, value] as const])),
    [[]],
  );
} // prettier-ignore

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Counts messages over weeks. @throws {Fault} REQUEST_INVALID for more figures than can be told */
export function countTrends(trends: Trends, wish: TrendWish): readonly TrendRow[] {
  const { by, isExercise, smallest, ...query } = wish;
  const statuses = isExercise ? ["EXERCISE"] : ["ACTUAL"];
  const groups = trends.count({ ...query, statuses, limit: maxGroups + 1 });
  const sums = new Map<string, { readonly of: Readonly<Record<string, string>>; count: number }>();
  for (const group of groups) {
    for (const key of keysOf(group, by)) {
      const name = JSON.stringify(key.map(([, value]) => value));
      const sum = sums.get(name) ?? { of: Object.fromEntries(key), count: 0 };
      sum.count += group.count;
      sums.set(name, sum);
    }
  }
  if (groups.length > maxGroups || sums.size > maxRows) {
    throw new Fault("REQUEST_INVALID", `more than ${maxRows} figures: count by less, or over a shorter time`);
  }
  const rows = [...sums].toSorted(([a], [b]) => compare(a, b)).map(([, row]) => row);
  const hidden = hideCells(rows, by, smallest);
  return rows.map((row, at) => (hidden.has(at) ? { of: row.of } : row));
} // prettier-ignore
