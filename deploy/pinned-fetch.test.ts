import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { makeTlsPair, type TlsPair } from "../test/kit/tls-pair.ts";
import { makePinnedFetch } from "./pinned-fetch.ts";

let [ours, other]: TlsPair[] = [];
let server: Server;
let url = "";

beforeAll(async () => {
  [ours, other] = [await makeTlsPair("localhost"), await makeTlsPair("localhost")];
  server = createServer({ key: ours.keyPem, cert: ours.certificatePem }, (request, response) => {
    if (request.url === "/away") response.writeHead(302, { location: "/" }).end();
    else if (request.method === "DELETE") response.writeHead(204).end();
    else void request.pipe(response.writeHead(200, { "x-method": request.method }));
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  url = `https://localhost:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  await new Promise((resolve) => void server.close(resolve));
});

describe("makePinnedFetch", () => {
  it("a server that its authority vouches for is asked, and answers as fetch does", async () => {
    const fetch = makePinnedFetch(ours!.certificatePem);
    const sent = await fetch(`${url}/`, { method: "POST", body: "words" });
    expect([sent.status, sent.headers.get("x-method"), await sent.text()]).toEqual([200, "POST", "words"]);
    expect((await fetch(`${url}/`, { method: "DELETE" })).status).toBe(204);
  }); // prettier-ignore

  it("a server that another authority vouches for is not", async () => {
    const fetch = makePinnedFetch(other!.certificatePem);
    await expect(fetch(`${url}/`)).rejects.toThrow();
  });

  it("follows no redirect, and ends when it is told to", async () => {
    const fetch = makePinnedFetch(ours!.certificatePem);
    expect((await fetch(`${url}/away`)).status).toBe(302);
    await expect(fetch(`${url}/`, { signal: AbortSignal.abort() })).rejects.toThrow();
  });
});
