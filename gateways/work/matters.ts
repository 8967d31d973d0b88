import {
  type Bytes,
  type Clock,
  Fault,
  isFault,
  parseUuid,
  renderUuid,
} from "../../schemas/ground/index.ts";
import { renderInstant } from "../../schemas/index.ts";
import {
  type Act,
  type Due,
  findActs,
  findNextActs,
  findPoliceLeads,
  isBarred,
  type Lane,
  type NextActs,
  type Terms,
} from "../../schemas/work/index.ts";
import type { KeptBreach, MatterDue } from "../store/index.ts";
import { type BarredAct, type FindBars, makeBars } from "./act-rights.ts";
import { loadThread, type ThreadPlace } from "./load-thread.ts"; // prettier-ignore
import { reckonDues } from "./reckon.ts";

/** Where matters are looked at, by which deadlines and when. */
export interface MatterPlace extends ThreadPlace {
  readonly clock: Clock;
  readonly terms: () => Terms;
  /** Why an agency may not say something by the register; without it everybody may say what the state allows. */
  readonly bars?: FindBars | undefined;
}

/** Something awaited, as it is shown. */
interface ShownDue {
  readonly closing: string;
  /** Of whom. */
  readonly of: string;
  /** RFC 3339; absent while the clock stands or has not begun. */
  readonly by?: string;
  readonly isOverdue: boolean;
  /** Whether it is overdue twice: those who lead both sides should know. */
  readonly isEscalated?: boolean;
  /** Whether it is awaited of who has a right to nothing that would end it. */
  readonly isBarred: boolean;
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
  readonly next: readonly Act[];
  /** What the state allows and the register does not, and why. */
  readonly barred: readonly BarredAct[];
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

function showDue({ closing, of, by }: Due, now: number, acts: NextActs): ShownDue {
  const shown = {
    closing,
    of,
    isOverdue: by !== undefined && by < now,
    isBarred: isBarred(of, acts),
  };
  return by === undefined ? shown : { ...shown, by: renderInstant(by) };
}

function showMatter(lane: Lane, place: MatterPlace, now: number): Matter {
  const bars = makeBars(place.store, { ...lane, opening: lane.opening.id }, place.bars);
  const nextActs = findNextActs(lane, place.terms(), (act) => bars(act).length === 0);
  const { acts, barred, dues, isEnded } = nextActs;
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
    barred: barred.map((act) => ({ ...act, reasons: bars(act) })),
    awaited: dues.map((due) => showDue(due, now, nextActs)),
    leads: findPoliceLeads(lane),
    messages: applied.map(({ id }) => id),
    refused: refused.map(({ step, reason }) => ({ id: step.id, reason })),
  };
}

/** Says of what is awaited in a matter whether it is overdue twice. */
function markEscalated(matter: Matter, kept: readonly KeptBreach[]): Matter {
  const { opening, other, workflow } = matter;
  const twice = kept.filter(({ stands, endedAt, escalatedAt }) => stands && endedAt === undefined && escalatedAt !== undefined);
  const own = twice.filter((one) => one.opening === opening && one.other === other && one.workflow === workflow);
  const isTwice = ({ closing, of, by }: ShownDue): boolean =>
    own.some((one) => one.closing === closing && one.agency === of && renderInstant(one.by) === by);
  return { ...matter, awaited: matter.awaited.map((due) => ({ ...due, isEscalated: due.isOverdue && isTwice(due) })) };
} // prettier-ignore

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
  const kept = place.store.breaches.of(thread);
  const { lanes, missing, beside } = loadThread(place, thread);
  const now = place.clock.now();
  return {
    id: renderUuid(thread),
    matters: lanes.map((lane) => markEscalated(showMatter(lane, place, now), kept)),
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

/** Whether who is to act has a right to nothing that the state lets him say. */
function isDueBarred({ store, bars }: MatterPlace, due: MatterDue): boolean {
  if (bars === undefined) return false;
  const acts = findActs(due).filter(({ agency }) => agency === due.agency);
  const find = makeBars(store, due, bars);
  return acts.length > 0 && acts.every((act) => find(act).length > 0);
}

function lineOf(matters: MatterPlace, due: MatterDue, now: number): AwaitedLine {
  const { store } = matters;
  const { thread, workflow, state, opening, opener, other, closing, agency: of, by } = due;
  const place = { thread: renderUuid(thread), workflow, state, opening, opener, other };
  const isOverdue = by !== undefined && by < now;
  const shown = { ...place, closing, of, isOverdue, isEscalated: isOverdue && isEscalated(store, due), isBarred: isDueBarred(matters, due) };
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

/** What came a moment ago is awaited for whoever asks now; where it cannot be written, it is when it can. */
async function catchUp(place: MatterPlace): Promise<void> {
  try {
    // who is late is noted by the clock that is known to be right, in its own time
    for (let isMore = true; isMore;) ({ isMore } = await reckonDues(place, { terms: place.terms(), now: undefined }));
  } catch (error) {
    if (!isFault(error)) throw error;
  }
} // prettier-ignore

/** Work in hand, as the API tells of it. */
export interface WorkDesk {
  /** Reckons what changed and nobody reckoned yet, so that `awaited` knows of it. */
  catchUp(): Promise<void>;
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
    catchUp: () => catchUp(place),
    thread: (id) => showThread(place, id),
    awaited: (wish) => listAwaited(place, wish),
    breaches: (wish) => place.store.breaches.list({ ...wish, limit: maxLines }).map(showBreach),
  };
} // prettier-ignore
