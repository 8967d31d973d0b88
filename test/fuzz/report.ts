import { renderBase64url } from "../../schemas/ground/index.ts";
import type { CampaignTally } from "./campaign.ts";
import type { Finding, Tally } from "./run-target.ts";

function perSecondOf(runs: number, ms: number): number {
  return Math.round((runs * 1000) / Math.max(ms, 1));
}

/** The line of one target: runs, speed, share taken, codes met, slowest call, growth of memory. */
export function renderTally(
  { target, runs, ms, taken, codes, slowestMs }: Tally,
  grownBytes: number,
): string {
  const perSecond = perSecondOf(runs, ms);
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

/** The table of a campaign: a line a target, its name to the left, figures to the right. */
export function renderTable(tallies: readonly CampaignTally[]): string {
  const head = ["target", "runs", "runs/s", "taken", "slowest ms", "peak heap growth MB", ""];
  const rows = tallies.map((tally) => {
    const { target, runs, ms, taken, slowestMs, peakGrownBytes, finding } = tally;
    return [
      target,
      String(runs),
      String(perSecondOf(runs, ms)),
      `${Math.round((taken * 100) / Math.max(runs, 1))}%`,
      slowestMs.toFixed(1),
      (peakGrownBytes / 2 ** 20).toFixed(1),
      finding === undefined ? "" : "FOUND",
    ];
  });
  const all = [head, ...rows];
  const widths = head.map((_, i) => Math.max(...all.map((row) => (row[i] ?? "").length)));
  const cell = (text: string, i: number): string =>
    i === 0 ? text.padEnd(widths[i] ?? 0) : text.padStart(widths[i] ?? 0);
  return all.map((row) => row.map(cell).join("  ").trimEnd()).join("\n");
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
