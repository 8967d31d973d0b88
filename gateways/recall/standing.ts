import { type Bytes, type EpochMs, renderUuid } from "../../schemas/ground/index.ts";
import type { RecallKind, RecallOrder, StoredMessage } from "../store/index.ts";
import { answersTo, type CopyAnswer, readStored } from "./answers.ts";
import type { RecallParts } from "./parts.ts";

/** One who holds a copy of a message that we take back, or may. */
export interface Holder {
  readonly agency: string;
  /**
   * How it is known: by his own signed receipt; by a carried file that was written for him; or not yet: it was for him. ONWARD:
   * another holder names him.
   */
  readonly held: "DELIVERED" | "CARRIED" | "NOT_YET" | "ONWARD";
  readonly heldAt?: EpochMs | undefined;
  /** The order that asks him last, by its id, and how far that came. */
  readonly order?: string | undefined;
  readonly told?: string | undefined;
  readonly answer?: CopyAnswer | undefined;
  /** Until when he is to have answered. */
  readonly due?: EpochMs | undefined;
  /** DONE, KEPT, REFUSED, OPEN; UNASKED when no order is for him, UNREACHED when none could be written. */
  readonly state: "DONE" | "KEPT" | "REFUSED" | "OPEN" | "UNASKED" | "UNREACHED" | "ANSWERS_FOR";
  readonly isOverdue: boolean;
  /** Why no order could be written to him. */
  readonly code?: string | undefined;
}

/** How the taking back of one message of ours stands. */
export interface RecallStanding {
  readonly target: Bytes;
  readonly kind: RecallKind;
  readonly orders: readonly RecallOrder[];
  readonly holders: readonly Holder[];
  /** COMPLETE only when every holder answered; PARTIAL when those left keep it by an order or refuse. */
  readonly state: "AWAITED" | "OVERDUE" | "PARTIAL" | "COMPLETE";
}

type Place = Pick<RecallParts, "agency" | "store" | "terms" | "clock">;

/** Which answers carry out what; a block that ended later asks for nothing more. */
export const fulfils: Readonly<Record<RecallKind, readonly string[]>> = {
  PURGE: ["DELETED", "ALREADY_GONE", "NEVER_HELD"],
  CORRECT: ["CORRECTED", "DELETED", "ALREADY_GONE", "NEVER_HELD"],
  BLOCK: ["BLOCKED", "DELETED", "CORRECTED", "ALREADY_GONE", "NEVER_HELD"],
  // nobody answers these: they are done when they are there
  CANCEL: [],
  UPDATE: [],
  LIFT: [],
  PROLONG: [],
};

/** The stronger, the later: a purge is followed even when a correction came after it. */
const weight: readonly RecallKind[] = [
  "UPDATE",
  "CANCEL",
  "PROLONG",
  "LIFT",
  "CORRECT",
  "BLOCK",
  "PURGE",
];

/** Whether a block of a message was lifted by a later order of the same list. */
export function isLifted({ kind, message }: RecallOrder, orders: readonly RecallOrder[]): boolean {
  return kind === "BLOCK" && orders.some((one) => one.kind === "LIFT" && one.message > message);
} // prettier-ignore

/** One order, whom it is for, and what they answered. */
interface Asked {
  readonly order: RecallOrder;
  readonly message: StoredMessage;
  readonly readers: ReadonlyMap<string, EpochMs | undefined>;
  readonly answers: ReturnType<typeof answersTo>;
}

function askedBy(place: Place, order: RecallOrder): readonly Asked[] {
  const message = place.store.messages.get(order.message);
  if (message === undefined) return [];
  const { holders } = readStored(message) ?? {};
  const readers = place.store.ladder.readers(order.message).map((one) => [one.reader, one.heldAt] as const);
  const own = readers.filter(([reader]) => holders?.includes(reader) ?? true);
  return [{ order, message, readers: new Map(own), answers: answersTo(place, order) }];
} // prettier-ignore

function stateOf({ kind }: RecallOrder, deliveredAt: EpochMs | undefined, answer: CopyAnswer | undefined): Holder["state"] {
  if (fulfils[kind].length === 0) return deliveredAt === undefined ? "OPEN" : "DONE";
  if (answer === undefined) return "OPEN";
  if (fulfils[kind].includes(answer.done) && answer.onwardPending.length === 0) return "DONE";
  if (answer.done === "LEGAL_HOLD") return "KEPT";
  return answer.done === "REFUSED" ? "REFUSED" : "OPEN";
} // prettier-ignore

function dueOf({ terms }: Place, { order, message }: Asked, { reader, from }: { readonly reader: string; readonly from: EpochMs | undefined }): EpochMs | undefined {
  if (order.dueAt !== undefined || from === undefined) return order.dueAt;
  return terms().due("REPLY", { urgency: message.urgency, from, agency: reader });
} // prettier-ignore

