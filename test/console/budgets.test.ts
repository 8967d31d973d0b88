import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import {
  browserPath,
  type ConsoleWorld,
  type Officer,
  startConsoleWorld,
} from "../kit/console-world.ts";
import { putMessages } from "../kit/many-messages.ts";
import { measureIdle, reckonDay } from "./idle.ts";
import {
  measureCold,
  measureHeap,
  measureWarm,
  measureWork,
  readPages,
  reckon,
  sumOf,
  weigh,
  weighPage,
} from "./measure.ts";

/** What the console may weigh and ask, for an old PC at the end of a thin line. Times are reckoned from bytes and turns, never taken. */
const built =
  process.env["ATUMPAN_CONSOLE_BUILT"] ?? join(import.meta.dirname, "../../gateways/console/built");
const isLong = process.env["ATUMPAN_LONG"] === "1";
const kb = 1_000;
const thin = { bitsPerSecond: 50_000, latencyMs: 800 };
const better = { bitsPerSecond: 250_000, latencyMs: 300 };
const messages = 5_000;

let region: ConsoleWorld;
let officer: Officer;

beforeAll(async () => {
  if (browserPath === undefined) return;
  region = await startConsoleWorld({
    states: ["gh"],
    prepare: async ({ layout }) => await putMessages(layout.gateway("gh/tcu"), messages),
  });
  officer = await region.officer("gh/tcu");
});

afterAll(async () => {
  await region?.stop();
});

describe("what the console weighs", () => {
  const { shell, routes, words } = weigh(built);

  it("its start is 60 kB of code, a screen 45 kB, all together 250 kB", () => {
    expect(shell.length).toBeGreaterThan(1);
    expect(sumOf(shell)).toBeLessThanOrEqual(60 * kb);
    expect(routes.filter(([, bytes]) => bytes > 45 * kb)).toEqual([]);
    expect(sumOf([...shell, ...routes])).toBeLessThanOrEqual(250 * kb);
  });

  it("a language is 15 kB", () => {
    expect(words.map(([name]) => name.slice(0, 8)).toSorted()).toEqual(["words-ar", "words-en", "words-es", "words-fr", "words-pt", "words-sw"]);
    expect(words.filter(([, bytes]) => bytes > 15 * kb)).toEqual([]);
  }); // prettier-ignore
});

describe.skipIf(browserPath === undefined)("over a thin line", () => {
  it("an inbox can be used after 100 kB and six requests: 15 seconds at 50 kbit/s and 800 ms", async () => {
    const cold = await measureCold(officer);
    expect(cold.requests, cold.paths.join(" ")).toBeLessThanOrEqual(6);
    expect(cold.bytes).toBeLessThanOrEqual(100 * kb);
    expect(reckon(cold, thin)).toBeLessThanOrEqual(15_000);
    expect(reckon(cold, better)).toBeLessThanOrEqual(5_000);
  });

  it("where the browser keeps the console, it can be used after two seconds", async () => {
    const warm = await measureWarm(officer);
    expect(warm.paths.filter((path) => path.startsWith("/console/"))).toEqual([]);
    expect(reckon(warm, thin), warm.paths.join(" ")).toBeLessThanOrEqual(2_000);
  });

  it("a page of fifty messages is 3 kB", async () => {
    await officer.go("inbox?view=all");
    const { rows, bytes } = await weighPage(officer);
    expect(rows).toBe(50);
    expect(bytes).toBeLessThanOrEqual(3 * kb);
  });

  it("a page left alone asks nothing by itself but to be told what comes: a quarter of a megabyte a day", async () => {
    const other = await region.officer("gh/tcu");
    const idle = await measureIdle(other, isLong ? 24 : 1);
    expect(idle.asked).toEqual([]);
    expect(reckonDay(idle)).toBeLessThanOrEqual(250 * kb);
    await other.context.close();
  });
});

describe.skipIf(browserPath === undefined)("on an old PC", () => {
  it("an inbox of fifty is laid out a few times, and not once for every line", async () => {
    const { layouts, styles, elements } = await measureWork(officer);
    expect(layouts).toBeLessThanOrEqual(25);
    expect(styles).toBeLessThanOrEqual(40);
    expect(elements).toBeLessThanOrEqual(2_000);
  });

  it("5,000 messages at the gateway take 30 MB of the page's memory, however many pages are read", async () => {
    await officer.go("inbox?view=all");
    await officer.page.waitForSelector("a.line");
    const pages = isLong ? messages / 50 : 10;
    expect(await readPages(officer, pages)).toBe(pages * 50);
    expect(await measureHeap(officer)).toBeLessThanOrEqual(30 * kb * kb);
  });
});
