import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { exampleInstant, exampleOf, shiftInstants } from "../../schemas/examples/index.ts";
import { intakeStreamOf } from "../../schemas/index.ts";
import { startBrokerProcess } from "../kit/broker-process.ts";
import { usualHubLimits } from "../kit/hub-limits.ts";
import { until } from "../kit/server.ts";
import { startWorld, type World } from "../kit/world.ts";
import type { FloodPlan, FloodTally } from "./flood.ts";

/** What is tried, and with how many alerts of somebody else meanwhile. */
export interface StormPlan extends FloodPlan {
  readonly alerts: number;
  /** Milliseconds between two alerts. */
  readonly everyMs: number;
  /** Whether the broker is a process of its own, as in service; its counts are then not seen. */
  readonly isApart?: boolean;
  /** Whether the flood goes on until the hub shut it out, however long that takes after the alerts. */
  readonly isToTheEnd?: boolean;
}

/** What came of it. */
export interface StormReport {
  /** Milliseconds from handing an alert in until it is proved at its reader, sorted; before the storm and in it. */
  readonly calm: readonly number[];
  readonly storm: readonly number[];
  /** Alerts of others that never came. */
  readonly lost: number;
  /** What the flooding agency sent, and what the hub held back of it or refused. */
  readonly heldBack: number;
  readonly refused: number;
  /** How often the hub shut it out; not of a broker that is apart. */
  readonly paused: number;
  /** What it could send, how often its connection was closed, and its login refused. */
  readonly tally: FloodTally;
  /** Of the alerts in the storm, how many came before the flood was over. */
  readonly servedMeanwhile: number;
  /** Megabytes the server's process grew by, at its most. */
  readonly serverGrewMb: number;
  /** Seconds of processor time of server and broker, before the storm and in it; nothing of a broker that is not apart. */
  readonly calmCpu: number;
  readonly stormCpu: number;
  /** The most that waited at the hub of the flooding agency, and of any other. */
  readonly floodWaited: number;
  readonly othersWaited: number;
}

const flooder = "ng/tcu";
const sender = "gh/tcu";
const reader = "sn/tcu";

/** The value of a share of all, such as 0.99. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

function alert(): unknown {
  const { body, inner, crimes } = exampleOf("alert.incident");
  const by = Date.now() - exampleInstant;
  return { type: "alert.incident", recs: ["ecowas"], crimes, handling: "H1", inner: shiftInstants(inner, by), body: shiftInstants(body, by) };
} // prettier-ignore

function residentMb(pid: number | undefined): number {
  const status = readFileSync(`/proc/${pid ?? 0}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
}

/** Seconds of processor time that processes have used; the kernel counts hundredths. */
function cpuOf(pids: readonly (number | undefined)[]): number {
  const ticks = pids.map((pid) => {
    const [, rest = ""] = readFileSync(`/proc/${pid ?? 0}/stat`, "utf8").split(") ");
    const fields = rest.split(" ");
    return Number(fields[11]) + Number(fields[12]);
  });
  return ticks.reduce((sum, one) => sum + one, 0) / 100;
}

let keys = 0;

interface Told {
  /** When each came, by id. */
  readonly came: ReadonlyMap<string, number>;
  /** When each was handed in. */
  readonly sent: ReadonlyMap<string, number>;
  readonly lost: number;
}

const waitMs = 200_000;

