import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import type { CDPSession } from "playwright-core";

import type { Officer } from "../kit/console-world.ts";
import { until } from "../kit/server.ts";

/** What a page fetched until it could be used. */
export interface Fetched {
  /** Beside the page itself. */
  readonly requests: number;
  /** Heads and bodies of the answers, as they came. */
  readonly bytes: number;
  /** How many turns one waits for, each for the one before. */
  readonly turns: number;
  readonly paths: readonly string[];
}

interface Seen {
  readonly path: string;
  readonly from: number;
  to: number;
  bytes: number;
}

/** A line, as browsers play it. */
export interface Line {
  readonly bitsPerSecond: number;
  readonly latencyMs: number;
}

/** What the thinnest line that the console is made for takes, in milliseconds. */
export function reckon({ bytes, turns }: Pick<Fetched, "bytes" | "turns">, { bitsPerSecond, latencyMs }: Line): number {
  return (bytes * 8_000) / bitsPerSecond + turns * latencyMs;
} // prettier-ignore

/** A request waits for the last that had ended when it began: so many were waited for. */
function countTurns(all: readonly Seen[]): number {
  const depths = new Map<Seen, number>();
  for (const one of all.toSorted((a, b) => a.from - b.from)) {
    const before = [...depths].filter(([other]) => other.to <= one.from);
    depths.set(one, 1 + Math.max(0, ...before.map(([, depth]) => depth)));
  }
  return Math.max(0, ...depths.values());
}

/** Watches what a page asks of its gateway from now on; what it began after a moment is left out. */
export async function watchLine(cdp: CDPSession): Promise<(moment: number) => Fetched> {
  const seen = new Map<string, Seen & { readonly timestamp: number }>();
  await cdp.send("Network.enable");
  cdp.on("Network.requestWillBeSent", ({ requestId, request, timestamp, wallTime }) => {
    const { pathname } = new URL(request.url);
    seen.set(requestId, { path: pathname, from: wallTime, to: Infinity, bytes: 0, timestamp });
  });
  cdp.on("Network.loadingFinished", ({ requestId, timestamp, encodedDataLength }) => {
    const one = seen.get(requestId);
    if (one !== undefined) Object.assign(one, { to: one.from + timestamp - one.timestamp, bytes: encodedDataLength });
  });
  return (moment) => {
    // what a worker or a cache of this browser gave did not come over the line
    const all = [...seen.values()].filter(({ bytes, from }) => bytes > 0 && from * 1_000 <= moment);
    return {
      requests: all.length - all.filter(({ path }) => path === "/console/").length,
      bytes: all.reduce((sum, one) => sum + one.bytes, 0),
      turns: countTurns(all),
      paths: all.map(({ path, bytes }) => `${path} ${bytes}`),
    };
  };
} // prettier-ignore

const line = "a.line";

/** Has every page that is opened from now on say when its first line was there. */
async function noteFirstLine({ context }: Officer): Promise<void> {
  await context.addInitScript(`{
    const observer = new MutationObserver(() => {
      if (document.querySelector("${line}") === null) return;
      observer.disconnect();
      window.firstLineAt = Date.now();
    });
    observer.observe(document, { subtree: true, childList: true });
  }`);
}

async function firstLineAt({ page }: Officer): Promise<number> {
  await page.waitForSelector(line);
  return Number(await page.evaluate("window.firstLineAt"));
}

/** An inbox opened by somebody who is signed in, in a browser that has nothing of the console yet. */
export async function measureCold(officer: Officer): Promise<Fetched> {
  const { page, context, go } = officer;
  await noteFirstLine(officer);
  const cdp = await context.newCDPSession(page);
  await page.evaluate("navigator.serviceWorker.getRegistrations().then((all) => Promise.all(all.map((one) => one.unregister()))).then(() => localStorage.clear())");
  await page.goto("about:blank");
  const stop = await watchLine(cdp);
  await cdp.send("Network.clearBrowserCache");
  await cdp.send("Network.setBypassServiceWorker", { bypass: true });
  await go("inbox?view=all");
  const fetched = stop(await firstLineAt(officer));
  await cdp.send("Network.setBypassServiceWorker", { bypass: false });
  await cdp.detach();
  return fetched;
} // prettier-ignore

