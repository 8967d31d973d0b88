/** Runs an act when one of a fixed number of slots is free; slots are given in the order of asking. */
export type Slots = <T>(act: () => Promise<T>) => Promise<T>;

/** Builds `count` slots. */
export function makeSlots(count: number): Slots {
  let free = count;
  const waiting: (() => void)[] = [];
  const take = async (): Promise<void> => {
    if (free > 0) {
      free -= 1;
      return;
    }
    // the slot is handed over by the one who leaves, so it is never free in between
    await new Promise<void>((resolve) => {
      waiting.push(resolve);
    });
  };
  const leave = (): void => {
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  };
  return async (act) => {
    await take();
    try {
      return await act();
    } finally {
      leave();
    }
  };
}
