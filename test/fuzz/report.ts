import { renderBase64url } from "../../schemas/ground/index.ts";
import type { Finding, Tally } from "./run-target.ts";

/** The line of one target: runs, speed, share taken, codes met, slowest call, growth of memory. */
export function renderTally(
  { target, runs, ms, taken, codes, slowestMs }: Tally,
  grownBytes: number,
): string {
  const perSecond = Math.round((runs * 1000) / Math.max(ms, 1));
  const megabytes = Math.round(grownBytes / 2 ** 20);
  return [
    target.padEnd(46),
    `${runs} runs`.padStart(12),
    `${perSecond}/s`.padStart(9),
    `${Math.round((taken * 100) / Math.max(runs, 1))}% taken`.padStart(11),
    `${codes.size} codes`.padStart(9),
    `slowest ${slowestMs.toFixed(0)} ms`.padStart(15),
    `${megabytes < 0 ? "" : "+"}${megabytes} MB`.padStart(8),
  ].join(" ");
}

/** Everything needed to see it again. Keys are made anew in each process; all else comes from the seed. */
export function renderFinding({ target, seed, run, input, what }: Finding): string {
  return [
    `FOUND in ${target}, seed ${seed}, run ${run}:`,
    what,
    `input, ${input.length} bytes, base64url:`,
    renderBase64url(input),
    `again: npm run fuzz -- --target "${target}" --seed ${seed}:${run}`,
  ].join("\n");
}
