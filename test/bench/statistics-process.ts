/** Makes every table of figures over a store that is there already, and says what that cost. `node statistics-process.ts PATH`. */
import { makeTables } from "../../gateways/statistics/nightly.ts";
import { openStore } from "../../gateways/store/index.ts";
import { silentLog, systemChance, systemClock } from "../../schemas/ground/index.ts";

/** What the process tells. */
export interface StatisticsTold {
  readonly cpuMs: number;
  /** The longest that nothing else could run. */
  readonly longestMs: number;
  /** The most processor time between two turns of the others; on a busy machine less than the time that passes. */
  readonly longestCpuMs: number;
  /** How much more memory the process took at its height. */
  readonly growthMebibytes: number;
  readonly tables: number;
  readonly cells: number;
}

const store = openStore(process.argv[2] ?? "");
const parts = {
  agency: "ng/tcu",
  store,
  clock: systemClock,
  chance: systemChance,
  log: silentLog,
  // with the figures of the exchange, which are counted from every message and not from some types alone
  choice: { exchange: "DRAFT" as const },
  source: () => "POLICE_RECORDS",
  recsFor: () => ["ecowas"],
  countWrong: () => Promise.resolve(0),
  send: () => Promise.resolve(),
};

const before = process.resourceUsage().maxRSS;
const used = process.cpuUsage();
let longestMs = 0;
let longestCpuMs = 0;
let at = performance.now();
let cpuAt = process.threadCpuUsage();
const look = (): void => {
  const { user, system } = process.threadCpuUsage(cpuAt);
  longestCpuMs = Math.max(longestCpuMs, (user + system) / 1000);
  longestMs = Math.max(longestMs, performance.now() - at);
  at = performance.now();
  cpuAt = process.threadCpuUsage();
};
const timer = setInterval(look, 1);
await makeTables(parts);
look();
clearInterval(timer);
const { user, system } = process.cpuUsage(used);
const made = store.tables.list({ limit: 40 });
const told: StatisticsTold = {
  cpuMs: (user + system) / 1000,
  longestMs,
  longestCpuMs,
  growthMebibytes: (process.resourceUsage().maxRSS - before) / 1024,
  tables: made.length,
  cells: made.reduce((sum, { content }) => sum + (JSON.parse(content) as unknown[]).length, 0),
};
store.close();
process.stdout.write(`${JSON.stringify(told)}\n`);
