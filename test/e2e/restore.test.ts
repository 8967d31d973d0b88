import { cpSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { Gateway } from "../../gateways/gateway.ts";
import { putBack, type RestoredMark } from "../../gateways/store/index.ts";
import { parseSlip } from "../../schemas/index.ts";
import { concatBytes } from "../../schemas/ground/index.ts";
import { effectsOf } from "../kit/replays.ts";
import { until } from "../kit/server.ts";
import { example } from "../kit/submissions.ts";
import { startWorld, type World } from "../kit/world.ts";

/** Messages each way before the copy and after it; `ATUMPAN_RESTORED=500` for many. */
const each = Number(process.env["ATUMPAN_RESTORED"] ?? 12);
const hour = 3_600_000;
const sender = "ng/tcu";
const reader = "gh/tcu";

let world: World;
let ng: Gateway;
let gh: Gateway;
let copy: Uint8Array;

async function send(gateway: Gateway, key: string): Promise<string> {
  return (await gateway.exchange.submit(example("red-flag"), key)).id;
}

async function sendEach(from: string): Promise<{ ng: readonly string[]; gh: readonly string[] }> {
  const keys = Array.from({ length: each }, (_, i) => `${from} ${i}`);
  return {
    ng: await Promise.all(keys.map((key) => send(ng, key))),
    gh: await Promise.all(keys.map((key) => send(gh, key))),
  };
}

function stateOf(gateway: Gateway, id: string): string | undefined {
  return gateway.exchange.find(id)?.state;
}

/** Whether the other of the two says that he holds it; the rest of the audience is away. */
function isHeld(gateway: Gateway, id: string): boolean {
  const other = gateway === ng ? reader : sender;
  const ladder = gateway.exchange.find(id)?.ladder ?? [];
  return ladder.some(({ kind, by }) => kind === "DELIVERED" && by === other);
}

async function untilDelivered(gateway: Gateway, ids: readonly string[]): Promise<void> {
  await until(
    () => `${gateway.agency}: ${JSON.stringify(ids.map((id) => stateOf(gateway, id)))}`,
    () => ids.every((id) => isHeld(gateway, id)),
  );
}

/** The store's file at this moment, as a copy is made of it. */
async function copyStore(gateway: Gateway): Promise<Uint8Array> {
  return await gateway.office.store.hold(async (still) => {
    const pieces: Uint8Array[] = [];
    for await (const piece of still.chunks()) pieces.push(piece);
    return concatBytes(...pieces);
  });
}

/** Every number that a message of ours was sent under, by its slip. */
function numbersOf(gateway: Gateway, ids: readonly string[]): readonly string[] {
  const { messages, outbox } = gateway.office.store;
  return ids.flatMap((id) => {
    const found = messages.find(Buffer.from(id.replaceAll("-", ""), "hex"));
    const publications = found === undefined ? [] : outbox.byMessage(found.seq);
    return publications.map(({ slip }) => {
      const { channel, series, sequence } = parseSlip(slip);
      return `${channel} ${series} ${sequence}`;
    });
  });
}

const storeOf = (agency: string): string => join(world.layout.gateway(agency), "store.db");

async function loseAndPutBack(): Promise<void> {
  await world.stopGateway(sender);
  const path = storeOf(sender);
  for (const end of ["", "-wal", "-shm"]) rmSync(`${path}${end}`, { force: true });
  writeFileSync(`${path}.new`, copy, { mode: 0o600 });
  putBack({ path, copy: `${path}.new`, at: world.clock.now(), copiedAt: world.clock.now() - 24 * hour });
  ng = await world.gateway(sender);
} // prettier-ignore

/** Waits until a store that was put back, or was found to be old, at this time or later has caught up. */
async function untilSynced(since = 0): Promise<void> {
  const mark = (): RestoredMark | undefined => ng.office.store.restored.mark();
  await until(
    () => `the store has caught up: ${JSON.stringify(mark())}`,
    () => mark()?.state === "SYNCED" && (mark()?.at ?? 0) >= since,
  );
}

beforeAll(async () => {
  world = await startWorld({ states: ["ng", "gh"] });
  ng = await world.gateway(sender);
  gh = await world.gateway(reader);
});

afterAll(async () => {
  await world?.stop();
});

describe("T-26 a store that is put back from a copy of the day before", () => {
  let early: { ng: readonly string[]; gh: readonly string[] };
  let late: { ng: readonly string[]; gh: readonly string[] };
  let usedNumbers: readonly string[];
  let inboxBefore: readonly string[];
  let unsent: string;

  it("has its copy made while messages go both ways, and goes on", async () => {
    early = await sendEach("early");
    await untilDelivered(ng, early.ng);
    await untilDelivered(gh, early.gh);
    copy = await copyStore(ng);
    late = await sendEach("late");
    await untilDelivered(ng, late.ng);
    await untilDelivered(gh, late.gh);
    usedNumbers = numbersOf(ng, [...early.ng, ...late.ng]);
    expect(new Set(usedNumbers).size).toBe(usedNumbers.length);
    inboxBefore = effectsOf(ng).read;
    expect(inboxBefore).toHaveLength(2 * each);
  });

  it("takes no new message before it knows what was sent since: it says so, and takes it soon", async () => {
    const readBefore = effectsOf(gh).read;
    await loseAndPutBack();
    expect(stateOf(ng, late.ng[0] ?? "")).toBeUndefined();
    if (ng.office.store.restored.mark()?.state !== "SYNCED") {
      await expect(send(ng, "at once")).rejects.toMatchObject({ code: "STORE_RESTORED" });
    }
    await untilSynced();
    unsent = await send(ng, "at once");
    await untilDelivered(ng, [unsent]);
    expect(effectsOf(gh).read.filter((one) => !readBefore.includes(one))).toEqual([
      `${sender} ${unsent}`,
    ]);
  });

  it("gives away no number a second time: it counts in a new series", async () => {
    const more = await Promise.all(Array.from({ length: each }, (_, i) => send(ng, `more ${i}`)));
    await untilDelivered(ng, more);
    const given = numbersOf(ng, [unsent, ...more]);
    expect(given).toHaveLength(each + 1);
    expect(given.filter((one) => usedNumbers.includes(one))).toEqual([]);
  });

  it("has all again that was sent to it and the hub still holds, each once", async () => {
    await until("the inbox is whole", () => effectsOf(ng).read.length >= inboxBefore.length);
    expect(effectsOf(ng).read).toEqual(inboxBefore);
  });

  it("a key of the lost days sends nothing twice: it is told the message that was sent under it", async () => {
    const readBefore = effectsOf(gh).read.length;
    for (const [i, id] of late.ng.entries()) {
      await expect(send(ng, `late ${i}`)).rejects.toMatchObject({
        code: "IDEMPOTENCY_KEY_REUSED",
        detail: expect.stringContaining(id) as string,
      });
    }
    // keys of before the copy answer as ever, and unused ones are free
    expect(await send(ng, "early 0")).toBe(early.ng[0]);
    await untilDelivered(ng, [await send(ng, "never used")]);
    expect(effectsOf(gh).read).toHaveLength(readBefore + 1);
  });

  it("the peers see no chain broken and hold everything once", () => {
    expect(gh.office.store.chains.countBroken()).toBe(0);
    expect(ng.office.store.chains.countBroken()).toBe(0);
    const read = effectsOf(gh).read;
    expect(new Set(read).size).toBe(read.length);
    expect(gh.exchange.status().quarantined).toBe(0);
    expect(ng.exchange.status().quarantined).toBe(0);
  });

  it("starts again as any store, and asks the hub for nothing more", async () => {
    await world.stopGateway(sender);
    ng = await world.gateway(sender);
    const id = await send(ng, "after another start");
    await untilDelivered(ng, [id]);
    expect(ng.office.store.restored.mark()?.state).toBe("SYNCED");
  });
});

describe("T-26 a store that somebody put back by hand, past the gateway", () => {
  it("finds by the hub's word that it is old before it sends anything, and catches up", async () => {
    await world.stopGateway(sender);
    const path = storeOf(sender);
    cpSync(path, `${path}.byhand`);
    ng = await world.gateway(sender);
    const lost = await Promise.all(["a", "b", "c"].map((key) => send(ng, `lost ${key}`)));
    const came = await Promise.all(["a", "b", "c"].map((key) => send(gh, `came ${key}`)));
    await untilDelivered(ng, lost);
    await untilDelivered(gh, came);
    const used = numbersOf(ng, lost);
    await world.stopGateway(sender);
    for (const end of ["-wal", "-shm"]) rmSync(`${path}${end}`, { force: true });
    cpSync(`${path}.byhand`, path);

    const readBefore = effectsOf(gh).read.length;
    const since = Date.now();
    ng = await world.gateway(sender);
    // written down under a number that was given away before; sent under another
    const first = await send(ng, "first").catch((error: unknown) => {
      expect(error).toMatchObject({ code: "STORE_RESTORED" });
      return "";
    });
    await untilSynced(since);
    const next = await send(ng, "next");
    const sent = [first, next].filter((id) => id !== "");
    await untilDelivered(ng, sent);
    expect(numbersOf(ng, sent).filter((one) => used.includes(one))).toEqual([]);
    expect(effectsOf(gh).read).toHaveLength(readBefore + sent.length);
    await until("what came is there again", () => came.every((id) => stateOf(ng, id) === "VERIFIED"));
    expect(gh.office.store.chains.countBroken()).toBe(0);
    await expect(send(ng, "lost a")).rejects.toMatchObject({ code: "IDEMPOTENCY_KEY_REUSED" });
  }); // prettier-ignore

  it("an empty store in place of the lost one has again what the hub holds, and reuses no number", async () => {
    const used = numbersOf(ng, effectsOf(ng).sent.map((line) => line.split(" ")[0] ?? ""));
    const wanted = effectsOf(ng).read;
    await world.stopGateway(sender);
    rmSync(storeOf(sender));
    ng = await world.gateway(sender);
    await until("all is read again", () => effectsOf(ng).read.length === wanted.length);
    await untilSynced();
    expect(effectsOf(ng).read).toEqual(wanted);
    const id = await send(ng, "late 0");
    await untilDelivered(ng, [id]);
    expect(used.filter((one) => numbersOf(ng, [id]).includes(one))).toEqual([]);
    expect(gh.office.store.chains.countBroken()).toBe(0);
  }); // prettier-ignore
});
