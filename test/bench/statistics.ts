/**
 * `npm run bench -- --statistics`: what it costs a night to count all figures anew over so many stored messages of our own that
 * figures are counted from. Needs no server.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { fillForFigures } from "./statistics-fill.ts";
import type { StatisticsTold } from "./statistics-process.ts";

/** What one night costs. */
export interface StatisticsFigures extends StatisticsTold {
  readonly messages: number;
}

/** Fills a store and has a process of its own count; a folder for its CPU profile, where one is wanted. */
export async function measureStatistics({ count = 100_000, profile }: { readonly count?: number | undefined; readonly profile?: string | undefined }, say: (text: string) => void): Promise<StatisticsFigures> {
  const dir = mkdtempSync(join(tmpdir(), "statistics-bench-"));
  try {
    const path = join(dir, "store.db");
    await fillForFigures(path, count, Date.now());
    say(`${count} messages are stored, and are counted`);
    const watching = profile === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${profile}`];
    const script = join(import.meta.dirname, "statistics-process.ts");
    const told = execFileSync(process.execPath, ["--max-semi-space-size=4", ...watching, script, path], { encoding: "utf8" });
    return { messages: count, ...(JSON.parse(told) as StatisticsTold) };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
} // prettier-ignore

/** The figures as a person reads them. */
export function renderStatistics(figures: StatisticsFigures): string {
  const { messages, cpuMs, longestMs, longestCpuMs, growthMebibytes, tables, cells } = figures;
  return [
    `${messages} messages counted into ${tables} tables with ${cells} cells`,
    `processor time        ${(cpuMs / 1000).toFixed(1)} s, ${((cpuMs / messages) * 1000).toFixed(0)} µs a message`,
    `longest without pause ${longestMs.toFixed(0)} ms, ${longestCpuMs.toFixed(0)} ms of them at work`,
    `memory, at its height ${growthMebibytes.toFixed(0)} MiB more than before`,
    "",
  ].join("\n");
}
