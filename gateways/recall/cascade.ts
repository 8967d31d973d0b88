import { type Bytes, isFault, parseUuid, renderUuid } from "../../schemas/ground/index.ts";
import type { LoggedUse, RecallOrder } from "../store/index.ts";
import type { CopyAnswer } from "./answers.ts";
import type { RecallParts } from "./parts.ts";
import { type Holder, standingOf } from "./standing.ts";

type Place = Pick<RecallParts, "agency" | "store" | "terms" | "clock">;

/** Where copies of another's message went on from here, and what became of them. */
export interface Cascade {
  /** Messages of ours that passed it on, and are not asked back yet. */
  readonly unasked: readonly Bytes[];
  /** All messages of ours that passed it on. */
  readonly carriers: readonly Bytes[];
  readonly done: readonly string[];
  readonly pending: readonly string[];
  /** Uses outside the network of which nobody has said that they are undone. */
  readonly outside: readonly LoggedUse[];
  /** An answer of somebody further on who keeps or refuses it: ours can be no better. */
  readonly kept?: CopyAnswer | undefined;
}

function findCarrier({ agency, store }: Place, { carrier }: LoggedUse): Bytes | undefined {
  try {
    const id = parseUuid(carrier);
    return store.messages.known("out", agency, id) === undefined ? undefined : id;
  } catch (error) {
    if (isFault(error, "ID_INVALID")) return undefined;
    throw error;
  }
}

function isSettled({ state }: Holder): boolean {
  return state === "DONE" || state === "KEPT" || state === "REFUSED";
}

function wasAskedBack({ agency, store }: Place, carrier: Bytes): boolean {
  return store.recalls.of(carrier, agency).some(({ kind, box }) => kind === "PURGE" && box === "out");
} // prettier-ignore

/** Follows another's message through our own log: whom we gave it to, with which message of ours, and what they say now. */
export function cascadeOf(place: Place, { target, originator }: Pick<RecallOrder, "target" | "originator">): Cascade {
  const { store } = place;
  const uses = store.onward.of(target).filter(({ owner }) => owner === originator);
  const byCarrier = new Map(uses.flatMap((use) => {
    const id = use.agency === undefined ? undefined : findCarrier(place, use);
    return id === undefined ? [] : [[renderUuid(id), id] as const];
  }));
  const carriers = [...byCarrier.values()];
  const holders = carriers.flatMap((id) => standingOf(place, id)?.holders ?? []);
  const isOutside = (use: LoggedUse): boolean => use.agency === undefined || findCarrier(place, use) === undefined;
  const given = uses.flatMap((use) => (isOutside(use) ? [] : (use.agency ?? [])));
  // whom the log names is open until every copy he was given is answered for
  const open = new Set(holders.filter((one) => !isSettled(one)).map(({ agency }) => agency));
  const settled = new Set(holders.filter(isSettled).map(({ agency }) => agency));
  const all = [...new Set([...given, ...holders.map(({ agency }) => agency)])].toSorted();
  const pending = all.filter((agency) => open.has(agency) || !settled.has(agency));
  const kept = holders.find(({ state }) => state === "KEPT" || state === "REFUSED")?.answer;
  return {
    unasked: carriers.filter((id) => !wasAskedBack(place, id)),
    carriers,
    pending,
    done: all.filter((agency) => !pending.includes(agency)),
    outside: uses.filter((use) => isOutside(use) && store.recalls.outside(use.seq) === undefined),
    kept,
  };
} // prettier-ignore
