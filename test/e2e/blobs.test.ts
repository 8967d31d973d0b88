import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { hubLimits, loadBrokerConfig } from "../../broker/index.ts";
import type { HubBlobs } from "../../gateways/link/index.ts";
import {
  blobSubject,
  encodeBlobList,
  encodeBlobRange,
  limits,
  outBlobSubject,
  parseBlobAnswer,
} from "../../schemas/index.ts";
import {
  type Bytes,
  isFault,
  makeSeededChance,
  renderHex,
  sha256,
  utf8,
} from "../../schemas/ground/index.ts";
import { rawAgency, type RawAgency } from "../kit/agency.ts";
import { changeHubLimits } from "../kit/hub-limits.ts";
import { withAgency } from "../kit/register-edit.ts";
import { until } from "../kit/server.ts";
import { startWorld, type World } from "../kit/world.ts";

const chance = makeSeededChance("blobs");
const kibi = 1024;
/** What an agency may put a day here, and what there is room for. */
const allowance = 400 * kibi;
const room = 1024 * kibi;

let world: World;
let ng: HubBlobs;
let gh: HubBlobs;

async function blobsOf(agency: string): Promise<HubBlobs> {
  const { office } = await world.gateway(agency);
  if (office.blobs === undefined) throw new Error(`${agency} has no link`);
  return office.blobs;
}

beforeAll(async () => {
  world = await startWorld({
    states: ["ng", "gh", "sn"],
    prepare: async ({ layout }) => {
      const config: object = JSON.parse(readFileSync(layout.brokerConfig, "utf8")) as object;
      const blobs = { bytesPerAgencyDay: allowance, maxBytes: room };
      writeFileSync(layout.brokerConfig, JSON.stringify({ ...config, blobs }));
      await Promise.resolve();
    },
  });
  ng = await blobsOf("ng/tcu");
  gh = await blobsOf("gh/tcu");
});

afterAll(async () => {
  await world?.stop();
});

async function codeOf(act: Promise<unknown>): Promise<string> {
  try {
    await act;
    return "no fault";
  } catch (error) {
    if (isFault(error)) return error.code;
    throw error;
  }
}

/** As a reader does: by runs, joined, hashed. */
async function fetchBy(blobs: HubBlobs, digest: Bytes, step: () => number): Promise<Bytes> {
  const pieces: Bytes[] = [];
  let offset = 0;
  for (;;) {
    const { size, bytes } = await blobs.getBlob({ digest, offset, maxBytes: step() });
    pieces.push(bytes);
    offset += bytes.length;
    if (offset === size) break;
  }
  const whole = Buffer.concat(pieces);
  expect(renderHex(sha256(whole))).toBe(renderHex(digest));
  return whole;
}

async function messages(): Promise<number> {
  return (await world.desk.jetStream.stream("BLOB"))?.messages ?? -1;
}

