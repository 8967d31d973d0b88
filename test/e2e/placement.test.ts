import { afterAll, beforeAll, describe, expect, it } from "vitest";

import {
  type Broker,
  type BrokerOptions,
  loadBrokerConfig,
  loadBrokerOptions,
  retireServer,
  startBroker,
} from "../../broker/index.ts";
import type { Gateway } from "../../gateways/gateway.ts";
import { silentLog, systemChance } from "../../schemas/ground/index.ts";
import { type Cluster, makeCluster } from "../kit/cluster.ts";
import { type IdleReader, startIdleReader } from "../kit/idle-reader.ts";
import { until } from "../kit/server.ts";
import { startWorld, type World } from "../kit/world.ts";
import { alert } from "./three-servers-work.ts";

const west = ["a", "b", "c"];
const south = ["c", "d", "e"];
const tags = { a: ["west"], b: ["west"], c: ["west", "south"], d: ["south"], e: ["south"] };
const before = { ecowas: ["west"], sadc: ["south"] };
/** Far beyond what any of it takes. */
const mostMs = 600_000;

let cluster: Cluster;
let world: World;
let options: BrokerOptions;
let broker: Broker | undefined;
let sender: Gateway;
let reader: Gateway;
let idle: IdleReader;

beforeAll(async () => {
  const names = [...new Set([...west, ...south])];
  cluster = makeCluster({ gates: false, names, tags, placement: before });
  world = await startWorld({ states: ["ng", "gh"], recs: ["ecowas", "sadc"], ...cluster.options });
  sender = await world.gateway("gh/tcu");
  idle = await startIdleReader({ world, cluster }, { agency: "ng/tcu", stream: "FEED_ECOWAS" });
  reader = idle.gateway;
}, mostMs);
afterAll(async () => {
  await broker?.stop();
  await world?.stop();
});

let keys = 0;

/** Sends one, and waits until its reader proved it. */
async function pass(): Promise<void> {
  keys += 1;
  const { id } = await sender.exchange.submit(alert(), `placement ${keys}`);
  await until("it is proved at its reader", () => reader.exchange.find(id)?.state === "VERIFIED");
}

describe("a hub whose communities' feeds are placed", () => {
  it("keeps each feed on servers that have its tags, and on no others", async () => {
    await cluster.untilWhole(world);
    expect(await cluster.keepersOf(world, "FEED_ECOWAS")).toEqual(west);
    expect(await cluster.keepersOf(world, "FEED_SADC")).toEqual(south);
    await pass();
  });

  it("has no stream made for tags that too few servers have", async () => {
    const config = { name: "FEED_NOWHERE", subjects: ["feed.nowhere.>"], num_replicas: 3 };
    for (const wanted of [["north"], ["west", "south"]]) {
      const placed = JSON.stringify({ ...config, placement: { tags: wanted } });
      const reply = await world.desk.link.request("$JS.API.STREAM.CREATE.FEED_NOWHERE", placed);
      // "no suitable peers for placement"
      expect(reply.json()).toMatchObject({ error: { err_code: 10_005 } });
    }
    expect(await world.desk.jetStream.stream("FEED_NOWHERE")).toBeUndefined();
  });

  it(
    "moves a feed to the servers that its operator names instead, with what it holds",
    async () => {
      const held = (await world.desk.marks())["FEED_ECOWAS"];
      expect(held?.messages).toBeGreaterThan(0);
      // its reader hears of nothing but of what comes
      await idle.quiet();
      await world.stopBroker();
      cluster.rewrite(world, { placement: { ...before, ecowas: ["south"] } });
      const ground = { clock: world.clock, chance: systemChance, log: silentLog };
      options = loadBrokerOptions(loadBrokerConfig(world.layout.brokerConfig), ground);
      broker = await startBroker(options);
      await until("it stands where it is to", async () => {
        const found = await cluster.keepersOf(world, "FEED_ECOWAS").catch(() => []);
        return found.join() === south.join() && (await cluster.isWhole(world));
      });
      expect(await world.desk.jetStream.stream("FEED_ECOWAS")).toMatchObject(held ?? {});
      await pass();
      expect(await cluster.keepersOf(world, "FEED_SADC")).toEqual(south);
    },
    mostMs,
  );
});

describe("a server that is taken out of its hub", () => {
  it.each(["b", "z"])("must be one of it that does not run: %s is refused", async (name) => {
    await expect(retireServer(options, name)).rejects.toMatchObject({ code: "CONFIG_INVALID" });
    await until("nothing was moved", () => cluster.isWhole(world));
  });

  it(
    "counts no more, and what it kept is kept by others",
    async () => {
      const streams = await world.desk.jetStream.streamsOn(">");
      await cluster.node("a").stop();
      await until(
        "it is taken out",
        async () => await retireServer(options, "a").catch(() => false),
      );
      await until("every stream has its copies elsewhere", async () => {
        const kept = await Promise.all(streams.map((one) => cluster.keepersOf(world, one))).catch(
          () => [["a"]],
        ); // while one of them has nobody that leads it
        return !kept.flat().includes("a") && (await cluster.isWhole(world));
      });
      expect(await retireServer(options, "a")).toBe(false);
      await pass();
    },
    mostMs,
  );
});
