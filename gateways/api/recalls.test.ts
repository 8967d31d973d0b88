import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { makeExchange, makeWatchers } from "../exchange/index.ts";
import { makeRecallDesk, type RecallParts, startRecalls } from "../recall/index.ts";
import { parseUuid, silentLog } from "../../schemas/ground/index.ts";
import {
  type AuditAnswer,
  type AuditWorld,
  makeAuditWorld,
  makeCaller,
} from "../../test/kit/audit-world.ts";
import { alert } from "../../test/kit/gateway-office.ts";
import { makeRecallParts } from "../../test/kit/recall-world.ts"; // prettier-ignore

const now = 1_780_272_000_000;
const day = 86_400_000;
let world: AuditWorld;
let parts: RecallParts;
let own: string;
let held: string;

beforeAll(async () => {
  world = await makeAuditWorld(now, {
    types: ["data.*"],
    services: (reader) => {
      const watchers = makeWatchers(reader.store, silentLog);
      const exchange = makeExchange(reader, { watchers, wake: () => undefined, link: () => undefined });
      parts = makeRecallParts(reader, exchange);
      return { recalls: makeRecallDesk(parts) };
    },
  });
  const { callers } = world;
  callers.set("ama", makeCaller("ama"));
  callers.set("kofi", makeCaller("kofi", { roles: new Set(["approver"]), provedAt: now }));
  callers.set("low", makeCaller("low", { handlingUpTo: "H0" }));
  callers.set("auditor", makeCaller("auditor", { roles: new Set(["auditor"]) }));
  held = await world.receive({ ...alert, handling: "H1" });
  own = (await parts.exchange.submit({ ...alert, handling: "H1" }, "own")).id;
}); // prettier-ignore
afterAll(() => world.close());

