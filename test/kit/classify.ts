/** What was measured of one thing, in the same order for all, and what it is. */
export interface Sample {
  readonly kind: string;
  readonly measures: readonly number[];
}

function countKinds(samples: readonly Sample[]): ReadonlyMap<string, number> {
  return new Map([...Map.groupBy(samples, ({ kind }) => kind)].map(([kind, own]) => [kind, own.length]));
} // prettier-ignore

/** The commonest kind; of several the first by name, so that nothing hangs on their order. */
function commonest(samples: readonly Sample[]): string {
  const all = [...countKinds(samples)].toSorted(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  return all[0]?.[0] ?? "";
}

type Guess = (sample: Sample) => string;

/** Each measure in units of its own spread: else only the largest would count. */
function spreads(samples: readonly Sample[]): readonly number[] {
  const width = samples[0]?.measures.length ?? 0;
  return Array.from({ length: width }, (_, i) => {
    const all = samples.map(({ measures }) => measures[i] ?? 0);
    return Math.max(...all) - Math.min(...all) || 1;
  });
}

function learnNearest(known: readonly Sample[]): Guess {
  const spread = spreads(known);
  const distance = (a: Sample, b: Sample): number =>
    a.measures.reduce((sum, one, i) => sum + (((b.measures[i] ?? 0) - one) / (spread[i] ?? 1)) ** 2, 0); // prettier-ignore
  return (sample) => {
    const least = Math.min(...known.map((one) => distance(one, sample)));
    return commonest(known.filter((one) => distance(one, sample) <= least));
  };
}

/** By one measure alone: each of its values stands for the kind that has it oftenest, one never seen for the nearest seen. */
function learnStump(known: readonly Sample[], at: number): Guess {
  const byValue = Map.groupBy(known, ({ measures }) => measures[at] ?? 0);
  return ({ measures }) => {
    const value = measures[at] ?? 0;
    const [nearest = 0] = [...byValue.keys()].toSorted((a, b) => Math.abs(a - value) - Math.abs(b - value)); // prettier-ignore
    return commonest(byValue.get(nearest) ?? known);
  };
}

function shareRight(samples: readonly Sample[], learn: (known: readonly Sample[]) => Guess): number {
  const half = Math.floor(samples.length / 2);
  const halves = [samples.slice(0, half), samples.slice(half)] as const;
  const right = [halves, halves.toReversed()].flatMap(([known = [], asked = []]) => {
    const guess = learn(known);
    return asked.filter((one) => guess(one) === one.kind);
  });
  return right.length / samples.length;
} // prettier-ignore

/**
 * The share of samples whose kind is told right from their measures by the best of a nearest neighbour over all and a stump
 * over each. Each half is told from what was learnt of the other.
 */
export function bestShare(samples: readonly Sample[]): number {
  const width = samples[0]?.measures.length ?? 0;
  const stumps = Array.from({ length: width }, (_, at) => shareRight(samples, (known) => learnStump(known, at)));
  return Math.max(shareRight(samples, learnNearest), ...stumps);
} // prettier-ignore