/** The same where the browser keeps the console, and showed the inbox before. */
export async function measureWarm(officer: Officer): Promise<Fetched> {
  const { page, context, go } = officer;
  await noteFirstLine(officer);
  await go("inbox?view=all");
  await page.reload();
  await page.waitForSelector(line);
  await page.evaluate("navigator.serviceWorker.ready.then(() => true)");
  await page.reload();
  await page.waitForSelector(line);
  const cdp = await context.newCDPSession(page);
  const stop = await watchLine(cdp);
  await page.reload();
  const fetched = stop(await firstLineAt(officer));
  await cdp.detach();
  return fetched;
}

/** What an inbox costs its PC until its first line stands there. */
export interface Work {
  /** Time of the processor in the page's own thread; what other processes take meanwhile is not in it. */
  readonly cpuMs: number;
  readonly layouts: number;
  readonly styles: number;
  readonly elements: number;
}

/** Counts it, from an empty page on. */
export async function measureWork(officer: Officer): Promise<Work> {
  const { page, context, go } = officer;
  const cdp = await context.newCDPSession(page);
  await page.goto("about:blank");
  await cdp.send("Performance.enable", { timeDomain: "threadTicks" });
  await go("inbox?view=all");
  await page.waitForSelector(line);
  const { metrics } = await cdp.send("Performance.getMetrics");
  const of = (name: string): number => metrics.find((one) => one.name === name)?.value ?? Infinity;
  const elements = Number(await page.evaluate("document.querySelectorAll('*').length"));
  await cdp.detach();
  return { cpuMs: of("TaskDuration") * 1_000, layouts: of("LayoutCount"), styles: of("RecalcStyleCount"), elements };
} // prettier-ignore

/** Bytes of the page's own memory in use, after what nobody needs was thrown away. */
export async function measureHeap({ page, context }: Officer): Promise<number> {
  const cdp = await context.newCDPSession(page);
  await cdp.send("Performance.enable");
  await cdp.send("HeapProfiler.collectGarbage");
  const { metrics } = await cdp.send("Performance.getMetrics");
  await cdp.detach();
  return metrics.find(({ name }) => name === "JSHeapUsedSize")?.value ?? Infinity;
}

/** Goes on through the pages of a list, as far as it has so many. @returns how many lines were shown in all */
export async function readPages({ page }: Officer, pages: number): Promise<number> {
  const firstId = async (): Promise<string | null> => await page.locator(line).first().getAttribute("data-message");
  let lines = await page.locator(line).count();
  for (let at = 1; at < pages; at += 1) {
    const first = await firstId();
    await page.click('main > a[href*="cursor="]');
    await until("the next page is there", async () => (await firstId()) !== first);
    lines += await page.locator(line).count();
  }
  return lines;
} // prettier-ignore

/** A file of the console and its bytes as gzip packs it. */
export type Sized = readonly [name: string, bytes: number];

/** What the console weighs: what comes at its start, what comes with each screen, and each language. */
export function weigh(folder: string): { readonly shell: readonly Sized[]; readonly routes: readonly Sized[]; readonly words: readonly Sized[] } {
  const index = readFileSync(join(folder, "index.html"), "utf8");
  const all: readonly Sized[] = readdirSync(folder)
    .filter((name) => name.endsWith(".gz"))
    .map((name) => [name.slice(0, -3), readFileSync(join(folder, name)).length]);
  const code = all.filter(([name]) => /\.(?:js|css)$/.test(name) && name !== "sw.js");
  return {
    shell: code.filter(([name]) => index.includes(name)),
    routes: code.filter(([name]) => !index.includes(name)),
    words: all.filter(([name]) => /^words-.*\.json$/.test(name)),
  };
} // prettier-ignore

/** All of them together. */
export function sumOf(sized: readonly Sized[]): number {
  return sized.reduce((sum, [, bytes]) => sum + bytes, 0);
}

/** A list page as the console asks for it, packed as its gateway packs it. */
export async function weighPage({
  page,
}: Officer): Promise<{ readonly rows: number; readonly bytes: number }> {
  const place = page.url();
  // nothing of the page before is on its way any more
  await page.goto("about:blank");
  const asked = page.waitForResponse((response) => response.url().includes("/v1/messages?"));
  await page.goto(place);
  const response = await asked;
  const { responseBodySize } = await response.request().sizes();
  const { items } = (await response.json()) as { items: unknown[] };
  return { rows: items.length, bytes: responseBodySize };
}