function post(path: string, as: string, said: { readonly body?: unknown; readonly key?: string | undefined } = {}): Promise<AuditAnswer> {
  const { body, key } = said;
  const headers = { "content-type": "application/json", ...(key === undefined ? {} : { "idempotency-key": key }) };
  return world.ask(path, as, { method: "POST", headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
} // prettier-ignore

const wish = (id: string): object => ({
  ids: [id],
  reason: "SENT_IN_ERROR",
  deadline: new Date(now + day).toISOString(),
});
const hold = {
  ref: "HC/88",
  country: "GH",
  ground: "pending trial",
  until: new Date(now + 90 * day).toISOString(),
};
const acts = (): readonly string[] => world.audit.list({ limit: 5, before: Number.MAX_SAFE_INTEGER }).map(({ act, outcome }) => `${act} ${outcome}`); // prettier-ignore

describe("the routes of recall", () => {
  it("take a message of ours back, list it and show it holder by holder", async () => {
    const started = await post("/v1/recalls", "ama", { body: wish(own), key: "r1" });
    expect([started.status, started.json]).toMatchObject([201, { sent: [{ holder: "ci/tcu" }, { holder: "ng/tcu" }], unreached: [] }]);
    const again = await post("/v1/recalls", "ama", { body: wish(own), key: "r1" });
    expect(again.json).toEqual(started.json);
    expect((await world.ask("/v1/recalls", "auditor")).json["items"]).toMatchObject([{ id: own, kind: "PURGE", state: "AWAITED", holders: 2, done: 0 }]);
    const shown = await world.ask(`/v1/recalls/${own}`, "ama");
    expect(shown.json["copies"]).toMatchObject([{ agency: "ci/tcu", state: "OPEN", held: "NOT_YET" }, { agency: "ng/tcu", state: "OPEN" }]);
    expect(acts()).toContain("RECALL_STARTED OK");
  });

  it("tell nothing of a message above a caller's ceiling", async () => {
    expect((await world.ask("/v1/recalls", "low")).json).toEqual({ items: [] });
    expect(await world.ask(`/v1/recalls/${own}`, "low")).toMatchObject({ status: 404, json: { code: "NOT_FOUND" } });
  });

  it.each([
    { what: "another's message", make: () => wish(held), key: "r2", status: 404, code: "NOT_FOUND" },
    { what: "no key", make: () => wish(own), key: undefined, status: 400, code: "IDEMPOTENCY_KEY_MISSING" },
    { what: "a wish that is none", make: () => ({ ids: [] }), key: "r3", status: 400, code: "REQUEST_INVALID" },
    { what: "an unknown reason", make: () => ({ ...wish(own), reason: "BECAUSE" }), key: "r4", status: 422, code: "SCHEMA_INVALID" },
    { what: "a deadline that is over", make: () => ({ ...wish(own), deadline: new Date(now - day).toISOString() }), key: "r5", status: 422, code: "SCHEMA_INVALID" },
  ])("refuse $what, and store nothing", async ({ make, key, status, code }) => {
    const before = world.reader.store.messages.list({ box: "out", limit: 200 }).length;
    expect(await post("/v1/recalls", "ama", { body: make(), key })).toMatchObject({ status, json: { code } });
    expect(world.reader.store.messages.list({ box: "out", limit: 200 })).toHaveLength(before);
  });

  it.each(["kofi", "auditor"])("let %s take nothing back", async (who) => {
    expect(await post("/v1/recalls", who, { body: wish(own), key: "r6" })).toMatchObject({ status: 403, json: { code: "ROLE_MISSING" } });
  });
}); // prettier-ignore

describe("the routes of holds", () => {
  it("set one, have another person agree, and end it", async () => {
    const set = await post("/v1/holds", "ama", { body: { ids: [held], ...hold } });
    const [{ id }] = set.json["items"] as [{ id: string }];
    expect([set.status, set.json["items"]]).toMatchObject([201, [{ message: held, isStanding: true, setBy: "person:ama" }]]);
    expect(await post(`/v1/holds/${id}/confirmation`, "kofi")).toMatchObject({ status: 200, json: { confirmedBy: "person:kofi" } });
    expect(await post(`/v1/holds/${id}/lifting`, "kofi", { body: { ground: "trial over" } })).toMatchObject({ status: 200, json: { isStanding: false, liftGround: "trial over" } });
    expect((await world.ask("/v1/holds", "auditor")).json["items"]).toMatchObject([{ id, isStanding: false }]);
    expect(acts()).toEqual(expect.arrayContaining(["HOLD_SET OK", "HOLD_CONFIRMED OK", "HOLD_LIFTED OK"]));
  });

  it("refuse one alone, one without an end or a ground, and one that is not there", async () => {
    const set = await post("/v1/holds", "kofi", { body: { ids: [held], ...hold } });
    const [{ id }] = set.json["items"] as [{ id: string }];
    expect(await post(`/v1/holds/${id}/confirmation`, "kofi")).toMatchObject({ status: 403, json: { code: "SECOND_PERSON_NEEDED" } });
    expect(await post(`/v1/holds/${id}/confirmation`, "ama")).toMatchObject({ status: 403, json: { code: "ROLE_MISSING" } });
    expect(await post("/v1/holds", "ama", { body: { ids: [held], ...hold, until: undefined } })).toMatchObject({ status: 400 });
    expect(await post("/v1/holds", "ama", { body: { ids: [held], ...hold, until: new Date(now - 1).toISOString() } })).toMatchObject({ status: 400, json: { code: "REQUEST_INVALID" } });
    expect(await post(`/v1/holds/${held}/confirmation`, "kofi")).toMatchObject({ status: 404 });
  });
}); // prettier-ignore

describe("what was ordered us, what goes, and what is gone", () => {
  it("is listed, and a file of a body outside is asked for by its number", async () => {
    const { store } = world.reader;
    await store.write(() => store.retention.put({ message: store.messages.find(parseUuid(held))!.seq, reviewAt: now - 1, deleteAt: now + day, keep: "SAID" }));
    expect((await world.ask("/v1/retention", "ama")).json["items"]).toMatchObject([{ id: held, keep: "SAID", isHeld: true }]);
    const order = await world.receive({ type: "data.purge", crimes: ["drugs"], handling: "H1", recipients: ["gh/tcu"], body: { targetIds: [own], purgeScope: "MESSAGE", purgeReason: "SENT_IN_ERROR", deadline: new Date(now + day).toISOString() } });
    const recalling = startRecalls(parts);
    await recalling.tend();
    await recalling.stop();
    expect((await world.ask("/v1/orders", "ama")).json["items"]).toMatchObject([{ order, originator: "ng/tcu", state: "DONE", told: "NEVER_HELD" }]);
    expect(await post(`/v1/orders/${order}/outside`, "ama", { body: { use: 1, ref: "letter" } })).toMatchObject({ status: 404, json: { code: "NOT_FOUND" } });
    expect((await world.ask("/v1/erasures", "auditor")).json).toEqual({ items: [] });
  });
}); // prettier-ignore
