import { readFileSync } from "node:fs";
import { join } from "node:path";
import { connect } from "node:tls";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";

import { loadBrokerConfig } from "../../broker/index.ts";
import { makeRoutePair, type RoutePair } from "../../broker/nats/index.ts";
import { type Cluster, makeCluster } from "../kit/cluster.ts";
import { layWays, type Ways } from "../kit/idle-reader.ts";
import { startWorld, type World } from "../kit/world.ts";
import { passAfter, startIdleScene } from "./idle-reader-work.ts";
import { blows, startTraffic, whole } from "./three-servers-work.ts";

/** Far beyond what any of it takes: servers choose anew who leads, and gateways wait as long as a slow line may need. */
const mostMs = 900_000;

let cluster: Cluster;
let world: World;
let ways: Ways;

beforeAll(async () => {
  cluster = makeCluster();
  const prepare = async (made: Parameters<typeof cluster.options.prepare>[0]): Promise<void> => {
    await cluster.options.prepare(made);
    ways = await layWays(made, "ng/tcu");
  };
  world = await startWorld({ states: ["ng", "gh"], recs: ["ecowas"], ...cluster.options, prepare });
  await ways.only(["a", "b", "c"]);
  await cluster.untilWhole(world);
}, mostMs);
afterAll(async () => {
  await world?.stop();
  await ways?.stop();
});

/** Whether a server answers whoever dials it as another server does, with this key. */
async function isHeard(port: number, { certificatePem: cert, keyPem: key }: RoutePair): Promise<boolean> {
  const socket = connect({ host: "127.0.0.1", port, cert, key, rejectUnauthorized: false });
  const { promise, resolve } = Promise.withResolvers<boolean>();
  socket.on("secureConnect", () => socket.write("PING\r\n"));
  socket.on("data", () => resolve(true));
  socket.on("error", () => resolve(false));
  socket.on("close", () => resolve(false));
  const isAnswered = await promise;
  socket.destroy();
  return isAnswered;
} // prettier-ignore

describe("a hub of three servers", () => {
  it("keeps every stream three times", async () => {
    const streams = [...Object.keys(world.broker.status().streams), "LOG"];
    const copies = await Promise.all(
      streams.map(
        async (name) => (await world.desk.jetStream.stream(name))?.config["num_replicas"],
      ),
    );
    expect(new Set(copies)).toEqual(new Set([3]));
  });

  it("lets nobody in between its servers who has not the key of one of them", async () => {
    const [one, two] = loadBrokerConfig(world.layout.brokerConfig).cluster?.servers ?? [];
    const { certificateFile, keyFile } = two!.cluster;
    const { port } = one!.cluster.listen;
    const own = { certificatePem: readFileSync(certificateFile, "utf8"), keyPem: readFileSync(keyFile, "utf8") };
    expect(await isHeard(port, own)).toBe(true);
    expect(await isHeard(port, makeRoutePair("au.hub-one-b", ["127.0.0.1"]))).toBe(false);
    const link = (kind: string): string => readFileSync(join(world.layout.hub, "keys", `link.${kind}`), "utf8");
    expect(await isHeard(port, { certificatePem: link("pem"), keyPem: link("key") })).toBe(false);
  }); // prettier-ignore

  // all blows: `ATUMPAN_LONG=1`, in `idle-reader.test.ts`
  it("hands a reader whose line is idle what comes, minutes before it would miss a sign, whoever leads", async () => {
    const scene = await startIdleScene({ world, cluster }, ways, "gh/tcu");
    for (const name of ["another server leads, by order", "the server that leads is killed"] as const) await passAfter(scene, name);
    expect(scene.reader.gateway.exchange.status().inbox).toBe(2);
  }, mostMs); // prettier-ignore

  it.each(["F3 one disk lost", "one cut off", "F26 servers one after another"] as const)("%s: nothing is lost and nothing comes twice, and it heals by itself", async (name) => {
    await whole({ world, cluster });
    const plan = { senders: ["gh/tcu"], reader: "ng/tcu", everyMs: 500 };
    const traffic = await startTraffic(world, plan);
    onTestFinished(() => traffic.stop());
    await traffic.flows(2);
    await blows[name]({ world, cluster, traffic });
    await traffic.flows(2);
    const { sent, lost, twice } = await traffic.end();
    expect({ lost, twice }).toEqual({ lost: 0, twice: 0 });
    expect(sent).toBeGreaterThan(4);
  }, mostMs); // prettier-ignore
});
