import type { Exchange } from "../exchange/index.ts";

/** Tells everybody at once that there may be something new. */
export interface Wakes {
  /** Returns how to stop. */
  add(act: () => void): () => void;
}

/** Builds them over `exchange.watch`: however many messages move in one turn, each act is called once after it. */
export function makeWakes(exchange: Pick<Exchange, "watch" | "watchAll">): Wakes {
  const acts = new Set<() => void>();
  let unwatch: (() => void) | undefined;
  let isComing = false;
  const watchAll = (act: () => void): (() => void) =>
    exchange.watchAll === undefined ? exchange.watch(act) : exchange.watchAll(act);
  const wakeAll = (): void => {
    isComing = false;
    for (const act of acts) act();
  };
  return {
    add: (act) => {
      acts.add(act);
      unwatch ??= watchAll(() => {
        if (!isComing) setImmediate(wakeAll);
        isComing = true;
      });
      return () => {
        acts.delete(act);
        if (acts.size > 0) return;
        unwatch?.();
        unwatch = undefined;
      };
    },
  };
}
