import { describe, expect, it } from "vitest";

import { makeSeededChance, silentLog } from "../../schemas/ground/index.ts";
import { makeMemoryExchange, makeStillClock } from "../../test/kit/memory-exchange.ts";
import { makeTracer, parseTraceparent, traceMessages, tracesShape } from "./index.ts";

const now = Date.UTC(2026, 5, 1);

interface SentSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
}

function make(answer: () => Promise<Response> = () => Promise.resolve(new Response("{}"))) {
  const clock = makeStillClock(now);
  const asked: { url: string; body: string; redirect: unknown }[] = [];
  const send = (url: string, { body, redirect }: RequestInit): Promise<Response> => {
    asked.push({ url, body: typeof body === "string" ? body : "", redirect });
    return answer();
  };
  const choice = { url: "http://127.0.0.1:4318/" };
  const tracer = makeTracer({
    choice,
    clock,
    chance: makeSeededChance("traces"),
    log: silentLog,
    send,
  });
  const handOver = async (): Promise<readonly SentSpan[]> => {
    const before = asked.length;
    clock.move(5_000);
    await new Promise((resolve) => setImmediate(resolve));
    return asked.slice(before).flatMap(({ body }) => {
      const { resourceSpans } = JSON.parse(body) as {
        resourceSpans: { scopeSpans: { spans: SentSpan[] }[] }[];
      };
      return resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans));
    });
  };
  return { clock, asked, tracer, handOver };
}

describe("traces", () => {
  it("of a share that was chosen, whole traces are handed over, and about so many", async () => {
    const clock = makeStillClock(now);
    const bodies: string[] = [];
    const tracer = makeTracer({
      choice: tracesShape.parse({ url: "http://127.0.0.1:4318", share: 0.25 }),
      clock,
      chance: makeSeededChance("share"),
      log: silentLog,
      send: (_, { body }) => {
        bodies.push(typeof body === "string" ? body : "");
        return Promise.resolve(new Response("{}"));
      },
    });
    const families = Array.from({ length: 400 }, () => {
      const parent = tracer.note({ name: "outbox", from: now, to: now });
      tracer.note({ name: "delivery", from: now, to: now, parent });
      return parent.traceId;
    });
    for (let step = 0; step < 5; step += 1) {
      clock.move(5_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    const text = bodies.join("");
    const spans = families.map((traceId) => text.split(traceId).length - 1);
    expect(spans.filter((count) => count === 1)).toEqual([]);
    expect(spans.filter((count) => count === 2).length).toBeGreaterThan(60);
    expect(spans.filter((count) => count === 2).length).toBeLessThan(140);
    expect(tracesShape.safeParse({ url: "http://127.0.0.1:4318", share: 1.1 }).success).toBe(false);
  });

  it("go to the collector that was named, over OTLP, and follow nobody elsewhere", async () => {
    const { tracer, asked, handOver } = make();
    tracer.note({ name: "GET /v1/messages/:id", from: now, to: now + 5, facts: { status: 200 } });
    const [span] = await handOver();
    expect(asked).toMatchObject([
      { url: "http://127.0.0.1:4318/v1/traces", redirect: "error" },
    ]);
    expect(span?.traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(span?.spanId).toMatch(/^[0-9a-f]{16}$/);
    expect([span?.startTimeUnixNano, span?.endTimeUnixNano]).toEqual([
      `${now}000000`,
      `${now + 5}000000`,
    ]);
    expect(await handOver()).toEqual([]);
  }); // prettier-ignore

  it("a part bears the trace of its whole, and the caller's own trace is gone on with", async () => {
    const { tracer, handOver } = make();
    const [traceId, spanId] = ["0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"];
    const parent = parseTraceparent(`00-${traceId}-${spanId}-01`);
    tracer.note({
      name: "part",
      from: now,
      to: now,
      parent: tracer.note({ name: "whole", from: now, to: now, parent }),
    });
    const [whole, part] = await handOver();
    expect(whole).toMatchObject({ name: "whole", traceId, parentSpanId: spanId });
    expect(part).toMatchObject({ name: "part", traceId, parentSpanId: whole?.spanId });
  });

  it.each([null, "", "00-0-0-01", `00-${"0".repeat(32)}-${"1".repeat(16)}-01`, `01-${"a".repeat(32)}-${"1".repeat(16)}-01`, `00-${"A".repeat(32)}-${"1".repeat(16)}-01`, "x".repeat(100_000)])(
    "a traceparent that is none counts as none (%#)",
    (text) => expect(parseTraceparent(text)).toBeUndefined(),
  ); // prettier-ignore

  it("a collector that is away costs nothing but a bounded memory, and gets the newest when it is back", async () => {
    const away = { is: true };
    const { tracer, handOver } = make(() =>
      away.is ? Promise.reject(new Error("away")) : Promise.resolve(new Response("{}")),
    );
    for (let at = 0; at < 5_000; at += 1) tracer.note({ name: `s${at}`, from: now, to: now });
    await handOver();
    away.is = false;
    const got: SentSpan[] = [];
    for (let n = 0; n < 6; n += 1) got.push(...(await handOver()));
    expect(got.map(({ name }) => name)).toEqual(
      Array.from({ length: 1_000 }, (_, at) => `s${4_000 + at}`),
    );
  });

  it("messages are traced from the outbox to their readers, without their ids, types or anybody's name", async () => {
    const { clock, tracer, asked, handOver } = make();
    const exchange = makeMemoryExchange("ng/moc", clock);
    const stop = traceMessages({ exchange, tracer, clock });
    const id = "019a9f00-5c10-7a3e-8f21-4b6d0c9e7a11";
    const own = { box: "out", id, storedAt: now, type: "fiu.request" } as const;
    clock.move(1_000);
    exchange.receive({ ...own, state: "ACCEPTED" });
    exchange.receive({ ...own, state: "ACCEPTED" });
    clock.move(2_000);
    exchange.receive({ ...own, state: "DELIVERED" });
    exchange.receive({
      box: "in",
      state: "QUARANTINED",
      code: "Kofi Mensah",
      storedAt: clock.now(),
    });
    const spans = await handOver();
    expect(spans.map(({ name }) => name)).toEqual(["outbox", "delivery", "arrival"]);
    expect(spans[1]).toMatchObject({ traceId: spans[0]?.traceId, parentSpanId: spans[0]?.spanId });
    for (const word of [id, "fiu", "ng/", "moc", "Kofi"])
      expect(asked.map(({ body }) => body).join("")).not.toContain(word);
    stop();
  });

  it.each([{ url: "file:///etc" }, { url: "collector" }, {}, { url: "http://a", key: 1 }])(
    "no collector is %o",
    (choice) => expect(tracesShape.safeParse(choice).success).toBe(false),
  );
});
