import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { startBrokerProcess } from "../kit/broker-process.ts";
import { makeCluster } from "../kit/cluster.ts";
import { until } from "../kit/server.ts";
import { startWorld, type World } from "../kit/world.ts";

/** How much is sent, over how many servers. */
export interface SteadyPlan {
  /** One or three. */
  readonly servers: number;
  /** Alerts a second, of all agencies together. */
  readonly rate: number;
  readonly seconds: number;
  /** Two or three, each of which reads what the others send; three unless said. */
  readonly agencies?: number;
  /** Whether the messages are made before the clock runs, and sent over links without stores: then it is the hub that is measured. */
  readonly isPrepared?: boolean;
}

/** What one agency says in the end. */
export interface AgencyTally {
  readonly sent: readonly string[];
  /** Milliseconds from when it was due until its receipt was proved; infinite for none. */
  readonly times: readonly (number | null)[];
  /** What it was brought, and how often. */
  readonly came: readonly (readonly [id: string, times: number])[];
}

/** What came of it. */
export interface SteadyReport {
  readonly sent: number;
  /** Without a receipt, or not with every other agency. */
  readonly lost: number;
  /** Brought to one agency more than once, or to one that did not have to get it. */
  readonly twice: number;
  /** Sorted. */
  readonly times: readonly number[];
  readonly tookSeconds: number;
  /** Seconds of processor time, by part. */
  readonly cpu: Readonly<Record<string, number>>;
}

function agenciesOf({ agencies = 3 }: SteadyPlan): readonly string[] {
  return ["ng/tcu", "gh/tcu", "sn/tcu"].slice(0, agencies);
}

/** One agency's gateway as a process of its own. */
class AgencyProcess {
  readonly child: ChildProcess;
  readonly agency: string;
  readonly ended: Promise<unknown>;
  #said = "";

  constructor({ home }: World, agency: string, plan: SteadyPlan) {
    this.agency = agency;
    const perSecond = String(plan.rate / agenciesOf(plan).length);
    const name = plan.isPrepared === true ? "prepared-agency.ts" : "steady-agency.ts";
    const file = join(import.meta.dirname, name);
    const args = [
      file,
      home,
      agency,
      perSecond,
      String(plan.seconds),
      String(agenciesOf(plan).length),
    ];
    this.child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
    this.child.stdout?.on("data", (data) => (this.#said += String(data)));
    this.ended = once(this.child, "close");
  }

  async says(word: string, seconds: number): Promise<void> {
    await until(`${this.agency} says ${word}`, () => {
      if (this.child.exitCode !== null) throw new Error(`${this.agency} ended before its time`);
      return this.#said.includes(`${word}\n`);
    }, seconds); // prettier-ignore
  }

  begin(): void {
    this.child.stdin?.write("\n");
  }

  /** What it was brought, once nothing more is under way. */
  async tally(): Promise<AgencyTally> {
    this.child.stdin?.end();
    await this.ended;
    return JSON.parse(this.#said.trim().split("\n").at(-1) ?? "") as AgencyTally;
  }
}

function cpuOf(pid: number | undefined): number {
  const [, rest = ""] = readFileSync(`/proc/${pid ?? 0}/stat`, "utf8").split(") ");
  const fields = rest.split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** Counts by the senders' own lists: each is to be with both others, once. */
function reckon(tallies: readonly AgencyTally[]): Pick<SteadyReport, "sent" | "lost" | "twice"> {
  const all = tallies.flatMap(({ sent }) => sent);
  let [lost, twice] = [0, 0];
  for (const { sent, came, times } of tallies) {
    const brought = new Map(came);
    const own = new Set(sent);
    lost += times.filter((ms) => ms === null || !Number.isFinite(ms)).length;
    for (const id of all) {
      const count = brought.get(id) ?? 0;
      const wanted = own.has(id) ? 0 : 1;
      if (count < wanted) lost += 1;
      if (count > wanted) twice += 1;
    }
  }
  return { sent: all.length, lost, twice };
}

/** What should not come again would within this. */
const settleMs = 2_000;

async function send(world: World, plan: SteadyPlan, pids: Readonly<Record<string, number | undefined>>): Promise<SteadyReport> {
  const running = agenciesOf(plan).map((agency) => new AgencyProcess(world, agency, plan));
  try {
    // two processors seal and sign some hundreds a second
    const patience = 120 + (plan.isPrepared === true ? (plan.rate * plan.seconds) / 100 : 0);
    await Promise.all(running.map((one) => one.says("up", patience)));
    const began = performance.now();
    for (const one of running) one.begin();
    await Promise.all(running.map((one) => one.says("sent", plan.seconds * 3 + 300)));
    const tookSeconds = (performance.now() - began) / 1_000;
    await Promise.all(running.map((one) => one.says("had", 150)));
    await new Promise((resolve) => setTimeout(resolve, settleMs));
    const parts = { ...pids, ...Object.fromEntries(running.map(({ agency, child }) => [agency, child.pid])) };
    const cpu = Object.fromEntries(Object.entries(parts).map(([name, pid]) => [name, cpuOf(pid)]));
    const tallies = await Promise.all(running.map((one) => one.tally()));
    const times = tallies.flatMap((one) => one.times.map((ms) => ms ?? Infinity)).toSorted((a, b) => a - b);
    return { ...reckon(tallies), times, tookSeconds, cpu };
  } finally {
    for (const { child } of running) child.kill("SIGKILL");
  }
} // prettier-ignore

/** Some agencies send alerts to one another at an even pace; broker, servers and gateways are processes of their own. */
export async function runSteady(plan: SteadyPlan): Promise<SteadyReport> {
  const cluster = plan.servers === 1 ? undefined : makeCluster({ gates: false });
  const world = await startWorld({ states: ["ng", "gh", "sn"], recs: ["ecowas"], ...cluster?.options });
  try {
    if (cluster !== undefined) await cluster.untilWhole(world);
    await world.stopBroker();
    const broker = await startBrokerProcess(world, {});
    try {
      const servers = cluster?.nodes.map(({ serverName, pid }) => [serverName, pid]) ?? [["server", world.server.pid]];
      return await send(world, plan, { broker: broker.pid, ...Object.fromEntries(servers) });
    } finally {
      await broker.kill();
    }
  } finally {
    await world.stop();
  }
} // prettier-ignore
