/**
 * `node test/load/steady-agency.ts HOME AGENCY PERSECOND SECONDS AGENCIES`: the gateway of one of so many agencies of a made region,
 * that sends so many alerts a second. Says "up" once its link stands, begins at a line on its input, says "sent" when the hub's
 * receipts for all were proved and "had" when the others' came; at the end of its input it says what it sent, when each was
 * proved, and what it was brought.
 */
import { once } from "node:events";
import { createInterface } from "node:readline";
import { join } from "node:path";

import { loadGateway } from "../../gateways/config.ts";
import { startGateway } from "../../gateways/gateway.ts";
import { makeLayout } from "../../deploy/local/layout.ts";
import { exampleInstant, exampleOf, shiftInstants } from "../../schemas/examples/index.ts";
import { startLog, systemChance, systemClock } from "../../schemas/ground/index.ts";
import { until } from "../kit/server.ts";
import type { AgencyTally } from "./steady.ts";

const [home = "", agency = "", perSecond = "1", seconds = "1", agencies = "1"] =
  process.argv.slice(2);
const layout = makeLayout(home);
const log = startLog({ name: agency, file: join(layout.logs, "gateways.log") });
const { options } = loadGateway(layout.gateway(agency));
const gateway = await startGateway({ ...options, clock: systemClock, chance: systemChance, log });
const { exchange } = gateway;

const began = new Map<string, number>();
const accepted = new Map<string, number>();
const came = new Map<string, number>();
exchange.watch(({ id, state }) => {
  if (state === "VERIFIED") came.set(id, (came.get(id) ?? 0) + 1);
  // what was taken further before we looked had its receipt too
  else if (state === "ACCEPTED" && !accepted.has(id)) accepted.set(id, performance.now());
});

function alert(): unknown {
  const { body, inner, crimes } = exampleOf("alert.incident");
  const by = Date.now() - exampleInstant;
  return { type: "alert.incident", recs: ["ecowas"], crimes, handling: "H1", inner: shiftInstants(inner, by), body: shiftInstants(body, by) };
} // prettier-ignore

/** As many as an office's officers and machines have under way with their own gateway at once. */
const mostUnderWay = 64;

async function sendOne(at: number, due: number): Promise<void> {
  const { id } = await exchange.submit(alert(), `steady ${agency} ${at}`);
  began.set(id, due);
}

async function send(): Promise<void> {
  const everyMs = 1_000 / Number(perSecond);
  const first = performance.now();
  const underWay = new Set<Promise<void>>();
  for (let at = 0; at < Number(seconds) * Number(perSecond); at += 1) {
    const due = first + at * everyMs;
    const rest = due - performance.now();
    if (rest > 1) await new Promise((resolve) => setTimeout(resolve, rest));
    while (underWay.size >= mostUnderWay) await Promise.race(underWay);
    // counted from when it was due: who is late makes nobody wait less
    const one = sendOne(at, due);
    underWay.add(one);
    void one.finally(() => underWay.delete(one));
  }
  await Promise.all(underWay);
}

// who runs it for a quarter of an hour wants to know how it goes
const telling = setInterval(() => {
  process.stderr.write(
    `${agency}: sent ${began.size}, receipts ${accepted.size}, brought ${came.size}\n`,
  );
}, 30_000);

const lines = createInterface({ input: process.stdin });
await until(`${agency} is linked`, () => exchange.status().linkUp);
process.stdout.write("up\n");
await once(lines, "line");
await send();
const hasAll = (): boolean => [...began.keys()].every((id) => accepted.has(id));
await until("every receipt came", hasAll).catch(() => undefined);
process.stdout.write("sent\n");
// the others send as many each, at the same pace
const expected = (Number(agencies) - 1) * began.size;
await until("what the others sent is here", () => came.size >= expected).catch(() => undefined);
process.stdout.write("had\n");
await once(lines, "close");
const tally: AgencyTally = {
  sent: [...began.keys()],
  times: [...began].map(([id, at]) => (accepted.get(id) ?? Infinity) - at),
  came: [...came],
};
process.stdout.write(`${JSON.stringify(tally)}\n`);
clearInterval(telling);
await gateway.stop();
