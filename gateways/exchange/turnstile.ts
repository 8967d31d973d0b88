/** Lets callers through in the order they came; resolves when it is one's turn. */
export type Turnstile = () => Promise<void>;

/**
 * Builds a turnstile that lets a few through in each turn of the event loop. What they do next takes the
 * processor for a while, and meanwhile nothing is sent, received or answered: many at once would keep the
 * link waiting for all of them.
 */
export function makeTurnstile(size: number): Turnstile {
  let waiting: (() => void)[] = [];
  let free = size;
  let isTurnComing = false;
  const awaitTurn = (): void => {
    if (isTurnComing) return;
    isTurnComing = true;
    setImmediate(() => {
      isTurnComing = false;
      const next = waiting.slice(0, size);
      waiting = waiting.slice(size);
      free = size - next.length;
      for (const pass of next) pass();
      if (next.length > 0) awaitTurn();
    });
  };
  return () => {
    awaitTurn();
    if (free > 0) {
      free -= 1;
      return Promise.resolve();
    }
    return new Promise((resolve) => waiting.push(resolve));
  };
}
