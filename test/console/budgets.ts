/**
 * `node test/console/budgets.ts`: how long the console takes over thin lines and on a slow processor, measured in a real browser
 * and set beside its limits. Times of a machine that does other things besides say little: CI asserts bytes and turns instead.
 */
import type { CDPSession } from "playwright-core";

import { type Officer, startConsoleWorld } from "../kit/console-world.ts";
import { putMessages } from "../kit/many-messages.ts";
import { measureIdle, reckonDay } from "./idle.ts";
import {
  type Line,
  measureCold,
  measureHeap,
  measureWarm,
  measureWork,
  readPages,
  reckon,
  weighPage,
} from "./measure.ts";

type Row = readonly [what: string, measured: string, limit: string];

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
const kilobytes = (bytes: number): string => `${(bytes / 1_000).toFixed(1)} kB`;

async function play(cdp: CDPSession, line: Line | undefined, slowdown: number): Promise<void> {
  const bytesPerSecond = line === undefined ? -1 : line.bitsPerSecond / 8;
  await cdp.send("Network.enable");
  await cdp.send("Network.emulateNetworkConditions", { offline: false, latency: line?.latencyMs ?? 0, downloadThroughput: bytesPerSecond, uploadThroughput: bytesPerSecond });
  await cdp.send("Emulation.setCPUThrottlingRate", { rate: slowdown });
} // prettier-ignore

/** From the address to the first line of the inbox. */
async function time({ page, go }: Officer): Promise<number> {
  const from = performance.now();
  await go("inbox?view=all");
  await page.waitForSelector("a.line");
  return performance.now() - from;
}

interface Course {
  readonly line?: Line;
  readonly slowdown?: number;
  readonly isWarm?: boolean;
}

async function run(officer: Officer, { line, slowdown = 1, isWarm = false }: Course): Promise<number> {
  const { page, context } = officer;
  const cdp = await context.newCDPSession(page);
  if (isWarm) await measureWarm(officer);
  else {
    await page.evaluate("navigator.serviceWorker.getRegistrations().then((all) => Promise.all(all.map((one) => one.unregister()))).then(() => localStorage.clear())");
    await cdp.send("Network.clearBrowserCache");
  }
  await page.goto("about:blank");
  await play(cdp, line, slowdown);
  const taken = await time(officer);
  await play(cdp, undefined, 1);
  await cdp.detach();
  return taken;
} // prettier-ignore

const thin: Line = { bitsPerSecond: 50_000, latencyMs: 800 };
const better: Line = { bitsPerSecond: 250_000, latencyMs: 300 };
const courses: readonly (readonly [what: string, course: Course, limit: string])[] = [
  ["inbox, cold, 50 kbit/s and 800 ms", { line: thin }, "15 s"],
  ["inbox, warm, 50 kbit/s and 800 ms", { line: thin, isWarm: true }, "2 s"],
  ["inbox, cold, 250 kbit/s and 300 ms", { line: better }, "5 s"],
  ["inbox, cold, processor 20 times slower", { slowdown: 20 }, "5 s"],
  ["inbox, cold, nothing slowed", {}, "–"],
];

function print(rows: readonly Row[]): void {
  const width = Math.max(...rows.map(([what]) => what.length));
  for (const [what, measured, limit] of rows) {
    process.stdout.write(`${what.padEnd(width)}  ${measured.padStart(10)}  ${limit.padStart(8)}\n`);
  }
}

async function main(): Promise<void> {
  const prepare = async ({
    layout,
  }: {
    readonly layout: { gateway(agency: string): string };
  }): Promise<void> => await putMessages(layout.gateway("gh/tcu"), 5_000);
  const region = await startConsoleWorld({ states: ["gh"], prepare });
  try {
    const officer = await region.officer("gh/tcu");
    const cold = await measureCold(officer);
    const warm = await measureWarm(officer);
    const page = await weighPage(officer);
    const work = await measureWork(officer);
    const timed: Row[] = [];
    for (const [what, course, limit] of courses)
      timed.push([what, seconds(await run(officer, course)), limit]);
    const lines = await readPages(officer, 100);
    const heap = await measureHeap(officer);
    const idle = await measureIdle(await region.officer("gh/tcu"), 24);
    print([
      ["", "measured", "limit"],
      ["cold inbox: bytes", kilobytes(cold.bytes), "100 kB"],
      ["cold inbox: requests after the page", String(cold.requests), "6"],
      ["cold inbox: turns, reckoned time", `${cold.turns}, ${seconds(reckon(cold, thin))}`, "15 s"],
      ["warm inbox: bytes", kilobytes(warm.bytes), "–"],
      ["warm inbox: turns, reckoned time", `${warm.turns}, ${seconds(reckon(warm, thin))}`, "2 s"],
      [`list page of ${page.rows}`, kilobytes(page.bytes), "3 kB"],
      ...timed,
      ["the same reckoned: processor time of the page x 20", seconds(work.cpuMs * 20), "5 s"],
      [
        "layouts, styles, elements until the first line",
        `${work.layouts}, ${work.styles}, ${work.elements}`,
        "25, 40, 2000",
      ],
      [`memory after ${lines} lines of 5,000 messages`, `${(heap / 1e6).toFixed(1)} MB`, "30 MB"],
      ["idle page, a day", kilobytes(reckonDay(idle)), "250 kB"],
      ["idle page: requests of its own in a day", String(idle.asked.length), "–"],
    ]);
  } finally {
    await region.stop();
  }
}

await main();
