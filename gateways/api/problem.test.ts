import { connect } from "node:net";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { faultSentence, languages } from "../../schemas/index.ts";
import {
  Fault,
  faults,
  isFaultCode,
  silentLog,
  systemChance,
  systemClock,
} from "../../schemas/ground/index.ts";
import { makeApiWorld, message } from "../../test/kit/api-world.ts";
import { type Api, startApi } from "./index.ts";
import { makeProblem, problemShape } from "./problem.ts";
import { routes } from "./routes.ts";

const world = makeApiWorld();

describe("a problem", () => {
  it("of every code has the shape that is told, and leads to the page that explains it", async () => {
    for (const code of Object.keys(faults).filter(isFaultCode)) {
      const violations = [{ path: "/a/~1b/0", code, message: "m" }];
      const problem = problemShape.parse(makeProblem(new Fault(code, "d", { violations }), "t"));
      expect(problem.title).toBe(faults[code].title);
      expect((await world.ask(problem.type)).json["code"]).toBe(code);
      const isTold = faults[code].audience === "caller";
      expect(problem.errors).toEqual(
        isTold ? [{ pointer: "/a/~1b/0", code, detail: "m" }] : undefined,
      );
    }
  });

  it.each(languages)("says its title in %s, and its code as ever", async (lang) => {
    const { json, headers } = await world.ask("/v1/messages/7", {
      headers: { "accept-language": lang },
    });
    expect(json).toMatchObject({ code: "ID_INVALID", title: faultSentence("ID_INVALID", lang) });
    expect(headers.get("content-language")).toBe(lang);
    expect(headers.get("vary")).toBe("accept-language");
  });

  it("repeats nothing that was sent", async () => {
    const mark = "zqxmarkzqx";
    const answers = [
      await world.ask(`/v1/messages/${mark}`),
      await world.ask(`/${mark}`),
      await world.ask(`/v1/messages?${mark}=${mark}`),
      await world.ask(`/v1/messages?state=${mark}`),
      await world.ask("/v1/status", { headers: { authorization: `Bearer ${mark}` } }),
      await world.ask("/docs", { headers: { accept: mark, "accept-language": mark } }),
      await world.ask("/faults/NOT_FOUND", { headers: { accept: mark } }),
      await world.post({ ...message, [mark]: mark, type: mark }),
      await world.post(message, { "content-type": `text/${mark}` }),
      await world.ask(`/faults/${mark}`),
      await world.ask(`/docs/${mark}`),
      await world.ask(`/v1/codelists/CRIME?lang=${mark}`),
    ];
    for (const { text, headers } of answers)
      expect(text + JSON.stringify([...headers])).not.toContain(mark);
  });

  it("says when to come back, where it is known and where it is not", async () => {
    world.exchange.failure = new Fault("QUOTA_EXCEEDED", "d", { retryAfterSeconds: 40 });
    const known = await world.ask("/v1/status");
    expect([known.headers.get("retry-after"), known.json["retryAfter"]]).toEqual(["40", 40]);
    world.exchange.failure = new Fault("QUOTA_EXCEEDED", "d");
    expect((await world.ask("/v1/status")).headers.get("retry-after")).toBe("5");
  });
});

describe("a parameter that a path does not take", () => {
  it.each([
    "/v1/status?lang=fr",
    "/v1/messages?crimes=drugs",
    "/v1/directory?",
    "/v1/messages?__proto__=1",
    "/?toString=1",
  ])("%s", async (path) => {
    const { status, json } = await world.ask(path);
    const isGood = path.endsWith("?");
    expect([status, json["code"]]).toEqual(isGood ? [200, undefined] : [400, "REQUEST_INVALID"]);
  });
});

