/**
 * `node test/load/blows.ts [ROUNDS] [NAME…]`: three agencies over a hub of three servers, while every blow of
 * test/e2e/three-servers-work.ts falls, or those whose name has one of the words in it. Counts by the senders' own lists. Tells how
 * long each was on its way, and how long the hub took to heal: the longest of them, from the blow where most servers stood all the
 * time, else from when most of them, the broker or the way were there again. Ends with 1 when anything was lost, came twice, or was
 * not healed within a minute. CI runs a few in test/e2e/three-servers.test.ts and looks at no times. With ATUMPAN_NATS_SERVER_BEFORE
 * the servers begin as that program, and each is the usual one from its next start on: name "F26 servers" alone to see that upgrade.
 */
import { makeCluster } from "../kit/cluster.ts";
import { natsServerBinary } from "../kit/server.ts";
import { startWorld } from "../kit/world.ts";
import { blows, startTraffic } from "../e2e/three-servers-work.ts";

const [rounds = "1", ...words] = process.argv.slice(2);
const before = process.env["ATUMPAN_NATS_SERVER_BEFORE"];
const chosen = Object.entries(blows).filter(
  ([name]) => words.length === 0 || words.some((word) => name.includes(word)),
);
const cluster = makeCluster({ binary: before ?? natsServerBinary() });
const world = await startWorld({
  states: ["ng", "gh", "sn"],
  recs: ["ecowas"],
  ...cluster.options,
});
process.exitCode = 0;
const mostHealedMs = 60_000;
const parted = "sn/tcu";
try {
  await cluster.untilWhole(world);
  const doors = { agency: parted, ...(await cluster.openDoors(world, parted)) };
  for (const node of cluster.nodes) node.binary = natsServerBinary();
  console.log(`the servers begin as ${world.broker.status().serverVersion}`);
  for (let round = 0; round < Number(rounds); round += 1) {
    for (const [name, blow] of chosen) {
      const plan = { senders: ["gh/tcu", parted], reader: "ng/tcu", everyMs: 100 };
      const traffic = await startTraffic(world, plan);
      await traffic.flows(10);
      const began = performance.now();
      traffic.mark();
      await blow({ world, cluster, traffic, doors });
      const wholeAfter = (performance.now() - began) / 1_000;
      const { sent, lost, twice, times, healedMs } = await traffic.end();
      const [longest, healed] = [times.at(-1) ?? 0, healedMs].map((ms) => (ms / 1_000).toFixed(0));
      console.log(`${name}: ${sent} sent, ${lost} lost, ${twice} twice; whole after ${wholeAfter.toFixed(0)} s, healed after ${healed} s, the longest was on its way for ${longest} s`); // prettier-ignore
      if (lost + twice > 0 || healedMs > mostHealedMs) process.exitCode = 1;
    }
  }
  console.log(`the servers end as ${world.broker.status().serverVersion}`);
} finally {
  await world.stop();
}
