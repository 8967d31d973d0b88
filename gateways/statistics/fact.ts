import type { EpochMs } from "../../schemas/ground/index.ts";
import type { Counted } from "../../schemas/tables/index.ts";
import type { Source } from "./sources.ts";

/** Something that a figure counts. */
export interface Fact extends Counted {
  /** A code of TIP_INDICATOR, CRIME_INDICATOR or EXCHANGE_FIGURE. */
  readonly indicator: string;
  /** When it was first said: the time whose figure counts it. */
  readonly at: EpochMs;
  /** Of facts about recorded crime. */
  readonly crime?: string;
  /** Of the exchange, what stands in each of its figures beside the indicator: whose act it is, and what was awaited. */
  readonly head?: Readonly<Record<string, string>>;
  /** Of what another agency did, which: never told, but others are told of only when they are several. */
  readonly party?: string;
  /** Of goods, how much was taken. */
  readonly quantity?: { readonly value: string; readonly unit: string; readonly estimated: boolean };
  /** Of prices, what was paid or what it was held to be worth: of a person, or of one unit of goods. */
  readonly price?: { readonly amount: string; readonly currency: string; readonly unit?: string };
} // prettier-ignore

/** How many of something a message told of in all, by then. */
export interface ToldTotal {
  readonly at: EpochMs;
  readonly total: number;
  /** The place of the message that told it. */
  readonly message: number;
}

/** How many of a number that grew were first told when; what was told too high before counts no further than the newest word. */
export function whenTold(told: readonly ToldTotal[], newest: number): readonly { readonly at: EpochMs; readonly count: number; readonly message: number }[] {
  let reached = 0;
  return told.toSorted((a, b) => a.at - b.at).flatMap(({ at, total, message }) => {
    const more = Math.min(total, newest) - reached;
    if (more <= 0) return [];
    reached += more;
    return [{ at, count: more, message }];
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

/**
 * What a counter finds, one after the other. Between two facts comes `undefined` as often as there was something to look at that
 * told none, so that whoever counts can rest there.
 */
export type Facts = Generator<Fact | undefined, void>;

/** What is found on the way to the facts; comes to a result with rests between. */
export type Finding<T> = Generator<undefined, T>;

/** Groups by what messages are about, each group in the order of the sources; what is about nothing is left out. */
export function* groupSaid<B>(
  sources: readonly Source[],
  read: (source: Source) => { readonly key: string; readonly body: B } | undefined,
): Finding<ReadonlyMap<string, readonly Said<B>[]>> {
  const groups = new Map<string, Said<B>[]>();
  for (const source of sources) {
    yield;
    const said = read(source);
    if (said === undefined) continue;
    const group = groups.get(said.key);
    const one = { source, body: said.body };
    if (group === undefined) groups.set(said.key, [one]);
    else group.push(one);
  }
  return groups;
}

/** What `tell` takes of each of many, with a rest after each. */
export function* factsOfEach<T>(all: Iterable<T>, tell: (one: T) => readonly Fact[]): Facts {
  for (const one of all) {
    yield* tell(one);
    yield;
  }
}

/** Those messages that one agency sent. */
export function* findOwn(sources: readonly Source[], agency: string): Finding<readonly Source[]> {
  const own: Source[] = [];
  for (const source of sources) {
    yield;
    if (source.from === agency) own.push(source);
  }
  return own;
}
