/**
 * `node test/chaos/main.ts [--minutes 30] [--seed S] [--rows 600]`: imports again and again into new regions
 * while blows fall by chance, until the time is up. With a seed, that one run and no other. Prints the seed of
 * every run that did not end as it must, keeps its folder, and exits 1 then.
 */
import { randomUUID } from "node:crypto";
import { parseArgs } from "node:util";

import { openGatewayHttp } from "../kit/gateway-http.ts";
import { startRegionProcess } from "../kit/region-process.ts";
import { expectOf } from "./expected.ts";
import { loadMaritimeFile, sliceMaritimeFile } from "./maritime-file.ts";
import { findLogErrors, isOfLostLog } from "./read-logs.ts";
import { placeFile, runImportUnder, type Scene, settle } from "./run-import.ts";
import { planStrikes, type Strike } from "./strikes.ts";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "30" },
    seed: { type: "string" },
    rows: { type: "string", default: "600" },
  },
});
const file = sliceMaritimeFile(loadMaritimeFile(), Number(values.rows));
const inFlights = [1, 2, 4, 16];

function renderStrikes(strikes: readonly Strike[]): string {
  return strikes.map(({ target, at }) => `${target} ${at}`).join(", ");
}

async function findAll(scene: Scene, seed: string): Promise<readonly string[]> {
  const strikes = planStrikes(seed);
  const inFlight = inFlights[strikes.length % inFlights.length] ?? 1;
  console.log(`seed ${seed}: ${inFlight} in flight; ${renderStrikes(strikes)}`);
  try {
    const { tally, blows } = await runImportUnder(scene, { strikes, inFlight });
    console.log(blows.map(({ targets, recoveredMs }) => `${targets.join("+")} ${recoveredMs} ms`));
    const { read, accepted, listed } = tally;
    const isRight = accepted === scene.expected.accepted && read === accepted + listed;
    const counts = isRight ? [] : [`read ${read}, accepted ${accepted}, listed ${listed}`];
    const isWiped = strikes.some(({ target }) => target === "store");
    const settled = await settle(scene, 180);
    const errors = findLogErrors(scene.region, true);
    return [...counts, ...settled, ...errors.filter((one) => !isWiped || !isOfLostLog(one))];
  } catch (error) {
    return [String(error)];
  }
}

/** Whether all was well. */
async function runOnce(seed: string): Promise<boolean> {
  const region = await startRegionProcess();
  placeFile(region, file);
  const http = openGatewayHttp(region.home);
  const scene = { region, http, expected: expectOf(file.rows, http.agencies) };
  const problems = await findAll(scene, seed);
  if (problems.length === 0) await region.remove();
  else await region.stop();
  console.log(problems.length === 0 ? "  held" : `  FAILED, see ${region.home}`);
  for (const problem of problems) console.log(`  ${problem}`);
  return problems.length === 0;
}

const end = performance.now() + Number(values.minutes) * 60_000;
const failed: string[] = [];
do {
  const seed = values.seed ?? randomUUID().slice(0, 8);
  if (!(await runOnce(seed))) failed.push(seed);
} while (values.seed === undefined && performance.now() < end);
console.log(failed.length === 0 ? "every run held" : `failed with seeds ${failed.join(", ")}`);
process.exitCode = failed.length === 0 ? 0 : 1;
