import { cpSync, rmSync } from "node:fs";

import { loadBrokerConfig, loadBrokerOptions, restoreHubLog } from "../../broker/index.ts";
import { exampleInstant, exampleOf, shiftInstants } from "../../schemas/examples/index.ts";
import { silentLog, systemChance } from "../../schemas/ground/index.ts";
import type { Cluster, ClusterNode, Doors } from "../kit/cluster.ts";
import { until } from "../kit/server.ts";
import type { World } from "../kit/world.ts";

/** What came of what was sent, by the senders' own list. */
export interface Reckoning {
  readonly sent: number;
  readonly lost: number;
  readonly twice: number;
  /** Milliseconds from handing one in until it was proved at its reader, sorted. */
  readonly times: readonly number[];
  /** The longest of them, where what was handed in before a mark, and came after it, counts from there. */
  readonly healedMs: number;
}

/** Messages on their way from several agencies to one, all the time. */
export interface Traffic {
  readonly sent: number;
  /** Waits until so many more arrived. */
  flows(count: number): Promise<void>;
  /** From here on the hub could do its work: what waits before it waits for who mends it. */
  mark(): void;
  /** Sends no more, and waits for what is under way. */
  end(): Promise<Reckoning>;
  /** Sends no more, whatever is under way: for when a test failed. */
  stop(): void;
}

/** Who sends to whom, and how often. */
export interface TrafficPlan {
  readonly senders: readonly string[];
  readonly reader: string;
  /** Of each sender. */
  readonly everyMs: number;
}

/** An incident as it may happen now, for a whole community. */
export function alert(): unknown {
  const { body, inner, crimes } = exampleOf("alert.incident");
  const by = Date.now() - exampleInstant;
  return { type: "alert.incident", recs: ["ecowas"], crimes, handling: "H1", inner: shiftInstants(inner, by), body: shiftInstants(body, by) };
} // prettier-ignore

let keys = 0;

/** Starts to send; goes on until it is ended, whatever happens to the hub. */
export async function startTraffic(world: World, plan: TrafficPlan): Promise<Traffic> {
  const [sent, came] = [new Map<string, number>(), new Map<string, number>()];
  const times: number[] = [];
  let isOver = false;
  const marks: number[] = [];
  const reader = await world.gateway(plan.reader);
  const inboxBefore = reader.exchange.status().inbox;
  const stop = reader.exchange.watch(({ id, state }) => {
    // of a message that is held it may be told again; held twice is what it must not be
    if (state === "VERIFIED" && !came.has(id)) came.set(id, performance.now());
  });
  const send = async (agency: string): Promise<void> => {
    const { exchange } = await world.gateway(agency);
    for (;;) {
      if (isOver) return;
      const began = performance.now();
      keys += 1;
      const { id } = await exchange.submit(alert(), `three servers ${keys}`);
      sent.set(id, began);
      const rest = plan.everyMs - (performance.now() - began);
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, rest)));
    }
  };
  const sending = plan.senders.map(send);
  // whoever ends it hears of it; a world that is stopped while it goes on is no fault of its own
  for (const one of sending) one.catch(() => undefined);
  const halt = (): void => {
    isOver = true;
    stop();
  };
  const open = (): number => [...sent.keys()].filter((id) => !came.has(id)).length;
  return {
    get sent() {
      return sent.size;
    },
    flows: async (count) => {
      const before = came.size;
      await until(
        () => `${count} more arrive; ${came.size - before} did, ${open()} are under way`,
        () => came.size >= before + count,
      ).catch((error: unknown) => {
        halt();
        throw error;
      });
    },
    stop: halt,
    mark: () => void marks.push(performance.now()),
    end: async () => {
      isOver = true;
      await Promise.all(sending);
      await until(() => `${open()} of ${sent.size} are under way`, () => open() === 0).catch(() => undefined);
      stop();
      let healedMs = 0;
      for (const [id, at] of sent) {
        const cameAt = came.get(id) ?? Infinity;
        times.push(cameAt - at);
        const mark = marks.findLast((one) => one <= cameAt) ?? at;
        healedMs = Math.max(healedMs, cameAt - Math.max(at, mark));
      }
      const [lost, held] = [open(), reader.exchange.status().inbox - inboxBefore];
      const twice = Math.max(0, held + lost - sent.size);
      return { sent: sent.size, lost, twice, times: times.toSorted((a, b) => a - b), healedMs };
    },
  }; // prettier-ignore
}

/** A world on three servers. */
export interface Scene {
  readonly world: World;
  readonly cluster: Cluster;
  readonly traffic: Traffic;
  /** Of one sender, where its ways to the hub can be cut. */
  readonly doors?: (Doors & { readonly agency: string }) | undefined;
}

/** What is done to the servers, and how it is mended; what heals by itself needs no mending. */
export type Blow = (scene: Scene) => Promise<void>;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const feed = "FEED_ECOWAS";

/** Waits until every stream has its copies and the hub admits. */
export async function whole({ cluster, world }: Pick<Scene, "cluster" | "world">): Promise<void> {
  await until("every stream has its copies, and the hub admits", async () => {
    const { log } = world.broker.status();
    // nothing heals a log that has stopped: there is nothing to wait for
    if (log?.stopped !== undefined) throw new Error(`the hub's log has stopped: ${log.stopped}`);
    return world.broker.ready && (await cluster.isWhole(world));
  });
}

/**
 * As a server whose disk was lost is started again: while it is empty it votes for anybody, so nothing is written until it has
 * its copies; else one that lags could be chosen by its vote, and what the other two had agreed on would be gone.
 */
