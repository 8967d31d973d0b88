import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { type ApiWorld, makeApiWorld } from "../../test/kit/api-world.ts";
import { type HookWorld, startHookWorld } from "../../test/kit/hook-world.ts";

let hooks: HookWorld;
let api: ApiWorld;

beforeEach(async () => {
  hooks = await startHookWorld();
  api = makeApiWorld({ hooks: hooks.hooks.desk });
});

afterEach(() => hooks.stop());

const send = (method: string, path: string, body?: unknown) =>
  api.ask(path, {
    method,
    headers: { "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
const url = "https://cases.example/hook";
const make = async (more = {}) => await send("POST", "/v1/webhooks", { url, ...more });

describe("webhooks over HTTP", () => {
  it("one is made, shown without its secret, changed and removed", async () => {
    const made = await make({ types: ["alert.incident"], boxes: ["in"] });
    expect(made.status).toBe(201);
    const { secret, ...hook } = made.json;
    expect(secret).toMatch(/^whsec_/);
    const path = made.headers.get("location") ?? "";
    expect((await send("GET", path)).json).toEqual(hook);
    expect((await send("GET", "/v1/webhooks")).json).toEqual({ items: [hook] });
    const changed = await send("PATCH", path, { state: "PAUSED", crimes: ["drugs"] });
    expect(changed.json).toMatchObject({ state: "PAUSED", crimes: ["drugs"], types: ["alert.incident"] });
    expect((await send("DELETE", path)).status).toBe(204);
    expect((await send("GET", path)).json).toMatchObject({ code: "NOT_FOUND" });
  });

  it("its secret is changed, it is tried and told again, and its attempts are listed", async () => {
    const { id, secret } = (await make()).json;
    const path = `/v1/webhooks/${String(id)}`;
    const rotated = await send("POST", `${path}/rotate`, { overlapHours: 1 });
    expect(rotated.json["secret"]).not.toBe(secret);
    expect((await send("POST", `${path}/test`)).json).toMatchObject({ status: 204, code: null });
    expect((await send("POST", `${path}/replay`, { since: "2026-03-09T00:00:00Z" })).status).toBe(202);
    expect((await send("GET", `${path}/attempts?limit=1`)).json).toMatchObject({ items: [{ status: 204, code: null }], next: "1" });
    expect((await send("GET", `${path}/attempts?cursor=1`)).json).toEqual({ items: [], next: null });
  });

  it.each([
    ["no address", { url: undefined }],
    ["another field", { secret: "whsec_mine" }],
    ["no type", { types: ["nothing"] }],
    ["an empty list", { crimes: [] }],
    ["another box", { boxes: ["sent"] }],
    ["too many types", { types: Array.from({ length: 51 }, () => "alert.incident") }],
    ["no handling", { handlingUpTo: "H9" }],
  ])("%s is refused", async (_, more) => {
    expect((await make(more)).json).toMatchObject({ code: "REQUEST_INVALID" });
  });

  it("an address that is not listed is refused with the way out", async () => {
    const { json, status } = await make({ url: "https://169.254.169.254/" });
    expect([status, json["code"]]).toEqual([403, "EGRESS_REFUSED"]);
    expect(String((await make({ url: "https://other.example/" })).json["detail"])).toContain("webhooks.allow");
  });

  it("a gateway without them has none, and says how they stand where it has", async () => {
    expect((await makeApiWorld().ask("/v1/webhooks")).json).toMatchObject({ code: "NOT_FOUND" });
    await make();
    expect((await send("GET", "/v1/status")).json["webhooks"]).toEqual({ active: 1, failing: 0, disabled: 0 });
  });
}); // prettier-ignore

describe("changes over HTTP", () => {
  it("are a page from a cursor on, and the same as the stream tells", async () => {
    const { next } = (await send("GET", "/v1/changes")).json;
    const { id } = api.exchange.receive({});
    const page = (await send("GET", `/v1/changes?cursor=${String(next)}`)).json;
    expect(page).toMatchObject({ items: [{ id, kind: "stored", box: "in", state: "VERIFIED", href: `/v1/messages/${id}` }], hasMore: false });
    expect((await send("GET", "/v1/changes?from=beginning&limit=1")).json).toEqual(page);
  });

  it.each(["limit=0", "limit=201", "wait=56", "wait=x", "cursor=", "cursor=a&cursor=b", `cursor=${"a".repeat(61)}`, "since=now", "from=end"])(
    "asked with %s are refused",
    async (query) => {
      expect((await send("GET", `/v1/changes?${query}`)).json).toMatchObject({ code: "REQUEST_INVALID" });
    },
  );

  it("after a cursor that is gone are refused, by page, stream and Last-Event-ID", async () => {
    const asked = [
      api.ask("/v1/changes?cursor=99"),
      api.ask("/v1/events?cursor=99"),
      api.ask("/v1/events", { headers: { "last-event-id": "99" } }),
    ];
    for (const { status, json } of await Promise.all(asked)) expect([status, json["code"]]).toEqual([410, "CURSOR_GONE"]);
    expect((await api.ask("/v1/events", { headers: { "last-event-id": "\u00e9" } })).json).toMatchObject({ code: "REQUEST_INVALID" });
  });
}); // prettier-ignore
