import type { Bytes } from "../../schemas/ground/index.ts";
import { findDues, type Lane, type Terms } from "../../schemas/work/index.ts";
import type { MatterDue } from "../store/index.ts";
import { loadThread, type ThreadPlace } from "./load-thread.ts";

/** Threads reckoned in one write: a few milliseconds' work. */
const atOnce = 50;

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

/**
 * Reckons anew what is awaited in the threads that changed, some at a time; says whether there are more. What it writes
 * follows from the messages alone, so a crash between loses nothing.
 */
export async function reckonDues(place: ThreadPlace, terms: Terms): Promise<boolean> {
  const { store } = place;
  const stale = store.threads.stale(atOnce);
  if (stale.length === 0) return false;
  await store.write(() => {
    for (const thread of stale) {
      const { lanes } = loadThread(place, thread);
      store.threads.putDues(
        thread,
        lanes.flatMap((lane) => duesOf(thread, lane, terms)),
      );
    }
  });
  return stale.length === atOnce;
}
