/**
 * `npm run bench -- --links`: so many messages wait at the hub; one gateway drains them, proved and on its disk, against a bare
 * consumer that acknowledges and looks at nothing. The same server, stream, durability and messages.
 */
import { join } from "node:path";

import type { Drained } from "./drain-process.ts";
import type { CountedLoad, SubmittedLoad } from "./gateway-process.ts";
import { type Ground, sendingAgency, startBrokerProcess, startGround } from "./ground.ts";
import type { BenchOptions } from "./options.ts";
import { cpuSecondsOf, memoryOf, watchOthers } from "./process-reading.ts";
import { startWorker } from "./worker.ts";

/** One of the two ways to drain. */
export interface DrainRun {
  readonly perSecond: number;
  /** Milliseconds of the consumer's own processor time a message. */
  readonly cpuEachMs: number;
  readonly othersCores: number;
}

/** What was measured. */
export interface LinksFigures {
  readonly count: number;
  /** Bytes of one message as it is stored. */
  readonly bytes: number;
  readonly bare: DrainRun;
  readonly gateway: DrainRun;
  readonly ratio: number;
  /** The most that each gateway held in memory, MB of 10⁶ bytes. */
  readonly peakMegabytes: { readonly sender: number; readonly reader: number };
}

const usualCount = 100_000;
const stream = "FEED_ECOWAS";
/** Both have the same mandates, so the same messages wait for each. */
const bareReader = "ci/tcu";
const reader = "gh/tcu";
const window = 64;
const gatewayFile = join(import.meta.dirname, "gateway-process.ts");
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

type Say = (text: string) => void;

/** Handed in at once; the next when the hub has most of them, so that nothing piles up anywhere but at the hub. */
const lot = 2_000;

type Sender = ReturnType<typeof startWorker>;

async function waitUntilBelow(sender: Sender, most: number): Promise<void> {
  while ((await sender.ask<number>("waiting")) > most) await pause(200);
}

/** Hands in so many bulletins and waits until the hub has taken all of them. Says what the sender held in memory. */
async function fill({ layout }: Ground, count: number, say: Say): Promise<number> {
  const sender = startWorker(gatewayFile, []);
  try {
    await sender.ask("open", { dirs: [layout.gateway(sendingAgency)], isReader: false });
    for (let done = 0; done < count; done += lot) {
      const load = { kind: "window", window, seconds: 0, count: Math.min(lot, count - done) };
      const { ids, refused } = await sender.ask<SubmittedLoad>("submit", { kind: "open", load });
      if (ids.length < load.count)
        throw new Error(`not all were taken: ${JSON.stringify(refused)}`);
      if (done > 0 && done % 10_000 === 0) say(`${done} of ${count} handed in`);
      await waitUntilBelow(sender, lot);
    }
    say(`${count} are handed in; waiting until the hub has them …`);
    await waitUntilBelow(sender, 0);
    return memoryOf(sender.pid).peak;
  } finally {
    await sender.stop();
  }
}

async function drainBare(
  { layout, server }: Ground,
  count: number,
): Promise<DrainRun & { bytes: number }> {
  const worker = startWorker(join(import.meta.dirname, "drain-process.ts"), []);
  const keys = join(layout.gateway(bareReader), "keys");
  try {
    await worker.ask("open", {
      agency: bareReader,
      url: `tls://127.0.0.1:${server.port}`,
      certificateFile: join(keys, "link.pem"),
      keyFile: join(keys, "link.key"),
      rootsFile: join(layout.hub, "clients.pem"),
    });
    const others = watchOthers();
    const [own, hub] = [cpuSecondsOf(worker.pid), cpuSecondsOf(server.pid ?? 0)];
    const drained = await worker.ask<Drained>("drain", { stream, count });
    const used = cpuSecondsOf(worker.pid) - own;
    const all = used + cpuSecondsOf(server.pid ?? 0) - hub;
    const perSecond = (count * 1_000) / (drained.lastAt - drained.firstAt);
    const bytes = drained.bytes / count;
    return { perSecond, cpuEachMs: (used * 1_000) / count, othersCores: others(all), bytes };
  } finally {
    await worker.stop();
  }
}

async function drainGateway(
  { layout, server }: Ground,
  { count, profile }: { readonly count: number; readonly profile: string | undefined },
): Promise<DrainRun & { readonly peak: number }> {
  const watched =
    profile === undefined
      ? []
      : ["--cpu-prof", `--cpu-prof-dir=${profile}`, "--cpu-prof-name=reader.cpuprofile"];
  const worker = startWorker(gatewayFile, watched);
  try {
    const others = watchOthers();
    const [own, hub] = [cpuSecondsOf(worker.pid), cpuSecondsOf(server.pid ?? 0)];
    await worker.ask("open", { dirs: [layout.gateway(reader)], isReader: true, isCounting: true });
    const came = await worker.ask<CountedLoad>("count", { count, patienceSeconds: 60 });
    if (came.count < count)
      throw new Error(`${came.count} of ${count} came, ${came.quarantined} in quarantine`);
    const used = cpuSecondsOf(worker.pid) - own;
    const all = used + cpuSecondsOf(server.pid ?? 0) - hub;
    return {
      perSecond: (count * 1_000) / (came.lastAt - came.firstAt),
      cpuEachMs: (used * 1_000) / count,
      othersCores: others(all),
      peak: memoryOf(worker.pid).peak,
    };
  } finally {
    await worker.stop();
  }
}

/** Measures on a ground of its own. Throws when it cannot run at all. */
export async function measureLinks(options: BenchOptions, say: Say): Promise<LinksFigures> {
  const { count = usualCount, profile } = options;
  say("making a region, starting nats-server and broker …");
  const ground = await startGround();
  const broker = await startBrokerProcess(ground, []);
  try {
    say(`handing in ${count} messages …`);
    const sender = await fill(ground, count, say);
    say("a bare consumer drains them …");
    const { bytes, ...bare } = await drainBare(ground, count);
    say("a gateway drains them …");
    const { peak, ...gateway } = await drainGateway(ground, { count, profile });
    const ratio = gateway.perSecond / bare.perSecond;
    return { count, bytes, bare, gateway, ratio, peakMegabytes: { sender, reader: peak } };
  } finally {
    await broker.stop();
    await ground.stop();
  }
}

/** The figures as a table. */
export function renderLinks(figures: LinksFigures): string {
  const { count, bytes, bare, gateway, ratio, peakMegabytes } = figures;
  const row = (name: string, { perSecond, cpuEachMs, othersCores }: DrainRun): string =>
    `| ${name.padEnd(28)} | ${perSecond.toFixed(0).padStart(10)} | ${cpuEachMs.toFixed(2).padStart(10)} | ${othersCores.toFixed(2).padStart(6)} |`;
  return [
    `${count} messages of ${bytes.toFixed(0)} bytes that wait, drained by one reader`,
    `| ${"".padEnd(28)} | messages/s | CPU ms each | others |`,
    `| ${"-".repeat(28)} | ---------: | ---------: | -----: |`,
    row("bare: pull, acknowledge", bare),
    row("gateway: proved and on disk", gateway),
    `ratio ${ratio.toFixed(3)}; of processor time ${(gateway.cpuEachMs / bare.cpuEachMs).toFixed(0)} times`,
    `memory at its peak: who sent ${peakMegabytes.sender.toFixed(0)} MB, who drained ${peakMegabytes.reader.toFixed(0)} MB`,
    "",
  ].join("\n");
}
