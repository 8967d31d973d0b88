import { type Class, hideSmall } from "../../../schemas/tables/hide-small.ts";

/** What is counted: persons told of alike, or things. */
export interface Unit {
  /** By dimension, what it is counted under; a dimension that nobody told of is left out. */
  readonly under: Readonly<Record<string, string>>;
  readonly count: number;
  /** The messages that told of it. */
  readonly messages: readonly string[];
  /** What it is a part of, which the threshold counts once. */
  readonly whole?: string | undefined;
}

/** What a table tells. */
export interface TablePlan {
  /** Each told by itself. */
  readonly dimensions: readonly string[];
  /**
   * Pairs told together as well. Seen as lines between dimensions they form no ring: three pairs around a ring tell more
   * than each alone does.
   */
  readonly pairs: readonly (readonly [string, string])[];
  /** Of these it is not even told that something was withheld: that there was one is what must not be known. */
  readonly silent: readonly string[];
  /** The fewest that a figure tells of; 0 where nothing is to be withheld. */
  readonly smallest: number;
  /** What stands for a dimension that nobody told of. */
  readonly unknown: string;
}

/** One figure, or that there is one that is withheld. */
export interface Cell {
  /** The dimensions that are not summed over. */
  readonly under: Readonly<Record<string, string>>;
  /** Withheld when it is left out. */
  readonly count?: number;
  /** How many messages it was counted from; withheld with the count. */
  readonly messages?: number;
}

/** The count of a class is what the threshold is held against: persons, or the wholes that they are known by. */
interface Group extends Class {
  readonly under: Readonly<Record<string, string>>;
  readonly told: number;
  readonly messages: ReadonlySet<string>;
}

interface Sum {
  readonly under: Record<string, string>;
  told: number;
  /** Of units that are no parts, how many they count. */
  alone: number;
  readonly wholes: Set<string>;
  readonly messages: Set<string>;
}

function add(sum: Sum, { count, messages, whole }: Unit): void {
  sum.told += count;
  if (whole === undefined) sum.alone += count;
  else if (count > 0) sum.wholes.add(whole);
  for (const id of messages) sum.messages.add(id);
}

function groupBy(units: readonly Unit[], dimensions: readonly string[], unknown: string): readonly Group[] {
  const groups = new Map<string, Sum>();
  for (const unit of units) {
    const values = dimensions.map((name) => unit.under[name] ?? unknown);
    const key = JSON.stringify(values);
    let sum = groups.get(key);
    if (sum === undefined) {
      const under = Object.fromEntries(dimensions.map((name, i) => [name, values[i] ?? unknown]));
      sum = { under, told: 0, alone: 0, wholes: new Set(), messages: new Set() };
      groups.set(key, sum);
    }
    add(sum, unit);
  }
  const rows = [...groups].map(([key, { under, told, alone, wholes, messages }]) => ({ key, under, told, messages, count: alone + wholes.size }));
  return rows.filter(({ told }) => told > 0).toSorted((a, b) => (a.key < b.key ? -1 : 1));
} // prettier-ignore

function tell({ under, told, messages }: Group): Cell {
  return { under, count: told, messages: messages.size };
}

function margin(units: readonly Unit[], dimension: string, plan: TablePlan): readonly Cell[] {
  const groups = groupBy(units, [dimension], plan.unknown);
  const hidden = hideSmall(groups, plan.smallest);
  return groups.flatMap((group): Cell[] => {
    if (!hidden.has(group.key)) return [tell(group)];
    return plan.silent.includes(dimension) ? [] : [{ under: group.under }];
  });
}

/** A pair is told whole or not at all: then nothing follows from it and its margins that is not told in it. */
function cross(units: readonly Unit[], pair: readonly string[], { smallest, unknown }: TablePlan): readonly Cell[] {
  const groups = groupBy(units, pair, unknown);
  return groups.some(({ count }) => count < smallest) ? [] : groups.map(tell);
} // prettier-ignore

/**
 * Counts units under no dimension, under each, and under the pairs of a plan, and withholds what would tell of fewer
 * than the smallest figure: in a margin the small classes, and with them the next smallest until those withheld are
 * together as many; a pair as a whole. What counts nobody is left out.
 *
 * So whatever follows from the cells by adding and subtracting and counts persons at all counts at least the smallest.
 */
export function makeTable(units: readonly Unit[], plan: TablePlan): readonly Cell[] {
  const [all] = groupBy(units, [], plan.unknown);
  if (all === undefined) return [];
  if (all.count < plan.smallest) return [{ under: {} }];
  return [
    tell(all),
    ...plan.dimensions.flatMap((dimension) => margin(units, dimension, plan)),
    ...plan.pairs.flatMap((pair) => cross(units, pair, plan)),
  ];
}
