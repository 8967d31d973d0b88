import { describe, expect, it } from "vitest";

import { parseUtf8, systemClock } from "../../schemas/ground/index.ts";
import type { Link, Msg } from "./connect.ts";
import { hubLimits } from "./limits.ts";
import { type Pull, startPull } from "./pull.ts";

interface Request {
  readonly reply: string;
  readonly batch: number;
  readonly bytes: number;
}

interface Started {
  readonly server: ReturnType<typeof makeServer>;
  readonly pull: Pull;
  /** Lets time pass, and what waits for it be done. */
  readonly pass: (ms: number) => void;
}

const sample = { subject: "in.ng.tcu.msg.x", headers: undefined, data: new Uint8Array(100) };
const one = sample as unknown as Msg;

/** The server's side of a pull: what was asked, and how to answer. */
function makeServer() {
  const requests: Request[] = [];
  let deliver: (message: Msg) => void = () => undefined;
  const link = {
    isClosed: () => false,
    publish: (_: string, payload: Uint8Array, { reply }: { reply: string }) => {
      const asked = JSON.parse(parseUtf8(payload)) as { batch: number; max_bytes: number };
      requests.push({ reply, batch: asked.batch, bytes: asked.max_bytes });
    },
    subscribe: (_: string, { callback }: { callback: (error: null, message: Msg) => void }) => {
      deliver = (message) => callback(null, message);
      return { unsubscribe: () => undefined };
    },
  } as unknown as Link;
  return {
    link,
    requests,
    asked: () => requests.reduce((sum, { batch }) => sum + batch, 0),
    /** A stored message comes under the subject it was stored on, not under the reply it was asked with. */
    message: () => deliver(one),
    /** A request ends, and so many of its messages did not come. */
    status: (code: number, left: number, description = "") =>
      deliver({
        subject: "_INBOX_X.p.1",
        headers: { code, description, get: () => String(left) },
      } as unknown as Msg),
  };
}

function start(maxUnderWay: number, maxBytes = Infinity): Started {
  const server = makeServer();
  let time = 0;
  const waiting: (() => void)[] = [];
  const pull = startPull({
    link: server.link,
    stream: "INTAKE_ng_tcu",
    consumer: "admission",
    inbox: "_INBOX_X.p",
    clock: {
      ...systemClock,
      elapsed: () => time,
      every: () => ({ stop: () => undefined }),
      after: (_, act) => {
        waiting.push(act);
        return { stop: () => undefined };
      },
    },
    room: () => ({ messages: maxUnderWay, bytes: maxBytes }),
    onMessage: () => undefined,
  });
  const pass = (ms: number): void => {
    time += ms;
    for (const act of waiting.splice(0)) act();
  };
  return { server, pull, pass };
}

describe("startPull", () => {
  it("goes on asking while messages come and are finished with, and never has more under way than allowed", () => {
    const { server, pull } = start(1024);
    for (let i = 0; i < 20_000; i += 1) {
      expect(server.asked()).toBeGreaterThan(i);
      server.message();
      expect(server.asked() - i).toBeLessThanOrEqual(1024);
      pull.done(one);
    }
  });

  it("asks for no more while what it handed out is not finished with", () => {
    const { server, pull } = start(100);
    for (let i = 0; i < 100; i += 1) server.message();
    expect(server.asked()).toBe(100);
    expect(pull.underWay).toBe(100);
    for (let i = 0; i < 100; i += 1) pull.done(one);
    expect(server.asked()).toBeGreaterThan(100);
  });

  it("asks again for what a request left when its time was up", () => {
    const { server } = start(hubLimits.pullBatch);
    for (let i = 0; i < 12; i += 1) server.message();
    server.status(408, hubLimits.pullBatch - 12);
    expect(server.requests).toHaveLength(2);
    expect(server.asked()).toBe(2 * hubLimits.pullBatch - 12);
  });

  it("asks on at once when a request ended because its bytes did, and names their bound in each", () => {
    const { server, pass } = start(1024);
    server.message();
    const before = server.requests.length;
    const left = server.asked() - 1;
    server.status(409, left, "Message Size Exceeds MaxBytes");
    expect(server.requests.length).toBe(before + 1);
    server.status(409, 0, "Consumer Deleted");
    expect(server.requests.length).toBe(before + 1);
    pass(250);
    expect(server.requests.length).toBe(before + 2);
    expect(server.requests.every(({ bytes }) => bytes === hubLimits.pullBytes)).toBe(true);
  });

  it("asks for no more while what it handed out has more bytes than may be under way", () => {
    const { server, pull } = start(1024, 300);
    for (let i = 0; i < 3; i += 1) server.message();
    const asked = server.asked();
    for (let i = 3; i < asked; i += 1) server.message();
    expect(server.asked()).toBe(asked);
    for (let i = 0; i < asked; i += 1) pull.done(one);
    expect(server.asked()).toBeGreaterThan(asked);
  });

  it("asks for nothing while it is paused, and goes on after it without being told", () => {
    const { server, pull, pass } = start(100);
    pull.pause(1000);
    for (let i = 0; i < 100; i += 1) server.message();
    for (let i = 0; i < 100; i += 1) pull.done(one);
    expect(server.asked()).toBe(100);
    // timers come a little early at times
    pass(999);
    expect(server.asked()).toBe(200);
  });
});
