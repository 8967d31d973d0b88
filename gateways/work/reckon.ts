import { type Bytes, bytesKey, type EpochMs } from "../../schemas/ground/index.ts";
import { findDues, type Lane, readWatched, type Terms } from "../../schemas/work/index.ts";
import type { MatterDue } from "../store/index.ts";
import { threadWith, type ThreadPlace } from "./load-thread.ts";
import { noteBreaches } from "./note-breaches.ts";

/** Threads reckoned in one write: a few milliseconds' work. */
const atOnce = 50;

/** By what is reckoned. */
export interface Reckoning {
  readonly terms: Terms;
  /** Undefined while the clock is known to be wrong: nobody is late by a clock that is ahead. */
  readonly now: EpochMs | undefined;
}

/** What came of it. */
export interface Reckoned {
  readonly isMore: boolean;
  /** Places of messages of which there is something to tell. */
  readonly told: readonly number[];
}

function duesOf(thread: Bytes, lane: Lane, terms: Terms): readonly MatterDue[] {
  const { opening, opener, other, workflow, state } = lane;
  return findDues(lane, terms).map(({ closing, of, by }) => ({
    thread,
    opening: opening.id,
    other,
    workflow,
    state,
    opener,
    closing,
    agency: of,
    by,
  }));
}

function reckonOne(place: ThreadPlace, thread: Bytes, { terms, now }: Reckoning): readonly number[] {
  const { store } = place;
  const watched = readWatched(threadWith(place, thread), terms, now ?? 0);
  store.threads.putDues(thread, watched.state.lanes.flatMap((lane) => duesOf(thread, lane, terms)));
  if (now !== undefined) return noteBreaches(store, thread, watched);
  store.breaches.lookAt(thread, 0);
  return [];
} // prettier-ignore

/**
 * Reckons anew what is awaited in the threads that changed, and what is late in those whose time has come, some at a time.
 * What it writes follows from the messages and the time alone, so a crash between loses nothing.
 */
export async function reckonDues(place: ThreadPlace, reckoning: Reckoning): Promise<Reckoned> {
  const { store } = place;
  const { now } = reckoning;
  const late = now === undefined ? [] : store.breaches.toLookAt(now, atOnce);
  const stale = store.threads.stale(atOnce);
  const threads = new Map([...stale, ...late].map((thread) => [bytesKey(thread), thread]));
  if (threads.size === 0) return { isMore: false, told: [] };
  const told = await store.write(() => [...threads.values()].flatMap((thread) => reckonOne(place, thread, reckoning)));
  return { isMore: stale.length === atOnce || late.length === atOnce, told };
} // prettier-ignore
