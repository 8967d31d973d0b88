import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import {
  decodeLogAnswer,
  encodeLogActQuestion,
  encodeLogBatch,
  encodeLogLeafQuestion,
  encodeLogSizesQuestion,
  parseLogLeaf,
} from "../../schemas/index.ts";
import { sha256, toFault, utf8 } from "../../schemas/ground/index.ts";
import {
  leafHash,
  makeFrontier,
  verifyCheckpoint,
  verifyConsistency,
  verifyInclusion,
} from "../../certs/log/index.ts";
import {
  type LogBroker,
  type LogWorld,
  logSigner,
  makeLogWorld,
  numbersOf,
  sizeOf,
  upTo,
} from "../../test/kit/log-world.ts";
import { until } from "../../test/kit/server.ts";

let world: LogWorld;
const running = new Set<LogBroker>();

async function open(dir?: string): Promise<LogBroker> {
  const broker = await world.open(dir);
  running.add(broker);
  return broker;
}

async function stop(broker: LogBroker): Promise<void> {
  running.delete(broker);
  await broker.stop();
}

/** Puts messages and waits until they stand in the log. */
async function enter(broker: LogBroker, count: number): Promise<readonly number[]> {
  const indices: number[] = [];
  for (let i = 0; i < count; i += 1) {
    const place = await world.put(i % 3 === 0 ? "DIRECT" : "FEED_ECOWAS");
    world.offer(broker, place);
    indices.push(await broker.log.positionOf(place));
  }
  return indices;
}

/** What is wrong for whoever gets a checkpoint of each place of a stream. */
async function checkWhole(): Promise<number> {
  const log = await world.read();
  for (const [series, numbers] of Object.entries(numbersOf(log))) {
    expect([series, numbers]).toEqual([series, upTo(numbers.length)]);
  }
  return log.leaves.length;
}

beforeAll(async () => {
  world = await makeLogWorld();
});

afterAll(async () => {
  for (const broker of running) await broker.stop();
  await world.stop();
});

