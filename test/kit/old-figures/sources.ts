import type { Bodies } from "../../../schemas/gen/index.ts";
import {
  decodeInnerHeader,
  decodeMessage,
  decodeParts,
  joinParts,
  type MessageType,
  parseEnvelope,
} from "../../../schemas/index.ts";
import { type EpochMs, renderUuid } from "../../../schemas/ground/index.ts";
import type { Step } from "../../../schemas/work/index.ts";
import type { Store, StoredMessage } from "../../../gateways/store/index.ts";
import { keepOneEdition, stepOf } from "../../../gateways/work/index.ts"; // prettier-ignore
import { correctStep } from "../../../gateways/statistics/correct-body.ts";
import { makeAlike, tell, type Told } from "../../../gateways/statistics/told.ts";

/** A message that figures are counted from: the newest word of its sender on what it tells. */
export interface Source {
  readonly id: string;
  readonly type: MessageType;
  /** Who signed it. */
  readonly from: string;
  /** When its sender says he made it. */
  readonly at: EpochMs;
  /** The message it answers. */
  readonly about?: string | undefined;
  /** What of it is counted; the rest is not kept, for there are many. */
  readonly told: Told;
  readonly crimes: readonly string[];
  /** When its matter was first told: of a message that stands in the place of another, that one's time. */
  readonly firstAt: EpochMs;
  /** The messages it stands in the place of, as what they corrected or superseded. */
  readonly replaces: readonly string[];
  /** The thread it is of; "" of types that are not counted by threads. */
  readonly thread: string;
}

/** Whose messages, and when. */
export interface SourcePlace {
  readonly store: Pick<Store, "messages" | "lookups" | "recalls" | "tables" | "threads">;
  readonly now: EpochMs;
}

/** More replacements in a row than anybody makes; a ring of them ends there too. */
const maxChain = 50;

/** The message that this one stands in the place of. */
function replacedBy({ raw, parts }: StoredMessage): string | undefined {
  if (parts === undefined) return undefined;
  const { supersedes } = parseEnvelope(decodeMessage(raw).envelope);
  const said = supersedes ?? decodeInnerHeader(joinParts(decodeParts(parts).parts).innerHeader).supersedes;
  return said === undefined ? undefined : renderUuid(said);
} // prettier-ignore

/** What reached nobody tells nothing, and what only practised neither. */
function isTold({ state, status }: Pick<StoredMessage, "state" | "status">): boolean {
  return status === "ACTUAL" && state !== "REFUSED" && state !== "STOPPED" && state !== "QUARANTINED";
} // prettier-ignore

function isTakenBack({ store, now }: SourcePlace, { id, originator }: StoredMessage): boolean {
  return store.lookups.said(id, originator).some(({ word, at, message }) => {
    const saying = store.messages.summary(message);
    return word === "WITHDRAWN" && at <= now && saying !== undefined && isTold(saying);
  });
}

/** A message that was read, without its place among the others. */
interface Held extends Omit<Source, "firstAt" | "replaces"> {
  readonly seq: number;
  readonly stands: boolean;
}

/** What a sender corrects in a message of his. */
interface Correction {
  readonly id: string;
  readonly from: string;
  readonly at: EpochMs;
  readonly effectiveAt: EpochMs;
  readonly target: string;
  readonly changes: Bodies["data.correct"]["changes"];
}

/** What is known of all that was read, while the newest words are looked for. */
interface Read {
  readonly held: Held[];
  readonly corrections: Correction[];
  /** By message, the one it stands in the place of. */
  readonly replaced: Map<string, string>;
}

/** A correction tells nothing itself. */
function readCorrection(step: Step, { corrections, replaced }: Read): void {
  const { id, from, at } = step;
  const body = step.read("data.correct");
  if (body === undefined) return;
  const target = renderUuid(body.targetId);
  const { correctedId, effectiveAt, changes } = body;
  if (correctedId !== undefined) replaced.set(renderUuid(correctedId), target);
  corrections.push({ id, from, at, effectiveAt, target, changes });
} // prettier-ignore

function stepAt({ store }: SourcePlace, seq: number): Step | undefined {
  const message = store.messages.get(seq);
  return message === undefined ? undefined : stepOf(message);
}

