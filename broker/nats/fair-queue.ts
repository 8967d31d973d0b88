import { hubLimits } from "./limits.ts";

/** What waits of several agencies, taken of each in turn. */
export interface FairQueue<T> {
  add(agency: string, item: T): void;
  /** The next; undefined when nothing waits. */
  take(): T | undefined;
  /** Takes everything. */
  takeAll(): readonly T[];
  readonly size: number;
}

/**
 * Builds an empty queue. Each agency keeps its order, and has a turn of a few items before the next one's turn: so nobody
 * waits for more than one turn of everybody else's, however much they have. Not one item each: those of one turn share
 * a receipt, which costs a signature and a synced write.
 */
export function makeFairQueue<T>(turn: number = hubLimits.turnMessages): FairQueue<T> {
  /** By agency, the one whose turn it is first. */
  const waiting = new Map<string, T[]>();
  let left = turn;
  let size = 0;

  const pass = (agency: string, items: T[]): void => {
    waiting.delete(agency);
    if (items.length > 0) waiting.set(agency, items);
    left = turn;
  };

  return {
    add: (agency, item) => {
      const items = waiting.get(agency);
      if (items === undefined) waiting.set(agency, [item]);
      else items.push(item);
      size += 1;
    },
    take: () => {
      const [first] = waiting;
      if (first === undefined) return undefined;
      const [agency, items] = first;
      // few enough that moving the others up costs nothing
      const item = items.shift();
      size -= 1;
      left -= 1;
      if (left === 0 || items.length === 0) pass(agency, items);
      return item;
    },
    takeAll: () => {
      const all = [...waiting.values()].flat();
      waiting.clear();
      left = turn;
      size = 0;
      return all;
    },
    get size() {
      return size;
    },
  };
}
