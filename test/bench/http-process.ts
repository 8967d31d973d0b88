/**
 * What the HTTP bench asks, as a process of its own: `bare` is node:http that reads and parses a body and answers; `gateway`
 * is a gateway without a hub. Writes one line of JSON when it listens; ends when its input ends. `node http-process.ts WHICH`.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { makeDirectory, startApi } from "../../gateways/api/index.ts";
import { startGateway } from "../../gateways/gateway.ts";
import { makeServices } from "../../gateways/services.ts";
import { silentLog, systemChance, systemClock } from "../../schemas/ground/index.ts";
import { makeGatewayWorld } from "../kit/gateway-world.ts";

const [, , which = "bare"] = process.argv;
const dir = mkdtempSync(join(tmpdir(), "http-bench-"));
const agency = "ng/tcu";

async function startBare(): Promise<{ url: string; token: string }> {
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => {
      const { type } = JSON.parse(Buffer.concat(pieces).toString("utf8")) as { type: string };
      const text = JSON.stringify({
        id: "00000000-0000-7000-8000-000000000000",
        created: true,
        type,
      });
      response.writeHead(201, { "content-type": "application/json" }).end(text);
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, token: "none" };
}

async function startWhole(): Promise<{ url: string; token: string }> {
  const world = await makeGatewayWorld([agency, "gh/tcu"], { now: Date.now() - 60_000 });
  const { signer, sealing, link } = world.agency(agency);
  const ground = { clock: systemClock, chance: systemChance, log: silentLog };
  const gateway = await startGateway({
    agency,
    dir,
    register: world.register,
    anchors: world.anchors,
    signer,
    sealing: [sealing],
    link,
    hubUrls: ["tls://127.0.0.1:1"],
    ...ground,
  });
  const { services, callers } = makeServices({ gateway, dir, ...ground });
  const { exchange } = gateway;
  const directory = makeDirectory(() => gateway.register(), systemClock);
  const edge = { exchange, directory, dir, host: "127.0.0.1", port: 0, services, callers };
  const { url } = await startApi({ ...edge, ...ground });
  return { url, token: readFileSync(join(dir, "api-token"), "utf8").trim() };
}

const { url, token } = which === "bare" ? await startBare() : await startWhole();
process.stdout.write(`${JSON.stringify({ url, token })}\n`);
process.stdin.on("data", () => undefined);
process.stdin.on("end", () => {
  rmSync(dir, { recursive: true, force: true });
  process.exit(0);
});
