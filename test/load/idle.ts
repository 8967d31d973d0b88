/**
 * `node test/load/idle.ts minutes=10`: what an idle line of a gateway costs at a hub of three servers, by the clock on the wall. Each
 * of the servers is dialled through a relay that counts. Ends with 1 when a month of it would be over 50 MB of packets.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

import { loadBrokerConfig } from "../../broker/index.ts";
import { type BadLinkProxy, startBadLinkProxy } from "../kit/bad-link-proxy.ts";
import { makeCluster } from "../kit/cluster.ts";
import { startWorld } from "../kit/world.ts";

const agency = "ng/fiu";
/** What the measured part leaves out: a login an hour, as `test/e2e/seeing` reckons it. */
const loginBytes = 10_300;
/** Of IPv4 and TCP with its times; and with the cable's own, as `wouldWire` has them. */
const [headBytes, cableHeadBytes] = [52, 66];
const [, minutes = "10"] = (process.argv[2] ?? "").split("=");
const ms = Number(minutes) * 60_000;
const monthMs = 30 * 86_400_000;

const cluster = makeCluster();
let proxies: readonly BadLinkProxy[] = [];
const sum = (of: (proxy: BadLinkProxy) => number): number =>
  proxies.reduce((all, one) => all + of(one), 0);
const world = await startWorld({
  states: ["ng", "gh"],
  ...cluster.options,
  prepare: async (made) => {
    await cluster.options.prepare(made);
    const { layout } = made;
    const servers = loadBrokerConfig(layout.brokerConfig).cluster?.servers ?? [];
    proxies = await Promise.all(servers.map(({ listen }) => startBadLinkProxy({ toPort: listen.port })));
    const file = join(layout.gateway(agency), "gateway.json");
    const hubs = proxies.map(({ port }) => `tls://127.0.0.1:${port}`);
    const config = JSON.parse(readFileSync(file, "utf8")) as object;
    writeFileSync(file, JSON.stringify({ ...config, hubs, canary: { everyMinutes: 60 } }));
  },
}); // prettier-ignore
try {
  await cluster.untilWhole(world);
  await world.gateway(agency);
  // what a first link costs is over by then
  await pause(60_000);
  const carried = (): number => sum(({ carried: { up, down } }) => up + down);
  const read = () => ({ bytes: carried(), wire: sum((one) => one.wouldWire()), dials: sum((one) => one.dials()) });
  const before = read();
  const began = performance.now();
  await pause(ms);
  const after = read();
  const months = monthMs / (performance.now() - began);
  const inMonth = (key: keyof typeof before): number => ((after[key] - before[key]) * months) / 1e6;
  const logins = (monthMs / 3_600_000) * (loginBytes / 1e6);
  const [payloadMB, wireMB] = [inMonth("bytes"), inMonth("wire")];
  // what a line is paid by: packets with their own heads, not the cable's
  const packetMB = payloadMB + ((wireMB - payloadMB) * headBytes) / cableHeadBytes;
  console.log({ minutes: Number(minutes), dials: after.dials - before.dials, payloadMB, packetMB, wireMB, loginsMB: logins });
  process.exitCode = packetMB + logins < 50 ? 0 : 1;
} finally {
  await world.stop();
  await cluster.stop();
  await Promise.all(proxies.map((one) => one.stop()));
} // prettier-ignore