type Known = Pick<Holder, "agency" | "held" | "heldAt">;

function holderOf(place: Place, known: Known, asked: readonly Asked[]): Holder {
  const own = asked.filter(({ readers }) => readers.has(known.agency)).at(-1);
  if (own === undefined) return { ...known, state: "UNASKED", isOverdue: false };
  const { order, message, readers, answers } = own;
  const deliveredAt = readers.get(known.agency);
  const { answer } = answers.get(known.agency) ?? {};
  const state = stateOf(order, deliveredAt, answer);
  const due = dueOf(place, own, { reader: known.agency, from: deliveredAt });
  const isOverdue = state === "OPEN" && due !== undefined && due < place.clock.now();
  const told = deliveredAt === undefined ? message.state : "DELIVERED";
  return { ...known, order: renderUuid(message.id), told, answer, due, state, isOverdue };
}

/** Whoever was to hold it, is known to, or was written a file. */
function knownHolders({ store }: Place, message: StoredMessage): readonly Known[] {
  const carried = new Set(store.carried.of(message.digest).map(({ agency }) => agency));
  return store.ladder.readers(message.seq).map(({ reader: agency, heldAt }) => {
    if (heldAt !== undefined) return { agency, held: "DELIVERED", heldAt };
    return { agency, held: carried.has(agency) ? "CARRIED" : "NOT_YET" };
  });
}

/** What holders say of agencies they gave it to: whether those are done, by the best word there is. */
function namedBy(
  holders: readonly Holder[],
  asked: readonly Asked[],
): ReadonlyMap<string, boolean> {
  const given = asked.flatMap(({ answers }) =>
    [...answers.values()].flatMap(({ givenTo }) => givenTo),
  );
  const pending = new Set([
    ...given,
    ...holders.flatMap(({ answer }) => answer?.onwardPending ?? []),
  ]);
  const done = new Set(holders.flatMap(({ answer }) => answer?.onwardDone ?? []));
  return new Map([...pending, ...done].map((agency) => [agency, done.has(agency)]));
}

/** Agencies that holders name and that we never wrote to: each answers to who gave it to him. */
function onwardOf(holders: readonly Holder[], asked: readonly Asked[]): readonly Holder[] {
  const direct = new Set(holders.map(({ agency }) => agency));
  return [...namedBy(holders, asked)]
    .filter(([agency]) => !direct.has(agency))
    .map(([agency, isDone]) => ({ agency, held: "ONWARD", state: isDone ? "DONE" : "ANSWERS_FOR", isOverdue: false }));
} // prettier-ignore

function wholeState(holders: readonly Holder[]): RecallStanding["state"] {
  const own = holders.filter(({ held }) => held !== "ONWARD");
  if (own.some(({ isOverdue }) => isOverdue)) return "OVERDUE";
  if (own.some(({ state }) => !["DONE", "KEPT", "REFUSED"].includes(state))) return "AWAITED";
  return own.every(({ state }) => state === "DONE") ? "COMPLETE" : "PARTIAL";
}

/**
 * How the taking back of one message of ours stands: who holds it and how that is known, what each was asked and answered, by
 * when; undefined where the message is not ours or nothing was ordered of it. By all orders, or only by those that count.
 */
export function standingOf(place: Place, target: Bytes, counts: (order: RecallOrder) => boolean = () => true): RecallStanding | undefined {
  const { agency, store } = place;
  const seq = store.messages.known("out", agency, target)?.seq;
  const message = seq === undefined ? undefined : store.messages.get(seq);
  const all = store.recalls.of(target, agency).filter(({ box }) => box === "out");
  const orders = all.filter((order) => counts(order) && !isLifted(order, all));
  const kind = weight.findLast((one) => orders.some((order) => order.kind === one));
  if (message === undefined || kind === undefined) return undefined;
  const asked = orders.filter((order) => order.kind === kind).flatMap((order) => askedBy(place, order));
  const sent = asked.filter((one) => one.message.state !== "REFUSED" && one.message.state !== "STOPPED");
  const unreached = new Map(store.recalls.unreached(target).map(({ holder, code }) => [holder, code]));
  const direct = knownHolders(place, message).map((known): Holder => {
    const holder = holderOf(place, known, sent);
    const code = unreached.get(known.agency);
    return holder.state === "UNASKED" && code !== undefined ? { ...holder, state: "UNREACHED", code } : holder;
  });
  return { target, kind, orders, holders: [...direct, ...onwardOf(direct, sent)], state: wholeState(direct) };
} // prettier-ignore
