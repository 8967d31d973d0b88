import {
  type Bytes,
  Fault,
  parseUuid,
  renderHex,
  renderUuid,
  sameBytes,
} from "../../schemas/ground/index.ts";
import { renderInstant } from "../../schemas/index.ts";
import type { Erasure, HubErasure, LegalHold, RecallOrder } from "../store/index.ts";
import type { CopyAnswer } from "./answers.ts";
import { cascadeOf } from "./cascade.ts";
import { countUnanswered, farStandings } from "./far-standing.ts";
import {
  confirmHold,
  type HoldBy,
  type HoldWish,
  isStanding,
  liftHold,
  listHolds,
  setHolds,
} from "./holds.ts";
import type { RecallParts } from "./parts.ts";
import { type Holder, type RecallStanding, standingOf } from "./standing.ts";
import { type RecallStarted, type RecallWish, startRecall } from "./start-recall.ts"; // prettier-ignore

/** A thing as it is shown: JSON and nothing else. */
type Shown = Readonly<Record<string, unknown>>;

/** A word that a body outside the network has undone what it was given. */
export interface OutsideSaid {
  /** The order's own message, by its id. */
  readonly order: string;
  /** The use, by its number in the onward log. */
  readonly use: number;
  readonly ref: string;
}

/** Recalls, holds and terms, as the API tells of them. No content stands in any of it. */
export interface RecallDesk {
  /** @throws {Fault} as `startRecall` */
  start(wish: RecallWish, key: string): Promise<RecallStarted>;
  /** Messages of ours that are taken back, the newest first; each line with its target, for whoever asks what may be seen. */
  list(): readonly Shown[];
  /** One of them, holder by holder. @throws {Fault} NOT_FOUND, ID_INVALID */
  show(target: string): Shown;
  /** What others ordered us, the newest first, and how far it is. */
  asked(): readonly Shown[];
  /** Notes that a body outside is done. @throws {Fault} NOT_FOUND, ID_INVALID */
  confirmOutside(said: OutsideSaid, by: HoldBy): Promise<Shown>;
  setHolds(wish: HoldWish, by: HoldBy): Promise<readonly Shown[]>;
  confirmHold(id: string, by: HoldBy): Promise<Shown>;
  liftHold(id: string, word: HoldBy & { readonly ground: string }): Promise<Shown>;
  holds(): readonly Shown[];
  /** What somebody is to look at, and what goes within thirty days. */
  retention(): readonly Shown[];
  /** What was erased here, the newest first. */
  erasures(): readonly Shown[];
}

const dayMs = 86_400_000;
const aheadMs = 30 * dayMs;
const maxListed = 200;

function when(name: string, at: number | undefined): Shown {
  return at === undefined ? {} : { [name]: renderInstant(at) };
}

