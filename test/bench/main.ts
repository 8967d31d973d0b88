/**
 * `npm run bench`: the whole path against bare JetStream, in one run on this machine: same nats-server, same
 * disk and durability (`sync_interval: always`, one replica), same size, same window, mutual TLS on all
 * connections. Prints a table and one line of JSON. Exits 0 unless it could not run. With `--schemas` it measures
 * what a message costs in the schemas alone, with `--trust` what trust costs, with `--login` how many agencies can log in a second,
 * with `--work` what it costs to say how threads stand, with `--http` what the API costs against node:http,
 * with `--store` what a gateway with many stored messages costs, with `--index` what the index of words costs each message, with `--statistics` what it costs to count figures,
 * with `--log` what the hub's log costs,
 * with `--links` how fast one reader drains what waits, with `--revocation` how long until a revoked agency is out.
 */
import { readingAgencies } from "./ground.ts";
import { measureHttp, renderHttp } from "./http.ts";
import { measureIndex, renderIndex } from "./index-cost.ts";
import { measureLinks, renderLinks } from "./links.ts";
import { measureLog, renderLog } from "./log.ts";
import { measureLogins, renderLogins } from "./login.ts";
import { measureScenario, type Scenario } from "./measure.ts";
import { type BenchOptions, parseOptions, usage } from "./options.ts";
import { renderProfiles } from "./profile-summary.ts";
import { figuresOf, renderReport } from "./report.ts";
import { measureRevocations, renderRevocations } from "./revocation.ts";
import { measureSchemas, renderSchemasCost } from "./schemas.ts";
import { measureStatistics, renderStatistics } from "./statistics.ts";
import { measureStore, renderStore } from "./store.ts";
import { measureTrust, renderTrust } from "./trust.ts";
import { measureWork, renderWork } from "./work.ts";

const scenarios: readonly Scenario[] = [
  { name: "open, one reader", kind: "open", readers: [readingAgencies[0]], overload: true },
  {
    name: "sealed to 5, one reads",
    kind: "sealed",
    readers: [readingAgencies[0]],
    overload: false,
  },
  { name: "sealed to 5, all five read", kind: "sealed", readers: readingAgencies, overload: true },
];

const beganAt = performance.now();

function say(text: string): void {
  const seconds = ((performance.now() - beganAt) / 1000).toFixed(0).padStart(4);
  process.stderr.write(`${seconds} s  ${text}\n`);
}

/** What needs neither server nor processes, if one of these was asked for. */
async function measurePlain(options: BenchOptions): Promise<string | undefined> {
  if (options.schemas) return renderSchemasCost(measureSchemas());
  if (options.trust) return renderTrust(await measureTrust());
  if (options.statistics) {
    const figures = await measureStatistics(options, say);
    const profiles = options.profile === undefined ? "" : `\n${renderProfiles(options.profile)}\n`;
    return `\n${renderStatistics(figures)}\n${JSON.stringify({ statistics: figures })}\n${profiles}`;
  }
  if (!options.work) return undefined;
  const figures = await measureWork();
  return `${renderWork(figures)}${JSON.stringify({ work: figures })}\n`;
}

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2));
  const plain = await measurePlain(options);
  if (plain !== undefined) {
    process.stdout.write(plain);
    return;
  }
  if (options.revocation) {
    process.stdout.write(`\n${renderRevocations(await measureRevocations(options, say))}`);
    return;
  }
  if (options.http) {
    const figures = await measureHttp(options, say);
    process.stdout.write(`\n${renderHttp(figures)}\n${JSON.stringify({ http: figures })}\n`);
    return;
  }
  if (options.store) {
    const figures = await measureStore(options, say);
    process.stdout.write(`\n${renderStore(figures)}\n${JSON.stringify({ store: figures })}\n`);
    return;
  }
  if (options.index) {
    const figures = await measureIndex(options, say);
    process.stdout.write(`\n${renderIndex(figures)}\n${JSON.stringify({ index: figures })}\n`);
    return;
  }
  if (options.log) {
    const figures = await measureLog(options, say);
    process.stdout.write(`\n${renderLog(figures)}\n${JSON.stringify({ log: figures })}\n`);
    return;
  }
  if (options.links) {
    const figures = await measureLinks(options, say);
    process.stdout.write(`\n${renderLinks(figures)}\n${JSON.stringify({ links: figures })}\n`);
    return;
  }
  if (options.login) {
    process.stdout.write(`\n${renderLogins(await measureLogins(options, say))}`);
    if (options.profile !== undefined) {
      process.stdout.write(`\n${renderProfiles(options.profile)}\n`);
    }
    return;
  }
  const chosen = scenarios.filter(
    ({ kind }) => options.only === undefined || options.only === kind,
  );
  const figures = [];
  for (const scenario of chosen) {
    figures.push(figuresOf(await measureScenario(scenario, options, say)));
  }
  process.stdout.write(`\n${renderReport(figures)}\n\n${JSON.stringify({ figures })}\n`);
  if (options.profile !== undefined) {
    process.stdout.write(`\n${renderProfiles(options.profile)}\n`);
  }
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
  process.exitCode = 1;
}
