/**
 * A gateway of its own over a store that is there already: says how long it took to start, what it holds in memory, and how
 * long a page of its list takes over HTTP. Without a hub. `node store-process.ts FOLDER COUNT`.
 */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

import { makeDirectory, startApi } from "../../gateways/api/index.ts";
import { startGateway } from "../../gateways/gateway.ts";
import { readFileSync } from "node:fs";
import { silentLog, systemChance, systemClock } from "../../schemas/ground/index.ts";
import { makeGatewayWorld } from "../kit/gateway-world.ts";
import { median } from "./percentile.ts";

const [, , dir = mkdtempSync(join(tmpdir(), "store-bench-"))] = process.argv;
const agency = "ng/tcu";
const world = await makeGatewayWorld([agency, "gh/tcu"], { now: Date.now() - 60_000 });
const { signer, sealing, link } = world.agency(agency);
const began = performance.now();
const gateway = await startGateway({
  agency,
  dir,
  register: world.register,
  anchors: world.anchors,
  signer,
  sealing: [sealing],
  link,
  hubUrls: ["tls://127.0.0.1:1"],
  clock: systemClock,
  chance: systemChance,
  log: silentLog,
});
const startMs = performance.now() - began;
const { exchange } = gateway;
const directory = makeDirectory(() => gateway.register(), systemClock);
const edge = { exchange, directory, dir, host: "127.0.0.1", port: 0 };
const served = await startApi({
  ...edge,
  clock: systemClock,
  chance: systemChance,
  log: silentLog,
});
const authorization = `Bearer ${readFileSync(join(dir, "api-token"), "utf8").trim()}`;

async function pageOf(
  cursor: string,
): Promise<{ readonly ms: number; readonly text: string; readonly next: string }> {
  const at = performance.now();
  const query = cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`;
  const answer = await fetch(`${served.url}/v1/messages?box=in&limit=50${query}`, {
    headers: { authorization },
  });
  const text = await answer.text();
  const ms = performance.now() - at;
  const { next } = JSON.parse(text) as { next?: string };
  return { ms, text, next: next ?? "" };
}

const times: number[] = [];
let bytes = 0;
let cursor = "";
for (let page = 0; page < 200; page += 1) {
  const found = await pageOf(cursor);
  if (page >= 20) times.push(found.ms);
  bytes = Math.max(bytes, gzipSync(found.text).length);
  cursor = found.next;
}
const { rss } = process.memoryUsage();
const pageMs = median(times);
const worstMs = Math.max(...times);
const inbox = exchange.status().inbox;
process.stdout.write(`${JSON.stringify({ startMs, rss, pageMs, worstMs, bytes, inbox })}\n`);
await served.stop();
await gateway.stop();
process.exit(0);
