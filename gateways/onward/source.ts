import {
  decodeInnerHeader,
  decodeMessage,
  decodeParts,
  type InnerHeader,
  joinParts,
  parseEnvelope,
} from "../../schemas/index.ts";
import { type Bytes, bytesKey, parseUuid, renderUuid } from "../../schemas/ground/index.ts";
import { type Limits, limitsAt, findLimits, type Step } from "../../schemas/work/index.ts";
import type { Store, StoredMessage } from "../store/index.ts";
import { stepOf } from "../work/index.ts";
import type { OnwardPlace } from "./place.ts";

/** A message of another agency that is held here, with all that its owner said of its further use. */
export interface Source {
  readonly id: string;
  readonly bytes: Bytes;
  readonly stored: StoredMessage;
  readonly inner: InnerHeader;
  /** As they are now. */
  readonly limits: Limits;
  /** Its thread, and what else names it. */
  readonly steps: readonly Step[];
}

/** The inner header of a message that is open to us. */
export function innerOf(stored: StoredMessage): InnerHeader | undefined {
  const { parts } = stored;
  return parts === undefined ? undefined : decodeInnerHeader(joinParts(decodeParts(parts).parts).innerHeader);
} // prettier-ignore

/** The one message with this id that is proved and open here; undefined where two agencies chose the same id. */
export function findHeld({ onward, messages }: Store, id: Bytes): StoredMessage | undefined {
  const all = onward.withId(id).flatMap((seq) => messages.get(seq) ?? []);
  const held = all.filter(({ parts, state }) => parts !== undefined && state !== "ERASED");
  const [first] = held;
  return held.every(({ originator }) => originator === first?.originator) ? first : undefined;
}

/** Its thread and the messages elsewhere that say something of its use, each once. */
function stepsAbout({ threads, messages, onward }: Store, { seq, id }: StoredMessage): readonly Step[] {
  const thread = threads.of(seq);
  const inThread = thread === undefined ? [] : threads.steps(thread).map(({ message }) => message);
  const places = new Set([seq, ...inThread, ...onward.wordsOn(id)]);
  const all = [...places].flatMap((place) => messages.get(place) ?? []);
  // what was refused or stopped reached nobody
  return all.filter(({ state }) => !["REFUSED", "STOPPED"].includes(state)).flatMap((message) => stepOf(message) ?? []);
} // prettier-ignore

/** A message that is held here, ours or not, as its use is judged; undefined of what is not held, or of which it is not certain whose it is. */
export function loadSource(place: OnwardPlace, id: Bytes): Source | undefined {
  const stored = findHeld(place.store, id);
  return stored === undefined ? undefined : sourceOf(place, stored);
}

/** The same of one that was found; undefined of what is not open to us. */
export function sourceOf({ store, clock }: Pick<OnwardPlace, "store" | "clock">, stored: StoredMessage): Source | undefined {
  const inner = innerOf(stored);
  if (inner === undefined) return undefined;
  const { id: bytes, type } = stored;
  const id = renderUuid(bytes);
  const envelope = parseEnvelope(decodeMessage(stored.raw).envelope);
  const steps = stepsAbout(store, stored);
  const signed = findLimits({ envelope, type, inner });
  const limits = limitsAt(signed, steps, { message: id, at: clock.now() });
  return { id, bytes, stored, inner, limits, steps };
} // prettier-ignore

/** Each id once, those of our own messages replaced by what they pass on themselves: what was passed on stays its owner's. */
export function findOrigins({ agency, store }: OnwardPlace, ids: readonly Bytes[]): readonly Bytes[] {
  const found = new Map<string, Bytes>();
  const seen = new Set<string>();
  const left = [...ids];
  for (let id = left.pop(); id !== undefined; id = left.pop()) {
    const key = bytesKey(id);
    if (seen.has(key)) continue;
    seen.add(key);
    const held = findHeld(store, id);
    if (held === undefined || held.originator !== agency) found.set(key, id);
    else left.push(...(innerOf(held)?.passesOn ?? []));
  }
  return [...found.values()].toSorted((a, b) => Buffer.compare(a, b));
} // prettier-ignore

/** A message by its id as people write it. @throws {Fault} ID_INVALID */
export function loadSourceById(place: OnwardPlace, id: string): Source | undefined {
  return loadSource(place, parseUuid(id));
}
