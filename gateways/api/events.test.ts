import { array, assert, asyncProperty, constant, integer, oneof, record } from "fast-check";
import { describe, expect, it } from "vitest";

import { Fault } from "../../schemas/ground/index.ts";
import { makeEventStreams } from "./events.ts";
import { wholeSight } from "../people/index.ts";
import { makeMemoryExchange, makeStillClock } from "../../test/kit/memory-exchange.ts";

const sight = wholeSight;
const noSignal = new AbortController().signal;

function makeWorld() {
  const clock = makeStillClock(Date.UTC(2026, 0, 1));
  const exchange = makeMemoryExchange("ng/moc", clock);
  return { clock, exchange, streams: makeEventStreams(exchange, clock) };
}

type Reader = ReadableStreamDefaultReader<Uint8Array>;

async function readText(reader: Reader): Promise<string | undefined> {
  const { value, done } = await reader.read();
  return done ? undefined : Buffer.from(value).toString();
}

const idsOf = (text: string): string[] =>
  [...text.matchAll(/"id":"([^"]+)"/g)].map(([, id = ""]) => id);

describe("a stream of events", () => {
  it("tells place, id, box and state of what was stored, and no content", async () => {
    const { exchange, streams } = makeWorld();
    const reader = streams.open({ sight }).getReader();
    expect(await readText(reader)).toBe("retry: 2000\nid: 0\n\n");
    const { id } = exchange.receive({ body: { secret: 1 } });
    const change = { cursor: "1", kind: "stored", id, box: "in", state: "VERIFIED", at: "2026-01-01T00:00:00.000Z", href: `/v1/messages/${id}` };
    expect(await readText(reader)).toBe(`id: 1\nevent: message\ndata: ${JSON.stringify(change)}\n\n`);
  });

  it("goes on after a cursor with what came meanwhile, and then with what comes", async () => {
    const { exchange, streams } = makeWorld();
    const ids = [0, 1, 2].map(() => exchange.receive({}).id);
    const reader = streams.open({ sight, cursor: "1" }).getReader();
    const texts = [await readText(reader), await readText(reader), await readText(reader)];
    ids.push(exchange.receive({}).id);
    texts.push(await readText(reader));
    expect(idsOf(texts.join(""))).toEqual(ids.slice(1));
  });

  it("tells each change once to a reader that waits for it", async () => {
    const { exchange, streams } = makeWorld();
    const reader = streams.open({ sight }).getReader();
    await readText(reader);
    const waiting = Array.from({ length: 6 }, () => readText(reader));
    const ids = [0, 1, 2].map(() => exchange.receive({}).id);
    await new Promise((resolve) => void setImmediate(resolve));
    ids.push(...[0, 1, 2].map(() => exchange.receive({}).id));
    expect(idsOf((await Promise.all(waiting)).join(""))).toEqual(ids);
  });

  it("ends at the next heartbeat when its reader may listen no more, and is told nothing after", async () => {
    const { clock, exchange, streams } = makeWorld();
    let may = true;
    const reader = streams.open({ sight, mayStill: () => Promise.resolve(may) }).getReader();
    await readText(reader);
    // as long as he may it lives on, and is not begun anew every five minutes
    for (let beats = 0; beats < 20; beats += 1) {
      clock.move(25_000);
      expect(await readText(reader)).toBe(": still here\nid: 0\n\n");
    }
    may = false;
    clock.move(25_000);
    expect(await readText(reader)).toBeUndefined();
    exchange.receive({});
    const failing = streams.open({ sight, mayStill: () => Promise.reject(new Fault("STORE_LOCKED", "unlock it")) }).getReader();
    await readText(failing);
    clock.move(25_000);
    expect(await readText(failing)).toBeUndefined();
  });

  it("does not tell what its reader may not see", async () => {
    const { exchange, streams, clock } = makeWorld();
    const reader = streams.open({ sight: { handlings: ["H0"], quarantined: false } }).getReader();
    await readText(reader);
    exchange.receive({ handling: "H2" });
    const { id } = exchange.receive({ handling: "H0" });
    expect(idsOf((await readText(reader)) ?? "")).toEqual([id]);
    clock.move(25_000);
    expect(await readText(reader)).toMatch(/^:/);
  });

  it("says that it is still there, and where it stands, when nothing happens", async () => {
    const { clock, streams } = makeWorld();
    const reader = streams.open({ sight }).getReader();
    await readText(reader);
    clock.move(25_000);
    expect(await readText(reader)).toBe(": still here\nid: 0\n\n");
  });

  it("a listener that does not read is let go, with what it left unread bounded, and nobody else", async () => {
    const { exchange, streams, clock } = makeWorld();
    const slow = streams.open({ sight }).getReader();
    const quick = streams.open({ sight }).getReader();
    let told = "";
    await readText(quick);
    for (let n = 0; n < 1000; n += 1) {
      exchange.receive({});
      told += await readText(quick);
    }
    expect(idsOf(told)).toHaveLength(1000);
    clock.move(25_000);
    await readText(quick);
    clock.move(25_000);
    let read = "";
    for (let text = await readText(slow); text !== undefined; text = await readText(slow)) read += text;
    expect(read.length).toBeLessThan(80 * 1024);
    expect(await readText(quick)).toMatch(/^:/);
  });

  it("ends after a while, so that who may listen no more does not", async () => {
    const { clock, streams } = makeWorld();
    const reader = streams.open({ sight }).getReader();
    await readText(reader);
    clock.move(5 * 60_000);
    let text = await readText(reader);
    while (text !== undefined) text = await readText(reader);
    expect(text).toBeUndefined();
  });

  it("a cursor that is gone is refused, and a stream whose store is locked ends", async () => {
    const { exchange, streams } = makeWorld();
    expect(() => streams.open({ sight, cursor: "9" })).toThrow(expect.objectContaining({ code: "CURSOR_GONE" }));
    const reader = streams.open({ sight }).getReader();
    await readText(reader);
    exchange.receive({});
    exchange.failure = new Fault("STORE_LOCKED", "unlock it");
    expect(await readText(reader)).toBeUndefined();
  });

  it("too many listeners are refused, and one that leaves makes room", async () => {
    const { streams } = makeWorld();
    const open = Array.from({ length: 64 }, () => streams.open({ sight }));
    expect(() => streams.open({ sight })).toThrow(expect.objectContaining({ code: "QUOTA_EXCEEDED" }));
    await open[0]!.cancel();
    expect(streams.open({ sight })).toBeInstanceOf(ReadableStream);
  });

  it("stopping ends every stream, and none opens after", async () => {
    const { streams } = makeWorld();
    const reader = streams.open({ sight }).getReader();
    await readText(reader);
    streams.stop();
    expect(await readText(reader)).toBeUndefined();
    expect(() => streams.open({ sight })).toThrow(Fault);
  });

  it("whoever is cut off anywhere and comes back is told everything once, in order", async () => {
    const act = oneof(
      record({ does: constant("receive"), count: integer({ min: 1, max: 120 }) }),
      record({ does: constant("read"), count: integer({ min: 1, max: 5 }) }),
      record({ does: constant("cut"), count: integer({ min: 0, max: 300 }) }),
    );
    await assert(
      asyncProperty(array(act, { maxLength: 25 }), async (acts) => {
        const { exchange, streams } = makeWorld();
        const sent: string[] = [];
        const told: string[] = [];
        let cursor = "0";
        let rest = "";
        const take = (text: string): void => {
          const blocks = (rest + text).split("\n\n");
          rest = blocks.pop() ?? "";
          for (const block of blocks) {
            told.push(...idsOf(block));
            cursor = /^id: (.*)$/m.exec(block)?.[1] ?? cursor;
          }
        };
        let reader = streams.open({ sight, cursor }).getReader();
        const doing: Record<string, (count: number) => void | Promise<void>> = {
          receive: (count) => {
            for (let n = 0; n < count; n += 1) sent.push(exchange.receive({}).id);
          },
          read: async (count) => {
            for (let n = 0; n < count && told.length < sent.length; n += 1) take((await readText(reader)) ?? "");
          },
          cut: async (count) => {
            // the last piece arrives in part
            if (told.length < sent.length) take(((await readText(reader)) ?? "").slice(0, count));
            await reader.cancel();
            rest = "";
            reader = streams.open({ sight, cursor }).getReader();
          },
        };
        for (const { does, count } of acts) await doing[does]?.(count);
        while (told.length < sent.length) take((await readText(reader)) ?? "");
        await reader.cancel();
        expect(told).toEqual(sent);
      }),
      { numRuns: 60 },
    );
  });
}); // prettier-ignore

