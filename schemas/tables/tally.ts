import { Distinct } from "./distinct.ts";
import { type Class, hideSmall } from "./hide-small.ts";

/** What a tally is told of: persons told of alike, or things. */
export interface Counted {
  /** By dimension, what it is counted under; a dimension that nobody told of is left out. */
  readonly under: Readonly<Record<string, string>>;
  readonly count: number;
  /** The messages that told of it, each by a number of its own. */
  readonly messages: readonly number[];
  /**
   * What it is a part of, by a number, where what is counted is not what must not be known: the threshold then counts those
   * wholes, each once, so that twelve events of one case tell of one case. All parts of a whole stand under the same.
   */
  readonly whole?: number | undefined;
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

/** A table that is being counted. */
export interface Tally {
  /** Takes one more; the order in which they come changes nothing. */
  add(unit: Counted): void;
  /** The table of all that was taken so far. */
  cells(): readonly Cell[];
}

interface Sum {
  readonly under: Readonly<Record<string, string>>;
  told: number;
  /** Of units that are no parts, how many they count. */
  alone: number;
  readonly wholes: Distinct;
  readonly messages: Distinct;
}

/** The count of a class is what the threshold is held against: persons, or the wholes that they are known by. */
interface Group extends Class {
  readonly sum: Sum;
}

/** The sums of the units told together by some dimensions. */
type Sums = Map<string, Sum>;

function add(sum: Sum, { count, messages, whole }: Counted): void {
  sum.told += count;
  if (whole === undefined) sum.alone += count;
  else if (count > 0) sum.wholes.add(whole);
  for (const one of messages) sum.messages.add(one);
}

function sumIn(sums: Sums, dimensions: readonly string[], values: readonly string[]): Sum {
  const key = JSON.stringify(values);
  const known = sums.get(key);
  if (known !== undefined) return known;
  const under = Object.fromEntries(dimensions.map((name, i) => [name, values[i] ?? ""]));
  const made: Sum = { under, told: 0, alone: 0, wholes: new Distinct(), messages: new Distinct() };
  sums.set(key, made);
  return made;
}

function groupsOf(sums: Sums): readonly Group[] {
  const groups = [...sums].map(([key, sum]) => ({ key, sum, count: sum.alone + sum.wholes.size }));
  return groups.filter(({ sum }) => sum.told > 0).toSorted((a, b) => (a.key < b.key ? -1 : 1));
}

function tell({ sum: { under, told, messages } }: Group): Cell {
  return { under, count: told, messages: messages.size };
}

function margin(groups: readonly Group[], dimension: string, plan: TablePlan): readonly Cell[] {
  const hidden = hideSmall(groups, plan.smallest);
  return groups.flatMap((group): Cell[] => {
    if (!hidden.has(group.key)) return [tell(group)];
    return plan.silent.includes(dimension) ? [] : [{ under: group.sum.under }];
  });
}

/** A pair is told whole or not at all: then nothing follows from it and its margins that is not told in it. */
function cross(groups: readonly Group[], { smallest }: TablePlan): readonly Cell[] {
  return groups.some(({ count }) => count < smallest) ? [] : groups.map(tell);
}

/**
 * Counts units under no dimension, under each, and under the pairs of a plan, one unit after the other, and keeps sums
 * only: as many as there are different values, however many units there are. It withholds what would tell of fewer
 * than the smallest figure: in a margin the small classes, and with them the next smallest until those withheld are
 * together as many; a pair as a whole. What counts nobody is left out.
 *
 * So whatever follows from the cells by adding and subtracting and counts persons at all counts at least the smallest.
 */
export function startTally(plan: TablePlan): Tally {
  const sets: readonly (readonly string[])[] = [[], ...plan.dimensions.map((one) => [one]), ...plan.pairs];
  const tables = sets.map((dimensions): { readonly dimensions: readonly string[]; readonly sums: Sums } => ({ dimensions, sums: new Map() }));
  const known = [...new Set(sets.flat())];
  // by all that a unit is counted under, the sums it goes into
  const ways = new Map<string, readonly Sum[]>();
  const wayOf = (under: Counted["under"]): readonly Sum[] => {
    const way = JSON.stringify(known.map((name) => under[name] ?? plan.unknown));
    const sums = ways.get(way) ?? tables.map((table) => sumIn(table.sums, table.dimensions, table.dimensions.map((name) => under[name] ?? plan.unknown)));
    ways.set(way, sums);
    return sums;
  };
  return {
    add: (unit) => {
      for (const sum of wayOf(unit.under)) add(sum, unit);
    },
    cells: () => {
      const [whole = [], ...others] = tables.map(({ sums }) => groupsOf(sums));
      const [all] = whole;
      if (all === undefined) return [];
      if (all.count < plan.smallest) return [{ under: {} }];
      return [
        tell(all),
        ...plan.dimensions.flatMap((dimension, i) => margin(others[i] ?? [], dimension, plan)),
        ...others.slice(plan.dimensions.length).flatMap((groups) => cross(groups, plan)),
      ];
    },
  };
} // prettier-ignore