describe("a chunk of a file at the hub", () => {
  it("is kept under the digest of its bytes, and every agency that knows it may fetch it", async () => {
    const chunk = chance.bytes(limits.blobChunkBytes);
    expect(await ng.missingBlobs([sha256(chunk)])).toHaveLength(1);
    const digest = await ng.putBlob(chunk);
    expect(renderHex(digest)).toBe(renderHex(sha256(chunk)));
    const held = await world.desk.read("BLOB");
    expect(held.map(({ subject }) => subject)).toEqual([`blob.${renderHex(digest)}`]);
    expect(Buffer.from(held[0]!.data).equals(chunk)).toBe(true);
    for (const blobs of [ng, gh]) {
      expect(await blobs.missingBlobs([digest])).toEqual([]);
      const got = await fetchBy(blobs, digest, () => limits.maxBlobBytes);
      expect(Buffer.from(got).equals(chunk)).toBe(true);
    }
  });

  it("is fetched from any byte on, in runs of any length", async () => {
    const chunk = chance.bytes(5_001);
    const digest = await ng.putBlob(chunk);
    const steps = [1, 7, 997, 1, 64, 4_096, 13];
    let at = 0;
    await fetchBy(gh, digest, () => steps[(at += 1) % steps.length] ?? 1);
    for (const [offset, maxBytes] of [[0, 1], [1, 2], [4_999, 65_536], [5_000, 1], [2_500, 1_000]] as const) {
      const { size, bytes } = await gh.getBlob({ digest, offset, maxBytes });
      expect(size).toBe(5_001);
      expect(Buffer.from(bytes).equals(chunk.subarray(offset, offset + maxBytes))).toBe(true);
    }
    for (const offset of [5_001, 5_002, 65_536]) {
      const { size, bytes } = await gh.getBlob({ digest, offset, maxBytes: 9 });
      expect([size, bytes.length]).toEqual([5_001, 0]);
    }
  }); // prettier-ignore

  it("put again, or twice at once, is one chunk and costs nothing", async () => {
    const chunk = chance.bytes(kibi);
    const both = await Promise.all([ng.putBlob(chunk), gh.putBlob(chunk), ng.putBlob(chunk)]);
    const before = await messages();
    expect(new Set(both.map(renderHex)).size).toBe(1);
    const { stored } = world.broker.status().blobs;
    // many times over what it may put in a day
    for (let time = 0; time < 20; time += 1) await ng.putBlob(chunk);
    expect(await messages()).toBe(before);
    expect(world.broker.status().blobs.stored).toBe(stored);
  });

  it("of the largest size is taken, the smallest too, and none beyond either", async () => {
    for (const size of [1, limits.maxBlobBytes]) {
      const digest = await gh.putBlob(chance.bytes(size));
      await fetchBy(ng, digest, () => limits.maxBlobBytes);
    }
    for (const size of [0, limits.maxBlobBytes + 1]) {
      expect(await codeOf(gh.putBlob(chance.bytes(size)))).toBe("CODEC_TOO_LARGE");
    }
  });

  it("of which one does not know the digest is not there, and which are there is told of any number", async () => {
    const known = await ng.putBlob(utf8("known"));
    const near = known.map((byte, at) => (at === 31 ? byte ^ 1 : byte));
    const run = { offset: 0, maxBytes: 9 };
    expect(await codeOf(gh.getBlob({ ...run, digest: near }))).toBe("BLOB_MISSING");
    const strange = Array.from({ length: 600 }, () => chance.bytes(32));
    const asked = strange.toSpliced(299, 0, known).toSpliced(5, 0, known);
    const missing = await gh.missingBlobs(asked);
    expect(missing.map(renderHex)).toEqual(strange.map(renderHex));
    expect(await gh.missingBlobs([])).toEqual([]);
  });
});

