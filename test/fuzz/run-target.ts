import { isDeepStrictEqual } from "node:util";

import { type Bytes, isFault } from "../../schemas/ground/index.ts";
import { makeInput } from "./make-input.ts";
import type { Target } from "./target.ts";

/** What takes less is not looked at. */
const leastLimitMs = 100;
/** No call may take longer, three times in a row for one input, than so many rounds of the same work take here and now. */
export const maxRounds = 300;
/** Nor longer than so many times what the slowest good input takes. */
const maxTimesGood = 6;
const measuredAgain = 2;
/** Bytes and lines of one round: a third of a millisecond on a quiet machine, by what readers do too. */
const roundText = "a line of some words, as readers cut and compare them\n".repeat(400);

/** Something that must not be. */
export interface Finding {
  readonly target: string;
  readonly seed: number;
  readonly run: number;
  readonly input: Bytes;
  readonly what: string;
}

/** What became of a target's runs. */
export interface Tally {
  readonly target: string;
  readonly runs: number;
  readonly ms: number;
  /** Inputs that were taken. */
  readonly taken: number;
  /** Codes that inputs were refused with. */
  readonly codes: ReadonlySet<string>;
  readonly slowestMs: number;
  readonly finding?: Finding;
}

/** How long, from where, and who wants to know what is tried. */
export interface RunPlan {
  readonly seed: number;
  readonly from: number;
  /** Asked before each run; what has not begun then is left. */
  readonly isOver: (runs: number) => boolean;
  /** Called before each run, for who watches from outside whether it ever ends. */
  readonly onRun?: (run: number, input: Bytes) => void;
}

type Outcome = { readonly code: string | undefined } | { readonly error: unknown };

function isPromised({ codes }: Target, code: string): boolean {
  if (code === "INTERNAL") return false;
  return codes === undefined || codes.some((promised) => code.startsWith(promised));
}

/** Runs once: taken, refused with a code, or an error that is none of ours. */
export async function tryInput(target: Target, input: Bytes): Promise<Outcome> {
  try {
    await target.run(input);
    return { code: undefined };
  } catch (error) {
    return isFault(error) && isPromised(target, error.code) ? { code: error.code } : { error };
  }
}

function describe(error: unknown): string {
  const causes: string[] = [];
  for (let at = error; at instanceof Error; at = at.cause) causes.push(at.stack ?? at.message);
  return causes.length === 0 ? String(error) : causes.join("\ncaused by ");
}

function threadMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/** Counts only what this thread worked: the machine has other things to do meanwhile. */
async function timed(target: Target, input: Bytes): Promise<{ outcome: Outcome; ms: number }> {
  const from = { wall: performance.now(), thread: threadMs() };
  const outcome = await tryInput(target, input);
  return { outcome, ms: Math.min(performance.now() - from.wall, threadMs() - from.thread) };
}

/** The least of three measurements: a collection of garbage may fall into any one of them. */
async function measureAgain(target: Target, input: Bytes, { ms, limitMs }: { ms: number; limitMs: number }): Promise<number> {
  let least = ms;
  for (let i = 0; i < measuredAgain && least > limitMs; i += 1) {
    least = Math.min(least, (await timed(target, input)).ms);
  }
  return least;
} // prettier-ignore

/** How long one round of known work takes here and now: on a busy machine an honest reader takes longer too. */
export function measureRound(): number {
  const rounds = 10;
  const from = threadMs();
  let lines = 0;
  for (let i = 0; i < rounds; i += 1) {
    const cut = roundText.split("\n").map((line) => Buffer.from(line).toString("hex"));
    lines += isDeepStrictEqual(cut, [...cut]) ? cut.length : 0;
  }
  return lines === 0 ? 0 : (threadMs() - from) / rounds;
}

/** What the slowest good input takes here and now. */
async function measureGood(target: Target): Promise<number> {
  let slowest = 0;
  for (const seed of target.seeds) {
    const { ms } = await timed(target, seed);
    slowest = Math.max(slowest, await measureAgain(target, seed, { ms, limitMs: 0 }));
  }
  return slowest;
}

/** What is wrong with what became of one input, if anything. */
async function examine(target: Target, input: Bytes): Promise<{ outcome: Outcome; ms: number; what?: string }> {
  const { outcome, ms: firstMs } = await timed(target, input);
  if ("error" in outcome) return { outcome, ms: firstMs, what: describe(outcome.error) };
  if (firstMs <= leastLimitMs) return { outcome, ms: firstMs };
  // all is measured now, not before: the machine may have slowed since
  const known = maxRounds * measureRound();
  const limitMs = Math.max(leastLimitMs, known, maxTimesGood * (await measureGood(target)));
  const ms = await measureAgain(target, input, { ms: firstMs, limitMs });
  if (ms <= limitMs) return { outcome, ms };
  return { outcome, ms, what: `takes ${ms.toFixed(0)} ms, three times in a row` };
} // prettier-ignore

/** Tries one changed input after another until time is over or something must not be. */
export async function runTarget(target: Target, plan: RunPlan): Promise<Tally> {
  const { seed, from, isOver, onRun } = plan;
  const codes = new Set<string>();
  const began = performance.now();
  let taken = 0;
  let slowestMs = 0;
  let runs = 0;
  const tally = (finding?: Finding): Tally => {
    const ms = performance.now() - began;
    const counts = { target: target.name, runs, ms, taken, codes, slowestMs };
    return finding === undefined ? counts : { ...counts, finding };
  };
  for (; !isOver(runs); runs += 1) {
    const run = from + runs;
    const input = makeInput(target, seed, run);
    onRun?.(run, input);
    const { outcome, ms, what } = await examine(target, input);
    if (what !== undefined) return tally({ target: target.name, seed, run, input, what });
    slowestMs = Math.max(slowestMs, ms);
    if ("code" in outcome && outcome.code !== undefined) codes.add(outcome.code);
    else taken += 1;
  }
  return tally();
}
