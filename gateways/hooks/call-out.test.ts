import { once } from "node:events";
import { createServer as createSecureServer } from "node:https";
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createPlainServer, type Socket } from "node:net";

import { Webhook } from "standardwebhooks";
import { afterEach, describe, expect, it } from "vitest";

import { systemClock } from "../../schemas/ground/index.ts";
import { startHookWorld } from "../../test/kit/hook-world.ts";
import { makeStillClock } from "../../test/kit/memory-exchange.ts";
import { makeTlsPair } from "../../test/kit/tls-pair.ts";
import { type CallOut, makeCallOut } from "./call-out.ts";
import { makeEgress } from "./egress.ts";

const refused = (code: string): unknown => expect.objectContaining({ code });
const open: { close(): unknown }[] = [];

afterEach(() => {
  for (const one of open.splice(0)) one.close();
});

async function portOf(
  server: { address(): unknown; listen(port: number, host: string): unknown } & NodeJS.EventEmitter,
): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as { port: number }).port;
}

async function serve(
  listener: RequestListener,
): Promise<{ readonly server: Server; readonly port: number }> {
  const server = createServer(listener);
  open.push({ close: () => [server.closeAllConnections(), server.close()] });
  return { server, port: await portOf(server) };
}

/** A peer that is no HTTP server. */
async function serveRaw(act: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createPlainServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.once("data", () => act(socket));
  });
  open.push({ close: () => [...sockets].map((one) => one.destroy()).concat() && server.close() });
  return await portOf(server);
}

function caller(clock = systemClock): CallOut {
  const made = makeCallOut({ clock });
  open.push({ close: () => made.stop() });
  return made;
}

const signal = new AbortController().signal;
const egress = makeEgress({
  allow: ["127.0.0.0/8", "cases.example"],
  clock: systemClock,
  resolve: () => Promise.resolve(["127.0.0.1"]),
});
const post = async (callOut: CallOut, port: number, host = "127.0.0.1") =>
  await callOut.post({
    target: await egress.find(`http://${host}:${port}/a?b=1`),
    headers: { "webhook-id": "msg_1" },
    body: "{}",
    signal,
  });