async function refill({ cluster, world, traffic }: Scene, node: ClusterNode): Promise<void> {
  await world.stopBroker();
  await until("the other two agree", () => cluster.isWhole(world, 2));
  await node.start();
  await until("it has its copies", () => cluster.isWhole(world));
  traffic.mark();
  await world.startBroker();
  await whole({ cluster, world });
}

async function backAgain(scene: Scene, nodes: readonly ClusterNode[]): Promise<void> {
  await Promise.all(nodes.map((node) => node.start()));
  if (2 * nodes.length > scene.cluster.nodes.length) scene.traffic.mark();
  await whole(scene);
}

/** So long a server is away in a blow: longer than the others take to choose another leader. */
const awayMs = 10_000;

/** Until the others have gone on without one, whatever was on its way already. */
async function goOn({ traffic }: Scene): Promise<void> {
  await pause(awayMs);
  await traffic.flows(5);
}

/** The others choose another and go on, and it comes back with what it knew before. */
async function cutOffLeader(scene: Scene, stream: string): Promise<void> {
  const leader = await scene.cluster.leaderOf(scene.world, stream);
  leader.cutOff();
  await goOn(scene).finally(() => leader.rejoin());
  await whole(scene);
}

/** As `atumpan hub restore-log` does, once the servers have found together. */
export async function putLogBack({ layout, clock }: World): Promise<void> {
  const config = loadBrokerConfig(layout.brokerConfig);
  const options = loadBrokerOptions(config, { clock, chance: systemChance, log: silentLog });
  let last: unknown;
  await until(
    () => `the log is put back: ${String(last)}`,
    async () => {
      try {
        await restoreHubLog(options);
        return true;
      } catch (error) {
        last = error;
        return false;
      }
    },
  );
}

/** Blows to three servers, by what they are called in the plan of faults. */
export const blows = {
  /** The one that leads is killed, and what is sent goes on arriving without it. */
  "leader killed": async (scene) => {
    const leader = await scene.cluster.leaderOf(scene.world, feed);
    await leader.kill();
    await goOn(scene);
    await backAgain(scene, [leader]);
  },
  "F3 one disk lost": async (scene) => {
    const leader = await scene.cluster.leaderOf(scene.world, feed);
    await leader.kill();
    leader.wipe();
    await goOn(scene);
    await refill(scene, leader);
  },
  "F3 two killed": async (scene) => {
    const [, ...two] = scene.cluster.nodes;
    await Promise.all(two.map((node) => node.kill()));
    await pause(awayMs);
    await backAgain(scene, two);
  },
  "F3 all killed": async (scene) => {
    const { nodes } = scene.cluster;
    await Promise.all(nodes.map((node) => node.kill()));
    await backAgain(scene, nodes);
  },
  /** The log alone does not come back by itself: a person puts it back from the broker's own files. */
  "F4 all disks lost": async (scene) => {
    const { world, cluster } = scene;
    await world.stopBroker();
    await Promise.all(cluster.nodes.map((node) => node.kill()));
    for (const node of cluster.nodes) node.wipe();
    await Promise.all(cluster.nodes.map((node) => node.start()));
    await putLogBack(world);
    scene.traffic.mark();
    await world.startBroker();
    await whole(scene);
  },
  "F8 leader frozen": async (scene) => {
    const leader = await scene.cluster.leaderOf(scene.world, feed);
    leader.freeze();
    await goOn(scene).finally(() => leader.thaw());
    await whole(scene);
  },
  "one cut off": (scene) => cutOffLeader(scene, feed),
  /** When it is there again it still says for a moment that the log is as long as it was. */
  "the log's leader cut off": (scene) => cutOffLeader(scene, "LOG"),
  "two cut off": async (scene) => {
    const [, ...two] = scene.cluster.nodes;
    for (const node of two) node.cutOff();
    await pause(awayMs);
    for (const node of two) node.rejoin();
    scene.traffic.mark();
    await whole(scene);
  },
  /** Both ways, and nobody is told; it queues what it has, and the others go on. */
  "F9 a country cut off": async (scene) => {
    const { doors, traffic, world } = scene;
    if (doors === undefined) throw new Error("nobody's ways to the hub can be cut here");
    const { exchange } = await world.gateway(doors.agency);
    doors.cut();
    try {
      await until("it says that it is alone", () => !exchange.status().linkUp);
      await traffic.flows(20);
    } finally {
      doors.open();
      traffic.mark();
    }
    await until("it is linked again", () => exchange.status().linkUp);
    await whole(scene);
  },
  "F26 servers one after another": async (scene) => {
    for (const node of scene.cluster.nodes) {
      await node.stop();
      await scene.traffic.flows(1);
      await backAgain(scene, [node]);
    }
  },
  "F26 broker anew": async (scene) => {
    await scene.world.stopBroker();
    scene.traffic.mark();
    await scene.world.startBroker();
    await whole(scene);
  },
  "F28 one server from an old copy": async (scene) => {
    const [node] = scene.cluster.nodes.slice(-1);
    if (node === undefined) return;
    const copy = `${node.storeDir}-copy`;
    await node.stop();
    cpSync(node.storeDir, copy, { recursive: true });
    await backAgain(scene, [node]);
    await scene.traffic.flows(20);
    await node.kill();
    node.wipe();
    cpSync(copy, node.storeDir, { recursive: true });
    rmSync(copy, { recursive: true });
    await refill(scene, node);
  },
} as const satisfies Readonly<Record<string, Blow>>;
