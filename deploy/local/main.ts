/**
 * `npm start`: the whole fictional region on this machine. Makes it the first time, starts nats-server, the
 * broker and the gateways, keeps them running, and stops them cleanly at Ctrl-C. `--without gh` starts no gateway of
 * that country; `--hubs 2` gives East Africa a hub of its own, with a relay between the two. State stands in `.atumpan` (or ATUMPAN_HOME); ports begin at 7400 (or ATUMPAN_PORT).
 * ATUMPAN_STATES=ng,gh makes a smaller region, of these states and all communities.
 */
import { spawnSync } from "node:child_process";
import { existsSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";

import { withRegisterLock } from "../../certs/authority/index.ts";
import { Fault, systemChance, systemClock, toFault } from "../../schemas/ground/index.ts";
import { startListeningWitness } from "../witness/index.ts";
import { askGateway, isAnswering } from "./answering.ts";
import { parseHubs, parseStartChoice, type StartChoice } from "./choice.ts";
import { saveGatewayList } from "./configs.ts";
import { sendExamples } from "./examples.ts";
import { type Layout, makeLayout, secondLayout } from "./layout.ts";
import { endLeftovers } from "./leftovers.ts";
import { takeLock } from "./lock.ts";
import { renderNextSteps } from "./next-steps.ts";
import { openOffices } from "./offices.ts";
import { planRegion, type RegionPlan } from "./plan.ts";
import { keepProcess, type KeptProcess } from "./process.ts";
import { renderMissing, type StartedGateway, waitForGateways } from "./readiness.ts";
import { openRegion, renewLists } from "./region.ts";
import { withSecondHub } from "./second-hub.ts";
import type { Offices } from "./register.ts";
import { tendRegion } from "./renewals.ts";

const root = join(import.meta.dirname, "../..");
const home = resolve(process.env["ATUMPAN_HOME"] ?? ".atumpan");
const base = Number(process.env["ATUMPAN_PORT"] ?? "7400");
const states = process.env["ATUMPAN_STATES"]?.split(",");
const natsServer = process.env["ATUMPAN_NATS_SERVER"] ?? "nats-server";
const clock = systemClock;
const layout = makeLayout(home);
/** 29 January 2025: since then the memberships are as the plan has them. */
const memberSince = 1_738_108_800_000;
const halfDayMs = 43_200_000;
const minuteMs = 60_000;
const patienceSeconds = 60;
/** Costs a tenth of the speed and saves 130 MB: 42 agencies in one process are to fit a small machine. */
const smallYoungGeneration = "--max-semi-space-size=4";

function say(text: string): void {
  process.stdout.write(`atumpan: ${text}\n`);
}

async function waitFor(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < patienceSeconds * 10; tries += 1) {
    if (await holds()) return;
    await clock.sleep(100);
  }
  throw new Fault("HUB_SERVER_FAILED", `${what} did not come up; see ${layout.logs}`);
}

const pids: Record<string, number> = {};

/** For operators, and for the tests that kill: which process is which. */
function savePid(name: string, pid: number): void {
  pids[name] = pid;
  writeFileSync(`${layout.processes}.new`, `${JSON.stringify(pids, null, 2)}\n`);
  renameSync(`${layout.processes}.new`, layout.processes);
}

function keep(name: string, command: string, args: readonly string[]): KeptProcess {
  return keepProcess({
    name,
    command,
    args,
    logFile: join(layout.logs, `${name}.log`),
    clock,
    say,
    onStart: (pid) => savePid(name, pid),
  });
}

function renderServer({ brokerConfig }: Layout): void {
  const args = [join(root, "broker/main.ts"), "render", "--config", brokerConfig];
  const rendered = spawnSync(process.execPath, args, { encoding: "utf8" });
  if (rendered.status !== 0) throw new Fault("CONFIG_INVALID", rendered.stderr.trim());
}

