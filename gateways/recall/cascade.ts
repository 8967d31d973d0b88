import {
  type Bytes,
  isFault,
  parseUuid,
  renderUuid,
  sameBytes,
} from "../../schemas/ground/index.ts";
import { namedBy } from "../attachments/index.ts";
import type { LoggedUse, RecallOrder } from "../store/index.ts";
import { type CopyAnswer, filesOf } from "./answers.ts";
import type { RecallParts } from "./parts.ts";
import { type Holder, standingOf } from "./standing.ts";

type Place = Pick<RecallParts, "agency" | "store" | "terms" | "clock">;

/** Where copies of another's message went on from here, and what became of them. */
export interface Cascade {
  /** Messages of ours that passed it on, and of which nobody was asked yet. */
  readonly unasked: readonly Bytes[];
  readonly done: readonly string[];
  readonly pending: readonly string[];
  /** Uses outside the network of which nobody has said that they are undone. */
  readonly outside: readonly LoggedUse[];
  /** An answer of somebody further on who keeps or refuses it: ours can be no better. */
  readonly kept?: CopyAnswer | undefined;
}

const wholeScopes = ["MESSAGE", "PERSON_IN_MESSAGE", "ALL_DERIVED"];

/** Whether an order has whole copies deleted: of parts as of the whole, since what was signed together goes together. */
export function isWholePurge({ kind, scope }: Pick<RecallOrder, "kind" | "scope">): boolean {
  return kind === "PURGE" && wholeScopes.includes(scope);
} // prettier-ignore

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

/** Whether an order of ours passes on this one: made for it by the gateway, later by a person, or one that goes further. */
function passesOn({ store }: Place, cause: RecallOrder): (order: RecallOrder) => boolean {
  return (order) => {
    if (order.box !== "out") return false;
    if (isWholePurge(order)) return true;
    if (order.kind !== cause.kind || isWholePurge(cause)) return false;
    const by = store.recalls.causeOf(order.message);
    return by === cause.message || (by === undefined && order.message > cause.message);
  };
}

/** The files that an order is about, of one that is about files alone. */
export function filesOfOrder({ store }: Pick<Place, "store">, order: RecallOrder): readonly Bytes[] | undefined {
  if (order.kind !== "PURGE" || isWholePurge(order)) return undefined;
  const message = store.messages.get(order.message);
  return message === undefined ? [] : filesOf(message);
} // prettier-ignore

/** Whether a message of ours has to do with an order: of one about files it names one of them, or can no more be read. */
function concerns(place: Place, order: RecallOrder): (id: Bytes) => boolean {
  const files = filesOfOrder(place, order);
  return (id) => {
    const message = files === undefined ? undefined : place.store.messages.find(id);
    if (files === undefined || message?.parts === undefined) return true;
    return namedBy(message).some(({ digest }) => files.some((one) => sameBytes(one, digest)));
  };
} // prettier-ignore

function carriersOf(place: Place, order: RecallOrder, uses: readonly LoggedUse[]): readonly Bytes[] {
  const own = uses.flatMap((use) => (use.agency === undefined ? [] : (findCarrier(place, use) ?? [])));
  return [...new Map(own.map((id) => [renderUuid(id), id])).values()].filter(concerns(place, order));
} // prettier-ignore

/** What is lifted or prolonged is only told; who was given a copy outside is told by a person. */
function asksOutside({ kind }: RecallOrder): boolean {
  return kind !== "LIFT" && kind !== "PROLONG";
}

/** Whom we gave it to within the network, with a message that has to do with the order. */
function givenTo(place: Place, uses: readonly LoggedUse[], carriers: readonly Bytes[]): readonly string[] {
  const within = new Set(carriers.map(renderUuid));
  return uses.flatMap((use) => {
    const id = use.agency === undefined ? undefined : findCarrier(place, use);
    return id !== undefined && within.has(renderUuid(id)) ? [use.agency ?? ""] : [];
  });
} // prettier-ignore

/** Follows another's message through our own log: whom we gave it to, with which message of ours, and what they say now. */
export function cascadeOf(place: Place, order: RecallOrder): Cascade {
  const { agency, store } = place;
  const uses = store.onward.of(order.target).filter(({ owner }) => owner === order.originator);
  const carriers = carriersOf(place, order, uses);
  const counts = passesOn(place, order);
  const holders = carriers.flatMap((id) => standingOf(place, id, counts)?.holders ?? []);
  // whom the log names is open until every copy he was given is answered for
  const open = new Set(holders.filter((one) => !isSettled(one)).map(({ agency: name }) => name));
  const settled = new Set(holders.filter(isSettled).map(({ agency: name }) => name));
  const all = [...new Set([...givenTo(place, uses, carriers), ...holders.map(({ agency: name }) => name)])].toSorted();
  const pending = all.filter((name) => open.has(name) || !settled.has(name));
  const isOutside = (use: LoggedUse): boolean => use.agency === undefined || findCarrier(place, use) === undefined;
  return {
    unasked: carriers.filter((id) => !store.recalls.of(id, agency).some(counts)),
    pending,
    done: all.filter((name) => !pending.includes(name)),
    outside: uses.filter((use) => asksOutside(order) && isOutside(use) && store.recalls.outside(use.seq, order.kind) === undefined),
    kept: holders.find(({ state }) => state === "KEPT" || state === "REFUSED")?.answer,
  };
} // prettier-ignore
