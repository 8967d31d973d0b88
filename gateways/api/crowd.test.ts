import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { until } from "../../test/kit/server.ts";
import { keepCrowd } from "./crowd.ts";

const max = 20;
let server: Server;
let port: number;
let sockets: Socket[];
/** Answers to requests for /slow. */
let answering: (() => void)[];

beforeEach(async () => {
  [sockets, answering] = [[], []];
  server = createServer((request, response) => {
    if (request.url === "/slow") answering.push(() => response.end("late"));
    else response.end("here");
  });
  keepCrowd(server, max);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  ({ port } = server.address() as AddressInfo);
});
afterEach(() => {
  for (const socket of sockets) socket.destroy();
  server.closeAllConnections();
  server.close();
});

/** A connection that says no more than this. */
async function open(said = ""): Promise<Socket> {
  const socket = connect({ port, host: "127.0.0.1" });
  socket.on("error", () => undefined);
  sockets.push(socket);
  await once(socket, "connect");
  socket.write(said);
  return socket;
}

async function ask(path = "/"): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, { headers: { connection: "close" } }); // prettier-ignore
  return await answer.text();
}

describe("many connections", () => {
  it.each([
    ["that say nothing", ""],
    ["that never end their first line", "GET /"],
    ["that never end their headers", "GET / HTTP/1.1\r\nhost: a\r\nx-a: "],
  ])("%s shut nobody out", async (...[, said]) => {
    for (let n = 0; n < 15 * max; n += 1) await open(said);
    expect(await ask()).toBe("here");
    const standing = (): number =>
      sockets.filter(({ closed, destroyed }) => !closed && !destroyed).length;
    await until("no more stand than may", () => standing() <= max);
  });

  it("cut no answer that is under way", async () => {
    const slow = ask("/slow");
    while (answering.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    for (let n = 0; n < 5 * max; n += 1) await open();
    answering[0]!();
    expect(await slow).toBe("late");
  });

  it("that are all answering something let no more in, until one is done", async () => {
    const slow = Array.from({ length: max }, () => ask("/slow"));
    while (answering.length < max) await new Promise((resolve) => setTimeout(resolve, 5));
    await expect(ask()).rejects.toThrow();
    for (const one of answering) one();
    expect(await Promise.all(slow)).toEqual(Array.from({ length: max }, () => "late"));
    expect(await ask()).toBe("here");
  });
});
