import type { Bodies } from "../../schemas/gen/index.ts";
import {
  decodeInnerHeader,
  decodeMessage,
  decodeParts,
  isKnownType,
  joinParts,
  type MessageType,
  parseEnvelope,
} from "../../schemas/index.ts";
import { type Bytes, type EpochMs, renderUuid } from "../../schemas/ground/index.ts";
import { makeStep, type Step } from "../../schemas/work/index.ts";
import type { Store, StoredMessage } from "../store/index.ts";
import type { Pace } from "./pace.ts";
import { type Alike, makeAlike, tell, type Told } from "./told.ts";

/** A message that figures are counted from: the newest word of its sender on what it tells. */
export interface Source {
  /** Its place in the store, which is its number among all that are counted. */
  readonly seq: number;
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

/** A message that was read. */
export interface Held extends Source {
  readonly stands: boolean;
}

/** What a sender corrects in a message of his. */
export interface Correction {
  readonly id: string;
  readonly from: string;
  readonly at: EpochMs;
  readonly effectiveAt: EpochMs;
  readonly target: string;
  readonly changes: Bodies["data.correct"]["changes"];
}

/** That a message stands in the place of an earlier one, and who says so. */
export interface Replacement {
  readonly older: string;
  readonly from: string;
  readonly seq: number;
}

/** All that was read, while the newest words are looked for. */
export interface Read {
  readonly held: readonly Held[];
  readonly corrections: readonly Correction[];
  /** By the newer message. */
  readonly replaced: ReadonlyMap<string, Replacement>;
  /** Corrections that stand and took the place of something. */
  readonly standing: ReadonlySet<string>;
}

/** Whose messages, and when. */
export interface SourcePlace {
  readonly store: Pick<Store, "messages" | "lookups" | "recalls" | "tables" | "threads">;
  readonly now: EpochMs;
  readonly pace: Pace;
}

/** Which messages. */
export interface SourceWish {
  readonly types: readonly MessageType[];
  /** Only what this agency sent; what all sent when left out. */
  readonly from?: string | undefined;
}

interface Reading {
  readonly place: SourcePlace;
  readonly alike: Alike;
  readonly held: Held[];
  readonly corrections: Correction[];
  readonly replaced: Map<string, Replacement>;
  readonly standing: Set<string>;
}

/** So many places are asked of the store at once; their messages are read one by one. */
const lot = 200;
const boxes = ["out", "in"] as const;

const none: readonly string[] = [];

/** What reached nobody tells nothing, and what only practised neither. */
export function isTold({ state, status }: Pick<StoredMessage, "state" | "status">): boolean {
  return status === "ACTUAL" && state !== "REFUSED" && state !== "STOPPED" && state !== "QUARANTINED";
} // prettier-ignore

function isTakenBack({ store, now }: SourcePlace, { id, originator }: StoredMessage): boolean {
  return store.lookups.said(id, originator).some(({ word, at, message }) => {
    if (word !== "WITHDRAWN" || at > now) return false;
    const saying = store.messages.summary(message);
    return saying !== undefined && isTold(saying);
  });
}

function nameOf(id: Bytes | undefined): string | undefined {
  return id === undefined ? undefined : renderUuid(id);
}

/** A message as it is read here; each of its parts is decoded once. */
interface Opened {
  readonly step: Step;
  /** The message that it says it stands in the place of. */
  readonly before: string | undefined;
}

function open({ id, type, originator, createdAt, urgency, raw, parts }: StoredMessage): Opened | undefined {
  if (parts === undefined || !isKnownType(type)) return undefined;
  const { innerHeader, body } = joinParts(decodeParts(parts).parts);
  const inner = decodeInnerHeader(innerHeader);
  const outer = parseEnvelope(decodeMessage(raw).envelope);
  const step = makeStep({
    id: renderUuid(id), digest: "", type, from: originator, to: [], at: createdAt, urgency,
    about: nameOf(outer.inReplyTo ?? inner.inReplyTo), follows: [], body,
  });
  return { step, before: nameOf(outer.supersedes ?? inner.supersedes) };
} // prettier-ignore

/** Of two that say in whose place the same message stands, the one stored last holds. */
function noteReplaced({ replaced }: Reading, newer: string, told: Replacement): void {
  if ((replaced.get(newer)?.seq ?? 0) <= told.seq) replaced.set(newer, told);
}

/** A correction tells nothing itself. */
function noteCorrection(reading: Reading, step: Step, seq: number): void {
  const { id, from, at } = step;
  const body = step.read("data.correct");
  if (body === undefined) return;
  const target = renderUuid(body.targetId);
  const { correctedId, effectiveAt, changes } = body;
  if (correctedId !== undefined) noteReplaced(reading, renderUuid(correctedId), { older: target, from, seq });
  reading.corrections.push({ id, from, at, effectiveAt, target, changes });
} // prettier-ignore

function threadOf({ store }: SourcePlace, type: MessageType, { seq, id }: StoredMessage): string {
  return type === "suspect.handover" ? renderUuid(store.threads.of(seq) ?? id) : "";
}

/** The type is given, and not taken of the row: one text for all. */
function readOne(reading: Reading, type: MessageType, seq: number): void {
  const { place, alike } = reading;
  const { store } = place;
  const message = store.messages.get(seq);
  if (message === undefined || !isTold(message)) return;
  const opened = open(message);
  if (opened === undefined) return;
  const { step, before } = opened;
  const { id, at, about } = step;
  const from = alike.name(step.from);
  const stands = !isTakenBack(place, message);
  if (before !== undefined) noteReplaced(reading, id, { older: before, from, seq });
  if (type === "data.correct") {
    if (stands && before !== undefined) reading.standing.add(id);
    // what only passes on another's correction points into his message, not into ours
    if (stands && store.recalls.causeOf(seq) === undefined) noteCorrection(reading, step, seq);
    return;
  }
  const thread = threadOf(place, type, message);
  const crimes = alike.names(message.crimes);
  reading.held.push({ seq, id, type, from, at, about, told: tell(step, alike), crimes, firstAt: at, replaces: none, thread, stands });
} // prettier-ignore

/**
 * Reads every message of some types that there was when it began, and the corrections to them: of each box and type in the
 * order of the store, some places at once and each message by itself, with rests between. No more than one whole message is
 * held at a time; of the others what is counted.
 */
export async function readSources(place: SourcePlace, { types, from }: SourceWish): Promise<Read & { readonly alike: Alike }> {
  const { store, pace } = place;
  const reading: Reading = { place, alike: makeAlike(), held: [], corrections: [], replaced: new Map(), standing: new Set() };
  const end = store.tables.end();
  for (const { box, type } of boxes.flatMap((one) => [...types, "data.correct" as const].map((read) => ({ box: one, type: read })))) {
    let after = 0;
    for (;;) {
      const places = store.tables.places({ box, type, after, end, limit: lot });
      for (const { seq, originator } of places) {
        if (from === undefined || originator === from) readOne(reading, type, seq);
        if (pace.isDue()) await pace.rest();
      }
      after = places.at(-1)?.seq ?? end;
      if (places.length < lot) break;
    }
  }
  return reading;
} // prettier-ignore
