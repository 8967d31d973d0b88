/**
 * `node test/load/flooder.ts HOME URL AGENCY PLAN < ROOTS`: one agency of a made region that sends as fast as it can, beside
 * connections that say nothing. Says "open" once these are. What measures and what is measured comes first on this
 * machine, as if the flooder had one of its own.
 */
import { readFileSync } from "node:fs";
import { getPriority, setPriority } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";

import { parsePem } from "../../certs/shape/index.ts";
import { makeLayout } from "../../deploy/local/layout.ts";
import { sha256 } from "../../schemas/ground/index.ts";
import { rawAgency } from "../kit/agency.ts";
import type { World } from "../kit/world.ts";
import { crowd, flood, type FloodPlan } from "./flood.ts";

setPriority(Math.min(19, getPriority() + 10));
const [home = "", url = "", agency = "", plan = "{}"] = process.argv.slice(2);
const rootsPem = await text(process.stdin);
// all of a world that sending needs
const world = { layout: makeLayout(home), url, rootsPem } as World;
const raw = await rawAgency(world, agency);
const file = join(world.layout.gateway(agency), "keys", "signing.pem");
const [certificate = raw.agency] = parsePem("CERTIFICATE", readFileSync(file, "utf8"));
if (typeof certificate === "string") throw new Error(`${certificate} has no certificate`);
const flooding = JSON.parse(plan) as FloodPlan;
const port = Number(new URL(url.replace("tls:", "http:")).port);
const idle = await crowd({ port, ca: rootsPem }, flooding.idle);
process.stdout.write("open\n");
await flood(raw, sha256(certificate), flooding);
idle.close();
await raw.close();
