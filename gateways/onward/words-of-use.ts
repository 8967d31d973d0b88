import { bodyCodecs, decodeParts, joinParts, type MessageType } from "../../schemas/index.ts";
import {
  type Bytes,
  type EpochMs,
  Fault,
  parseUuid,
  renderBase64url,
  sha256,
  utf8,
} from "../../schemas/ground/index.ts";
import { type Limits, limitsAt } from "../../schemas/work/index.ts";
import type { StoredMessage } from "../store/index.ts";
import type { OnwardPlace } from "./place.ts";
import { type Source, sourceOf } from "./source.ts";

/** By which words a message of others may be used, as its owner says it now. */
export interface WordsOfUse {
  readonly id: string;
  readonly words: { readonly text: string; readonly lang: string; readonly script?: string };
  /** SHA-256 of the words: who accepts says by it what he was shown. */
  readonly digest: string;
  /** The caller who first accepted just these; until then nobody here is shown the content. */
  readonly accepted?: { readonly by: string; readonly at: EpochMs };
}

/** That words were accepted. */
export interface WordsTaken {
  readonly by: string;
  readonly digest: string;
  /** Called inside the write. */
  readonly also?: (() => void) | undefined;
}

type WordsPlace = Pick<OnwardPlace, "store" | "clock">;

const restricted = "H3";
/** What has no words at all is held back just as well. */
const none: NonNullable<Limits["words"]> = { text: "", lang: "und", marks: [] };

function digestOf({ words = none }: Limits): Bytes {
  const { text, lang, script = "" } = words;
  return sha256(utf8(JSON.stringify([text, lang, script])));
}

type Accepted = { readonly by: string; readonly at: EpochMs } | undefined;

function acceptedOf({ store }: WordsPlace, { bytes: id, limits }: Source, own: Limits = limits): Accepted {
  return store.wordsOfUse.accepted({ id, originator: limits.owner, digest: digestOf(own) });
} // prettier-ignore

/** Whether anybody could be shown its content at all: it is of others, proved, and not erased. */
function isOpenHere({ box, state, parts }: StoredMessage): boolean {
  return box === "in" && state === "VERIFIED" && parts !== undefined;
}

/** What its owner says of a message now; undefined where he says nothing that anybody has to accept. */
function findRestricted(place: WordsPlace, stored: StoredMessage): Source | undefined {
  const { onward } = place.store;
  if (!isOpenHere(stored)) return undefined;
  // most messages are neither, and nothing more is read of them
  if (stored.handling !== restricted && onward.wordsOn(stored.id).length === 0) return undefined;
  const source = sourceOf(place, stored);
  return source?.limits.handling === restricted ? source : undefined;
}

/**
 * The words by which a message of others may be used, and who accepted them here; undefined of a message without such.
 * As its owner says it now: what he said later stands in the place of what he signed it with.
 *
 * @throws {Fault} ID_INVALID
 */
export function findWords(place: WordsPlace, id: string): WordsOfUse | undefined {
  const stored = place.store.messages.find(parseUuid(id));
  const source = stored === undefined ? undefined : findRestricted(place, stored);
  if (source === undefined) return undefined;
  const { text, lang, script } = source.limits.words ?? none;
  const accepted = acceptedOf(place, source);
  return {
    id,
    words: { text, lang, ...(script === undefined ? {} : { script }) },
    digest: renderBase64url(digestOf(source.limits)),
    ...(accepted === undefined ? {} : { accepted }),
  };
}

function timesAhead({ steps, limits }: Source, now: EpochMs): readonly EpochMs[] {
  const own = steps.filter(({ from }) => from === limits.owner);
  const times = own.flatMap((step) => step.read("handling.change")?.effectiveAt ?? []);
  return times.filter((at) => at > now).toSorted((a, b) => a - b);
}

/** Writes down whether a message waits for its words to be accepted, now or once what was said of it begins. */
function settleWait(place: WordsPlace, stored: StoredMessage): void {
  const { store, clock } = place;
  const source = isOpenHere(stored) ? sourceOf(place, stored) : undefined;
  if (source === undefined) return;
  const { id: message, limits, steps } = source;
  const times = [clock.now(), ...timesAhead(source, clock.now())];
  const last = times.findLastIndex((at) => {
    const then = limitsAt(limits, steps, { message, at });
    return then.handling === restricted && acceptedOf(place, source, then) === undefined;
  });
  if (last === -1) store.wordsOfUse.free(stored.seq);
  else store.wordsOfUse.wait(stored.seq, times[last + 1]);
}

function changedBy({ type, parts }: { readonly type: MessageType; readonly parts: Bytes }): readonly Bytes[] {
  if (type !== "handling.change") return [];
  return bodyCodecs[type].decode(joinParts(decodeParts(parts).parts).body).targetIds;
} // prettier-ignore

/** Notes what a message that came says of words of use: its own, or those of others. Runs inside the write that stores it, after what its owner says of others was noted. */
export function noteWords(
  place: WordsPlace,
  came: { readonly message: number; readonly type: MessageType; readonly parts: Bytes },
): void {
  const { messages, onward } = place.store;
  const targets = changedBy(came).flatMap((id) => onward.withId(id));
  for (const seq of [came.message, ...targets]) {
    const { id, handling } = messages.summary(seq) ?? {};
    const isSaidOf = id !== undefined && (handling === restricted || onward.wordsOn(id).length > 0);
    const stored = isSaidOf ? messages.get(seq) : undefined;
    if (stored !== undefined) settleWait(place, stored);
  }
}

/**
 * Writes down that a person accepted the words of a message, just those whose digest he was shown; the first who did stands.
 * From then on its content is to be had here. Runs inside a write; gives the message's place.
 *
 * @throws {Fault} NOT_FOUND where there are none, PRECONDITION_FAILED where they are others by now, ID_INVALID
 */
export function takeWords(place: WordsPlace, id: string, { by, digest, also }: WordsTaken): number {
  const { store, clock } = place;
  const stored = store.messages.find(parseUuid(id));
  const source = stored === undefined ? undefined : findRestricted(place, stored);
  if (stored === undefined || source === undefined) {
    throw new Fault("NOT_FOUND", "this message has no words that are to be accepted");
  }
  const own = digestOf(source.limits);
  if (renderBase64url(own) !== digest) {
    throw new Fault("PRECONDITION_FAILED", "these are not the words that count now; read them again");
  }
  if (acceptedOf(place, source) === undefined) {
    const { originator, id: bytes, seq, handling, state } = stored;
    store.wordsOfUse.accept({ id: bytes, originator, digest: own, by, at: clock.now() });
    settleWait(place, stored);
    // for who follows what comes: from now on it can be read
    store.changes.add({ kind: "MOVED", message: seq, id: bytes, box: "in", handling, state });
  }
  also?.();
  return stored.seq;
} // prettier-ignore