function read(place: SourcePlace, seq: number, found: Read): void {
  const { store } = place;
  const message = store.messages.get(seq);
  const step = message === undefined || !isTold(message) ? undefined : stepOf(message);
  if (message === undefined || step === undefined) return;
  const before = replacedBy(message);
  if (before !== undefined) found.replaced.set(step.id, before);
  const stands = !isTakenBack(place, message);
  // what only passes on another's correction points into his message, not into ours
  const isPassedOn = store.recalls.causeOf(seq) !== undefined;
  if (stands && !isPassedOn) readCorrection(step, found);
  const { id, type, from, at, about } = step;
  const thread = type === "suspect.handover" ? renderUuid(store.threads.of(seq) ?? message.id) : "";
  found.held.push({ seq, id, type, from, at, about, told: tell(step, makeAlike()), crimes: message.crimes, thread, stands });
} // prettier-ignore

/** Leaves of messages of one moment the one edition that is fuller; only those are read once more. */
function findOnce(place: SourcePlace, held: readonly Held[]): ReadonlySet<Held> {
  const moments = Map.groupBy(held, ({ type, from, at }) => `${type} ${from} ${at}`);
  return new Set([...moments.values()].flatMap((same): readonly Held[] => {
    if (same.length === 1) return same;
    const steps = same.flatMap(({ seq }) => stepAt(place, seq) ?? []);
    const kept = new Set(keepOneEdition(steps).map(({ id }) => id));
    return same.filter(({ id }) => kept.has(id));
  }));
} // prettier-ignore

/** The messages that one stands in the place of, the nearest first. */
function placesOf(id: string, { replaced }: Read): readonly string[] {
  const places: string[] = [];
  let earlier = replaced.get(id);
  while (places.length < maxChain && earlier !== undefined) {
    places.push(earlier);
    earlier = replaced.get(earlier);
  }
  return places;
}

/** What a message tells with what its own sender corrected in it, from the day on that he says. */
function mend(place: SourcePlace, { seq, from, told }: Pick<Held, "seq" | "from" | "told">, corrections: readonly Correction[]): Told {
  const own = corrections.filter((one) => one.from === from && one.effectiveAt <= place.now);
  const step = own.length === 0 ? undefined : stepAt(place, seq);
  if (step === undefined) return told;
  const ordered = own.toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
  return tell(ordered.reduce((before, { changes }) => correctStep(before, changes), step), makeAlike());
} // prettier-ignore

/** What stands of all that was read. */
function standingOf(place: SourcePlace, { held, replaced }: Read): readonly Held[] {
  const ids = new Set(held.filter(({ stands }) => stands).map(({ id }) => id));
  // what a correction put right as a whole stands in its place, where that is here
  const mended = new Set([...replaced].flatMap(([newer, older]) => (ids.has(newer) ? [older] : [])));
  // with the fuller edition goes the other, whose sender need not take it back too
  const once = findOnce(place, held);
  return held.filter((one) => one.stands && one.type !== "data.correct" && !mended.has(one.id) && once.has(one));
} // prettier-ignore

/**
 * Everything that this gateway holds of some types and that stands, the newest last: nothing that its sender took back
 * or put another in the place of, nothing that only practised; with the fields that its sender corrected.
 */
export function loadSources(place: SourcePlace, types: readonly MessageType[]): readonly Source[] {
  const { tables } = place.store;
  const found: Read = { held: [], corrections: [], replaced: new Map() };
  const end = tables.end();
  const wanted = new Set<string>([...types, "data.correct"]);
  for (let seq = 1; seq < end; seq += 1) {
    const one = place.store.messages.summary(seq);
    if (one !== undefined && wanted.has(one.type)) read(place, seq, found);
  }
  const at = new Map(found.held.map((one) => [one.id, one.at]));
  const corrections = Map.groupBy(found.corrections, ({ target }) => target);
  const sources: Source[] = [];
  for (const { seq, stands: _, ...one } of standingOf(place, found)) {
    const own = corrections.get(one.id);
    const replaces = placesOf(one.id, found);
    const firstAt = Math.min(one.at, ...replaces.map((id) => at.get(id) ?? one.at));
    sources.push({ ...one, told: own === undefined ? one.told : mend(place, { ...one, seq }, own), replaces, firstAt });
  }
  return sources.toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
} // prettier-ignore
