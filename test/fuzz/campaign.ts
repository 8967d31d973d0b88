import { keptBytes, usedBytes } from "./memory.ts";
import { type Finding, runTarget, type RunPlan, type Tally } from "./run-target.ts";
import type { Target } from "./target.ts";

/** What has a limit was full after the first half; what the second half leaves behind has none. */
const maxKeptBytes = 16 * 2 ** 20;
/** How often memory is looked at, in runs: seldom enough to cost nothing. */
const sampleEvery = 32;

/** What became of a target that was tried a number of times, and of its memory. */
export interface CampaignTally extends Tally {
  /** The most that was in use above what was in use before, garbage included. */
  readonly peakGrownBytes: number;
}

/** A campaign: so many runs, from where, and who watches. */
export interface CampaignPlan extends Pick<RunPlan, "seed" | "from" | "onRun"> {
  readonly runs: number;
}

function both(first: Tally, second: Tally): Tally {
  return {
    ...second,
    runs: first.runs + second.runs,
    ms: first.ms + second.ms,
    taken: first.taken + second.taken,
    codes: new Set([...first.codes, ...second.codes]),
    slowestMs: Math.max(first.slowestMs, second.slowestMs),
  };
}

/** Tries a target a number of times in two halves; memory that the second half keeps is a finding. */
export async function runCampaign(target: Target, plan: CampaignPlan): Promise<CampaignTally> {
  const { seed, from, runs, onRun } = plan;
  const before = keptBytes();
  let peak = before;
  const runHalf = (at: number, count: number): Promise<Tally> =>
    runTarget(target, {
      seed,
      from: at,
      isOver: (done) => {
        if (done % sampleEvery === 0) peak = Math.max(peak, usedBytes());
        return done >= count;
      },
      ...(onRun === undefined ? {} : { onRun }),
    });
  const half = Math.ceil(runs / 2);
  const first = await runHalf(from, half);
  const grown = (): number => Math.max(peak, usedBytes()) - before;
  if (first.finding !== undefined) return { ...first, peakGrownBytes: grown() };
  const middle = keptBytes();
  const tally = both(first, await runHalf(from + half, runs - half));
  const peakGrownBytes = grown();
  const kept = keptBytes() - middle;
  if (tally.finding !== undefined || kept <= maxKeptBytes) return { ...tally, peakGrownBytes };
  const what = `the second half of ${runs} runs keeps ${Math.round(kept / 2 ** 20)} MB`;
  const input = Buffer.alloc(0);
  const finding: Finding = { target: target.name, seed, run: from + half, input, what };
  return { ...tally, peakGrownBytes, finding };
}
