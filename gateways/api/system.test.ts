import { beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";

import { limits } from "../../schemas/index.ts";
import { Fault } from "../../schemas/ground/index.ts";
import { type ApiWorld, makeApiWorld } from "../../test/kit/api-world.ts";

let world: ApiWorld;

beforeEach(() => {
  world = makeApiWorld();
});

const typesShape = z.object({ items: z.array(z.object({ type: z.string(), href: z.string() })) });

describe("health, schemas, directory", () => {
  it("a link that is down is said, and does not make the gateway unready", async () => {
    world.exchange.linkUp = false;
    expect(await world.ask("/readyz")).toMatchObject({
      status: 200,
      json: { ready: true, link: "down", linkUp: false },
    });
  });

  it("a register past its last use makes the gateway unready, one past its time alone does not", async () => {
    world.clock.move(86_400_000);
    expect(await world.ask("/readyz")).toMatchObject({ status: 200, json: { register: true } });
    const { registerUse } = (await world.ask("/v1/status")).json as { registerUse: object[] };
    expect(registerUse).toMatchObject([
      { handling: "H0", state: "ageing" },
      { handling: "H1", state: "ageing" },
      { handling: "H2", state: "ageing" },
      { handling: "H3", state: "ageing" },
    ]);
    world.clock.move(72 * 3_600_000);
    expect(await world.ask("/readyz")).toMatchObject({
      status: 503,
      json: { ready: false, code: "REGISTER_STALE", store: true, register: false },
    });
  });

  it("a store that fails makes the gateway unready, and it stays alive", async () => {
    world.exchange.failure = new Fault("STORE_WRITE_FAILED", "x");
    const { status, json } = await world.ask("/readyz");
    expect([status, json]).toEqual([
      503,
      { ready: false, store: false, code: "STORE_WRITE_FAILED" },
    ]);
    expect((await world.ask("/livez")).status).toBe(200);
  });

  it.each([
    ["READ_ONLY", "STORE_READ_ONLY"],
    ["FULL", "STORE_FULL"],
  ] as const)("a disk that takes nothing (%s) makes the gateway unready, with the code", async (disk, code) => {
    const { status } = world.exchange;
    world.exchange.status = () => ({ ...status(), disk });
    expect(await world.ask("/readyz", { headers: { authorization: "" } })).toMatchObject({
      status: 503,
      json: { ready: false, store: false, code },
    });
    world.exchange.status = () => ({ ...status(), disk: "NEARLY_FULL" });
    expect((await world.ask("/readyz")).status).toBe(200);
  }); // prettier-ignore

  it("health says nothing of messages, people or hubs to who did not say who he is", async () => {
    const { status, json } = await world.ask("/readyz", { headers: { authorization: "" } });
    expect(status).toBe(200);
    const known = ["link", "linkUp", "ready", "register", "registerExpiresAt", "store"];
    expect(Object.keys(json).toSorted()).toEqual(known);
  });

  it("the state says until when our certificates hold", async () => {
    const end = { kind: "LINK", daysLeft: 12, level: "warning" } as const;
    world.exchange.ends = [{ ...end, notAfter: Date.UTC(2026, 2, 21, 14, 5) }];
    const { json } = await world.ask("/v1/status");
    expect(json["certificates"]).toEqual([{ ...end, notAfter: "2026-03-21T14:05:00.000Z" }]);
  });

  it("every type listed has its JSON Schema, and no other name reaches a file", async () => {
    const { json } = await world.ask("/v1/schemas");
    for (const { type, href } of typesShape.parse(json).items) {
      expect((await world.ask(href)).json["title"]).toBe(type);
    }
    expect((await world.ask("/v1/schemas/..%2f..%2fpackage")).json["code"]).toBe("NOT_FOUND");
  });

  it("the directory gives agencies and served communities", async () => {
    const { json } = await world.ask("/v1/directory");
    expect(json).toMatchObject({
      servedRecs: ["ecowas"],
      agencies: [{ agency: "ng/moc", kind: "MOC" }],
    });
  });

  it("a code is explained, and what is no code is not found", async () => {
    expect((await world.ask("/faults/CERT_REVOKED")).json).toMatchObject({
      status: 403,
      retry: "never",
    });
    expect((await world.ask("/faults/toString")).json["code"]).toBe("NOT_FOUND");
  });

  it("the root names every route and the limits", async () => {
    const { json } = await world.ask("/");
    expect(json["links"]).toContainEqual({
      method: "GET",
      path: "/livez",
      summary: "the process answers",
    });
    expect(json["limits"]).toEqual(limits);
  });

  it("another method on a known path is told which there are, and every answer is uncached and not sniffed", async () => {
    const answer = await world.ask("/v1/status", { method: "DELETE" });
    expect(answer).toMatchObject({ status: 405, json: { code: "METHOD_NOT_ALLOWED" } });
    expect(answer.headers.get("allow")).toBe("GET, HEAD, OPTIONS");
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
  });
});
