import { describe, expect, it } from "vitest";

import { parseUtf8, systemClock } from "../../schemas/ground/index.ts";
import type { Link, Msg } from "./connect.ts";
import { hubLimits } from "./limits.ts";
import { type Pull, startPull } from "./pull.ts";

interface Request {
  readonly reply: string;
  readonly batch: number;
}

/** The server's side of a pull: what was asked, and how to answer. */
function makeServer() {
  const requests: Request[] = [];
  let deliver: (message: Msg) => void = () => undefined;
  const link = {
    isClosed: () => false,
    publish: (_: string, payload: Uint8Array, { reply }: { reply: string }) => {
      const { batch } = JSON.parse(parseUtf8(payload)) as { batch: number };
      requests.push({ reply, batch });
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
    message: () => deliver({ subject: "in.ng.tcu.msg.x", headers: undefined } as unknown as Msg),
    status: (reply: string, code: number, left?: number) =>
      deliver({
        subject: reply,
        headers: { code, get: () => (left === undefined ? "" : String(left)) },
      } as unknown as Msg),
  };
}

function start(maxUnderWay: number): { server: ReturnType<typeof makeServer>; pull: Pull } {
  const server = makeServer();
  const pull = startPull({
    link: server.link,
    stream: "INTAKE",
    consumer: "admission",
    inbox: "_INBOX_X.p",
    clock: { ...systemClock, every: () => ({ stop: () => undefined }) },
    maxUnderWay,
    onMessage: () => undefined,
  });
  return { server, pull };
}

describe("startPull", () => {
  it("goes on asking while messages come and are finished with, and never has more under way than allowed", () => {
    const { server, pull } = start(1024);
    for (let i = 0; i < 20_000; i += 1) {
      expect(server.asked()).toBeGreaterThan(i);
      server.message();
      expect(server.asked() - i).toBeLessThanOrEqual(1024);
      pull.done();
    }
  });

  it("asks for no more while what it handed out is not finished with", () => {
    const { server, pull } = start(100);
    for (let i = 0; i < 100; i += 1) server.message();
    expect(server.asked()).toBe(100);
    expect(pull.underWay).toBe(100);
    for (let i = 0; i < 100; i += 1) pull.done();
    expect(server.asked()).toBeGreaterThan(100);
  });

  it("asks again for what a request left when its time was up", () => {
    const { server } = start(hubLimits.pullBatch);
    for (let i = 0; i < 12; i += 1) server.message();
    server.status(server.requests[0]?.reply ?? "", 408, hubLimits.pullBatch - 12);
    expect(server.requests).toHaveLength(2);
    expect(server.asked()).toBe(2 * hubLimits.pullBatch - 12);
  });
});