/** The offices' work, one act after another: each makes the next register of the one before. */
function tendOffices(offices: Offices, { agencies, hub, second: other }: RegionPlan): void {
  const second = other && { agency: other.hub, home: secondLayout(layout).hub };
  let working: Promise<void> = Promise.resolve();
  const inTurn = (what: string, act: () => Promise<void>): void => {
    working = working.then(act).catch((error: unknown) => {
      say(`${what}: ${toFault(error, "INTERNAL").detail}`);
    });
  };
  // an officer may have revoked somebody meanwhile: an office works on by what its folder says now
  const withOffices = async (act: (fresh: Offices) => Promise<void>): Promise<void> => {
    const ground = { now: clock.now(), chance: systemChance };
    await withRegisterLock(layout.register, async () => {
      const fresh = await openOffices(layout, [...offices.all.keys()], ground);
      try {
        await act(fresh);
      } finally {
        for (const { journal } of fresh.all.values()) journal.stop();
      }
    });
  };
  const names = agencies.map(({ agency }) => agency);
  const told = new Set<string>();
  const renew = async (): Promise<void> => {
    const ground = { now: clock.now(), chance: systemChance };
    const refused: Awaited<ReturnType<typeof tendRegion>>[number][] = [];
    await withOffices(async (fresh) => {
      refused.push(
        ...(await tendRegion({ layout, offices: fresh, agencies: names, hub, second }, ground)),
      );
    });
    for (const { file, code, detail } of refused) {
      if (!told.has(`${file} ${code}`)) say(`${file} was refused: ${code}: ${detail}`);
      told.add(`${file} ${code}`);
    }
  };
  clock.every(halfDayMs, () =>
    inTurn("revocation lists were not renewed", () =>
      withOffices((fresh) => renewLists(layout, fresh, clock.now())),
    ),
  );
  clock.every(minuteMs, () => inTurn("certificates were not renewed", renew));
}

/** Waits until all answer and have their links; now and then says who does not, for as long as it takes. */
async function waitForAll(gateways: readonly StartedGateway[]): Promise<void> {
  for (;;) {
    const ways = { clock, ask: askGateway, say, patienceMs: patienceSeconds * 1000 };
    const missing = renderMissing(await waitForGateways(gateways, ways));
    if (missing === "") return;
    say(`${missing}; the others can be used. See ${layout.logs}; waiting on …`);
  }
}

/** The APIs' ports are handed out over all that is planned, whoever runs. */
function listStarted(plan: RegionPlan, { running }: StartChoice): readonly StartedGateway[] {
  return plan.agencies
    .map(({ agency }, at) => ({ agency, port: base + 1 + at }))
    .filter(({ agency }) => running.some((one) => one.agency === agency));
}

interface Welcome {
  readonly isNew: boolean;
  readonly hubs: 1 | 2;
  readonly gateways: readonly StartedGateway[];
}

/** The first messages of a new region, and what can be done with it. */
async function welcome({ running, leftOut }: StartChoice, { isNew, hubs, gateways }: Welcome): Promise<void> {
  if (isNew) {
    const folder = join(root, "deploy/local/examples");
    const names = running.map(({ agency }) => agency);
    const sent = await sendExamples({ layout, folder, running: names });
    say(`${sent} fictional messages are on their way`);
  }
  const where = relative(process.cwd(), home) || home;
  const desk = gateways.find(({ agency }) => agency === "gh/tcu") ?? gateways[0];
  process.stdout.write(renderNextSteps({ agencies: running.length, hubs, leftOut, home: where, desk }));
} // prettier-ignore

/** It would be elsewhere, run by somebody who does not trust the hub; here it costs no process of its own, and nobody waits for it. */
async function startWitness(at: { host: string; port: number }): Promise<readonly Pick<KeptProcess, "stop">[]> {
  if (!existsSync(layout.witness)) return [];
  try {
    return [await startListeningWitness(layout.witness, { clock, at, say })];
  } catch (error) {
    say(`no witness runs: ${toFault(error, "INTERNAL").message}`);
    return [];
  }
} // prettier-ignore