describe("a call out", () => {
  it("goes to the checked address, under the name it was asked for", async () => {
    const seen: unknown[] = [];
    const { port } = await serve((request, response) => {
      const { method, url, headers, socket } = request;
      seen.push([method, url, headers.host, headers["content-type"], headers["webhook-id"], socket.localAddress]);
      response.writeHead(204).end();
    });
    expect(await post(caller(), port, "cases.example")).toEqual({ status: 204, retryAfter: undefined });
    expect(seen).toEqual([["POST", "/a?b=1", `cases.example:${port}`, "application/json", "msg_1", "127.0.0.1"]]);
  });

  it("follows no redirect", async () => {
    let asked = 0;
    const { port } = await serve((_, response) => {
      asked += 1;
      response.writeHead(307, { location: "http://169.254.169.254/latest" }).end();
    });
    expect(await post(caller(), port)).toMatchObject({ status: 307 });
    expect(asked).toBe(1);
  });

  it("reads the start of an answer and no more, however long it is", async () => {
    let sent = 0;
    const closed = Promise.withResolvers<void>();
    const { port } = await serve((_, response) => {
      response.writeHead(200);
      const more = (): void => {
        while (!response.destroyed && response.write("x".repeat(65_536))) sent += 65_536;
        if (!response.destroyed) response.once("drain", more);
      };
      response.on("close", () => closed.resolve());
      more();
    });
    expect(await post(caller(), port)).toMatchObject({ status: 200 });
    await closed.promise;
    expect(sent).toBeLessThan(32 * 1024 * 1024);
  });

  it("waits fifteen seconds for an answer, even one that comes a byte at a time", async () => {
    const clock = makeStillClock(0);
    const { promise: asked, resolve } = Promise.withResolvers<void>();
    const port = await serveRaw((socket) => {
      socket.write("HTTP/1.1 200 OK\r\nX-Slow: ");
      resolve();
    });
    const waiting = post(caller(clock), port);
    const fails = expect(waiting).rejects.toEqual(refused("WEBHOOK_UNREACHABLE"));
    await asked;
    clock.move(15_000);
    await fails;
  });

  it.each([
    ["no HTTP", "hello\r\n\r\n"],
    ["headers without end", `HTTP/1.1 200 OK\r\n${"x: y\r\n".repeat(5_000)}`],
    ["another protocol", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"],
    ["nothing", ""],
  ])("%s in answer is no answer", async (_, bytes) => {
    const port = await serveRaw((socket) => socket.end(bytes));
    await expect(post(caller(), port)).rejects.toEqual(refused("WEBHOOK_UNREACHABLE"));
  });

  it("to where nobody listens is out of reach, as is one that the gateway's end cuts off", async () => {
    const { server, port } = await serve(() => undefined);
    const stopping = new AbortController();
    const target = await egress.find(`http://127.0.0.1:${port}/`);
    const cut = caller().post({ target, headers: {}, body: "{}", signal: stopping.signal });
    const fails = expect(cut).rejects.toEqual(refused("WEBHOOK_UNREACHABLE"));
    await once(server, "request");
    stopping.abort();
    await fails;
    server.closeAllConnections();
    server.close();
    await expect(post(caller(), port)).rejects.toEqual(refused("WEBHOOK_UNREACHABLE"));
  });

  it("over TLS goes only to who holds a certificate for the name, from an authority that is trusted", async () => {
    const [right, wrong] = [await makeTlsPair("cases.example"), await makeTlsPair("other.example")];
    const portFor = async ({ keyPem: key, certificatePem: cert }: typeof right): Promise<number> => {
      const server = createSecureServer({ key, cert }, (_, response) => response.writeHead(204).end());
      open.push({ close: () => [server.closeAllConnections(), server.close()] });
      return await portOf(server);
    };
    const [good, bad] = [await portFor(right), await portFor(wrong)];
    const trusting = makeCallOut({ clock: systemClock, ca: `${right.certificatePem}\n${wrong.certificatePem}` });
    open.push({ close: () => trusting.stop() });
    const call = async (callOut: CallOut, port: number) =>
      await callOut.post({ target: await egress.find(`https://cases.example:${port}/`), headers: {}, body: "{}", signal });
    expect(await call(trusting, good)).toMatchObject({ status: 204 });
    await expect(call(trusting, bad)).rejects.toEqual(refused("WEBHOOK_UNREACHABLE"));
    await expect(call(caller(), good)).rejects.toEqual(refused("WEBHOOK_UNREACHABLE"));
  });

  it("brings a webhook's events to a receiver that checks them with the specification's own library", async () => {
    const bodies: unknown[] = [];
    let secret = "";
    const { port } = await serve((request, response) => {
      let text = "";
      request.on("data", (piece: Buffer) => (text += piece.toString()));
      request.on("end", () => {
        const { headers } = request;
        const sign = new Webhook(secret).sign(String(headers["webhook-id"]), new Date(Number(headers["webhook-timestamp"]) * 1000), text);
        bodies.push(sign === headers["webhook-signature"] ? JSON.parse(text) : "forged");
        response.writeHead(200).end("thanks");
      });
    });
    const world = await startHookWorld(caller(), ["127.0.0.1"]);
    ({ secret } = await world.add({ url: `http://127.0.0.1:${port}/hook` }));
    const ids = await world.receive({}, {}, {});
    while (bodies.length < 3) await new Promise((resolve) => void setTimeout(resolve, 5));
    await world.stop();
    expect(bodies).toMatchObject(ids.map((id) => ({ type: "message.stored", data: { id } })));
  });
}); // prettier-ignore
