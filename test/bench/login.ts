/**
 * `npm run bench -- --login`: logins of agencies a second, mutual TLS and all, against a nats-server that asks the
 * callout about each, and against the same server without any; in turns, in one run.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { renderPem } from "../../certs/shape/index.ts";
import { verifyRegister } from "../../certs/trust/index.ts";
import { loadBrokerConfig, loadBrokerOptions } from "../../broker/index.ts";
import { silentLog, systemChance, systemClock } from "../../schemas/ground/index.ts";
import { type Ground, startBareServer, startBrokerProcess, startGround } from "./ground.ts";
import type { LoginCount, LoginOrder, LoginPair } from "./login-process.ts";
import type { BenchOptions } from "./options.ts";
import { median, type Spread, spreadOf } from "./percentile.ts";
import { cpuSecondsOf, watchOthers } from "./process-reading.ts";
import { startWorker, type Worker } from "./worker.ts";

/** One measurement: logins a second, and milliseconds of processor time a login. */
export interface LoginRun {
  readonly perSecond: number;
  readonly failed: number;
  readonly delays: Spread;
  readonly clients: number;
  readonly server: number;
  /** Of the process that the callout is a part of; 0 without one. */
  readonly broker: number;
  readonly othersCores: number;
}

/** Rounds, and what follows from them. */
export interface LoginFigures {
  readonly callout: readonly LoginRun[];
  readonly bare: readonly LoginRun[];
  readonly perSecond: number;
  readonly barePerSecond: number;
  readonly ratio: number;
  /** Logins a second that a callout with a core of its own could answer. */
  readonly ofOneCore: number;
  readonly failed: number;
}

const clients = 2;
/** Logins under way at once in each client process. */
const window = 12;

interface Place {
  readonly workers: readonly Worker[];
  readonly ca: string;
  readonly pairs: readonly LoginPair[];
  readonly seconds: number;
}

interface Target {
  readonly port: number;
  readonly server: number;
  readonly broker?: number;
}

async function measureRun(place: Place, target: Target): Promise<LoginRun> {
  const { workers, ca, pairs, seconds } = place;
  const cpu = (pid: number | undefined): number => (pid === undefined ? 0 : cpuSecondsOf(pid));
  const read = (): readonly number[] => [
    workers.reduce((sum, { pid }) => sum + cpu(pid), 0),
    cpu(target.server),
    cpu(target.broker),
  ];
  const before = read();
  const others = watchOthers();
  const order: LoginOrder = { port: target.port, ca, pairs, window, seconds };
  const began = performance.now();
  const counts = await Promise.all(workers.map((one) => one.ask<LoginCount>("logIn", order)));
  const took = (performance.now() - began) / 1000;
  const used = read().map((one, at) => one - (before[at] ?? 0));
  const done = counts.reduce((sum, one) => sum + one.done, 0);
  const each = used.map((one) => (one * 1000) / done);
  const [ofClients = 0, server = 0, broker = 0] = each;
  return {
    perSecond: done / took,
    failed: counts.reduce((sum, one) => sum + one.failed, 0),
    delays: spreadOf(counts.flatMap(({ delays }) => [...delays])),
    clients: ofClients,
    server,
    broker,
    othersCores: others(used.reduce((sum, one) => sum + one, 0)),
  };
}

/** The link credentials of every agency of the ground, and the roots that vouch for its servers. */
function readCredentials({ layout }: Ground): Pick<Place, "ca" | "pairs"> {
  const log = silentLog;
  const ground = { clock: systemClock, chance: systemChance, log };
  const { anchors, hub } = loadBrokerOptions(loadBrokerConfig(layout.brokerConfig), ground);
  const view = verifyRegister(readFileSync(layout.register), anchors);
  const agencies = view.agencies.filter(({ kind }) => kind !== "HUB");
  const pairs = agencies.map(({ agency }) => {
    const read = (name: string): string =>
      readFileSync(join(layout.gateway(agency), "keys", name), "utf8");
    return { cert: read("link.pem"), key: read("link.key") };
  });
  const roots = view.authority(hub.split("/")[0] ?? "")?.roots ?? [];
  return { ca: renderPem("CERTIFICATE", ...roots), pairs };
}

