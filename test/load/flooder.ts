/**
 * `node test/load/flooder.ts HOME URL AGENCY PLAN < ROOTS`: one agency of a made region that sends as fast as it can, beside
 * connections that say nothing. Says "open" once these are, "closed" each time the hub closes it, and at its end what became of it; it ends before all is sent when it
 * is told to. What measures and what is measured comes first on this machine, as if the flooder had one of its own.
 */
import { readFileSync } from "node:fs";
import { getPriority, setPriority } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";

import { parsePem } from "../../certs/shape/index.ts";
import { makeLayout } from "../../deploy/local/layout.ts";
import { sha256 } from "../../schemas/ground/index.ts";
import { type RawAgency, rawAgency } from "../kit/agency.ts";
import type { World } from "../kit/world.ts";
import { crowd, flood, type FloodPlan } from "./flood.ts";

setPriority(Math.min(19, getPriority() + 10));
const [home = "", url = "", agency = "", plan = "{}"] = process.argv.slice(2);
const rootsPem = await text(process.stdin);
// all of a world that sending needs
const world = { layout: makeLayout(home), url, rootsPem } as World;
const file = join(world.layout.gateway(agency), "keys", "signing.pem");
const [certificate = agency] = parsePem("CERTIFICATE", readFileSync(file, "utf8"));
if (typeof certificate === "string") throw new Error(`${certificate} has no certificate`);
const flooding = JSON.parse(plan) as FloodPlan;
const port = Number(new URL(url.replace("tls:", "http:")).port);
const idle = await crowd({ port, ca: rootsPem }, flooding.idle);
let isOver = false;
process.once("SIGTERM", () => {
  isOver = true;
});
process.stdout.write("open\n");
const thumbprint = sha256(certificate);
const dial = (): Promise<RawAgency> => rawAgency(world, agency);
const onClosed = (): void => void process.stdout.write("closed\n");
const tally = await flood(flooding, { dial, isOver: () => isOver, onClosed, thumbprint });
process.stdout.write(`${JSON.stringify(tally)}\n`);
idle.close();
