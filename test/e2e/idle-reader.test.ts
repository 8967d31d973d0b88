import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { type Cluster, makeCluster } from "../kit/cluster.ts";
import { layWays, type Ways } from "../kit/idle-reader.ts";
import { startWorld, type World } from "../kit/world.ts";
import { idleBlows, type IdleScene, passAfter, startIdleScene } from "./idle-reader-work.ts";

/** Two of them are in `three-servers.test.ts`. */
const isLong = process.env["ATUMPAN_LONG"] === "1";
const mostMs = 600_000;

let cluster: Cluster;
let world: World;
let ways: Ways;
let scene: IdleScene;

describe.runIf(isLong)("a reader whose line is idle, at a hub of three servers", () => {
  beforeAll(async () => {
    cluster = makeCluster();
    world = await startWorld({
      states: ["ng", "gh"],
      recs: ["ecowas"],
      ...cluster.options,
      prepare: async (made) => {
        await cluster.options.prepare(made);
        ways = await layWays(made, "ng/tcu");
      },
    });
    scene = await startIdleScene({ world, cluster }, ways, "gh/tcu");
  }, mostMs);
  afterAll(async () => {
    await world?.stop();
    await ways?.stop();
  });

  it.each(Object.keys(idleBlows).map((name, at) => [name as keyof typeof idleBlows, at + 1] as const))(
    "is handed what comes, minutes before it would miss a sign: %s",
    async (name, held) => {
      console.log(name, await passAfter(scene, name));
      // each came, and none twice
      expect(scene.reader.gateway.exchange.status().inbox).toBe(held);
    },
    mostMs,
  ); // prettier-ignore
});
