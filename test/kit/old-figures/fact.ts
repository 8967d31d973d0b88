import type { EpochMs } from "../../../schemas/ground/index.ts";
import type { Unit } from "./make-table.ts";
import type { Source } from "./sources.ts";

/** Something that a figure counts. */
export interface Fact extends Unit {
  /** A code of TIP_INDICATOR or CRIME_INDICATOR. */
  readonly indicator: string;
  /** When it was first said: the time whose figure counts it. */
  readonly at: EpochMs;
  /** Of facts about recorded crime. */
  readonly crime?: string;
  /** Of goods, how much was taken. */
  readonly quantity?: { readonly value: string; readonly unit: string; readonly estimated: boolean };
  /** Of prices, what was paid or what it was held to be worth: of a person, or of one unit of goods. */
  readonly price?: { readonly amount: string; readonly currency: string; readonly unit?: string };
} // prettier-ignore

/** How many of something a message told of in all, by then. */
export interface ToldTotal {
  readonly at: EpochMs;
  readonly total: number;
  readonly id: string;
}

/** How many of a number that grew were first told when; what was told too high before counts no further than the newest word. */
export function whenTold(told: readonly ToldTotal[], newest: number): readonly { readonly at: EpochMs; readonly count: number; readonly id: string }[] {
  let reached = 0;
  return told.toSorted((a, b) => a.at - b.at).flatMap(({ at, total, id }) => {
    const more = Math.min(total, newest) - reached;
    if (more <= 0) return [];
    reached += more;
    return [{ at, count: more, id }];
  });
} // prettier-ignore

/** One message, and what of it is read. */
export interface Said<B> {
  readonly source: Source;
  readonly body: B;
}

/** When the first of some messages was told; undefined of none. */
export function firstTold(said: readonly Said<unknown>[]): EpochMs | undefined {
  return said.length === 0 ? undefined : Math.min(...said.map(({ source }) => source.firstAt));
}

/** Groups by what messages are about, each group in the order of the sources; what is about nothing is left out. */
export function groupSaid<B>(
  sources: readonly Source[],
  read: (source: Source) => { readonly key: string; readonly body: B } | undefined,
): ReadonlyMap<string, readonly Said<B>[]> {
  const groups = new Map<string, Said<B>[]>();
  for (const source of sources) {
    const said = read(source);
    if (said === undefined) continue;
    const group = groups.get(said.key);
    const one = { source, body: said.body };
    if (group === undefined) groups.set(said.key, [one]);
    else group.push(one);
  }
  return groups;
}
