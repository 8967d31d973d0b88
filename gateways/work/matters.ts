import {
  type Bytes,
  type Clock,
  Fault,
  parseUuid,
  renderUuid,
} from "../../schemas/ground/index.ts";
import { renderInstant } from "../../schemas/index.ts";
import {
  type Due,
  findNextActs,
  findPoliceLeads,
  type Lane,
  type NextActs,
  type Terms,
} from "../../schemas/work/index.ts";
import type { KeptBreach, MatterDue } from "../store/index.ts";
import { loadThread, type ThreadPlace } from "./load-thread.ts"; // prettier-ignore

/** Where matters are looked at, by which deadlines and when. */
export interface MatterPlace extends ThreadPlace {
  readonly clock: Clock;
  readonly terms: () => Terms;
}

/** Something awaited, as it is shown. */
interface ShownDue {
  readonly closing: string;
  /** Of whom. */
  readonly of: string;
  /** RFC 3339; absent while the clock stands or has not begun. */
  readonly by?: string;
  readonly isOverdue: boolean;
}

/** One matter of a thread, as it is shown. */
export interface Matter {
  readonly workflow: string;
  readonly state: string;
  /** The message that opened it, and by whom. */
  readonly opening: string;
  readonly opener: string;
  /** Who is to act on it; "" while nobody has taken up what went to a feed. */
  readonly other: string;
  readonly isEnded: boolean;
  /** Kinds of authorities that the result hangs on. */
  readonly waitingOn: readonly string[];
  /** What each may say next. */
  readonly next: readonly { readonly agency: string; readonly type: string }[];
  readonly awaited: readonly ShownDue[];
  /** Police messages that led to a formal request which was executed: who gave them is to hear what came of it. */
  readonly leads: readonly { readonly message: string; readonly agency?: string | undefined }[];
  /** Messages that changed it, in their order. */
  readonly messages: readonly string[];
  /** Messages that changed nothing, and why. */
  readonly refused: readonly { readonly id: string; readonly reason: string }[];
}

/** How a thread stands, as it is shown. */
interface ShownThread {
  readonly id: string;
  readonly matters: readonly Matter[];
  /** Digests of messages that somebody followed and that are not here. */
  readonly missing: readonly string[];
  /** Messages that belong to no matter. */
  readonly beside: readonly string[];
}

function showDue({ closing, of, by }: Due, now: number): ShownDue {
  const shown = { closing, of, isOverdue: by !== undefined && by < now };
  return by === undefined ? shown : { ...shown, by: renderInstant(by) };
}

function showMatter(lane: Lane, { acts, dues, isEnded }: NextActs, now: number): Matter {
  const { workflow, state, opening, opener, other, marks, applied, refused } = lane;
  return {
    workflow,
    state,
    opening: opening.id,
    opener,
    other,
    isEnded,
    waitingOn: marks.waitingOn,
    next: acts,
    awaited: dues.map((due) => showDue(due, now)),
    leads: findPoliceLeads(lane),
    messages: applied.map(({ id }) => id),
    refused: refused.map(({ step, reason }) => ({ id: step.id, reason })),
  };
}

/**
 * How a thread stands and what may be done next.
 *
 * @throws {Fault} ID_INVALID, NOT_FOUND when nothing of it is here
 */
function showThread(place: MatterPlace, id: string): ShownThread {
  const thread: Bytes = parseUuid(id);
  if (place.store.threads.steps(thread).length === 0) {
    throw new Fault("NOT_FOUND", "no message of this thread is here");
  }
  const { lanes, missing, beside } = loadThread(place, thread);
  const [terms, now] = [place.terms(), place.clock.now()];
  return {
    id: renderUuid(thread),
    matters: lanes.map((lane) => showMatter(lane, findNextActs(lane, terms), now)),
    missing,
    beside: beside.map((step) => step.id),
  };
}

/** One line of what is awaited, over all threads. */
interface AwaitedLine extends ShownDue {
  readonly thread: string;
  readonly workflow: string;
  readonly state: string;
  readonly opening: string;
  readonly opener: string;
  readonly other: string;
  /** Whether it is overdue twice: those who lead both sides should know. */
  readonly isEscalated: boolean;
}

/** A deadline that passed, as it is shown. */
export interface ShownBreach {
  readonly thread: string;
  readonly workflow: string;
  readonly opening: string;
  readonly opener: string;
  readonly other: string;
  readonly closing: string;
  /** Of whom it was awaited. */
  readonly of: string;
  readonly by: string;
  /** Whether it is awaited still. */
  readonly isOpen: boolean;
  /** False where it turned out that what was awaited had been sent in time. */
  readonly stands: boolean;
  readonly endedAt?: string;
  /** Since when it is overdue twice. */
  readonly escalatedAt?: string;
}

function isSameDue(due: MatterDue, one: KeptBreach): boolean {
  const names = ["opening", "other", "workflow", "closing", "agency", "by"] as const;
  return names.every((name) => due[name] === one[name]);
}

function isEscalated(store: ThreadPlace["store"], due: MatterDue): boolean {
  const found = store.breaches.of(due.thread).find((one) => isSameDue(due, one));
  return found?.stands === true && found.endedAt === undefined && found.escalatedAt !== undefined;
}

function lineOf({ store }: ThreadPlace, due: MatterDue, now: number): AwaitedLine {
  const { thread, workflow, state, opening, opener, other, closing, agency: of, by } = due;
  const place = { thread: renderUuid(thread), workflow, state, opening, opener, other };
  const isOverdue = by !== undefined && by < now;
  const shown = { ...place, closing, of, isOverdue, isEscalated: isOverdue && isEscalated(store, due) };
  return by === undefined ? shown : { ...shown, by: renderInstant(by) };
} // prettier-ignore

function showBreach({ thread, agency: of, by, endedAt, escalatedAt, ...kept }: KeptBreach): ShownBreach {
  return {
    ...kept,
    thread: renderUuid(thread),
    of,
    by: renderInstant(by),
    isOpen: kept.stands && endedAt === undefined,
    ...(endedAt === undefined ? {} : { endedAt: renderInstant(endedAt) }),
    ...(escalatedAt === undefined ? {} : { escalatedAt: renderInstant(escalatedAt) }),
  };
} // prettier-ignore

/** More is no list that a person reads. */
const maxLines = 500;

/** What is awaited in all threads, the earliest first; of overdue things only what is. */
function listAwaited(matters: MatterPlace, { overdue }: { readonly overdue: boolean }): readonly AwaitedLine[] {
  const { store, clock } = matters;
  const now = clock.now();
  const dues = overdue ? store.threads.dueBefore(now, maxLines) : store.threads.awaited(maxLines);
  return dues.map((due) => lineOf(matters, due, now));
} // prettier-ignore

/** Work in hand, as the API tells of it. */
export interface WorkDesk {
  /** @throws {Fault} as `showThread` */
  thread(id: string): ShownThread;
  awaited(wish: { readonly overdue: boolean }): readonly AwaitedLine[];
  /** Deadlines that passed, the latest first, 500 at most; of one agency, and only what is awaited still, where that is asked. */
  breaches(wish: {
    readonly open: boolean;
    readonly of?: string | undefined;
  }): readonly ShownBreach[];
}

/** Builds the desk over a gateway's own store. */
export function makeWorkDesk(place: MatterPlace): WorkDesk {
  return {
    thread: (id) => showThread(place, id),
    awaited: (wish) => listAwaited(place, wish),
    breaches: (wish) => place.store.breaches.list({ ...wish, limit: maxLines }).map(showBreach),
  };
} // prettier-ignore
