/**
 * `npm run bench -- --store`: a gateway over many stored messages: how long it takes to start, what it holds in memory, and what
 * every list costs over HTTP, plain and with one and two filters.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { submit } from "../../gateways/exchange/submit.ts";
import { openSqlite } from "../../gateways/store/drivers/sqlite.ts";
import { alert, bulletin, makeOffice } from "../kit/gateway-office.ts";
import { makeGatewayWorld } from "../kit/gateway-world.ts";
import { median } from "./percentile.ts";
import { fillStore, type Prototype } from "./store-fill.ts";
import type { ListTimes, StoreTold } from "./store-process.ts";

/** What a gateway with so many stored messages costs. */
export interface StoreFigures {
  readonly messages: number;
  readonly fileMebibytes: number;
  /** Until the gateway runs: the file checked, a sample of it proved, everything ready. */
  readonly startMs: number;
  readonly residentMebibytes: number;
  /** Rows of a plain page by SQLite alone, in the same file. */
  readonly bareMs: number;
  readonly lists: readonly ListTimes[];
}

const allowed = { ms: 20, bytes: 3_000 } as const;

/** Real messages whose octets those of the store have. */
async function makePrototypes(): Promise<readonly Prototype[]> {
  const world = await makeGatewayWorld(["ng/tcu", "gh/tcu"], { now: Date.now() - 60_000 });
  const office = makeOffice(world, "ng/tcu");
  try {
    const all = [alert, bulletin];
    for (const [at, one] of all.entries()) await submit(office, one, `prototype-${at}`);
    const stored = office.store.messages.list({ box: "out", limit: all.length });
    return stored.flatMap(({ seq }) => {
      const { type = "", raw, parts, digest } = office.store.messages.get(seq) ?? {};
      if (raw === undefined || parts === undefined || digest === undefined) return [];
      return [{ type, raw, parts, digest }];
    });
  } finally {
    office.close();
  }
}

function measureBare(path: string): number {
  const database = openSqlite(path);
  const select = database.prepare("SELECT seq, id, originator, type, crimes, recs, handling, urgency, status, created_at, expires_at, stored_at, state FROM message WHERE box = 'in' AND system = 0 AND seq < ? ORDER BY seq DESC LIMIT 50"); // prettier-ignore
  const times = Array.from({ length: 200 }, (_, i) => {
    const at = performance.now();
    select.all(100_000 - i * 50);
    return performance.now() - at;
  });
  database.close();
  return median(times);
}

/** Fills a store, runs a gateway of its own over it, and measures. */
export async function measureStore(
  { count = 1_000_000 }: { readonly count?: number | undefined },
  say: (text: string) => void,
): Promise<StoreFigures> {
  const dir = mkdtempSync(join(tmpdir(), "store-bench-"));
  try {
    const path = join(dir, "store.db");
    fillStore({ path, count, prototypes: await makePrototypes(), now: Date.now(), say });
    const bareMs = measureBare(path);
    say("a gateway starts over it, and every list is asked for");
    const script = join(import.meta.dirname, "store-process.ts");
    const found = execFileSync(process.execPath, ["--max-semi-space-size=4", script, dir], { encoding: "utf8", maxBuffer: 4 * 1024 * 1024 }); // prettier-ignore
    const { startMs, rss, lists } = JSON.parse(found) as StoreTold;
    return {
      messages: count,
      fileMebibytes: statSync(path).size / 1024 / 1024,
      startMs,
      residentMebibytes: rss / 1024 / 1024,
      bareMs,
      lists,
    };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function renderList(one: ListTimes): string {
  const { name, p50, worst, cpu, rows, pages, sent, isPacked } = one;
  const isOver = worst > allowed.ms || (isPacked && sent > allowed.bytes);
  const cells = [
    name.padEnd(62).slice(0, 62),
    p50.toFixed(1).padStart(6),
    worst.toFixed(1).padStart(6),
    cpu.toFixed(1).padStart(6),
    String(rows).padStart(4),
    String(pages).padStart(5),
    (sent / 1000).toFixed(1).padStart(6),
    isPacked ? "packed" : "plain ",
  ];
  return `| ${cells.join(" | ")} |${isOver ? " <" : ""}`;
}

/** The figures as a person reads them. */
export function renderStore(figures: StoreFigures): string {
  const { messages, fileMebibytes, startMs, residentMebibytes, bareMs, lists } = figures;
  const slow = lists.filter(({ worst }) => worst > allowed.ms).length;
  const slowest = lists.reduce((most, { worst }) => Math.max(most, worst), 0);
  const large = lists
    .filter(({ isPacked }) => isPacked)
    .reduce((most, { sent }) => Math.max(most, sent), 0);
  const middle = median(lists.map(({ p50 }) => p50));
  return [
    `${messages} messages stored, ${fileMebibytes.toFixed(0)} MiB`,
    `start, with its checks     ${(startMs / 1000).toFixed(1)} s`,
    `resident memory            ${residentMebibytes.toFixed(0)} MiB (256 allowed)`,
    `a plain page, SQLite only  ${bareMs.toFixed(2)} ms`,
    `${lists.length} lists over HTTP: p50 ${middle.toFixed(1)} ms in the middle, at worst ${slowest.toFixed(1)} (${allowed.ms} allowed, ${slow} above); packed at most ${(large / 1000).toFixed(1)} kB (${allowed.bytes / 1000} allowed)`,
    `| ${"list".padEnd(62)} | p50 ms | worst  | CPU ms | rows | pages | kB     |        |`,
    `| ${"-".repeat(62)} | -----: | -----: | -----: | ---: | ----: | -----: | ------ |`,
    ...lists.map(renderList),
    "",
  ].join("\n");
}
