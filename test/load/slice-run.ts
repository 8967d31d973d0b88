import { readFileSync, statSync } from "node:fs";

import { streamConfigs } from "../../broker/nats/index.ts";
import { type RawAgency, rawAgency } from "../kit/agency.ts";
import { startBrokerProcess } from "../kit/broker-process.ts";
import { forge } from "../kit/forge.ts";
import { editRegister, readRegister, replaceRegister } from "../kit/register-edit.ts";
import { until } from "../kit/server.ts";
import { startWorld, type World } from "../kit/world.ts";
import { planSlice, type SliceSize } from "./slice-plan.ts";

/** What was seen of one size. Times are milliseconds, memory megabytes. */
export interface SliceFigures extends SliceSize {
  readonly streams: number;
  readonly registerBytes: number;
  readonly serverIdleMb: number;
  readonly serverMb: number;
  readonly brokerIdleMb: number;
  readonly brokerMb: number;
  /** From nothing to every consumer, by a broker that starts. */
  readonly consumersMs: number;
  readonly loginsMs: number;
  /** From the new file to a consumer's change at the server. */
  readonly registerMs: number;
  readonly messages: number;
  readonly messagesMs: number;
  /** What a message leaves on the server's disk: in its feed, as a receipt, and in the log. */
  readonly feedBytes: number;
  readonly receiptBytes: number;
  readonly logBytes: number;
  readonly brokerCpuMs: number;
  readonly serverCpuMs: number;
  readonly lost: number;
}

/** So many agencies send; more senders than that gain nothing at two processors. */
const senders = 6;
const batch = 50;
const patienceSeconds = 600;

function residentMb(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Math.round((Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024) * 10) / 10;
}