function figuresOf(callout: readonly LoginRun[], bare: readonly LoginRun[]): LoginFigures {
  const perSecond = median(callout.map((run) => run.perSecond));
  const barePerSecond = median(bare.map((run) => run.perSecond));
  return {
    callout,
    bare,
    perSecond,
    barePerSecond,
    ratio: median(callout.map((run, at) => run.perSecond / (bare[at]?.perSecond ?? Number.NaN))),
    ofOneCore: 1000 / median(callout.map(({ broker }) => broker)),
    failed: callout.reduce((sum, { failed }) => sum + failed, 0),
  };
}

/** Measures on a ground of its own. Throws when it cannot run at all. */
export async function measureLogins(
  { seconds, rounds, profile }: BenchOptions,
  say: (text: string) => void,
): Promise<LoginFigures> {
  say("making a region, starting nats-server and broker …");
  const ground = await startGround();
  const execArgv =
    profile === undefined
      ? []
      : ["--cpu-prof", `--cpu-prof-dir=${profile}`, "--cpu-prof-name=broker.cpuprofile"];
  const broker = await startBrokerProcess(ground, execArgv);
  const bareServer = await startBareServer(ground);
  const file = join(import.meta.dirname, "login-process.ts");
  const workers = Array.from({ length: clients }, () => startWorker(file, []));
  try {
    const place = { ...readCredentials(ground), workers, seconds };
    const { port, pid = 0 } = ground.server;
    const asked = { port, server: pid, broker: broker.pid };
    const bare = { port: bareServer.port, server: bareServer.pid ?? 0 };
    const runs: { callout: LoginRun[]; bare: LoginRun[] } = { callout: [], bare: [] };
    say("warming up …");
    await measureRun({ ...place, seconds: 1 }, bare);
    await measureRun({ ...place, seconds: 2 }, asked);
    for (let round = 1; round <= rounds; round += 1) {
      const first = await measureRun(place, bare);
      const second = await measureRun(place, asked);
      runs.bare.push(first);
      runs.callout.push(second);
      const [without, withIt] = [first, second].map((run) => Math.round(run.perSecond));
      say(`round ${round}: without callout ${without}/s, with it ${withIt}/s`);
    }
    return figuresOf(runs.callout, runs.bare);
  } finally {
    for (const worker of workers) await worker.stop();
    await bareServer.stop();
    await broker.stop();
    await ground.stop();
  }
}

function renderRun(name: string, run: LoginRun): string {
  const cells: readonly (readonly [number, number])[] = [
    [run.perSecond, 0],
    [run.delays.p50, 1],
    [run.delays.p99, 1],
    [run.clients, 2],
    [run.server, 2],
    [run.broker, 2],
    [run.othersCores, 2],
    [run.failed, 0],
  ];
  return name.padEnd(18) + cells.map(([value, digits]) => value.toFixed(digits).padStart(9)).join("");
} // prettier-ignore

/** A line a run, one of what follows, and one of JSON. */
export function renderLogins(figures: LoginFigures): string {
  const heads = ["/s", "p50 ms", "p99 ms", "clients", "server", "callout", "others'", "failed"];
  const { perSecond, ratio, ofOneCore, failed } = figures;
  return `${[
    `logins`.padEnd(18) + heads.map((head) => head.padStart(9)).join(""),
    ...figures.bare.map((run) => renderRun("without callout", run)),
    ...figures.callout.map((run) => renderRun("with callout", run)),
    `clients, server, callout: ms of processor time a login`,
    `${perSecond.toFixed(0)} logins/s = ${ratio.toFixed(2)} of the same without a callout; failed ${failed}`,
    `a callout with a core of its own: ${ofOneCore.toFixed(0)}/s (wanted: 150)`,
    JSON.stringify({ logins: figures }),
  ].join("\n")}\n`;
}
