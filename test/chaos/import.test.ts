import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { memoryOf } from "../bench/process-reading.ts";
import { openGatewayHttp } from "../kit/gateway-http.ts";
import { partNames, type RegionProcess, startRegionProcess } from "../kit/region-process.ts";
import { type Expected, expectOf } from "./expected.ts";
import { loadMaritimeFile, type MaritimeFile, sliceMaritimeFile } from "./maritime-file.ts";
import { countRestarts, findLogErrors } from "./read-logs.ts";
import {
  type ImportTally,
  placeFile,
  runImport,
  runImportUnder,
  type Scene,
  settle,
} from "./run-import.ts";
import { spreadStrikes } from "./strikes.ts";

const whole = loadMaritimeFile();
const minutes = 60_000;

function say(text: string): void {
  console.log(`chaos: ${text}`);
}

async function openScene(file: MaritimeFile): Promise<Scene> {
  const region = await startRegionProcess();
  placeFile(region, file);
  say(`everything ran after ${Math.round(region.readyAfterMs)} ms`);
  return { region, http: openGatewayHttp(region.home), expected: expectOf(file.rows) };
}

function megabytes(region: RegionProcess): number {
  const pids = [region.pid, ...partNames.map((part) => region.pidOf(part))];
  return pids.reduce((sum: number, pid) => sum + memoryOf(pid ?? 0).now, 0);
}

function checkCounts(tally: ImportTally, file: MaritimeFile, expected: Expected): void {
  const { read, accepted, listed } = tally;
  expect({ read, accepted, listed }).toEqual({
    read: file.rows.length,
    accepted: expected.accepted,
    listed: expected.listed,
  });
  const unreported = file.rows.filter(({ reporter }) => reporter === undefined);
  expect(tally.report.toSorted((a, b) => a - b)).toEqual(unreported.map(({ line }) => line));
}

describe("importing a whole file", () => {
  let scene: Scene;

  beforeAll(async () => {
    scene = await openScene(whole);
  }, 3 * minutes);

  afterAll(() => scene.region.remove());

  it(
    "every row read is either accepted or listed",
    async () => {
      const tally = await runImport(scene.region);
      checkCounts(tally, whole, scene.expected);
      expect(tally.created).toBe(scene.expected.accepted);
    },
    4 * minutes,
  );

  it(
    "each centre holds exactly its rows, once each, verified, and every sender knows it",
    async () => {
      expect(await settle(scene, 120)).toEqual([]);
    },
    3 * minutes,
  );

  it("all processes together hold less than a gigabyte", ({ skip }) => {
    const held = megabytes(scene.region);
    skip(Number.isNaN(held), "this system does not tell");
    say(`${Math.round(held)} MB are held after ${scene.expected.accepted} rows`);
    expect(held).toBeLessThan(1_000);
  });

  it(
    "the same file again sends nothing",
    async () => {
      const tally = await runImport(scene.region);
      checkCounts(tally, whole, scene.expected);
      expect(tally.created).toBe(0);
      expect(await settle(scene, 60)).toEqual([]);
    },
    4 * minutes,
  );

  it("nothing failed unseen, and nothing had to be started again", () => {
    expect(findLogErrors(scene.region, false)).toEqual([]);
    expect(countRestarts(scene.region)).toBe(0);
  });

  it(
    "stopped and started, it goes on where it was",
    async () => {
      await scene.region.stop();
      await scene.region.start();
      say(`everything ran again after ${Math.round(scene.region.readyAfterMs)} ms`);
      expect(await settle(scene, 60)).toEqual([]);
      expect(findLogErrors(scene.region, false)).toEqual([]);
    },
    3 * minutes,
  );
});

describe("importing while everything is struck", () => {
  const file = sliceMaritimeFile(whole, 600);
  const strikes = spreadStrikes([
    ["gateways"],
    ["broker"],
    ["nats-server"],
    ["import"],
    // whatever the hub had and the gateways had not fetched is gone
    ["gateways", "store"],
    ["broker", "nats-server"],
    ["gateways"],
    ["nats-server"],
  ]);
  let scene: Scene;

  beforeAll(async () => {
    scene = await openScene(file);
  }, 3 * minutes);

  afterAll(() => scene.region.remove());

  it(
    "the counts stay right",
    async () => {
      const { tally, blows } = await runImportUnder(scene, { strikes, inFlight: 4 });
      for (const { targets, recoveredMs } of blows) {
        say(`links stood ${recoveredMs} ms after SIGKILL of ${targets.join(" and ")}`);
      }
      checkCounts(tally, file, scene.expected);
    },
    4 * minutes,
  );

  it(
    "each centre holds exactly its rows, once each, verified, and every sender knows it",
    async () => {
      expect(await settle(scene, 150)).toEqual([]);
    },
    4 * minutes,
  );

  it("nothing failed unseen, and nothing ended but what was struck", () => {
    expect(findLogErrors(scene.region, true)).toEqual([]);
    const struck = strikes.filter(({ target }) => target !== "import");
    expect(countRestarts(scene.region)).toBe(struck.length);
  });
});