/** The kernel counts hundredths. */
function cpuMs(pid: number): number {
  const [, rest = ""] = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ");
  const fields = rest.split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

function streamsOf(recs: readonly string[]): readonly string[] {
  const feeds = streamConfigs(recs).map(({ name }) => name);
  return feeds.filter((name) => name.startsWith("FEED_") || ["DIRECT", "RECEIPTS"].includes(name));
}

async function countConsumers({ desk }: World, streams: readonly string[]): Promise<number> {
  // asked seldom: who counts is not to be what is measured
  await new Promise((resolve) => setTimeout(resolve, 200));
  const counts = await Promise.all(streams.map(async (name) => (await desk.jetStream.consumers(name)).length));
  return counts.reduce((sum, one) => sum + one, 0);
} // prettier-ignore

async function deleteConsumers({ desk }: World, streams: readonly string[]): Promise<void> {
  for (const stream of streams) {
    for (const consumer of await desk.jetStream.consumers(stream)) await desk.jetStream.deleteConsumer(stream, consumer); // prettier-ignore
  }
}

async function timed<T>(act: () => Promise<T>): Promise<readonly [T, number]> {
  const began = performance.now();
  const made = await act();
  return [made, Math.round(performance.now() - began)];
}

/** Every agency logs in, sixteen at a time: TLS, callout and all. */
async function logAllIn(world: World): Promise<readonly RawAgency[]> {
  const all: RawAgency[] = [];
  const agencies = world.plan.agencies.map(({ agency }) => agency);
  for (let at = 0; at < agencies.length; at += 16) {
    all.push(...(await Promise.all(agencies.slice(at, at + 16).map((agency) => rawAgency(world, agency)))));
  }
  return all;
} // prettier-ignore

/** In which communities an agency may publish what the kit forges. */
function scopesOf({ plan }: World, agency: string): readonly string[] {
  const own = plan.mandates.filter((one) => one.agency === agency && one.action === "PUBLISH" && one.scope !== "direct"); // prettier-ignore
  return [...new Set(own.map(({ scope }) => scope))];
}

interface Sent {
  readonly lost: number;
  readonly ms: number;
}

/** Signed beforehand, so that the time is the hub's; spread over the feeds that each sender may publish in. */
async function sendAll(world: World, all: readonly RawAgency[], messages: number): Promise<Sent> {
  const chosen = all.slice(0, senders);
  const each = Math.ceil(messages / chosen.length);
  const made = chosen.map((raw) => {
    const scopes = scopesOf(world, raw.agency);
    return Array.from({ length: each }, (_, at) => forge(raw.signer, { envelope: { recs: [scopes[at % scopes.length] ?? "ecowas"] } }));
  });
  let lost = 0;
  const send = async (raw: RawAgency, own: readonly ReturnType<typeof forge>[]): Promise<void> => {
    for (let at = 0; at < own.length; at += batch) {
      const outcomes = await raw.sendAll(own.slice(at, at + batch));
      lost += outcomes.filter(({ kind }) => kind !== "accepted").length;
    }
  };
  const [, ms] = await timed(() => Promise.all(chosen.map((raw, at) => send(raw, made[at] ?? []))));
  return { lost, ms };
} // prettier-ignore

/** Bytes that streams hold for each message of the feeds. */
async function weigh({ desk }: World, names: readonly string[], messages: number): Promise<number> {
  const held = await Promise.all(names.map(async (name) => (await desk.jetStream.stream(name))?.bytes ?? 0));
  return Math.round(held.reduce((sum, one) => sum + one, 0) / messages);
} // prettier-ignore

/** One agency loses what it may do in its last feed: one consumer goes. */
async function changeRegister(world: World, count: () => Promise<number>): Promise<number> {
  const agency = world.plan.agencies.find((one) => scopesOf(world, one.agency).length > 1)?.agency ?? "";
  const scope = scopesOf(world, agency).at(-1);
  const before = await count();
  const edit = {
    region: (now: Parameters<NonNullable<Parameters<typeof editRegister>[1]["region"]>>[0]) => ({
      ...now, mandates: now.mandates.filter((one) => one.agency !== agency || one.scope !== scope),
    }),
  };
  const { layout, offices, clock } = world;
  const next = editRegister(readRegister(layout.register), edit, { offices, now: clock.now() });
  const [, ms] = await timed(async () => {
    // while the server takes in its new accounts it may answer nobody
    replaceRegister(layout.register, next);
    await until("the consumer is gone", async () => (await count().catch(() => before)) < before, patienceSeconds);
  });
  return ms;
} // prettier-ignore

async function measure(world: World, size: SliceSize, messages: number): Promise<SliceFigures> {
  const recs = world.plan.recs.map(({ rec }) => rec);
  const streams = streamsOf(recs);
  const count = (): Promise<number> => countConsumers(world, streams);
  const consumers = await count();
  await world.stopBroker();
  await deleteConsumers(world, streams);
  const serverPid = world.server.pid ?? 0;
  const [broker, consumersMs] = await timed(async () => {
    const started = await startBrokerProcess(world, {}, patienceSeconds);
    await until("every consumer stands", async () => (await count().catch(() => 0)) >= consumers, patienceSeconds);
    return started;
  });
  try {
    const idle = { serverIdleMb: residentMb(serverPid), brokerIdleMb: residentMb(broker.pid) };
    const [all, loginsMs] = await timed(() => logAllIn(world));
    const before = [cpuMs(serverPid), cpuMs(broker.pid)] as const;
    const { lost, ms: messagesMs } = await sendAll(world, all, messages);
    const after = [cpuMs(serverPid), cpuMs(broker.pid)] as const;
    const feeds = streams.filter((name) => name.startsWith("FEED_"));
    const weights = {
      feedBytes: await weigh(world, feeds, messages),
      receiptBytes: await weigh(world, ["RECEIPTS"], messages),
      logBytes: await weigh(world, ["LOG"], messages),
    };
    const figures = {
      ...weights,
      ...size, ...idle, consumers,
      accounts: all.length,
      streams: recs.length + 5 + all.length,
      registerBytes: statSync(world.layout.register).size,
      serverMb: residentMb(serverPid), brokerMb: residentMb(broker.pid),
      consumersMs, loginsMs, messages, messagesMs, lost,
      serverCpuMs: after[0] - before[0], brokerCpuMs: after[1] - before[1],
    };
    const registerMs = await changeRegister(world, count);
    await Promise.all(all.map((raw) => raw.close()));
    return { ...figures, registerMs };
  } finally {
    await broker.kill();
  }
} // prettier-ignore

/** Makes one region of this size, measures, and takes it away. */
export async function runSlice(size: SliceSize, messages: number): Promise<SliceFigures> {
  const world = await startWorld({ plan: ({ hub }) => planSlice(size, hub) });
  try {
    return await measure(world, size, messages);
  } finally {
    await world.stop();
  }
}

const columns: readonly (readonly [string, (one: SliceFigures) => number])[] = [
  ["accounts", ({ accounts }) => accounts],
  ["feeds", ({ feeds }) => feeds],
  ["consumers", ({ consumers }) => consumers],
  ["register, kB", ({ registerBytes }) => registerBytes / 1000],
  ["server at rest, MB", ({ serverIdleMb }) => serverIdleMb],
  ["server after, MB", ({ serverMb }) => serverMb],
  ["broker at rest, MB", ({ brokerIdleMb }) => brokerIdleMb],
  ["broker after, MB", ({ brokerMb }) => brokerMb],
  ["broker begun and consumers made, ms", ({ consumersMs }) => consumersMs],
  ["logins a second", ({ accounts, loginsMs }) => (accounts * 1000) / loginsMs],
  ["register change, ms", ({ registerMs }) => registerMs],
  ["messages a second", ({ messages, messagesMs }) => (messages * 1000) / messagesMs],
  ["feed, bytes a message", ({ feedBytes }) => feedBytes],
  ["receipts, bytes a message", ({ receiptBytes }) => receiptBytes],
  ["log, bytes a message", ({ logBytes }) => logBytes],
  ["broker, ms of processor a message", ({ messages, brokerCpuMs }) => brokerCpuMs / messages],
  ["server, ms of processor a message", ({ messages, serverCpuMs }) => serverCpuMs / messages],
];

function round(value: number): string {
  return value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}

/** A table of several sizes, by how much each figure grew, and what one further account added to it. */
export function renderSlice(figures: readonly SliceFigures[]): readonly string[] {
  const [first, last] = [figures[0], figures.at(-1)];
  const rows = columns.map(([name, of]) => {
    const cells = [name, ...figures.map((one) => round(of(one)))];
    if (first === undefined || last === undefined || first === last) return cells;
    const slope = (of(last) - of(first)) / (last.accounts - first.accounts);
    return [...cells, `× ${round(of(last) / of(first))}`, round(slope)];
  });
  return rows.map((cells) => `| ${cells.join(" | ")} |`);
} // prettier-ignore
