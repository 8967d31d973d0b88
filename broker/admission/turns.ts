/** Hands items on a few at a time, those of each in turn. */
export interface Turns<T> {
  add(key: string, item: T): void;
}

/**
 * Builds a hand-over that takes a few items in one turn of the event loop and the next few in the next. Many
 * messages come in one read of the socket: judged all at once, nothing of them would reach the streams,
 * and no answer be seen, until the last was judged. Of each key one item is taken before any has its second, so
 * nobody waits for more than one of everybody else's.
 *
 * @param handle must not throw
 */
export function makeTurns<T>(handle: (item: T) => void, size: number): Turns<T> {
  /** What waits of each key, the key whose turn is next first. */
  const waiting = new Map<string, T[]>();
  let isTurnComing = false;

  const takeOne = (): void => {
    const [next] = waiting;
    if (next === undefined) return;
    const [key, items] = next;
    waiting.delete(key);
    // few enough that moving the others up costs nothing
    const item = items.shift();
    if (items.length > 0) waiting.set(key, items);
    if (item !== undefined) handle(item);
  };
  const turn = (): void => {
    for (let taken = 0; taken < size && waiting.size > 0; taken += 1) takeOne();
    isTurnComing = waiting.size > 0;
    if (isTurnComing) setImmediate(turn);
  };

  return {
    add: (key, item) => {
      const items = waiting.get(key);
      if (items === undefined) waiting.set(key, [item]);
      else items.push(item);
      if (isTurnComing) return;
      isTurnComing = true;
      setImmediate(turn);
    },
  };
}
