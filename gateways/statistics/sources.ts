import type { Step } from "../../schemas/work/index.ts";
import { keepOneEdition, stepOf } from "../work/index.ts";
import { correctStep } from "./correct-body.ts";
import { type Pace, sortInPieces } from "./pace.ts";
import { type Correction, type Held, type Read, readSources, type Source, type SourcePlace, type SourceWish } from "./read-sources.ts"; // prettier-ignore
import { type Alike, tell, type Told } from "./told.ts";

export type { Source, SourcePlace, SourceWish } from "./read-sources.ts";

/** More replacements in a row than anybody makes; a ring of them ends there too. */
const maxChain = 50;

function stepAt({ store }: SourcePlace, seq: number): Step | undefined {
  const message = store.messages.get(seq);
  return message === undefined ? undefined : stepOf(message);
}

/** Leaves of messages of one moment the one edition that is fuller; only those are read once more. */
function keepFuller(place: SourcePlace, moment: readonly Held[]): readonly Held[] {
  if (moment.length === 1) return moment;
  const stored = moment.toSorted((a, b) => a.seq - b.seq);
  const dropped = new Set<Held>();
  for (const same of Map.groupBy(stored, ({ type, from }) => `${type} ${from}`).values()) {
    if (same.length === 1) continue;
    const kept = new Set(keepOneEdition(same.flatMap(({ seq }) => stepAt(place, seq) ?? [])).map(({ id }) => id));
    for (const one of same) if (!kept.has(one.id)) dropped.add(one);
  }
  return moment.filter((one) => !dropped.has(one));
} // prettier-ignore

/** The messages that one stands in the place of by its sender's own words, the nearest first. */
function placesOf({ id, from }: Held, { replaced }: Read): readonly string[] {
  const places: string[] = [];
  let earlier = replaced.get(id);
  while (places.length < maxChain && earlier?.from === from) {
    places.push(earlier.older);
    earlier = replaced.get(earlier.older);
  }
  return places;
}

/** What a message tells with what its own sender corrected in it, from the day on that he says. To check a corrected body takes milliseconds. */
async function mend({ now, ...place }: SourcePlace, { seq, from, told }: Held, { corrections, alike }: { readonly corrections: readonly Correction[]; readonly alike: Alike }): Promise<Told> {
  const own = corrections.filter((one) => one.from === from && one.effectiveAt <= now);
  let step = own.length === 0 ? undefined : stepAt({ now, ...place }, seq);
  if (step === undefined) return told;
  for (const { changes } of own.toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))) {
    step = correctStep(step, changes);
    if (place.pace.isDue()) await place.pace.rest();
  }
  return tell(step, alike);
} // prettier-ignore

/** What is known of replacements. */
interface Known {
  /** By sender and message, what another of his stands in the place of. */
  readonly mended: ReadonlySet<string>;
  /** When messages were made in whose place others stand, by their senders and ids. */
  readonly times: ReadonlyMap<string, number>;
}

function keyOf(from: string, id: string): string {
  return `${from} ${id}`;
}

/** Only of what was replaced and what replaced it: few of many. */
async function findKnown({ held, replaced, standing }: Read, pace: Pace): Promise<Known> {
  const older = new Set([...replaced.values()].map((one) => one.older));
  const mended = new Set<string>();
  const times = new Map<string, number>();
  const note = (newer: string): void => {
    const told = replaced.get(newer);
    // what a correction put right as a whole stands in its place, where that is here
    if (told !== undefined) mended.add(keyOf(told.from, told.older));
  };
  for (const id of standing) note(id);
  for (const { id, from, at, stands } of held) {
    if (stands) note(id);
    if (older.has(id)) times.set(keyOf(from, id), at);
    if (pace.isDue()) await pace.rest();
  }
  return { mended, times };
}

/** One after the other by when they were made, all of one moment together. */
function* momentsOf(ordered: readonly Held[]): Generator<readonly Held[]> {
  let moment: Held[] = [];
  for (const one of ordered) {
    if (moment[0] !== undefined && moment[0].at !== one.at) {
      yield moment;
      moment = [];
    }
    moment.push(one);
  }
  if (moment.length > 0) yield moment;
}

/**
 * Everything that this gateway holds of some types and that stands, the newest last: nothing that its sender took back
 * or put another in the place of, nothing that only practised; with the fields that its sender corrected. Nobody's word on
 * another's message changes what that tells. Lets others have their turn between.
 */
export async function loadSources(place: SourcePlace, wish: SourceWish): Promise<readonly Source[]> {
  const { pace } = place;
  const { alike, ...found } = await readSources(place, wish);
  const { mended, times } = await findKnown(found, pace);
  const corrections = Map.groupBy(found.corrections, ({ target }) => target);
  const sources: Source[] = [];
  const ordered = await sortInPieces(found.held, (a, b) => a.at - b.at || (a.id < b.id ? -1 : 1), pace);
  for (const moment of momentsOf(ordered)) {
    // with the fuller edition goes the other, whose sender need not take it back too
    for (const one of keepFuller(place, moment)) {
      if (pace.isDue()) await pace.rest();
      if (!one.stands || mended.has(keyOf(one.from, one.id))) continue;
      const own = corrections.get(one.id);
      const replaces = placesOf(one, found);
      if (own === undefined && replaces.length === 0) sources.push(one);
      else {
        const firstAt = Math.min(one.at, ...replaces.map((id) => times.get(keyOf(one.from, id)) ?? one.at));
        sources.push({ ...one, told: own === undefined ? one.told : await mend(place, one, { corrections: own, alike }), replaces, firstAt });
      }
    }
  }
  return sources;
} // prettier-ignore
