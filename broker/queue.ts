/** Tasks that run one after another. */
export interface Queue {
  /**
   * Runs a task after those before it, whether they failed or not; rejects with what it throws. A task of
   * the same name that has not begun yet stands for it.
   */
  add(name: string, task: () => Promise<void>): Promise<void>;
  /** Takes no more tasks, and returns when the running one has ended; those that wait do not run. */
  stop(): Promise<void>;
}

/** Starts with nothing to do. */
export function makeQueue(): Queue {
  const waiting = new Map<string, Promise<void>>();
  let last: Promise<unknown> = Promise.resolve();
  let isStopped = false;
  return {
    add: (name, task) => {
      const held = waiting.get(name);
      if (held !== undefined) return held;
      const before = last;
      const inTurn = async (): Promise<void> => {
        await before;
        waiting.delete(name);
        if (!isStopped) await task();
      };
      const run = inTurn();
      waiting.set(name, run);
      last = Promise.allSettled([run]);
      return run;
    },
    stop: async () => {
      isStopped = true;
      await last;
    },
  };
}
