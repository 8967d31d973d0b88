import { globSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import {
  leafHash,
  parseCheckpoint,
  parseNote,
  verifyCheckpoint,
  verifyInclusion,
} from "../../certs/log/index.ts";
import type { Gateway } from "../../gateways/gateway.ts";
import { encodeLogLeafQuestion } from "../../schemas/index.ts";
import { rawAgency, type RawAgency } from "../kit/agency.ts";
import { runHouse } from "../kit/house-run.ts";
import { askLog, type LogReader } from "../kit/log-questions.ts";
import { until } from "../kit/server.ts";
import { example } from "../kit/submissions.ts";
import { startWorld, type World } from "../kit/world.ts";

let world: World;
let sender: Gateway;
let asker: RawAgency;
let reader: LogReader;
const sent: string[] = [];

const isTaken = (id: string): boolean => sender.exchange.find(id)?.state === "ACCEPTED";
const sizeNow = (): number => world.broker.status().log?.size ?? 0;
const stopped = (): string | undefined => world.broker.status().log?.stopped;

async function submit(count: number): Promise<void> {
  for (let i = 0; i < count; i += 1) {
    const { id } = await sender.exchange.submit(example("red-flag"), `damage ${sent.length}`);
    sent.push(id);
  }
}

async function run(...args: readonly string[]): Promise<{ code: number; said: string }> {
  let said = "";
  const write = (text: string): void => void (said += text);
  const place = { args, cwd: world.home, clock: world.clock, out: write, err: write };
  return { code: await runHouse(place), said };
}

/** An auditor who reads the hub's folder. */
async function audit(into: string): Promise<{ code: number; said: string }> {
  const { layout, plan } = world;
  const dir = join(layout.hub, "log");
  const trust = ["--register", layout.register, "--root", layout.root, "--hub", plan.hub];
  return await run("log", "follow", dir, "--into", join(world.home, into), "--once", ...trust);
}

/** Asks for every entry: what is shown leads to a checkpoint of the hub's key, or nothing is shown. Says how many were. */
async function countProved(size: number): Promise<number> {
  let proved = 0;
  for (let index = 0; index < size; index += 1) {
    const answer = await askLog(reader, "prove", encodeLogLeafQuestion({ index }));
    if (answer.refused !== undefined) {
      expect(answer).toMatchObject({ refused: "HUB_UNREACHABLE", leaves: [], hashes: [] });
      continue;
    }
    const { checkpoint } = verifyCheckpoint(answer.checkpoint!, reader.key);
    const { hashes: proof, leaf } = answer;
    verifyInclusion({ index, size: checkpoint.size, leafHash: leafHash(leaf!), proof, root: checkpoint.root });
    proved += 1;
  }
  return proved;
} // prettier-ignore

function flipIn(file: string, at: number): void {
  const bytes = readFileSync(file);
  bytes[at] = (bytes[at] ?? 0) ^ 0x10;
  writeFileSync(file, bytes);
}

function onlyFile(pattern: string): string {
  const [file = ""] = globSync(pattern, { cwd: world.layout.hub }).toSorted();
  expect([pattern, file]).not.toEqual([pattern, ""]);
  return join(world.layout.hub, file);
}

/** Stops the broker, damages what it keeps, and starts it again. */
async function damage(act: () => void | Promise<void>): Promise<void> {
  await world.stopBroker();
  await act();
  await world.startBroker();
}

/** Stops the server too, as what it keeps is damaged; whoever asked is away meanwhile. */
async function damageStream(act: () => void): Promise<void> {
  await asker.close();
  await world.stopBroker();
  await world.server.stop();
  act();
  await world.server.start();
  await world.startBroker();
  await meet();
}

async function meet(): Promise<void> {
  asker = await rawAgency(world, "gh/tcu");
  const [key] = world.register().logKeys(world.plan.hub, world.clock.now());
  reader = { link: asker.link, key: key! };
}

/** It goes on: what is sent now is taken, every entry can be proved, and the sender found nothing wrong. */
async function expectSound(): Promise<void> {
  await submit(2);
  await until("all are taken", () => sent.every(isTaken));
  const size = sizeNow();
  await until("every entry is proved", async () => (await countProved(size)) === size);
  expect(sender.log.alarms()).toEqual([]);
}

beforeAll(async () => {
  world = await startWorld({ states: ["ng", "gh"] });
  sender = await world.gateway("ng/tcu");
  await meet();
  await submit(6);
  // their proofs are asked for while what they come from is damaged
  await until("all are taken", () => sent.every(isTaken));
});

afterAll(async () => {
  await asker?.close();
  await world?.stop();
});

describe("F7 what the hub's log is kept in, damaged:", () => {
  it("a bit of a tile, or of a bundle: an auditor names it, the hub hands nothing wrong on and makes it anew", async () => {
    for (const [name, pattern] of [["tile", "log/tile/0/000.p/*"], ["bundle", "log/tile/entries/000.p/*"]] as const) {
      await damage(async () => {
        for (const file of globSync(pattern, { cwd: world.layout.hub })) flipIn(join(world.layout.hub, file), 70);
        // before the hub is asked for a proof again: it makes anew what it finds damaged
        expect([name, (await audit(`mirror-${name}`)).code]).toEqual([name, 8]);
      });
      await expectSound();
      expect((await audit(`mirror-${name}-after`)).code).toBe(0);
    }
  });

  it("a tile that is gone: the folder is made anew from the stream", async () => {
    await damage(() => rmSync(join(world.layout.hub, "log/tile/0"), { recursive: true }));
    await expectSound();
    expect((await audit("mirror-gone")).code).toBe(0);
  });

  it.each([["its first record", 50], ["its last", -20]])("a bit of what was seen, in %s: stream and folder say the same", async (_, at) => {
    const before = sizeNow();
    await damage(() => {
      const file = join(world.layout.hub, "log-seen");
      flipIn(file, (at + statSync(file).size) % statSync(file).size);
    });
    await until("it stands where it stood", () => sizeNow() >= before);
    await expectSound();
  });

  it.each([
    ["a bit in a block of the stream", (file: string) => flipIn(file, Math.floor(statSync(file).size / 2))],
    ["the tail of the stream cut off", (file: string) => truncateSync(file, statSync(file).size - 300)],
  ])("%s: nothing is signed any more until the log is put back", async (name, spoil) => {
    const before = sizeNow();
    await damageStream(() => {
      spoil(onlyFile("store/jetstream/*/streams/LOG/msgs/*.blk"));
      // the server's own summary of its blocks would hide it until the block is read
      for (const file of globSync("store/jetstream/*/streams/LOG/msgs/index.db", { cwd: world.layout.hub })) rmSync(join(world.layout.hub, file));
    });
    await until("the log has stopped", () => stopped() !== undefined);
    expect([name, stopped()]).toEqual([name, "LOG_INCONSISTENT"]);
    await submit(1);
    const { refused } = await askLog(reader, "checkpoint");
    expect(refused).toBeDefined();
    expect(isTaken(sent.at(-1)!)).toBe(false);
    await world.stopBroker();
    const back = await run("hub", "restore-log", "--config", world.layout.brokerConfig);
    expect([back.code, back.said]).toEqual([0, `${before} entries stand in the log\n`]);
    await world.startBroker();
    await expectSound();
    expect((await audit(`mirror-${name.length}`)).code).toBe(0);
  });

  it("what was seen and the stream both without their end: the folder that was shown says so, and it is put back from there", async () => {
    const before = sizeNow();
    const shown = (): number => parseCheckpoint(parseNote(readFileSync(join(world.layout.hub, "log/checkpoint"))).text).size;
    await until("all of it is shown", () => shown() >= before);
    await damageStream(() => {
      const seen = join(world.layout.hub, "log-seen");
      flipIn(seen, statSync(seen).size - 20);
      const block = onlyFile("store/jetstream/*/streams/LOG/msgs/*.blk");
      truncateSync(block, statSync(block).size - 100);
      for (const file of globSync("store/jetstream/*/streams/LOG/msgs/index.db", { cwd: world.layout.hub })) rmSync(join(world.layout.hub, file));
    });
    await until("the log has stopped", () => stopped() !== undefined);
    expect(stopped()).toBe("LOG_INCONSISTENT");
    await world.stopBroker();
    const back = await run("hub", "restore-log", "--config", world.layout.brokerConfig);
    expect([back.code, back.said]).toEqual([0, `${before} entries stand in the log\n`]);
    await world.startBroker();
    await expectSound();
  });
}); // prettier-ignore