describe("the hub's log", () => {
  it("each message has one leaf, in its stream's order, before anybody is told of it", async () => {
    const broker = await open();
    expect(await enter(broker, 6)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(sizeOf(broker.log.checkpoint)).toBe(6);
    const { leaves } = await world.read();
    expect(leaves.map(({ kind }) => kind).toSorted()).toEqual(
      ["DIRECT", "DIRECT", "FEED", "FEED", "FEED", "FEED"], // prettier-ignore
    );
    await stop(broker);
  });

  it("what nobody offered is found, and what was taken out before is entered as gone", async () => {
    const broker = await open();
    const first = await world.put("FEED_ECOWAS");
    const erased = await world.put("FEED_ECOWAS");
    await world.jetStream.erase(erased.stream, erased.sequence);
    const last = await world.put("FEED_ECOWAS");
    world.offer(broker, last);
    const index = await broker.log.positionOf(last);
    expect(await broker.log.positionOf(first)).toBe(index - 2);
    const { leaves } = await world.read();
    expect(leaves[index - 1]).toMatchObject({ kind: "VOID", sequence: erased.sequence });
    await checkWhole();
    await stop(broker);
  });

  it("two brokers at once, stopped and started at any moment, keep one log", async () => {
    const dirs = [(await open()).dir, (await open()).dir];
    const brokers = [...running];
    const told: { place: Parameters<LogWorld["offer"]>[1]; index: number }[] = [];
    const waiting: Promise<void>[] = [];
    let seed = 7;
    const dice = (n: number): number => {
      seed = (seed * 1103515245 + 12345) % 2 ** 31;
      return Math.floor((seed / 2 ** 31) * n);
    };
    for (let i = 0; i < 240; i += 1) {
      const place = await world.put(dice(3) === 0 ? "DIRECT" : "FEED_ECOWAS");
      const broker = brokers[dice(2)]!;
      if (dice(5) > 0) world.offer(broker, place);
      const asked = broker.log.positionOf(place).then(
        (index) => void told.push({ place, index }),
        () => undefined,
      );
      waiting.push(asked);
      if (dice(60) > 0) continue;
      const which = dice(2);
      await stop(brokers[which]!);
      brokers[which] = await open(dirs[which]);
    }
    await Promise.all(waiting);
    const { leaves } = await world.read();
    expect(told.length).toBeGreaterThan(50);
    for (const { place, index } of told) expect(leaves[index]).toMatchObject(place);
    await until("all is entered", async () => {
      const last = await Promise.all(
        ["DIRECT", "FEED_ECOWAS"].map((name) => world.jetStream.stream(name)),
      );
      const sum = last.reduce((all, state) => all + (state?.lastSequence ?? 0), 0);
      return (await world.read()).leaves.length === sum;
    });
    await checkWhole();
    await Promise.all(brokers.map(stop));
    expect(brokers.flatMap(({ faults }) => faults)).toEqual([]);
  });

  it("a crash at any step loses nothing and signs nothing twice", async () => {
    const broker = await open();
    await enter(broker, 4);
    await stop(broker);
    const { dir } = broker;
    const before = `${dir}-before`;
    cpSync(dir, before, { recursive: true });
    const again = await open(dir);
    await enter(again, 40);
    await stop(again);
    const size = await checkWhole();
    // the entry was stored; what was seen, the folder or both are of before; or a write was cut short
    for (const lost of [["log-seen"], ["log"], ["log", "log-seen"], ["torn"], ["all"]]) {
      const dirNow = `${dir}-${lost.join("-")}`;
      cpSync(dir, dirNow, { recursive: true });
      for (const name of lost) {
        if (name === "torn") writeFileSync(join(dirNow, "log-seen"), "\0\0\u0001", { flag: "a" });
        else if (name === "all") {
          rmSync(dirNow, { recursive: true });
          mkdirSync(dirNow);
        } else {
          // as it was before
          rmSync(join(dirNow, name), { recursive: true });
          cpSync(join(before, name), join(dirNow, name), { recursive: true });
        }
      }
      const next = await open(dirNow);
      await until(
        `it stands where it stood: ${lost.join(" ")}`,
        () => sizeOf(next.log.checkpoint) >= size,
      );
      await enter(next, 1);
      await stop(next);
      expect(next.faults).toEqual([]);
    }
    await checkWhole();
  });

  it("proofs of leaves and of growth lead to the signed checkpoint", async () => {
    const broker = await open();
    const [index = 0] = await enter(broker, 1);
    const place = { stream: "DIRECT", instance: world.instances.get("DIRECT") ?? "", sequence: 1 };
    const ask = (act: string, question: Uint8Array) =>
      decodeLogAnswer(broker.log.answer(act, question));
    for (const question of [{ index }, { index: 0 }, place]) {
      const answer = ask("prove", encodeLogLeafQuestion(question));
      const { checkpoint } = verifyCheckpoint(answer.checkpoint!, logSigner.verifierKey);
      verifyInclusion({
        index: answer.index!,
        size: checkpoint.size,
        leafHash: leafHash(answer.leaf!),
        proof: answer.hashes,
        root: checkpoint.root,
      });
      expect(parseLogLeaf(answer.leaf!)).toMatchObject("stream" in question ? question : {});
    }
    const now = verifyCheckpoint(broker.log.checkpoint!, logSigner.verifierKey).checkpoint;
    await enter(broker, 2);
    const answer = ask("consistency", encodeLogSizesQuestion({ from: now.size, to: now.size + 2 }));
    const then = verifyCheckpoint(answer.checkpoint!, logSigner.verifierKey).checkpoint;
    verifyConsistency({
      oldSize: now.size,
      oldRoot: now.root,
      newSize: then.size,
      newRoot: then.root,
      proof: answer.hashes,
    });
    for (const [act, question, refused] of [
      ["prove", encodeLogLeafQuestion({ index: 1_000_000 }), "LOG_ENTRY_MISSING"],
      ["prove", encodeLogLeafQuestion({ ...place, sequence: 1_000_000 }), "LOG_ENTRY_MISSING"],
      ["prove", encodeLogLeafQuestion({ ...place, index: 1 }), "CODEC_MALFORMED"],
      ["consistency", encodeLogSizesQuestion({ from: 5, to: 4 }), "LOG_ENTRY_MISSING"],
      ["consistency", encodeLogSizesQuestion({ from: 1, to: 1_000_000 }), "LOG_ENTRY_MISSING"],
      ["entries", encodeLogSizesQuestion({ from: 5, to: 4 }), "LOG_ENTRY_MISSING"],
      ["entries", encodeLogSizesQuestion({ from: 1, to: 1_000_000 }), "LOG_ENTRY_MISSING"],
      ["prove", utf8("\u0001"), "CODEC_MALFORMED"],
      ["erase", new Uint8Array(), "SUBJECT_INVALID"],
    ] as const) {
      expect(ask(act, question)).toEqual({ refused, hashes: [], leaves: [] });
    }
    await stop(broker);
  });

  it("leaves are handed out from any size on, and lead to the signed root", async () => {
    const broker = await open();
    await enter(broker, 70);
    const ask = (from: number, to: number) =>
      decodeLogAnswer(broker.log.answer("entries", encodeLogSizesQuestion({ from, to })));
    const { size, root } = verifyCheckpoint(broker.log.checkpoint!, logSigner.verifierKey).checkpoint;
    const from = size - 69;
    const frontier = makeFrontier(from, ask(from, from).hashes);
    const answers: number[] = [];
    while (frontier.size() < size) {
      const { leaves } = ask(frontier.size(), size);
      answers.push(leaves.length);
      for (const leaf of leaves) frontier.append(leafHash(leaf));
    }
    expect([answers.every((count) => count > 0 && count <= 64), answers.length > 1]).toEqual([true, true]);
    expect(frontier.root()).toEqual(root);
    await stop(broker);
  }); // prettier-ignore

  it("an agency's act is entered once, in its own series, however often and of whichever broker it is asked", async () => {
    const brokers = [await open(), await open()] as const;
    for (const { log } of brokers) await until("it stands", () => log.checkpoint !== undefined);
    const act = { act: "INSPECTION_OPENED", commitment: sha256(utf8("line 1")), sequence: 1 };
    const put = (at: LogBroker, question: Partial<typeof act> = {}, origin = "gh/fiu") =>
      decodeLogAnswer(at.log.enterAct(origin, encodeLogActQuestion({ ...act, ...question })));
    await until("both have it", () => {
      for (const broker of brokers) expect(put(broker).refused).toBeUndefined();
      return brokers.every((broker) => put(broker).last === 1);
    });
    const [broker] = brokers;
    const other = { commitment: sha256(utf8("line 2")) };
    expect(put(broker, other)).toMatchObject({ refused: "LOG_ACT_OTHER", last: 1 });
    expect(put(broker, { act: "INSPECTION_CLOSED" })).toMatchObject({ refused: "LOG_ACT_OTHER" });
    expect(put(broker, { ...other, sequence: 3 })).toMatchObject({ refused: "LOG_ACT_OTHER", last: 1 });
    expect(put(broker, { act: "AGENCY_PAUSED", sequence: 2 }).refused).toBe("LOG_ACT_UNKNOWN");
    expect(decodeLogAnswer(broker.log.enterAct("gh/fiu", utf8("x"))).refused).toBe("CODEC_MALFORMED");
    // another agency's first act stands in a series of its own
    await until("it is in", () => put(broker, {}, "ng/tcu").last === 1);
    await until("the next is in", () => put(broker, { ...other, sequence: 2 }).last === 2);
    const acts = (await world.read()).leaves.filter(({ kind, origin }) => kind === "ACT" && origin === "gh/fiu");
    expect(acts[0]).toMatchObject({ stream: "JOURNAL", instance: "gh/fiu", sequence: 1, act: "INSPECTION_OPENED" });
    expect(acts.map(({ sequence }) => sequence)).toEqual([1, 2]);
    for (const one of brokers) await stop(one);
    expect(brokers.flatMap(({ faults }) => faults)).toEqual([]);
  }); // prettier-ignore

  it("a damaged tile is not handed on, and is made anew", async () => {
    const broker = await open();
    await enter(broker, 1);
    await stop(broker);
    const tiles = readdirSync(join(broker.dir, "log/tile/0"));
    const full = join(broker.dir, "log/tile/0", tiles.find((name) => name === "000") ?? "");
    const bytes = readFileSync(full);
    bytes[40] = (bytes[40] ?? 0) ^ 1;
    writeFileSync(full, bytes);
    const again = await open(broker.dir);
    const ask = () =>
      decodeLogAnswer(again.log.answer("prove", encodeLogLeafQuestion({ index: 3 })));
    await until("it stands", () => again.log.checkpoint !== undefined);
    expect(ask().refused).toBe("HUB_UNREACHABLE");
    await until("it is mended", () => ask().refused === undefined);
    await enter(again, 1);
    await stop(again);
    expect(again.faults).toEqual([]);
  });

  it("a full log enters nothing and says so, loses nothing, and goes on when it was given room", async () => {
    const broker = await open();
    await enter(broker, 1);
    const { bytes, config } = (await world.jetStream.stream("LOG"))!;
    await world.jetStream.updateStream({ ...config, max_bytes: bytes + 1_500 });
    const places: Awaited<ReturnType<LogWorld["put"]>>[] = [];
    for (let tries = 0; broker.log.status.waiting !== "LOG_FULL"; tries += 1) {
      if (tries > 60) throw new Error("it was never full");
      const place = await world.put("DIRECT");
      places.push(place);
      world.offer(broker, place);
      const code = await broker.log.positionOf(place).then(() => "", (error: unknown) => toFault(error, "INTERNAL").code);
      expect(["", "LOG_FULL"]).toContain(code);
    }
    const { room, stopped } = broker.log.status;
    expect([room!.bytes <= room!.maxBytes, stopped]).toEqual([true, undefined]);
    await stop(broker);
    // the server is given what the configuration says, and what waited is entered
    const again = await open(broker.dir);
    for (const place of places) expect(await again.log.positionOf(place)).toBeGreaterThan(0);
    expect(again.log.status).toMatchObject({ waiting: undefined, room: { maxBytes: 64 * 1024 * 1024 } });
    await checkWhole();
    await stop(again);
  }); // prettier-ignore

  it("a log that is told to be shorter by who may lead it no more is waited for, and nothing is stopped", async () => {
    let heard: "all" | "a while ago" | "less" = "all";
    const broker = await world.open(undefined, (jetStream) => ({
      ...jetStream,
      stream: async (name) => {
        const state = await jetStream.stream(name);
        if (state === undefined || name !== "LOG" || heard === "all") return state;
        const isDoubtful = heard === "a while ago";
        return { ...state, lastSequence: state.lastSequence - 1, isDoubtful };
      },
    }));
    running.add(broker);
    await enter(broker, 2);
    heard = "a while ago";
    await until("it waits", () => broker.log.status.waiting === "HUB_UNREACHABLE");
    heard = "all";
    await enter(broker, 2);
    expect(broker.faults).toEqual([]);
    // the same by the word of who leads it
    heard = "less";
    await until("it stops", () => broker.faults.length > 0);
    expect(broker.faults[0]).toMatchObject({ code: "LOG_INCONSISTENT" });
    await stop(broker);
  });

  it("a log that lost what was signed, or got what was not, stops the hub's signing", async () => {
    const broker = await open();
    await enter(broker, 1);
    const { log: live } = broker;
    // an entry by somebody else's hand
    const forged = encodeLogBatch({ leaves: [], checkpoint: utf8("atumpan/au/hub-one\n") });
    await world.link.request("log.batch", forged);
    await until("it stops", () => broker.faults.length > 0);
    const late = await world.put("DIRECT");
    world.offer(broker, late);
    await expect(live.positionOf(late)).rejects.toMatchObject({ code: "LOG_INCONSISTENT" });
    await stop(broker);
    expect(broker.faults.map(({ code }) => code)).toEqual(["LOG_INCONSISTENT"]);
    const kept = sha256(readFileSync(join(broker.dir, "log/checkpoint")));
    // the stream gone, and one that is empty in its place
    await world.jetStream.deleteStream("LOG");
    for (const make of [false, true]) {
      if (make) {
        await world.jetStream.createStream({
          name: "LOG",
          subjects: ["log.batch"],
          metadata: { instance: "other" },
        });
      }
      const again = await open(broker.dir);
      await until("it stops", () => again.faults.length > 0);
      expect(again.faults[0]).toMatchObject({ code: "LOG_INCONSISTENT" });
      expect(again.faults[0]?.detail).toMatch(/restore the stream LOG/);
      await stop(again);
    }
    expect(sha256(readFileSync(join(broker.dir, "log/checkpoint")))).toEqual(kept);
    truncateSync(join(broker.dir, "log-seen"), 0);
    const without = await open(broker.dir);
    // the folder remembers too
    await until("it stops", () => without.faults.length > 0);
    await stop(without);
  });
});