describe("an agency that keeps to no rule", () => {
  let raw: RawAgency;

  beforeAll(async () => {
    raw = await rawAgency(world, "sn/tcu");
  });

  afterAll(async () => {
    await raw?.close();
  });

  async function ask(act: "put" | "held" | "get", question: Bytes): Promise<string> {
    const { data } = await raw.link.request(outBlobSubject(act), question, { timeout: 10_000 });
    return await codeOf((async () => parseBlobAnswer(data))());
  }

  it("is told by code what it asked wrongly, and nothing is stored of it", async () => {
    const before = await messages();
    const digest = sha256(utf8("x"));
    const digests = (count: number): Bytes => encodeBlobList({ digests: Array.from({ length: count }, () => digest) }); // prettier-ignore
    expect(await ask("put", new Uint8Array())).toBe("REQUEST_INVALID");
    expect(await ask("put", chance.bytes(limits.maxBlobBytes + 1))).toBe("CODEC_TOO_LARGE");
    expect(await ask("held", utf8("no question"))).toBe("REQUEST_INVALID");
    expect(await ask("held", new Uint8Array())).toBe("REQUEST_INVALID");
    expect(await ask("held", encodeBlobList({ digests: [utf8("short")] }))).toBe("REQUEST_INVALID");
    expect(await ask("held", digests(257))).toBe("CODEC_TOO_LARGE");
    expect(await ask("held", digests(256))).toBe("no fault");
    for (const [offset, maxBytes] of [[0, 0], [0, 65_537], [65_537, 1], [4_294_967_295, 1]] as const) {
      expect(await ask("get", encodeBlobRange({ digest, offset, maxBytes }))).toBe("REQUEST_INVALID");
    } // prettier-ignore
    expect(await ask("get", encodeBlobRange({ digest, offset: 0, maxBytes: 1 }))).toBe("BLOB_MISSING"); // prettier-ignore
    raw.link.publish(outBlobSubject("put"), "without a reply");
    await raw.link.flush();
    expect(await ask("get", new Uint8Array())).toBe("REQUEST_INVALID");
    expect(await messages()).toBe(before);
  });

  it("may not store under a digest of its choice, nor list, read, delete or watch the stream", async () => {
    const digest = await ng.putBlob(utf8("of ng/tcu"));
    const own = blobSubject(sha256(utf8("y")));
    const api = ["STREAM.INFO", "STREAM.MSG.GET", "STREAM.MSG.DELETE", "STREAM.PURGE", "STREAM.DELETE", "STREAM.UPDATE", "DIRECT.GET", "CONSUMER.CREATE", "CONSUMER.NAMES"]; // prettier-ignore
    const closed = [own, blobSubject(digest), "in.ng.tcu.blob.put", "out.blob.list", ...api.map((call) => `$JS.API.${call}.BLOB`), `$JS.API.DIRECT.GET.BLOB.${blobSubject(digest)}`]; // prettier-ignore
    const before = await messages();
    for (const subject of closed) raw.link.publish(subject, `{"last_by_subj":"${blobSubject(digest)}"}`); // prettier-ignore
    raw.link.subscribe("blob.>", { callback: () => undefined });
    await until(
      () => `every one is denied: ${JSON.stringify(raw.denials)}`,
      () => [...closed, "blob.>"].every((one) => raw.denials.some(({ subject }) => subject === one)), // prettier-ignore
    );
    expect(await messages()).toBe(before);
  });

  it("has few questions under way, and the hub holds no more of them", async () => {
    const chunks = Array.from({ length: 60 }, () => chance.bytes(100));
    const answers = await Promise.all(chunks.map((chunk) => ask("put", chunk)));
    const taken = answers.filter((code) => code === "no fault").length;
    expect(taken).toBeGreaterThanOrEqual(limits.maxBlobsUnderWay);
    expect(answers.filter((code) => code === "QUOTA_EXCEEDED")).toHaveLength(60 - taken);
    expect(taken).toBeLessThan(60);
    // and it goes on after that
    expect(await ask("put", utf8("after all that"))).toBe("no fault");
  });

  it("asks so much a second, counted by the chunks it asks about", async () => {
    // a hub that forgives nothing meanwhile, however slowly it is asked
    await world.stopBroker();
    const setBack = changeHubLimits({ blobAsksPerSecond: 1e-6 });
    await world.startBroker();
    setBack();
    const digests = Array.from({ length: 256 }, () => chance.bytes(32));
    const question = encodeBlobList({ digests });
    // one for the question, and one for each eight it asks about
    const allowed = Math.floor(hubLimits.blobAsksBurst / (1 + digests.length / 8));
    const codes: string[] = [];
    for (let time = 0; time < allowed + 4; time += 1) codes.push(await ask("held", question));
    expect(codes.slice(0, allowed)).toEqual(codes.slice(0, allowed).map(() => "no fault"));
    expect(new Set(codes.slice(allowed))).toEqual(new Set(["QUOTA_EXCEEDED"]));
    expect(await gh.missingBlobs(digests)).toHaveLength(256);
  });
});