/** Hands alerts in at their pace, and waits until each is proved at its reader. */
async function sendAlerts(world: World, { alerts, everyMs }: StormPlan): Promise<Told> {
  const [from, to] = [await world.gateway(sender), await world.gateway(reader)];
  const [came, sent] = [new Map<string, number>(), new Map<string, number>()];
  const stop = to.exchange.watch(({ id, state }) => {
    if (state === "VERIFIED" && !came.has(id)) came.set(id, performance.now());
  });
  for (let at = 0; at < alerts; at += 1) {
    const began = performance.now();
    keys += 1;
    const { id } = await from.exchange.submit(alert(), `storm ${keys}`);
    sent.set(id, began);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
  const open = (): number => [...sent.keys()].filter((id) => !came.has(id)).length;
  const end = performance.now() + waitMs;
  await until("the alerts came", () => open() === 0 || performance.now() > end, 300);
  stop();
  return { came, sent, lost: open() };
}

function timesOf({ came, sent }: Told): readonly number[] {
  return [...sent].map(([id, at]) => (came.get(id) ?? Infinity) - at).toSorted((a, b) => a - b);
}

interface Flooding {
  /** Its connections that say nothing stand, and it begins to send. */
  readonly begun: Promise<unknown>;
  /** It noticed that the hub closed its connection, or it is over. */
  readonly closed: Promise<unknown>;
  /** All is sent, or it was told to end. */
  readonly over: Promise<FloodTally>;
  end(): void;
}

/** The flooding agency as a process of its own. */
function startFlood({ home, url, rootsPem }: World, plan: FloodPlan): Flooding {
  const args = [join(import.meta.dirname, "flooder.ts"), home, url, flooder, JSON.stringify(plan)];
  const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
  let said = "";
  const { promise: shut, resolve } = Promise.withResolvers<undefined>();
  child.stdout.on("data", (data) => {
    said += String(data);
    if (said.includes("closed\n")) resolve(undefined);
  });
  child.stdin.end(rootsPem);
  const run = async (): Promise<FloodTally> => {
    const [code] = (await once(child, "close")) as [number | null];
    if (code !== 0) throw new Error("the flood ended before its time");
    return JSON.parse(said.trim().split("\n").at(-1) ?? "") as FloodTally;
  };
  const over = run();
  const begun = Promise.race([once(child.stdout, "data"), over]);
  return { begun, closed: Promise.race([shut, over]), over, end: () => void child.kill("SIGTERM") };
}

interface Peaks {
  residentMb: number;
  floodWaited: number;
  othersWaited: number;
}

/** Looks at the server a few times a second until `isOver`; the most of each counts. */
async function watchServer(world: World, isOver: () => boolean): Promise<Peaks> {
  const { jetStream } = world.desk;
  const peaks: Peaks = { residentMb: 0, floodWaited: 0, othersWaited: 0 };
  const others = [sender, reader].map(intakeStreamOf);
  while (!isOver()) {
    const waits = async (stream: string): Promise<number> =>
      (await jetStream.stream(stream))?.messages ?? 0;
    peaks.residentMb = Math.max(peaks.residentMb, residentMb(world.server.pid));
    peaks.floodWaited = Math.max(peaks.floodWaited, await waits(intakeStreamOf(flooder)));
    const waiting = await Promise.all(others.map(waits));
    peaks.othersWaited = Math.max(peaks.othersWaited, ...waiting);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return peaks;
}

/** What of its own counts the broker of this process says; nothing of one that runs apart. */
function countsOf(
  world: World,
  { isApart }: StormPlan,
): Pick<StormReport, "heldBack" | "refused" | "paused"> {
  if (isApart === true) return { heldBack: 0, refused: 0, paused: 0 };
  const { heldBack, refused, paused } = world.broker.status();
  return { heldBack, refused, paused };
}

async function storm(world: World, plan: StormPlan, brokerPid?: number): Promise<StormReport> {
  const { pid } = world.server;
  const pids = brokerPid === undefined ? [pid] : [pid, brokerPid];
  // the first message to an audience shares its key; that is not measured
  await sendAlerts(world, { ...plan, alerts: 2 });
  const start = cpuOf(pids);
  const calm = await sendAlerts(world, plan);
  const middle = cpuOf(pids);
  const before = residentMb(pid);
  const flooding = startFlood(world, plan);
  await flooding.begun;
  let floodEnded = Infinity;
  const over = flooding.over.finally(() => (floodEnded = performance.now()));
  const watching = watchServer(world, () => floodEnded < Infinity);
  const meanwhile = await sendAlerts(world, plan);
  if (plan.isToTheEnd === true) await flooding.closed;
  // whoever is shut out has not sent all by then
  flooding.end();
  const tally = await over;
  const { residentMb: most, floodWaited, othersWaited } = await watching;
  const servedMeanwhile = [...meanwhile.came.values()].filter((at) => at < floodEnded).length;
  return {
    calm: timesOf(calm),
    storm: timesOf(meanwhile),
    lost: calm.lost + meanwhile.lost,
    ...countsOf(world, plan),
    tally,
    servedMeanwhile,
    calmCpu: middle - start,
    stormCpu: cpuOf(pids) - middle,
    serverGrewMb: Math.round(most - before),
    floodWaited,
    othersWaited,
  };
}

/** One agency floods the hub of a made region while another sends alerts to a third. */
export async function runStorm(plan: StormPlan): Promise<StormReport> {
  const world = await startWorld({
    states: ["ng", "gh", "sn"],
    refusalsBurst: usualHubLimits.refusalsBurst,
  });
  try {
    if (plan.isApart !== true) return await storm(world, plan);
    await world.stopBroker();
    const broker = await startBrokerProcess(world, {});
    try {
      return await storm(world, plan, broker.pid);
    } finally {
      await broker.kill();
    }
  } finally {
    await world.stop();
  }
}
