import { sharedNow } from "./shared-clock.ts";

/** As many at once as the window lets through, for so long, or so many. */
export interface WindowLoad {
  readonly kind: "window";
  readonly window: number;
  readonly seconds: number;
  /** In place of the seconds. */
  readonly count?: number | undefined;
}

/** So many a second for so long, whether or not those before are done (an open loop). */
export interface RateLoad {
  readonly kind: "rate";
  readonly perSecond: number;
  readonly seconds: number;
}

/** How something is done many times. */
export type Load = WindowLoad | RateLoad;

/** One act; `dueAt` is the moment it was due (shared clock), which is when a user would begin to wait. */
export type Act = (index: number, dueAt: number) => Promise<void>;

/** Acts begun in one turn of the event loop: a burst that was missed is caught up without starving others. */
const mostAtOnce = 16;

async function runWindow({ window, seconds, count }: WindowLoad, act: Act): Promise<number> {
  const end = sharedNow() + seconds * 1000;
  let next = 0;
  const isOver = (): boolean => (count === undefined ? sharedNow() >= end : next >= count);
  const lane = async (): Promise<void> => {
    while (!isOver()) {
      const index = next;
      next += 1;
      await act(index, sharedNow());
    }
  };
  await Promise.all(Array.from({ length: window }, lane));
  return next;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    if (ms < 1) setImmediate(resolve);
    else setTimeout(resolve, ms);
  });
}

async function runRate({ perSecond, seconds }: RateLoad, act: Act): Promise<number> {
  const count = Math.ceil(perSecond * seconds);
  const beganAt = sharedNow();
  const running: Promise<void>[] = [];
  while (running.length < count) {
    const due = Math.min(count, Math.ceil(((sharedNow() - beganAt) * perSecond) / 1000));
    const upTo = Math.min(due, running.length + mostAtOnce);
    while (running.length < upTo) {
      const index = running.length;
      running.push(act(index, beganAt + (index * 1000) / perSecond));
    }
    await pause(upTo < due ? 0 : 1000 / perSecond);
  }
  await Promise.all(running);
  return count;
}

/** Does an act as often as the load says; resolves when all are done, with how many there were. */
export function runLoad(load: Load, act: Act): Promise<number> {
  return load.kind === "window" ? runWindow(load, act) : runRate(load, act);
}
