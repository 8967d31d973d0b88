/**
 * `node test/load/mixed.ts FOLDER`: a region on three servers, made and begun by the program under FOLDER (a checkout of the version
 * before, with its packages), goes over to this one while three gateways send to one another all the time: gateway by gateway,
 * then the broker, and all of it back again, each gateway's store as it was before its upgrade (T-29, F27). Each gateway sends
 * nothing new before it ends, and waits for the hub's answers, as an operator has it do. In the end each message that anybody was
 * given an id for is held, proved, once by every other; else it ends with 1.
 *
 * `node test/load/mixed.ts FOLDER short`: one server; a gateway of the version before and one of this send to each other, through the
 * broker of the version before and then through this one's.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join, resolve } from "node:path";

import { until } from "../kit/server.ts";

const [folder = "", form] = process.argv.slice(2);
const isShort = form === "short";
const [before, now] = [resolve(folder), resolve(import.meta.dirname, "../..")];
const { makeCluster } = (await import(join(before, "test/kit/cluster.ts"))) as typeof import("../kit/cluster.ts"); // prettier-ignore
const { startWorld } = (await import(join(before, "test/kit/world.ts"))) as typeof import("../kit/world.ts"); // prettier-ignore
const chosen = isShort ? ["ng", "gh"] : ["ng", "gh", "sn"];
const agencies = chosen.map((state) => `${state}/tcu`);
const perSecond = "5";

interface Told {
  readonly sent: readonly string[];
  readonly states: readonly (readonly [id: string, state: string])[];
  readonly inbox: number;
  readonly quarantined: number;
}

class Part {
  readonly child: ChildProcess;
  readonly name: string;
  said = "";

  constructor(root: string, args: readonly string[]) {
    const file = join(import.meta.dirname, "mixed-process.ts");
    this.name = args.join(" ");
    this.child = spawn(process.execPath, [file, root, ...args], { stdio: ["pipe", "pipe", "inherit"] });
    this.child.stdout?.on("data", (data) => (this.said += String(data)));
  } // prettier-ignore

  async up(): Promise<this> {
    await until(`${this.name} is up`, () => {
      if (this.child.exitCode !== null) throw new Error(`${this.name} ended before its time`);
      return this.said.includes("up\n");
    });
    return this;
  }

  /** Ends it by a line, or by the end of its input; what it says last. */
  async end(line?: string): Promise<Told> {
    const ended = once(this.child, "close");
    if (line === undefined) this.child.stdin?.end();
    else this.child.stdin?.write(`${line}\n`);
    await ended;
    if (this.child.exitCode !== 0) throw new Error(`${this.name} ended with ${this.child.exitCode}`);
    const last = this.said.trim().split("\n").at(-1) ?? "";
    return last.startsWith("{") ? (JSON.parse(last) as Told) : { sent: [], states: [], inbox: 0, quarantined: 0 };
  } // prettier-ignore
}

const cluster = isShort ? undefined : makeCluster({ gates: false });
const world = await startWorld({ states: chosen, recs: ["ecowas"], ...cluster?.options });
const { home } = world;
const running = new Map<string, Part>();
const sent = new Map<string, string>();
const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

async function begin(agency: string, root: string): Promise<void> {
  running.set(agency, await new Part(root, ["gateway", home, agency, perSecond]).up());
}

async function stop(agency: string): Promise<void> {
  const told = await running.get(agency)?.end("");
  running.delete(agency);
  for (const id of told?.sent ?? []) sent.set(id, agency);
}

async function changeBroker(root: string): Promise<void> {
  await running.get("broker")?.end();
  running.set("broker", await new Part(root, ["broker", home]).up());
}

/** Every agency's last word on what all the others sent, by the program that its store is of. */
async function reckon(rootOf: (agency: string) => string): Promise<{ readonly lost: number; readonly twice: number; readonly invalid: number }> {
  let [lost, twice, invalid] = [0, 0, 0];
  for (const agency of agencies) {
    const others = [...sent].filter(([, of]) => of !== agency).map(([id]) => id);
    const part = await new Part(rootOf(agency), ["gateway", home, agency, "0"]).up();
    const { states, inbox, quarantined } = await part.end(JSON.stringify(others));
    lost += states.filter(([, state]) => state === "NONE").length;
    const wrong = states.filter(([, state]) => state !== "VERIFIED" && state !== "NONE");
    invalid += wrong.length + quarantined;
    twice += Math.max(0, inbox - others.length);
    if (wrong.length > 0) console.log(`${agency}: ${[...new Set(wrong.map(([, state]) => state))].join(" ")}`);
  }
  return { lost, twice, invalid };
} // prettier-ignore

async function goThereAndBack(): Promise<void> {
  for (const agency of agencies) await begin(agency, before);
  await pause(3_000);
  for (const agency of agencies) {
    await stop(agency);
    await begin(agency, now);
    await pause(3_000);
  }
  console.log(`all gateways are of this version, the broker of the one before; ${sent.size} sent`);
  await changeBroker(now);
  await pause(5_000);
  console.log(`all is of this version`);
  for (const agency of agencies) {
    await stop(agency);
    const { version } = (await new Part(before, ["rollback", home, agency]).end()) as unknown as { version?: number };
    await begin(agency, before);
    await pause(3_000);
    console.log(`${agency} is of the version before again, ${version === undefined ? "with the same store" : `with its store of before version ${version}`}`);
  }
  await changeBroker(before);
  await pause(5_000);
} // prettier-ignore

/** The first stays of the version before. */
async function meet(): Promise<void> {
  await Promise.all(agencies.map((agency, at) => begin(agency, at === 0 ? before : now)));
  await pause(1_000);
  await changeBroker(now);
  await pause(1_000);
}

process.exitCode = 1;
try {
  if (cluster !== undefined) await cluster.untilWhole(world);
  await world.stopBroker();
  await changeBroker(before);
  await (isShort ? meet() : goThereAndBack());
  await Promise.all(agencies.map(stop));
  const { lost, twice, invalid } = await reckon((agency) => (isShort && agency !== agencies[0] ? now : before));
  console.log(`${sent.size} sent; lost ${lost}, twice ${twice}, invalid ${invalid}`);
  process.exitCode = lost + twice + invalid === 0 && new Set(sent.values()).size === agencies.length ? 0 : 1;
} finally {
  for (const { child } of running.values()) child.kill("SIGKILL");
  await world.stop();
} // prettier-ignore
