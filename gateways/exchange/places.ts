import type { Head, PlaceAgain } from "../../schemas/index.ts";
import type { Store } from "../store/index.ts";

/** How far something got in one instance of a stream. */
export interface InstancePlace {
  readonly instance: string;
  readonly sequence: number;
}

function parsePlace(text: string | undefined): InstancePlace | undefined {
  const [instance, sequence] = text?.split(" ") ?? [];
  if (instance === undefined || sequence === undefined) return undefined;
  return { instance, sequence: Number(sequence) };
}

function renderPlace({ instance, sequence }: InstancePlace): string {
  return `${instance} ${sequence}`;
}

/** The highest place of a stream that this store was given something from. */
export function findTaken({ settings }: Store, stream: string): InstancePlace | undefined {
  return parsePlace(settings.get(`taken.${stream}`));
}

/** From where on a stream is asked for again: what came before lies in this store for certain. */
export function placeAgain({ settings }: Store, stream: string): PlaceAgain {
  const place = parsePlace(settings.get(`place.${stream}`));
  if (place === undefined) return { stream, from: 1 };
  return { stream, instance: place.instance, from: place.sequence + 1 };
}

/**
 * Keeps how far the hub has our word for, and which instance a stream is of. Runs inside a write.
 *
 * @param given the highest place we were given since the link rose: while the hub wrote its answer, more may have come
 */
export function keepPlace(store: Store, { stream, instance, settled }: Head, given: number): void {
  if (settled === undefined) return;
  store.settings.set(`place.${stream}`, renderPlace({ instance, sequence: settled }));
  const taken = findTaken(store, stream);
  const least = taken?.instance === instance ? taken.sequence : given;
  const sequence = Math.max(settled, least);
  store.settings.set(`taken.${stream}`, renderPlace({ instance, sequence }));
}

/**
 * Keeps that places of streams were given to us. Runs inside the write that stores what stood there, or an earlier one:
 * what the hub has our word for is never more than what is kept here.
 */
export function keepTaken(store: Store, highest: ReadonlyMap<string, number>): void {
  for (const [stream, sequence] of highest) {
    const taken = findTaken(store, stream) ?? { instance: "", sequence: 0 };
    if (taken.sequence >= sequence) continue;
    store.settings.set(`taken.${stream}`, renderPlace({ ...taken, sequence }));
  }
}

/** At most this much of an acknowledgement's subject is read. */
const maxReplyChars = 400;

/**
 * Which place of a stream something stood at, by the subject its acknowledgement goes to; undefined when the subject is
 * none of that kind.
 */
export function readPlace(reply: string): { readonly stream: string; readonly sequence: number } | undefined {
  if (reply.length > maxReplyChars) return undefined;
  const [api, kind, stream, , , sequence] = reply.split(".");
  if (api !== "$JS" || kind !== "ACK" || stream === undefined) return undefined;
  const number = Number(sequence);
  return Number.isSafeInteger(number) && number > 0 ? { stream, sequence: number } : undefined;
} // prettier-ignore