describe("methods", () => {
  it("another one than the path has is refused with those it has, whatever the path", async () => {
    for (const { path } of routes) {
      const own = routes.filter((one) => one.path === path).map(({ method }) => method);
      const method =
        ["DELETE", "PATCH", "PUT", "POST"].find((one) => !own.some((mine) => mine === one)) ??
        "PURGE";
      const answer = await world.ask(path.replaceAll(/:([a-z]+)(\{[^}]*\})?/gi, "x"), { method });
      if (answer.status === 404) continue;
      expect([path, answer.status, answer.json["code"]]).toEqual([path, 405, "METHOD_NOT_ALLOWED"]);
      expect((answer.headers.get("allow") ?? "").split(", ")).toEqual(expect.arrayContaining(own));
    }
  });

  it("OPTIONS says which there are, to who may ask, and lets no other origin in", async () => {
    const headers = { origin: "https://elsewhere.example", "access-control-request-method": "GET" };
    const answer = await world.ask("/v1/messages", { method: "OPTIONS", headers });
    expect([answer.status, answer.headers.get("allow")]).toEqual([204, "POST, GET, HEAD, OPTIONS"]);
    expect([...answer.headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual(
      [],
    );
    const stranger = await world.ask("/v1/messages", {
      method: "OPTIONS",
      headers: { authorization: "" },
    });
    expect(stranger.json["code"]).toBe("NOT_AUTHENTICATED");
  });

  it("HEAD is answered as GET, without the body", async () => {
    const [get, head] = [await world.ask("/docs"), await world.ask("/docs", { method: "HEAD" })];
    expect([head.status, head.text]).toEqual([200, ""]);
    expect(head.headers.get("etag")).toBe(get.headers.get("etag"));
  });

  it("a path there is not is not found, and only who may ask is told", async () => {
    expect((await world.ask("/nothing", { method: "PUT" })).json["code"]).toBe("NOT_FOUND");
    const stranger = await world.ask("/nothing", { method: "PUT", headers: { authorization: "" } });
    expect(stranger.json["code"]).toBe("NOT_AUTHENTICATED");
  });
});

describe("bytes that are no request", () => {
  const dir = mkdtempSync(join(tmpdir(), "atumpan-api-"));
  let api: Api;

  beforeAll(async () => {
    const { exchange } = makeApiWorld();
    const directory = { agencies: () => [], servedRecs: () => [] };
    const ground = { clock: systemClock, chance: systemChance, log: silentLog };
    api = await startApi({ exchange, directory, dir, host: "127.0.0.1", port: 0, ...ground });
  });

  afterAll(async () => {
    await api.stop();
    rmSync(dir, { recursive: true });
  });

  const send = async (bytes: string): Promise<{ head: string; body: string }> => {
    const socket = connect(Number(new URL(api.url).port), "127.0.0.1");
    socket.end(bytes);
    let text = "";
    for await (const piece of socket) text += String(piece);
    const [head = "", body = ""] = text.split("\r\n\r\n");
    return { head, body };
  };

  it.each<[string, string, number, string]>([
    ["no HTTP at all", "zqxmark\r\n\r\n", 400, "REQUEST_INVALID"],
    ["another version", "GET / HTTP/9.9\r\n\r\n", 400, "REQUEST_INVALID"],
    ["two lengths", "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx", 400, "REQUEST_INVALID"],
    ["a length and pieces", "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, "REQUEST_INVALID"],
    ["a line feed in a header", "GET / HTTP/1.1\r\nHost: localhost\r\nzqx\rmark: 1\r\n\r\n", 400, "REQUEST_INVALID"],
    ["headers without end", `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${"zqxmark".repeat(3_000)}\r\n\r\n`, 431, "REQUEST_HEADERS_TOO_LARGE"],
    ["no Host", "GET /livez HTTP/1.1\r\nConnection: close\r\n\r\n", 400, "REQUEST_INVALID"],
    ["a Host that is none", "GET /livez HTTP/1.1\r\nHost: zqxmark zqx\r\nConnection: close\r\n\r\n", 400, "REQUEST_INVALID"],
    ["no path", "OPTIONS * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", 400, "REQUEST_INVALID"],
    ["another's name", "GET /livez HTTP/1.1\r\nHost: zqxmark.example\r\nConnection: close\r\n\r\n", 400, "REQUEST_INVALID"],
  ])("%s: a problem, that repeats nothing", async (...[, bytes, status, code]) => {
    const { head, body } = await send(bytes);
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(head.toLowerCase()).toContain("content-type: application/problem+json");
    expect(problemShape.parse(JSON.parse(body))).toMatchObject({ status, code });
    expect(head + body).not.toContain("zqx");
  }); // prettier-ignore

  it("the next request is answered as ever", async () => {
    expect((await fetch(`${api.url}/livez`)).status).toBe(200);
  });
});
