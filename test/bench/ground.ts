import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { type Layout, makeLayout } from "../../deploy/local/layout.ts";
import { type PlannedAgency, planRegion, type RegionPlan } from "../../deploy/local/plan.ts";
import { makeRegion } from "../../deploy/local/region.ts";
import { systemChance } from "../../schemas/ground/index.ts";
import { freePort, natsServerBinary, type Server, startServer, until } from "../kit/server.ts";
import { atExit } from "./at-exit.ts";

const root = join(import.meta.dirname, "../..");
const memberSince = Date.UTC(2025, 0, 29);
const model = "gh/tcu";

/** Who sends, and the five who may read its alerts; the first of them reads the bulletins. */
export const sendingAgency = "ng/tcu";
export const readingAgencies = ["gh/tcu", "sn/tcu", "ci/tcu", "tg/tcu", "ecowas/centre"] as const;

/** A region with exactly five readers of an alert: two states get a unit like Ghana's beside the plan's own. */
function planBenchRegion(): RegionPlan {
  const plan = planRegion(memberSince, {
    states: ["ng", "gh", "sn", "ci", "tg"],
    recs: ["ecowas"],
  });
  const found = plan.agencies.find(({ agency }) => agency === model);
  if (found === undefined) throw new Error("the plan has no model agency");
  const more = ["ci", "tg"].map((authority): PlannedAgency => ({
    ...found,
    agency: `${authority}/tcu`,
    authority,
  }));
  const mandates = plan.mandates.filter(({ agency }) => agency === model);
  return {
    ...plan,
    agencies: [...plan.agencies, ...more],
    mandates: [
      ...plan.mandates,
      ...more.flatMap(({ agency }) => mandates.map((mandate) => ({ ...mandate, agency }))),
    ],
  };
}

/** A region on disk with its server running; the broker is started on it. */
export interface Ground {
  readonly layout: Layout;
  readonly server: Server;
  /** Stops what was started here and removes the folder. */
  stop(): Promise<void>;
}

/** A program of ours that runs on a ground. */
export interface Running {
  readonly pid: number;
  stop(): Promise<void>;
}

function renderServer(layout: Layout): void {
  const args = [join(root, "broker/main.ts"), "render", "--config", layout.brokerConfig];
  const rendered = spawnSync(process.execPath, args, { encoding: "utf8" });
  if (rendered.status !== 0) throw new Error(rendered.stderr);
}

/** A server that does not outlive us. */
async function startOwnServer(config: string, port: number): Promise<Server> {
  const server = await startServer(config, port);
  const { pid } = server;
  const callOff = atExit(() => {
    if (pid !== undefined) process.kill(pid, "SIGKILL");
  });
  return {
    ...server,
    pid,
    stop: async () => {
      callOff();
      await server.stop();
    },
  };
}

/** Makes a region in a folder of its own and starts its server: `sync_interval: always`, one replica. */
export async function startGround(): Promise<Ground> {
  const layout = makeLayout(mkdtempSync(join(tmpdir(), "atumpan-bench-")));
  const removeFolder = (): void => rmSync(layout.home, { recursive: true, force: true });
  const callOff = atExit(removeFolder);
  const remove = (): void => {
    callOff();
    removeFolder();
  };
  try {
    const base = await freePort();
    const ports = { base, host: "127.0.0.1", natsServer: natsServerBinary() };
    const ground = { now: Date.now(), chance: systemChance, from: memberSince, ports };
    await makeRegion(planBenchRegion(), layout, ground);
    renderServer(layout);
    const server = await startOwnServer(layout.serverConfig, base);
    return {
      layout,
      server,
      stop: async () => {
        await server.stop();
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}

/** Starts the broker of a ground and waits until it judges by its register. `execArgv` goes to Node. */
export async function startBrokerProcess(
  { layout }: Ground,
  execArgv: readonly string[],
): Promise<Running> {
  const logFile = join(layout.logs, "broker.log");
  const log = openSync(logFile, "a");
  const file = join(root, "broker/main.ts");
  const args = [...execArgv, file, "run", "--config", layout.brokerConfig];
  const child: ChildProcess = spawn(process.execPath, args, { stdio: ["ignore", log, log] });
  const ended = once(child, "exit");
  const callOff = atExit(() => child.kill("SIGKILL"));
  await until("the broker judges by its register", () => {
    const text = readFileSync(logFile, "utf8");
    if (child.exitCode !== null) throw new Error(`the broker ended: ${text}`);
    return text.includes("register in force");
  });
  return {
    pid: child.pid ?? 0,
    stop: async () => {
      callOff();
      child.kill("SIGTERM");
      await ended;
    },
  };
}

/** A second server of the same binary on the same disk, with TLS and durability as the region's, and nothing else. */
export async function startBareServer({ layout }: Ground): Promise<Server> {
  const port = await freePort();
  const store = join(layout.home, "bare");
  mkdirSync(store);
  const config = join(store, "bare.conf");
  const at = (...path: string[]): string => JSON.stringify(join(layout.hub, ...path));
  writeFileSync(
    config,
    `listen: "127.0.0.1:${port}"
jetstream { store_dir: ${JSON.stringify(store)}, sync_interval: always }
tls {
  cert_file: ${at("keys", "server.pem")}, key_file: ${at("keys", "server.key")}
  ca_file: ${at("clients.pem")}, verify: true, handshake_first: true, min_version: "1.3"
}
`,
  );
  return await startOwnServer(config, port);
}
