import type { Step } from "./step.ts";

/** The messages of a thread in the one order that follows from what they say themselves. */
export interface Ordered {
  readonly steps: readonly Step[];
  /** Digests that somebody followed and nobody here holds: what was withheld from us, or is still on its way. */
  readonly missing: readonly string[];
}

function isEarlier(a: Step, b: Step): boolean {
  return a.at === b.at ? a.id < b.id : a.at < b.at;
}

/** Takes the earliest of those that nothing is before any more; few are ready at the same time. */
function takeEarliest(ready: Step[]): Step | undefined {
  let first = 0;
  for (let i = 1; i < ready.length; i += 1) {
    const [one, best] = [ready[i], ready[first]];
    if (one !== undefined && best !== undefined && isEarlier(one, best)) first = i;
  }
  return ready.splice(first, 1)[0];
}

/** What waits for what among the messages that are here. */
interface Links {
  readonly ready: Step[];
  /** How many of those it follows are not yet in their place. */
  readonly waits: Map<Step, number>;
  /** Those that follow a message, by its digest. */
  readonly later: ReadonlyMap<string, readonly Step[]>;
}

function linkSteps(byDigest: ReadonlyMap<string, Step>): Links {
  const later = new Map<string, Step[]>();
  const waits = new Map<Step, number>();
  const ready: Step[] = [];
  for (const step of byDigest.values()) {
    const known = new Set(step.follows.filter((digest) => byDigest.has(digest)));
    for (const digest of known) later.set(digest, [...(later.get(digest) ?? []), step]);
    if (known.size === 0) ready.push(step);
    else waits.set(step, known.size);
  }
  return { ready, waits, later };
}

function findMissing(byDigest: ReadonlyMap<string, Step>): readonly string[] {
  const followed = [...byDigest.values()].flatMap(({ follows }) => follows);
  return [...new Set(followed.filter((digest) => !byDigest.has(digest)))].toSorted();
}

/**
 * Puts messages after those they follow, and beside that by time and id. The same set of messages has the same order,
 * however often and in whatever order each came: that is why two sides hold the same state.
 */
export function orderSteps(all: Iterable<Step>): Ordered {
  const byDigest = new Map([...all].map((step) => [step.digest, step]));
  const { ready, waits, later } = linkSteps(byDigest);
  const steps: Step[] = [];
  for (let step = takeEarliest(ready); step !== undefined; step = takeEarliest(ready)) {
    steps.push(step);
    for (const next of later.get(step.digest) ?? []) {
      const left = (waits.get(next) ?? 1) - 1;
      waits.set(next, left);
      if (left === 0) ready.push(next);
    }
  }
  return { steps, missing: findMissing(byDigest) };
}
