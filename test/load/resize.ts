/**
 * `node test/load/resize.ts`: a hub moves to other machines without ceasing: to its three servers come two, then two of the first go,
 * one after another, each as `atumpan hub retire-server` takes it out, while alerts are sent all the time (F26: 3 → 5 → 3). Says
 * which servers keep the streams at each step. Counts by the sender's own list; ends with 1 when anything was lost or came twice,
 * or a stream stands elsewhere than it should.
 */
import {
  type Broker,
  type BrokerOptions,
  loadBrokerConfig,
  loadBrokerOptions,
  retireServer,
  startBroker,
} from "../../broker/index.ts";
import { silentLog, systemChance, systemClock } from "../../schemas/ground/index.ts";
import { startTraffic } from "../e2e/three-servers-work.ts";
import { makeCluster } from "../kit/cluster.ts";
import { until } from "../kit/server.ts";
import { startWorld } from "../kit/world.ts";

const five = ["a", "b", "c", "d", "e"];
const last = ["c", "d", "e"];
const cluster = makeCluster({ gates: false });
const world = await startWorld({ states: ["ng", "gh"], recs: ["ecowas"], ...cluster.options });
let broker: Broker | undefined;

async function restart(names: readonly string[]): Promise<BrokerOptions> {
  await world.stopBroker();
  await broker?.stop();
  cluster.rewrite(world, { names });
  const ground = { clock: systemClock, chance: systemChance, log: silentLog };
  const options = loadBrokerOptions(loadBrokerConfig(world.layout.brokerConfig), ground);
  broker = await startBroker(options);
  return options;
}

/** Waits until all streams have their copies on servers that are to have some, and says where. */
async function settle(step: string, may: readonly string[]): Promise<void> {
  const streams = async (): Promise<readonly string[]> => await world.desk.jetStream.streamsOn(">");
  let seen = "";
  await until(() => `${step}: every stream has its copies; ${seen}`, async () => {
    try {
      const kept = await Promise.all((await streams()).map((one) => cluster.keepersOf(world, one)));
      seen = [...new Set(kept.map((names) => names.join("")))].toSorted().join(" ");
      return (await cluster.isWhole(world)) && kept.flat().every((name) => may.includes(name));
    } catch {
      return false;
    }
  }); // prettier-ignore
  console.log(`${step}: the streams stand on ${seen}`);
}

process.exitCode = 1;
try {
  await settle("three servers", five.slice(0, 3));
  const traffic = await startTraffic(world, { senders: ["gh/tcu"], reader: "ng/tcu", everyMs: 100 });
  await traffic.flows(20);
  const options = await restart(five);
  for (const name of ["d", "e"]) await cluster.node(name).start();
  await traffic.flows(20);
  await settle("five servers", five);
  for (const [at, name] of ["a", "b"].entries()) {
    await cluster.node(name).stop();
    await traffic.flows(5);
    await until(`${name} is taken out`, async () => await retireServer(options, name).catch(() => false));
    await settle(`without ${name}`, five.slice(at + 1));
    await traffic.flows(10);
  }
  await restart(last);
  await settle("three other servers", last);
  await traffic.flows(20);
  const { sent, lost, twice, times } = await traffic.end();
  console.log(`${sent} sent; lost ${lost}, twice ${twice}; the longest was on its way for ${((times.at(-1) ?? 0) / 1_000).toFixed(0)} s`);
  process.exitCode = lost + twice === 0 ? 0 : 1;
} finally {
  await broker?.stop();
  await world.stop();
} // prettier-ignore
