import { join } from "node:path";

import { rateOf } from "./bare.ts";
import type { HeldLoad, SubmittedLoad } from "./gateway-process.ts";
import { type Ground, sendingAgency, startBrokerProcess } from "./ground.ts";
import type { Load } from "./load.ts";
import { cpuSecondsOf, memoryOf, type MemoryReading, watchOthers } from "./process-reading.ts";
import type { Kind } from "./submissions.ts";
import { startWorker } from "./worker.ts";

/** The four processes of the path. */
export const pathProcesses = ["sender", "server", "broker", "reader"] as const;

/** One number for each process. */
export type ByProcess<T> = Readonly<Record<(typeof pathProcesses)[number], T>>;

/** What one run gave. */
export interface PathRun {
  readonly submitted: number;
  /** Verified in every reader's inbox. */
  readonly held: number;
  readonly refused: Readonly<Record<string, number>>;
  readonly quarantined: number;
  /** From the first due to the last held. */
  readonly perSecond: number;
  /** Milliseconds from due to verified in the last inbox, in the order of submission. */
  readonly delays: readonly number[];
  /** Milliseconds from due to the answer: on the sender's disk. */
  readonly answerDelays: readonly number[];
  /** Publications not yet accepted when the last submission was answered. */
  readonly waiting: number;
  /** Processor seconds a message. */
  readonly cpuEach: ByProcess<number>;
  /** Cores that processes which are none of ours kept busy meanwhile. */
  readonly othersCores: number;
}

/** Sender gateway → nats-server and broker → reader gateways, each a process. */
export interface Path {
  /** Bytes of one publication of this kind, and who is to read it. */
  size(kind: Kind): Promise<{ bytes: number; audience: readonly string[] }>;
  run(kind: Kind, load: Load): Promise<PathRun>;
  memory(): ByProcess<MemoryReading>;
  stop(): Promise<void>;
}

/** How a path is started. */
export interface PathPlan {
  /** All in one process. */
  readonly readers: readonly string[];
  /** Arguments to Node for one of the processes. */
  readonly execArgv: (process: string) => readonly string[];
}

const patienceSeconds = 20;

function mapProcesses<T>(pids: ByProcess<number>, read: (pid: number) => T): ByProcess<T> {
  const { sender, server, broker, reader } = pids;
  return { sender: read(sender), server: read(server), broker: read(broker), reader: read(reader) };
}

function joinRun(
  submitted: SubmittedLoad,
  heldLoad: HeldLoad,
): Omit<PathRun, "cpuEach" | "othersCores"> {
  const heldById = new Map(heldLoad.ids.map((id, i) => [id, heldLoad.heldAt[i] ?? 0]));
  const arrived = [...submitted.ids.keys()]
    .filter((i) => heldById.has(submitted.ids[i] ?? ""))
    .toSorted((a, b) => (submitted.dueAt[a] ?? 0) - (submitted.dueAt[b] ?? 0));
  const dueAt = Float64Array.from(arrived, (i) => submitted.dueAt[i] ?? 0);
  const heldAt = Float64Array.from(arrived, (i) => heldById.get(submitted.ids[i] ?? "") ?? 0);
  return {
    submitted: submitted.ids.length,
    held: arrived.length,
    refused: submitted.refused,
    quarantined: heldLoad.quarantined,
    ...rateOf({ dueAt, heldAt }),
    answerDelays: Array.from(submitted.answeredAt, (at, i) => at - (submitted.dueAt[i] ?? 0)),
    waiting: submitted.waiting,
  };
}

/** Starts broker, sender and readers on a ground; resolves when all links are up. */
export async function startPath(ground: Ground, plan: PathPlan): Promise<Path> {
  const { layout, server } = ground;
  const { readers, execArgv } = plan;
  const file = join(import.meta.dirname, "gateway-process.ts");
  const broker = await startBrokerProcess(ground, execArgv("broker"));
  const sender = startWorker(file, execArgv("sender"));
  const reader = startWorker(file, execArgv("reader"));
  const pids = {
    sender: sender.pid,
    server: server.pid ?? 0,
    broker: broker.pid,
    reader: reader.pid,
  };
  await Promise.all([
    sender.ask("open", { dirs: [layout.gateway(sendingAgency)], isReader: false }),
    reader.ask("open", { dirs: readers.map((agency) => layout.gateway(agency)), isReader: true }),
  ]);
  return {
    size: (kind) => sender.ask("size", { kind }),
    run: async (kind, load) => {
      await reader.ask("begin");
      const othersSince = watchOthers();
      const before = mapProcesses(pids, cpuSecondsOf);
      const submitted = await sender.ask<SubmittedLoad>("submit", { kind, load });
      const { length: count } = submitted.ids;
      const heldLoad = await reader.ask<HeldLoad>("collect", { count, patienceSeconds });
      const after = mapProcesses(pids, cpuSecondsOf);
      const cpuEach = {
        sender: (after.sender - before.sender) / count,
        server: (after.server - before.server) / count,
        broker: (after.broker - before.broker) / count,
        reader: (after.reader - before.reader) / count,
      };
      const all = cpuEach.sender + cpuEach.server + cpuEach.broker + cpuEach.reader;
      return { ...joinRun(submitted, heldLoad), cpuEach, othersCores: othersSince(all * count) };
    },
    memory: () => mapProcesses(pids, memoryOf),
    stop: async () => {
      await Promise.all([sender.stop(), reader.stop()]);
      await broker.stop();
    },
  };
}
