import type { EpochMs } from "../ground/index.ts";
import type { Lane } from "./lane.ts";
import { type Due, findDues } from "./next-acts.ts";
import { readThread, type Thread, type ThreadState } from "./read-thread.ts";
import type { Terms } from "./terms.ts";
import type { Closing } from "./workflow.ts";

/** A deadline that passed without what was awaited by it. */
export interface Breach {
  /** The matter it is of, as it stood when it was last waited for. */
  readonly lane: Lane;
  readonly closing: Closing;
  /** Of whom it was awaited. */
  readonly of: string;
  /** The deadline that passed. */
  readonly by: EpochMs;
  /** When it came after all, or more time was given; undefined while it is still awaited. */
  readonly endedAt?: EpochMs | undefined;
  /**
   * Since when it is overdue twice: a second deadline that the agency missed in the matter, or the time of an
   * acknowledgement gone by once more. Undefined while it is overdue once.
   */
  readonly escalatedAt?: EpochMs | undefined;
}

/** A thread as it stands at a moment, with the deadlines that passed in it. */
export interface Watched {
  readonly state: ThreadState;
  readonly breaches: readonly Breach[];
  /** When time alone makes a breach, or a breach worse; undefined when nothing runs. */
  readonly nextAt?: EpochMs | undefined;
}

type Missed = Omit<Breach, "escalatedAt">;

/** Until when something was awaited, where its clock ran. */
type Running = Due & { readonly by: EpochMs };

function nameOf({ workflow, opening, other }: Lane): string {
  return `${workflow} ${opening.id} ${other}`;
}

function runningIn(lane: Lane, terms: Terms): readonly Running[] {
  // of whoever might take up what went to a feed nothing is late
  return findDues(lane, terms).flatMap(({ closing, of, by }) => (by === undefined || of === "" ? [] : [{ closing, of, by }]));
} // prettier-ignore

function isSame(a: Running, b: Running): boolean {
  return a.closing === b.closing && a.of === b.of && a.by === b.by;
}

interface Held {
  readonly lane: Lane;
  readonly dues: readonly Running[];
}

/** What changes with one message: deadlines it came after are missed, and stay so. */
function follow(held: Map<string, Held>, lane: Lane, { at, terms }: { readonly at: EpochMs; readonly terms: Terms }): readonly Missed[] {
  const name = nameOf(lane);
  const before = held.get(name);
  if (before?.lane === lane) return [];
  const dues = runningIn(lane, terms);
  held.set(name, { lane, dues });
  return (before?.dues ?? [])
    .filter((due) => due.by < at && !dues.some((one) => isSame(one, due)))
    .map((due) => ({ ...due, lane: before?.lane ?? lane, endedAt: at }));
} // prettier-ignore

/** The second deadline that one agency misses in one matter is overdue twice, and so is what is still not there when as long as for an acknowledgement went by. */
function againAt(breach: Missed, earlier: readonly Missed[], terms: Terms): EpochMs | undefined {
  const { lane, of, by } = breach;
  const isSecond = earlier.some((one) => one.of === of && nameOf(one.lane) === nameOf(lane));
  if (isSecond) return by;
  return terms.due("ACKNOWLEDGE", { urgency: lane.opening.urgency, from: by, agency: of });
} // prettier-ignore

/** Whether by its end, or by now, it was overdue twice. */
function isOverdueTwice(again: EpochMs | undefined, { endedAt }: Missed, now: EpochMs): boolean {
  return again !== undefined && again < now && (endedAt === undefined || again < endedAt);
}

/** Each once, the earliest first; what is awaited again by the same moment stands as it does now. */
function inOrder(missed: readonly Missed[]): readonly Missed[] {
  const each = new Map(missed.map((one) => [`${nameOf(one.lane)} ${one.closing} ${one.of} ${one.by}`, one]));
  return [...each.values()].toSorted((a, b) => a.by - b.by || (a.closing < b.closing ? -1 : 1));
} // prettier-ignore

/**
 * Reads a thread with the deadlines that passed in it, at a moment. It follows from the messages, from when they were
 * delivered and from the terms alone, so both parties find the same: what was sent in time is none, however late it came;
 * more time takes away a deadline that is ahead, and none that has passed.
 */
export function readWatched(thread: Thread, terms: Terms, now: EpochMs): Watched {
  const held = new Map<string, Held>();
  const missed: Missed[] = [];
  const state = readThread(thread, ({ at }, lanes) => {
    for (const lane of lanes) missed.push(...follow(held, lane, { at, terms }));
  });
  const running = [...held.values()].flatMap(({ lane, dues }) => dues.map((due) => ({ ...due, lane })));
  const past = [...missed, ...running].filter(({ by }) => by < now);
  const judged = inOrder(past).map((one, i, all) => ({ one, again: againAt(one, all.slice(0, i), terms) }));
  const breaches = judged.map(({ one, again }) => ({
    ...one,
    escalatedAt: isOverdueTwice(again, one, now) ? again : undefined,
  }));
  const worse = judged.flatMap(({ one, again }) => (one.endedAt === undefined && again !== undefined ? [again] : []));
  const ahead = [...running.map(({ by }) => by), ...worse].filter((moment) => moment >= now);
  return { state, breaches, nextAt: ahead.length === 0 ? undefined : Math.min(...ahead) };
} // prettier-ignore