function some(members: Readonly<Record<string, unknown>>): Shown {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

function showAnswer({ done, at, onwardDone, onwardPending, hold, refusal, evidence }: CopyAnswer): Shown {
  const held = hold === undefined ? undefined : { ...hold, reviewAt: renderInstant(hold.reviewAt) };
  const digest = evidence === undefined ? undefined : renderHex(evidence);
  return some({ done, at: renderInstant(at), onwardDone, onwardPending, hold: held, refusal, evidence: digest });
} // prettier-ignore

function showHolder(holder: Holder): Shown {
  const { agency, held, heldAt, order, told, answer, due, state, isOverdue, code } = holder;
  return some({
    agency, held, state, isOverdue, order, told, code,
    ...when("heldAt", heldAt),
    ...when("due", due),
    answer: answer === undefined ? undefined : showAnswer(answer),
  });
} // prettier-ignore

function showHub({ channel, stream, sequence, at }: HubErasure): Shown {
  const where = channel.startsWith("direct.") ? "direct" : channel;
  return some({ channel: where, stream, sequence, at: renderInstant(at) });
}

/** Hubs that we are not linked to, by whom each was asked and until when it was to answer, and since when it keeps nothing, once it said so. */
function showFar(parts: RecallParts, target: Bytes): readonly Shown[] {
  return farStandings(parts, target).map(({ asked: { hub, relay, askedAt, answer }, due, state }) => {
    const said = { stream: answer?.stream, sequence: answer?.sequence, ...when("at", answer?.at) };
    return some({ hub, relay, state, askedAt: renderInstant(askedAt), ...when("due", due), ...said });
  });
} // prettier-ignore

function showErasure({
  target,
  originator,
  box,
  digest,
  why,
  byOrder,
  files,
  drafts,
  at,
  evidence,
}: Erasure): Shown {
  const order = byOrder === undefined ? undefined : renderUuid(byOrder);
  const shown = {
    id: renderUuid(target),
    originator,
    box,
    why,
    order,
    files,
    drafts,
    at: renderInstant(at),
  };
  return some({ ...shown, digest: renderHex(digest), evidence: renderHex(evidence) });
}

function showHold({ target, until, setAt, liftedAt, ...rest }: LegalHold & { readonly isStanding: boolean }): Shown {
  const times = { until: renderInstant(until), setAt: renderInstant(setAt), ...when("liftedAt", liftedAt) };
  return some({ ...rest, message: renderUuid(target), ...times });
} // prettier-ignore

function countOf({ holders }: RecallStanding, is: (holder: Holder) => boolean): number {
  return holders.filter((holder) => holder.held !== "ONWARD" && is(holder)).length;
}

function lineOf(parts: RecallParts, standing: RecallStanding): Shown {
  const { target, kind, state, orders } = standing;
  const unanswered = countUnanswered(parts, target);
  return {
    id: renderUuid(target),
    kind,
    state,
    orders: orders.length,
    holders: countOf(standing, () => true),
    done: countOf(standing, (one) => one.state === "DONE"),
    kept: countOf(standing, (one) => one.state === "KEPT" || one.state === "REFUSED"),
    overdue: countOf(standing, (one) => one.isOverdue),
    unreached: countOf(standing, (one) => one.state === "UNREACHED" || one.state === "UNASKED"),
    ...(unanswered === 0 ? {} : { unanswered }),
  };
}

function listOwn(parts: RecallParts): readonly Shown[] {
  const orders = parts.store.recalls.list("out", { before: Number.MAX_SAFE_INTEGER, limit: 10 * maxListed });
  const targets = new Map(orders.map(({ target }) => [renderUuid(target), target]));
  return [...targets.values()].slice(0, maxListed).flatMap((target) => {
    const standing = standingOf(parts, target);
    return standing === undefined ? [] : [lineOf(parts, standing)];
  });
} // prettier-ignore

function show(parts: RecallParts, id: string): Shown {
  const target = parseUuid(id);
  const standing = standingOf(parts, target);
  if (standing === undefined) throw new Fault("NOT_FOUND", "nothing was ordered of a message of ours with this id");
  const { store, agency } = parts;
  const orders = standing.orders.map(({ message, kind, scope, reason, dueAt }) => {
    const order = store.messages.summary(message);
    const named = order === undefined ? undefined : renderUuid(order.id);
    return some({ id: named, kind, scope, reason, ...when("due", dueAt) });
  });
  const { asked, gone } = store.erasures.chunkCounts(target);
  return {
    ...lineOf(parts, standing),
    ...(asked === 0 ? {} : { files: { asked, gone } }),
    ordered: orders,
    copies: standing.holders.map(showHolder),
    hub: store.erasures.hub(target).map(showHub),
    beyond: showFar(parts, target),
    here: store.erasures.of(target, agency).map(showErasure),
  };
} // prettier-ignore

function showAsked(parts: RecallParts, order: RecallOrder): Shown {
  const { message, target, originator, kind, scope, reason, dueAt, state, told, trouble } = order;
  const { pending, done, outside } = cascadeOf(parts, order);
  const summary = parts.store.messages.summary(message);
  return some({
    order: summary === undefined ? undefined : renderUuid(summary.id),
    message: renderUuid(target),
    originator, kind, scope, reason, state, told, trouble,
    ...when("due", dueAt),
    onwardDone: done,
    onwardPending: pending,
    outside: outside.map(({ seq, kind: use, country, bodyName, agency }) => some({ use: seq, kind: use, country, body: bodyName ?? agency })),
  });
} // prettier-ignore

async function confirmOutside(parts: RecallParts, said: OutsideSaid, { by, also }: HoldBy): Promise<Shown> {
  const { store, clock } = parts;
  const id = parseUuid(said.order);
  return await store.write(() => {
    const order = store.messages.find(id);
    const lines = order === undefined ? [] : store.recalls.ofOrder(order.seq);
    const line = lines.find((one) => cascadeOf(parts, one).outside.some(({ seq }) => seq === said.use));
    if (line === undefined) throw new Fault("NOT_FOUND", "no use outside the network of what this order takes back is open under this number");
    store.recalls.confirmOutside({ use: said.use, kind: line.kind, ref: said.ref, who: by, at: clock.now() });
    also?.(renderUuid(line.target));
    return showAsked(parts, line);
  });
} // prettier-ignore

function showRetention({ store, clock }: RecallParts): readonly Shown[] {
  const now = clock.now();
  const due = store.retention.due({ reviewBefore: now, deleteBefore: now + aheadMs, limit: maxListed });
  return due.flatMap(({ message, reviewAt, deleteAt, keep }) => {
    const summary = store.messages.summary(message);
    if (summary === undefined) return [];
    const { id, originator, type, box } = summary;
    const isHeld = store.legalHolds.of(id).some((hold) => sameBytes(hold.target, id) && isStanding(hold, now));
    return [some({ id: renderUuid(id), originator, type, box, keep, isHeld, deleteAt: renderInstant(deleteAt), ...when("reviewAt", reviewAt) })];
  });
} // prettier-ignore

/** Builds the desk over a gateway's own store. */
export function makeRecallDesk(parts: RecallParts): RecallDesk {
  const stood = (hold: LegalHold): Shown => showHold({ ...hold, isStanding: isStanding(hold, parts.clock.now()) });
  return {
    start: (wish, key) => startRecall(parts, wish, key),
    list: () => listOwn(parts),
    show: (target) => show(parts, target),
    asked: () =>
      parts.store.recalls
        .list("in", { before: Number.MAX_SAFE_INTEGER, limit: maxListed })
        .map((order) => showAsked(parts, order)),
    confirmOutside: (said, by) => confirmOutside(parts, said, by),
    setHolds: async (wish, by) => (await setHolds(parts, wish, by)).map(stood),
    confirmHold: async (id, by) => stood(await confirmHold(parts, id, by)),
    liftHold: async (id, word) => stood(await liftHold(parts, id, word)),
    holds: () => listHolds(parts).map(showHold),
    retention: () => showRetention(parts),
    erasures: () =>
      parts.store.erasures
        .list({ before: Number.MAX_SAFE_INTEGER, limit: maxListed })
        .map(showErasure),
  };
} // prettier-ignore
