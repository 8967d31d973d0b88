import { parseUuid, renderHex } from "../../schemas/ground/index.ts";
import type { Receiver } from "./desk.ts";
import { type AllowedUse, judgeUse, type Wish, wishFor } from "./judge.ts";
import { noteUses } from "./note-uses.ts";
import type { OnwardPlace } from "./place.ts";
import { findHeld, findOrigins, loadSource } from "./source.ts";

/** Some of the messages of a file that somebody outside is about to be given. */
export interface FiledAsked {
  readonly ids: readonly string[];
  /** The file, by a UUID of its own. */
  readonly carrier: string;
  readonly receiver: Receiver;
  readonly purpose: string;
  /** The offence it is for; each message's main one when left out. */
  readonly crime?: string | undefined;
  readonly by: string;
}

const noBytes = new Uint8Array();

/** Why a message is not in a file: nobody gave the right, its sender keeps it from the receiver, or it is not here any more. */
export type NotFiled = "CONSENT" | "KEPT_FROM" | "GONE";

function wishOf(place: OnwardPlace, { receiver, purpose, ...asked }: FiledAsked, mainCrime: string): Wish {
  const { crime = mainCrime } = asked;
  const wish = { kind: "EXPORT", purposes: [purpose], crimes: [crime], given: "WHOLE" } as const;
  return "agency" in receiver ? wishFor(place, receiver.agency, wish) : { ...wish, recipient: receiver };
} // prettier-ignore

/** Of what is kept from anybody nothing is filed but for an agency whose state is known, and from which it is not kept. */
function isKept({ store }: OnwardPlace, { receiver }: FiledAsked, id: string): boolean {
  const kept = store.keptMessages.of(parseUuid(id));
  const isFromSome = kept.some(({ states, agencies }) => states.length + agencies.length > 0);
  if (!("agency" in receiver)) return isFromSome;
  const state = (receiver.agency.split("/", 1)[0] ?? "").toUpperCase();
  return kept.some(({ states, agencies }) => states.includes(state) || agencies.includes(receiver.agency));
} // prettier-ignore

function judgeOne(place: OnwardPlace, asked: FiledAsked, id: string): readonly AllowedUse[] | NotFiled {
  const held = findHeld(place.store, parseUuid(id));
  if (held === undefined) return "GONE";
  if (isKept(place, asked, id)) return "KEPT_FROM";
  const wish = wishOf(place, asked, held.crimes[0] ?? "other");
  const uses: AllowedUse[] = [];
  for (const origin of findOrigins(place, [held.id])) {
    const source = loadSource(place, origin);
    const judged = source === undefined ? undefined : judgeUse(place, source, wish);
    if (judged === undefined || "wish" in judged) return "CONSENT";
    uses.push(...judged);
  }
  return uses;
} // prettier-ignore

/** The same right was written down for this file before: reading it twice is one use. */
function isLogged({ store }: OnwardPlace, carrier: string, { source, consent }: AllowedUse): boolean {
  const right = renderHex(consent ?? noBytes);
  return store.onward.of(source).some((one) => one.carrier === carrier && renderHex(one.consent ?? noBytes) === right);
} // prettier-ignore

/**
 * Judges each message by itself and writes down the use of those that may go, once for each file however often it is read.
 * Says of the others why they are not in it. To be called in a write: no consent is taken back between.
 */
export function fileMessages(place: OnwardPlace, asked: FiledAsked): ReadonlyMap<string, NotFiled> {
  const { carrier, by } = asked;
  const left = new Map<string, NotFiled>();
  for (const id of asked.ids) {
    const judged = judgeOne(place, asked, id);
    if (typeof judged === "string") left.set(id, judged);
    else {
      const uses = judged.filter((one) => !isLogged(place, carrier, one));
      noteUses(place.store, uses, { carrier, at: place.clock.now(), by });
    }
  }
  return left;
}
