import { join } from "node:path";

import type { BarePlace, BareVariant } from "./bare-process.ts";
import { type Ground, readingAgencies, sendingAgency, startBareServer } from "./ground.ts";
import type { Load } from "./load.ts";
import { cpuSecondsOf, watchOthers } from "./process-reading.ts";
import { startWorker } from "./worker.ts";

/** What one run gave: how many a second from the first due to the last held, and each one's delay (ms). */
export interface BareRun {
  readonly perSecond: number;
  readonly delays: readonly number[];
  /** Processor seconds a message, publisher, server and consumer together. */
  readonly cpuEach: number;
  /** Cores that processes which are none of ours kept busy meanwhile. */
  readonly othersCores: number;
}

/** The bare transport: publisher → nats-server → consumer, three processes. */
export interface Bare {
  run(variant: BareVariant, load: Load, bytes: number): Promise<BareRun>;
  stop(): Promise<void>;
}

/** What a run sent and received, by index. */
export interface Timed {
  readonly dueAt: Float64Array;
  readonly heldAt: Float64Array;
}

/** Messages a second and delays of a run in which everything arrived. */
export function rateOf({ dueAt, heldAt }: Timed): Pick<BareRun, "perSecond" | "delays"> {
  const delays = Array.from(dueAt, (due, i) => (heldAt[i] ?? Number.NaN) - due);
  const first = dueAt.reduce((a, b) => Math.min(a, b), Infinity);
  const last = heldAt.reduce((a, b) => Math.max(a, b), 0);
  return { perSecond: (dueAt.length * 1000) / (last - first), delays };
}

/** Starts the bare transport beside the region, on the same disk and with its certificates. */
export async function startBare(ground: Ground): Promise<Bare> {
  const { layout } = ground;
  const server = await startBareServer(ground);
  const file = join(import.meta.dirname, "bare-process.ts");
  const [publisher, consumer] = [startWorker(file, []), startWorker(file, [])];
  const placeOf = (agency: string): BarePlace => ({
    url: `tls://127.0.0.1:${server.port}`,
    certificateFile: join(layout.gateway(agency), "keys", "link.pem"),
    keyFile: join(layout.gateway(agency), "keys", "link.key"),
    rootsFile: join(layout.hub, "clients.pem"),
  });
  await publisher.ask("open", placeOf(sendingAgency));
  await consumer.ask("open", placeOf(readingAgencies[0]));
  await publisher.ask("makeStream");
  await consumer.ask("consume");
  const cpu = (): number =>
    [publisher.pid, server.pid ?? 0, consumer.pid].reduce((sum, pid) => sum + cpuSecondsOf(pid), 0);
  return {
    run: async (variant, load, bytes) => {
      await consumer.ask("begin");
      const othersSince = watchOthers();
      const before = cpu();
      const { dueAt } = await publisher.ask<{ dueAt: Float64Array }>("publish", {
        variant,
        load,
        bytes,
      });
      const { heldAt } = await consumer.ask<{ heldAt: Float64Array }>("collect", {
        count: dueAt.length,
      });
      const used = cpu() - before;
      const cpuEach = used / dueAt.length;
      return { ...rateOf({ dueAt, heldAt }), cpuEach, othersCores: othersSince(used) };
    },
    stop: async () => {
      await publisher.stop();
      await consumer.stop();
      await server.stop();
    },
  };
}
