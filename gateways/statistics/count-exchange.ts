import { bytesKey, type Bytes, type EpochMs, parseUuid } from "../../schemas/ground/index.ts";
import {
  decodeInnerHeader,
  decodeParts,
  isKnownType,
  joinParts,
  messageTypes,
} from "../../schemas/index.ts";
import type { Lane } from "../../schemas/work/index.ts";
import {
  isSystemMessage,
  type Store,
  type StoredMessage,
  type StoredSummary,
} from "../store/index.ts";
import { threadWith } from "../work/index.ts";
import { answerOf, answerTimeOf, groundOf, outcomeOf, recallResultOf } from "./exchange-outcome.ts";
import type { Fact, Facts } from "./fact.ts";
import {
  type Deadline,
  type FollowedMatter,
  followMatters,
  type FollowPlace,
} from "./follow-matters.ts";
import { isTold } from "./read-sources.ts";
import { type Under, underOf } from "./under.ts"; // prettier-ignore

/** Whose exchange is counted, and since when. */
export interface ExchangePlace extends FollowPlace {
  readonly store: Store;
  /** What was made before is of a time that is counted no more. */
  readonly since: EpochMs;
}

const boxes = ["out", "in"] as const;
/** What gateways tell each other about keys is nobody's message. */
const countedTypes = messageTypes.filter((type) => !isSystemMessage({ type, state: "" }));
/** So many places are asked of the store at once. */
const lot = 200;

/** Of several purposes the first named counts; of what was erased none is known. */
function purposeOf({ parts }: Pick<StoredMessage, "parts">): string | undefined {
  if (parts === undefined) return undefined;
  return decodeInnerHeader(joinParts(decodeParts(parts).parts).innerHeader).purposes[0];
}

/** What is said of a fact before what it counts under. */
interface Head {
  readonly indicator: string;
  /** Who did it, or is to. */
  readonly by: string;
  readonly closing?: string;
}

/** Who it is of is told to nobody: it is only asked whether they were several. */
function makeFact({ indicator, by, closing }: Head, under: Under, { agency, at, seq }: { readonly agency: string; readonly at: EpochMs; readonly seq: number }): Fact {
  const side = by === agency ? { side: "OWN" } : { side: "OTHERS" };
  return {
    indicator, at, under, count: 1, messages: [seq],
    head: { ...side, ...(closing === undefined ? {} : { closing }) },
    ...(by === agency ? {} : { party: by }),
  };
} // prettier-ignore

function countMessage(summary: StoredSummary, { store, agency }: ExchangePlace): Fact {
  const { seq, type, crimes, handling, createdAt: at, originator: by } = summary;
  const message = store.messages.get(seq);
  const purpose = message === undefined ? undefined : purposeOf(message);
  return makeFact({ indicator: "MESSAGES", by }, underOf({ type, crime: crimes[0], handling, purpose }), { agency, at, seq });
} // prettier-ignore

/** What is known of a matter beside its course. */
interface Matter extends FollowedMatter {
  readonly crime: string | undefined;
  readonly purpose: string | undefined;
  readonly place: Parameters<typeof makeFact>[2];
}

function countRequest({ lane, deadlines, crime, purpose, place }: Matter): readonly Fact[] {
  const answer = answerOf(lane, deadlines);
  if (answer === undefined) return [];
  const { type } = lane.opening;
  const by = answer.of;
  const [outcome, answerTime] = [outcomeOf(lane, answer), answerTimeOf(lane, answer)];
  const fact = (indicator: string, under: Under): Fact => makeFact({ indicator, by }, under, place);
  return [
    fact("OUTCOMES", underOf({ outcome, type, crime, purpose })),
    ...(answerTime === undefined ? [] : [fact("ANSWER_TIMES", underOf({ answerTime, type }))]),
    ...(outcome === "REFUSED" ? [fact("REFUSALS", underOf({ ground: groundOf(lane), type }))] : []),
  ];
}

function countDeadline({ lane, crime, place }: Matter, { closing, of: by, standing }: Deadline): Fact {
  if (closing === "PURGE") return makeFact({ indicator: "RECALLS", by }, underOf({ standing, recallResult: recallResultOf(lane) }), place);
  return makeFact({ indicator: "DEADLINES", by, closing }, underOf({ standing, type: lane.opening.type, crime }), place);
} // prettier-ignore

function countMatter({ lane, deadlines }: FollowedMatter, { store, agency }: ExchangePlace): readonly Fact[] {
  const opening = openingOf(lane, store);
  if (opening === undefined || !isTold(opening)) return [];
  const place = { agency, at: opening.createdAt, seq: opening.seq };
  const matter = { lane, deadlines, crime: opening.crimes[0], purpose: purposeOf(opening), place };
  return [...countRequest(matter), ...deadlines.map((one) => countDeadline(matter, one))];
} // prettier-ignore

function openingOf({ opening }: Lane, { messages }: Pick<Store, "messages">): StoredMessage | undefined {
  return messages.find(parseUuid(opening.id));
} // prettier-ignore

/** Each thread once, at the first of its messages that is met. */
function* countThread(thread: Bytes, place: ExchangePlace): Facts {
  const { agency, store } = place;
  for (const matter of followMatters(threadWith({ agency, store }, thread), place)) {
    yield* countMatter(matter, place);
    yield;
  }
}

/** Every message of our own and to us since then that reached somebody, each by itself, with rests between. */
function* summaries({ store, since }: ExchangePlace): Generator<StoredSummary | undefined, void> {
  const end = store.tables.end();
  for (const { box, type } of boxes.flatMap((one) => countedTypes.map((read) => ({ box: one, type: read })))) {
    let after = 0;
    for (;;) {
      const places = store.tables.places({ box, type, after, end, limit: lot });
      for (const { seq } of places) {
        const summary = store.messages.summary(seq);
        if (summary !== undefined && summary.createdAt >= since && isTold(summary)) yield summary;
        else yield;
      }
      after = places.at(-1)?.seq ?? end;
      if (places.length < lot) break;
    }
  }
} // prettier-ignore

/**
 * How the exchange went, as this agency's own store tells it: messages by what they are for, what came of requests and in
 * what time, what was awaited of whom and came in time, late or not, and orders to delete. Each matter counts in the time in
 * which it was opened, as it stands now. No fact names a message, a person or, where it is told, another agency.
 */
export function* countExchange(place: ExchangePlace): Facts {
  const seen = new Set<string>();
  for (const summary of summaries(place)) {
    yield;
    if (summary === undefined || !isKnownType(summary.type)) continue;
    yield countMessage(summary, place);
    const thread = place.store.threads.of(summary.seq) ?? summary.id;
    const key = bytesKey(thread);
    if (seen.has(key)) continue;
    seen.add(key);
    yield* countThread(thread, place);
  }
}
