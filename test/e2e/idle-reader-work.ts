import type { Gateway } from "../../gateways/gateway.ts";
import type { Cluster } from "../kit/cluster.ts";
import { type IdleReader, startIdleReader, type Ways } from "../kit/idle-reader.ts";
import { until } from "../kit/server.ts";
import type { World } from "../kit/world.ts";
import { alert } from "./three-servers-work.ts";

/** A hub of three servers whose reader's line can be idle. */
export interface IdleScene {
  readonly world: World;
  readonly cluster: Cluster;
  readonly reader: IdleReader;
  readonly sender: Gateway;
}

const stream = "FEED_ECOWAS";
/** Where the reader is linked, and who leads what it reads. */
const [own, leader] = ["b", "c"];
const all = ["a", "b", "c"];

/** Starts the reader at one server, with ways to all of them, and who sends to it. */
export async function startIdleScene(place: Pick<IdleScene, "world" | "cluster">, ways: Ways, from: string): Promise<IdleScene> {
  await ways.only([own]);
  const reader = await startIdleReader(place, { agency: ways.agency, stream });
  await until("it is linked", () => reader.gateway.exchange.status().linkUp);
  await ways.only(all);
  return { ...place, reader, sender: await place.world.gateway(from) };
} // prettier-ignore

/** What happens to a hub; how it is mended it says. */
type IdleBlow = (scene: IdleScene) => Promise<() => Promise<void> | void>;

/** What happens to a hub while its reader's line is idle. */
export const idleBlows = {
  "another server leads, by order": async ({ reader }) => {
    await reader.haveLead("a");
    return () => undefined;
  },
  "the server that leads is killed": async ({ cluster }) => {
    await cluster.node(leader).kill();
    return () => cluster.node(leader).start();
  },
  "the server that leads stands still": async ({ cluster }) => {
    cluster.node(leader).freeze();
    return () => cluster.node(leader).thaw();
  },
  "the server that leads is cut off": async ({ cluster }) => {
    cluster.node(leader).cutOff();
    return () => cluster.node(leader).rejoin();
  },
  "the reader's own server is cut off": async ({ cluster }) => {
    cluster.node(own).cutOff();
    return () => cluster.node(own).rejoin();
  },
  // each knows only of what was asked while it ran: the one that leads at last knows nothing of a request of before
  "servers are started anew one after another, the one that leads last": async (scene) => {
    for (const name of ["a", leader]) {
      await scene.cluster.untilWhole(scene.world);
      await scene.cluster.node(name).stop();
      await scene.cluster.node(name).start();
    }
    return () => undefined;
  },
} as const satisfies Readonly<Record<string, IdleBlow>>;

let keys = 0;

/** One blow while nothing moves, and a message after it. @returns seconds from its sending until its reader proved it */
export async function passAfter(scene: IdleScene, name: keyof typeof idleBlows): Promise<number> {
  const { reader, sender, cluster, world } = scene;
  await cluster.untilWhole(world);
  await reader.haveLead(leader);
  await reader.quiet();
  const mend: Awaited<ReturnType<IdleBlow>> = await idleBlows[name](scene);
  try {
    keys += 1;
    const began = performance.now();
    const { id } = await sender.exchange.submit(alert(), `idle ${keys}`);
    // far sooner than the hub would say again that it has the reader's request
    await until("it is proved at its reader", () => reader.gateway.exchange.find(id)?.state === "VERIFIED");
    return (performance.now() - began) / 1_000;
  } finally {
    await mend();
  }
} // prettier-ignore
