import { makeFairQueue } from "../nats/index.ts";

/** Hands items on a few at a time, those of each agency in turn. */
export interface Turns<T> {
  add(agency: string, item: T): void;
}

/**
 * Builds a hand-over that takes a few items in one turn of the event loop and the next few in the next. Many
 * messages come in one read of the socket: judged all at once, nothing of them would reach the streams,
 * and no answer be seen, until the last was judged.
 *
 * @param handle must not throw
 */
export function makeTurns<T>(handle: (item: T) => void, size: number): Turns<T> {
  const waiting = makeFairQueue<T>();
  let isTurnComing = false;
  const turn = (): void => {
    for (let taken = 0; taken < size; taken += 1) {
      const item = waiting.take();
      if (item === undefined) break;
      handle(item);
    }
    isTurnComing = waiting.size > 0;
    if (isTurnComing) setImmediate(turn);
  };
  return {
    add: (agency, item) => {
      waiting.add(agency, item);
      if (isTurnComing) return;
      isTurnComing = true;
      setImmediate(turn);
    },
  };
}
