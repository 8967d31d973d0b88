import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { findClockFloor, passingCodes, rejudge } from "../../gateways/exchange/index.ts";
import { noteHubTime } from "../../gateways/exchange/staleness.ts";
import { makeTakePublications } from "../../gateways/exchange/take-publications.ts";
import type { Arrival } from "../../gateways/exchange/index.ts";
import { bulletin, type MadeOffice, makeOffice, publish } from "../kit/gateway-office.ts";
import { type GatewayWorld, makeGatewayWorld } from "../kit/gateway-world.ts";

const now = 1_780_272_000_000;
const hour = 3_600_000;
const day = 24 * hour;
const year = 365.25 * day;

let open: MadeOffice[];

beforeEach(() => {
  open = [];
});

afterEach(() => {
  for (const office of open) office.close();
});

function officeAt(world: GatewayWorld, agency: string, at: number): MadeOffice {
  const made = makeOffice(world, agency);
  made.clock.move(at - world.now);
  open.push(made);
  return made;
}

function stateOf({ store }: MadeOffice): string | undefined {
  const [found] = store.messages.list({ box: "in", limit: 1 });
  return found?.code ?? found?.state;
}

async function take(reader: MadeOffice, arrivals: readonly Arrival[]): Promise<void> {
  const duties = { refreshRegister: () => Promise.resolve(false), held: () => undefined };
  await makeTakePublications(reader, duties)(arrivals);
}

describe("T-16 a reader whose clock is wrong", () => {
  it.each([
    ["ten years behind", -10 * year, "CERT_NOT_YET_VALID"],
    ["121 s behind", -121_000, "ENVELOPE_FROM_FUTURE"],
    ["1 ms more than two minutes behind", -120_001, "ENVELOPE_FROM_FUTURE"],
    ["two minutes behind", -120_000, "VERIFIED"],
    ["119 s behind", -119_000, "VERIFIED"],
    ["right", 0, "VERIFIED"],
    ["119 s ahead", 119_000, "VERIFIED"],
    ["121 s ahead", 121_000, "VERIFIED"],
    ["400 days ahead", 400 * day, "REGISTER_STALE"],
  ] as const)("%s decides exactly at the boundary, and nothing is lost when it is put right", async (_name, offset, code) => {
    const world = await makeGatewayWorld(["ng/tcu", "gh/tcu"], { now });
    const made = now + 12 * hour;
    const sender = officeAt(world, "ng/tcu", made);
    const handed = await publish(sender, bulletin, "a");
    const reader = officeAt(world, "gh/tcu", made + offset);
    await take(reader, handed);
    expect(stateOf(reader)).toBe(code);
    reader.clock.move(-offset);
    await rejudge(reader, passingCodes, (lying) => take(reader, lying));
    expect(stateOf(reader)).toBe("VERIFIED");
    expect(reader.store.messages.count("in", "QUARANTINED")).toBe(0);
  }); // prettier-ignore

  it.each([
    ["when summer time begins in Europe", Date.UTC(2027, 2, 28, 1)],
    ["when summer time ends in Europe", Date.UTC(2026, 9, 25, 1)],
    ["on the last second of 32 bits", Date.UTC(2038, 0, 19, 3, 14, 7)],
    ["a second after that", Date.UTC(2038, 0, 19, 3, 14, 8)],
    ["on the last second of two-digit years", Date.UTC(2049, 11, 31, 23, 59, 59)],
    ["on the first second of four-digit years", Date.UTC(2050, 0, 1)],
  ] as const)("reads what was sent an hour before and after, %s", async (_name, moment) => {
    const world = await makeGatewayWorld(["ng/tcu", "gh/tcu"], { now: moment - hour });
    const sender = officeAt(world, "ng/tcu", moment - 1);
    const reader = officeAt(world, "gh/tcu", moment + 1);
    await take(reader, await publish(sender, bulletin, "before"));
    sender.clock.move(2);
    await take(reader, await publish(sender, bulletin, "after"));
    expect(reader.store.messages.count("in", "VERIFIED")).toBe(2);
  });
});

describe("T-16 a clock that stands before a time that has passed", () => {
  it("is told of beyond two minutes, by the own authority's newest list, to the millisecond", async () => {
    const world = await makeGatewayWorld(["gh/tcu"], { now });
    const floorAt = (offset: number): number | undefined =>
      findClockFloor(officeAt(world, "gh/tcu", now + offset));
    expect(floorAt(-120_001)).toBe(now);
    expect(floorAt(-120_000)).toBeUndefined();
    expect(floorAt(-10 * year)).toBe(now);
    expect(floorAt(400 * day)).toBeUndefined();
  });

  it("is told of by what a hub signed last, and no longer when it is right again", async () => {
    const world = await makeGatewayWorld(["gh/tcu"], { now });
    const gateway = officeAt(world, "gh/tcu", now + day);
    await gateway.store.write(() => noteHubTime(gateway, now + day));
    gateway.clock.move(-hour);
    expect(findClockFloor(gateway)).toBe(now + day);
    gateway.clock.move(hour);
    expect(findClockFloor(gateway)).toBeUndefined();
  });

  it("is not told of because this clock itself ran ahead for a while", async () => {
    const world = await makeGatewayWorld(["ng/tcu", "gh/tcu"], { now });
    const gateway = officeAt(world, "gh/tcu", now + 20 * day);
    await publish(officeAt(world, "ng/tcu", now), bulletin, "a").then((all) => take(gateway, all));
    gateway.clock.move(-20 * day);
    expect(findClockFloor(gateway)).toBeUndefined();
  });
});

const faketime = spawnSync("faketime", ["--version"]).status === 0;
if (!faketime) process.stderr.write("faketime is not here: no whole process is moved in time\n");

describe.skipIf(!faketime)("T-16 a whole process in another time", () => {
  const script = join(import.meta.dirname, "../kit/clock-process.ts");
  const all = (state: string): readonly string[] =>
    ["H0", "H1", "H2", "H3"].map((one) => `${one} ${state}`);

  it.each([
    ["-10y", -10 * year, all("fresh")],
    ["-121s", -121_000, all("fresh")],
    ["+121s", 121_000, all("fresh")],
    ["+400d", 400 * day, all("stale")],
  ] as const)("%s judges by that time, and counts seconds as ever", async (shift, offset, states) => {
    const real = Date.now();
    const world = await makeGatewayWorld(["gh/tcu"], { now: real });
    const dir = mkdtempSync(join(tmpdir(), "times-"));
    writeFileSync(join(dir, "register.bin"), world.register);
    writeFileSync(join(dir, "root.json"), world.anchors.root);
    const env = { ...process.env, DONT_FAKE_MONOTONIC: "1" };
    const run = spawnSync("faketime", ["-f", shift, process.execPath, script, dir], { env, timeout: 150_000 });
    rmSync(dir, { recursive: true });
    expect(run.stderr.toString()).toBe("");
    const said = JSON.parse(run.stdout.toString()) as { now: number; states: string[]; went: number };
    expect(Math.abs(said.now - real - offset)).toBeLessThan(offset < -day ? 5 * day : 60_000);
    expect(said.states).toEqual(states);
    expect(said.went).toBeGreaterThan(10);
    expect(said.went).toBeLessThan(10_000);
  }); // prettier-ignore
});