describe("a poll for changes", () => {
  it("answers at once with what there is, a page at a time", async () => {
    const { exchange, streams } = makeWorld();
    const ids = [0, 1, 2].map(() => exchange.receive({}).id);
    const poll = { sight, limit: 2, waitMs: 30_000, signal: noSignal };
    const first = await streams.poll({ ...poll, cursor: "0" });
    const second = await streams.poll({ ...poll, cursor: first.next });
    expect([first.hasMore, second.hasMore]).toEqual([true, false]);
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(ids);
  });

  it("waits for the first change, and no longer than it was asked to", async () => {
    const { exchange, streams, clock } = makeWorld();
    const poll = { sight, limit: 2, waitMs: 30_000, signal: noSignal, cursor: "0" };
    const waiting = streams.poll(poll);
    const { id } = exchange.receive({});
    expect((await waiting).items).toMatchObject([{ id }]);
    const idle = streams.poll({ ...poll, cursor: "1" });
    clock.move(30_000);
    expect(await idle).toEqual({ items: [], next: "1", hasMore: false });
  });

  it("counts as a listener while it waits, and leaves when nobody waits for it", async () => {
    const { streams } = makeWorld();
    const poll = { sight, limit: 2, waitMs: 30_000, cursor: "0" };
    const away = new AbortController();
    const all = Array.from({ length: 64 }, () => streams.poll({ ...poll, signal: away.signal }));
    await expect(streams.poll({ ...poll, signal: noSignal })).rejects.toMatchObject({ code: "QUOTA_EXCEEDED" });
    expect((await streams.poll({ ...poll, signal: noSignal, waitMs: 0 })).items).toEqual([]);
    away.abort();
    await Promise.all(all);
    expect(streams.open({ sight })).toBeInstanceOf(ReadableStream);
  });
}); // prettier-ignore
