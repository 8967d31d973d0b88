/**
 * `node test/load/grow.ts`: a hub of one server is given three, as its operator does it: broker and server are stopped, the new
 * servers begin with nothing, the log is put back from the broker's own files, and the senders hand over again what is still theirs
 * to hand over. One agency was away and had taken nothing yet. Counts by the sender's own list; ends with 1 when anything was lost
 * or came twice.
 */
import {
  loadBrokerConfig,
  loadBrokerOptions,
  renderServer,
  startBroker,
} from "../../broker/index.ts";
import { silentLog, systemChance, systemClock } from "../../schemas/ground/index.ts";
import { putLogBack, startTraffic } from "../e2e/three-servers-work.ts";
import { makeCluster } from "../kit/cluster.ts";
import { until } from "../kit/server.ts";
import { startWorld } from "../kit/world.ts";

const [sender, taker, away] = ["gh/tcu", "ng/tcu", "sn/tcu"] as const;
const world = await startWorld({ states: ["ng", "gh", "sn"], recs: ["ecowas"] });
const cluster = makeCluster();
try {
  const before = await startTraffic(world, { senders: [sender], reader: taker, everyMs: 50 });
  await before.flows(50);
  await world.stopBroker();
  await world.server.stop();

  const { layout, plan, offices } = world;
  await cluster.options.prepare({ layout, plan, offices });
  const ground = { clock: systemClock, chance: systemChance, log: silentLog };
  const options = loadBrokerOptions(loadBrokerConfig(layout.brokerConfig), ground);
  renderServer(options);
  const [node] = options.cluster?.servers ?? [];
  await cluster.options.serve(world.home, "", node?.listen.port ?? 0);
  await putLogBack(world);
  const broker = await startBroker(options);

  const late = await world.gateway(away);
  const held = (): number => late.exchange.status().inbox;
  const { sent, lost, twice } = await before.end();
  await until(
    () => `${held()} of ${sent} came to who was away`,
    () => held() >= sent,
  ).catch(() => undefined);
  console.log(`${sent} sent; lost ${lost}, twice ${twice}; to who was away ${held()} came`); // prettier-ignore
  process.exitCode = lost + twice === 0 && held() === sent ? 0 : 1;
  await broker.stop();
} finally {
  await world.stop();
  await cluster.stop();
}
