import type { Clock } from "../../schemas/ground/index.ts";

/** What is under way elsewhere, until it comes back or is too late. Each is taken once. */
export interface Pending<T> {
  add(key: string, value: T): void;
  /** Gives it and forgets it; undefined when it is not there, was taken or is too late. */
  take(key: string): T | undefined;
}

/** Open at once; beyond it the oldest goes, so that no storm fills the memory. */
const maxPending = 5_000;

/** Builds a place for what is under way; a restart forgets it, and people begin again. */
export function makePending<T>(clock: Clock, lifeMs: number): Pending<T> {
  const open = new Map<string, { readonly value: T; readonly endsAt: number }>();
  return {
    add: (key, value) => {
      open.set(key, { value, endsAt: clock.elapsed() + lifeMs });
      const [oldest] = open.keys();
      if (open.size > maxPending && oldest !== undefined) open.delete(oldest);
    },
    take: (key) => {
      const found = open.get(key);
      open.delete(key);
      return found === undefined || clock.elapsed() >= found.endsAt ? undefined : found.value;
    },
  };
}
