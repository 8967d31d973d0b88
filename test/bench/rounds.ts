/** What one act costs: over rounds, the median and the middle half, in microseconds of processor time. */
export interface Cost {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

type Act = () => unknown;

/** How often: acts of a round follow one another, so that every moment of the machine is there for all of them. */
export interface Rounds {
  readonly rounds: number;
  /** Calls of each act in one round. */
  readonly calls: number;
}

function costOf(samples: readonly number[]): Cost {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
  return { median: at(0.5), low: at(0.25), high: at(0.75) };
}

/** Processor time of all threads, so that work that libraries hand to others counts where it was asked for. */
async function time(act: Act, calls: number): Promise<number> {
  const before = process.cpuUsage();
  for (let call = 0; call < calls; call += 1) await act();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / calls;
}

/** As `time`, for acts that wait for nothing: a turn of the event loop a call would count against them. */
function timeNow(act: Act, calls: number): number {
  const before = process.cpuUsage();
  for (let call = 0; call < calls; call += 1) act();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / calls;
}

/** Measures acts that wait for nothing against one another. */
export function compareCosts<N extends string>(
  acts: Readonly<Record<N, Act>>,
  { rounds, calls }: Rounds,
): Record<N, Cost> {
  const samples = new Map<string, number[]>();
  for (let round = -1; round < rounds; round += 1) {
    for (const [name, act] of Object.entries<Act>(acts)) {
      const micros = timeNow(act, calls);
      if (round >= 0) samples.set(name, [...(samples.get(name) ?? []), micros]);
    }
  }
  return Object.fromEntries([...samples].map(([name, all]) => [name, costOf(all)])) as Record<
    N,
    Cost
  >;
}

/** Measures acts that may wait against one another; each call is awaited before the next. */
export async function compareWaitingCosts<N extends string>(
  acts: Readonly<Record<N, Act>>,
  { rounds, calls }: Rounds,
): Promise<Record<N, Cost>> {
  const samples = new Map<string, number[]>();
  for (let round = -1; round < rounds; round += 1) {
    for (const [name, act] of Object.entries<Act>(acts)) {
      const micros = await time(act, calls);
      if (round >= 0) samples.set(name, [...(samples.get(name) ?? []), micros]);
    }
  }
  return Object.fromEntries([...samples].map(([name, all]) => [name, costOf(all)])) as Record<
    N,
    Cost
  >;
}
