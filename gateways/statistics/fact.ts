import type { EpochMs } from "../../schemas/ground/index.ts";
import type { Unit } from "../../schemas/tables/index.ts";
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
} // prettier-ignore

const adults = /^(?:ADULT|AGE_(?:18|21|24|27|30|39|48)_)/;
const minors = /^(?:MINOR|AGE_(?:0|9)_)/;

/** Children and adults; the finer bands would leave hardly a figure that may be told. */
export function foldAge(band: string | undefined): string | undefined {
  if (band === undefined) return undefined;
  if (adults.test(band)) return "ADULT";
  return minors.test(band) ? "MINOR" : undefined;
}

/** What is known of something, without what is not. */
export function underOf(all: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(all).flatMap(([name, value]) => (value === undefined || value === "UNKNOWN" ? [] : [[name, value]])));
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
    groups.set(said.key, [...(groups.get(said.key) ?? []), { source, body: said.body }]);
  }
  return groups;
}
