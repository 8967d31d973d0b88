/** Hands items on a few at a time. */
export interface Slices<T> {
  add(item: T): void;
}

/**
 * Builds a hand-over that takes a few items in one turn of the event loop and the next few in the next. Many
 * messages come in one read of the socket: judged all at once, nothing of them would reach the streams,
 * and no answer be seen, until the last was judged.
 *
 * @param handle must not throw
 */
export function makeSlices<T>(handle: (item: T) => void, size: number): Slices<T> {
  let waiting: T[] = [];
  let next = 0;
  let isTurnComing = false;
  const turn = (): void => {
    const end = Math.min(next + size, waiting.length);
    for (; next < end; next += 1) {
      const item = waiting[next];
      if (item !== undefined) handle(item);
    }
    isTurnComing = next < waiting.length;
    if (isTurnComing) setImmediate(turn);
    else {
      waiting = [];
      next = 0;
    }
  };
  return {
    add: (item) => {
      waiting.push(item);
      if (isTurnComing) return;
      isTurnComing = true;
      setImmediate(turn);
    },
  };
}