function node(name: string, file: string, args: readonly string[]): KeptProcess {
  return keep(name, process.execPath, [smallYoungGeneration, join(root, file), ...args]);
}

/** One hub's place, port, and what its two processes are called. */
interface StartedHub {
  readonly place: Layout;
  readonly port: number;
  readonly names: { readonly server: string; readonly broker: string };
}

/** The server of one hub, and its broker once it answers. What runs is put to what is stopped as soon as it does. */
async function startHub(running: Pick<KeptProcess, "stop">[], { place, port, names }: StartedHub): Promise<void> {
  renderServer(place);
  running.push(keep(names.server, natsServer, ["-c", place.serverConfig]));
  await waitFor(names.server, () => isAnswering(port));
  running.push(node(names.broker, "broker/main.ts", ["run", "--config", place.brokerConfig]));
} // prettier-ignore

function planStart(hubs: 1 | 2): RegionPlan {
  const plan = planRegion(memberSince, states === undefined ? {} : { states });
  return hubs === 1 ? plan : withSecondHub(plan, memberSince);
}

async function start(running: Pick<KeptProcess, "stop">[]): Promise<void> {
  const hubs = parseHubs(process.argv.slice(2));
  const plan = planStart(hubs);
  const choice = parseStartChoice(process.argv.slice(2), plan);
  // after the APIs of all that are planned
  const log = base + 1 + plan.agencies.length;
  const second = log + 2;
  const ports = { base, host: "127.0.0.1", natsServer, log, witness: log + 1, second };
  const left = await endLeftovers(layout, clock);
  if (left > 0) say(`ended ${left} processes that an earlier start left behind`);
  if (await isAnswering(base)) {
    throw new Fault("CONFIG_INVALID", `port ${base} is taken; set ATUMPAN_PORT to another`);
  }
  if (!existsSync(layout.ready)) {
    say(`making keys and certificates for ${plan.agencies.length} agencies (once, some seconds) …`);
  }
  const ground = { now: clock.now(), chance: systemChance, from: memberSince, ports };
  const { isNew, offices } = await openRegion(plan, layout, ground);
  saveGatewayList(
    layout,
    choice.running.map(({ agency }) => agency),
  );
  const more = existsSync(layout.witness) ? ", gateways and a witness" : " and gateways";
  say(`starting nats-server, broker${more} …`);
  running.push(...(await startWitness({ host: ports.host, port: ports.witness })));
  await startHub(running, {
    place: layout,
    port: base,
    names: { server: "nats-server", broker: "broker" },
  });
  if (plan.second !== undefined) {
    const names = { server: "nats-server-two", broker: "broker-two" };
    await startHub(running, { place: secondLayout(layout), port: second, names });
  }
  running.push(node("gateways", "gateways/main.ts", ["--config", layout.gatewaysConfig]));
  tendOffices(offices, plan);
  const gateways = listStarted(plan, choice);
  await waitForAll(gateways);
  await welcome(choice, { isNew, hubs, gateways });
}

async function stop(running: readonly Pick<KeptProcess, "stop">[]): Promise<void> {
  say("stopping …");
  for (const kept of running.toReversed()) await kept.stop();
  rmSync(layout.processes, { force: true });
  say("stopped; npm start goes on where it was");
}

const asked = new Promise<void>((resolve_) => {
  // SIGHUP: the terminal was closed; what runs is not to go on without it
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.on(signal, () => resolve_());
});
const running: Pick<KeptProcess, "stop">[] = [];
try {
  const unlock = takeLock(layout.lock);
  // Timers of the clock do not keep a process alive; this does until it is closed.
  const { port1: alive } = new MessageChannel();
  alive.ref();
  try {
    await Promise.race([start(running), asked]);
    await asked;
  } finally {
    await stop(running);
    alive.close();
    unlock();
  }
  process.exit(0);
} catch (error) {
  say(toFault(error, "INTERNAL").message);
  process.exit(1);
}
