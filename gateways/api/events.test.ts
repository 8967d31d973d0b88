import { describe, expect, it } from "vitest";

import { Fault } from "../../schemas/ground/index.ts";
import { makeEventStreams } from "./events.ts";
import { makeMemoryExchange, makeStillClock } from "../../test/kit/memory-exchange.ts";

function makeWorld() {
  const clock = makeStillClock(Date.UTC(2026, 0, 1));
  const exchange = makeMemoryExchange("ng/moc", clock);
  return { clock, exchange, streams: makeEventStreams(exchange, clock) };
}

async function readText(
  reader: ReadableStreamDefaultReader<Uint8Array>,
): Promise<string | undefined> {
  const { value, done } = await reader.read();
  return done ? undefined : Buffer.from(value).toString();
}

describe("makeEventStreams", () => {
  it("tells id, box and state of what was stored, and no more", async () => {
    const { exchange, streams } = makeWorld();
    const reader = streams.open().getReader();
    expect(await readText(reader)).toMatch(/^retry/);
    const { id } = exchange.receive({ body: { secret: 1 } });
    expect(await readText(reader)).toBe(
      `event: message\ndata: ${JSON.stringify({ id, box: "in", state: "VERIFIED" })}\n\n`,
    );
  });

  it("says that it is still there when nothing happens", async () => {
    const { clock, streams } = makeWorld();
    const reader = streams.open().getReader();
    await readText(reader);
    clock.move(25_000);
    expect(await readText(reader)).toMatch(/^:/);
  });

  it("a listener that does not read is let go, and nobody else", async () => {
    const { exchange, streams } = makeWorld();
    const slow = streams.open().getReader();
    const quick = streams.open().getReader();
    for (let n = 0; n < 2000; n += 1) {
      exchange.receive({});
      await readText(quick);
    }
    let read = 0;
    while ((await readText(slow)) !== undefined) read += 1;
    expect(read).toBeLessThan(1000);
  });

  it("too many listeners are refused, and one that leaves makes room", async () => {
    const { streams } = makeWorld();
    const open = Array.from({ length: 64 }, () => streams.open());
    const refused = (): unknown => {
      try {
        return streams.open();
      } catch (error) {
        return error;
      }
    };
    expect(refused()).toMatchObject({ code: "QUOTA_EXCEEDED" });
    await open[0]!.cancel();
    expect(refused()).toBeInstanceOf(ReadableStream);
  });

  it("stopping ends every stream, and none opens after", async () => {
    const { streams } = makeWorld();
    const reader = streams.open().getReader();
    await readText(reader);
    streams.stop();
    expect(await readText(reader)).toBeUndefined();
    expect(() => streams.open()).toThrow(Fault);
  });
});