describe("what is stored", () => {
  it("outlives the end of the server's process and of the hub's", async () => {
    const digest = await ng.putBlob(chance.bytes(2_000));
    await world.server.kill();
    await world.server.start();
    await world.stopBroker();
    expect(await codeOf(gh.getBlob({ digest, offset: 0, maxBytes: 9 }))).toBe("HUB_UNREACHABLE");
    await world.startBroker();
    for (const blobs of [ng, gh]) {
      await until("it is asked for again", async () => {
        const missing = await blobs.missingBlobs([digest]).catch(() => undefined);
        return missing?.length === 0;
      });
    }
    await fetchBy(gh, digest, () => 1_999);
  });

  it("is all that was said to be stored, when the server is killed in the middle", async () => {
    const stored: Bytes[] = [];
    const over = new AbortController();
    const put = async (): Promise<void> => {
      while (!over.signal.aborted) {
        await gh.putBlob(chance.bytes(200)).then(
          (digest) => stored.push(digest),
          // a line that is down refuses at once: without a pause it would never come up
          () => setTimeout(50),
        );
      }
    };
    const writing = Promise.all([put(), put()]);
    await until("some are stored", () => stored.length > 10);
    await world.server.kill();
    over.abort();
    await writing;
    await world.server.start();
    await until("all are there", async () => {
      const missing = await gh.missingBlobs(stored).catch(() => undefined);
      return missing?.length === 0;
    });
    await until("ng/tcu is back", async () => (await ng.missingBlobs(stored).catch(() => stored)).length === 0); // prettier-ignore
  });

  it("is no more than an agency's allowance, which bars no other; what is there may be put again", async () => {
    const chunks = Array.from({ length: 16 }, () => chance.bytes(limits.blobChunkBytes));
    const digests: Bytes[] = [];
    let refused: unknown;
    for (const chunk of chunks) {
      try {
        digests.push(await ng.putBlob(chunk));
      } catch (error) {
        refused = error;
        break;
      }
    }
    expect(refused).toMatchObject({ code: "BLOB_ALLOWANCE_SPENT" });
    expect(digests.length).toBeGreaterThan(8);
    expect(digests.length * limits.blobChunkBytes).toBeLessThanOrEqual(allowance);
    const [first] = chunks;
    await expect(ng.putBlob(first!)).resolves.toEqual(digests[0]);
    expect(await ng.missingBlobs(chunks.map(sha256))).toHaveLength(16 - digests.length);
    await gh.putBlob(chance.bytes(limits.blobChunkBytes));
  });

  it("is no more than there is room for: the next is refused whole, and nothing that is there goes", async () => {
    const others = [await blobsOf("gh/fiu"), gh, await blobsOf("sn/tcu")];
    const digests: Bytes[] = [];
    const codes = new Set<string>();
    let refused = new Uint8Array() as Bytes;
    for (const blobs of others) {
      for (let time = 0; time < 14; time += 1) {
        const chunk = chance.bytes(limits.blobChunkBytes);
        const code = await codeOf(blobs.putBlob(chunk));
        codes.add(code);
        if (code === "no fault") digests.push(sha256(chunk));
        if (code === "BLOB_STORE_FULL") refused = chunk;
      }
    }
    expect([...codes].toSorted()).toContain("BLOB_STORE_FULL");
    expect(await gh.missingBlobs(digests)).toEqual([]);
    expect(await gh.missingBlobs([sha256(refused)])).toHaveLength(1);
    await fetchBy(ng, digests[0]!, () => limits.maxBlobBytes);
    const { messages: count } = (await world.desk.jetStream.stream("BLOB"))!;
    expect(count * 100).toBeLessThan(room);
  });

  it("is asked for anew when the hub's disk is another", async () => {
    const digest = sha256(utf8("known"));
    expect(await gh.missingBlobs([digest])).toEqual([]);
    await world.server.kill();
    rmSync(loadBrokerConfig(world.layout.brokerConfig).server.storeDir, { recursive: true });
    await world.server.start();
    await until("the hub has its streams again", async () => {
      const missing = await gh.missingBlobs([digest]).catch(() => []);
      return missing.length === 1;
    });
    expect(await codeOf(gh.getBlob({ digest, offset: 0, maxBytes: 9 }))).toBe("BLOB_MISSING");
    await gh.putBlob(utf8("known"));
    expect(await gh.missingBlobs([digest])).toEqual([]);
  });

  it("is closed to an agency that is suspended", async () => {
    const digest = await gh.putBlob(utf8("known"));
    const before = await messages();
    await world.publish({
      states: { gh: withAgency("gh/tcu", (now) => ({ ...now, suspendedFrom: Date.now() - 1000 })) },
    });
    const gateway = await world.gateway("gh/tcu");
    await until("its link is down", () => !gateway.exchange.status().linkUp);
    expect(await codeOf(gh.putBlob(utf8("of a suspended agency")))).toBe("HUB_UNREACHABLE");
    expect(await codeOf(gh.getBlob({ digest, offset: 0, maxBytes: 9 }))).toBe("HUB_UNREACHABLE");
    expect(await messages()).toBe(before);
    const fiu = await blobsOf("gh/fiu");
    await fetchBy(fiu, digest, () => limits.maxBlobBytes);
  });

  it("is nowhere written down by name", () => {
    const digest = renderHex(sha256(utf8("known")));
    const logs = ["broker.log", "nats-server.log"].map((name) => readFileSync(join(world.layout.logs, name), "utf8")); // prettier-ignore
    for (const text of [...logs, JSON.stringify(world.audit())]) expect(text).not.toContain(digest);
    expect(world.broker.status().blobs.handedOut).toBeGreaterThan(0);
  });
});
