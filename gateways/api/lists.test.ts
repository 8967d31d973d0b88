import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { alert, bulletin } from "../../test/kit/gateway-office.ts";
import {
  type AuditAnswer,
  type AuditWorld,
  makeAuditWorld,
  makeCaller,
} from "../../test/kit/audit-world.ts";

const now = 1_780_272_000_000;
let world: AuditWorld;
let open: string;
let sealed: string;
let named: string;

beforeAll(async () => {
  world = await makeAuditWorld(now);
  world.callers.set("officer", makeCaller("officer"));
  world.callers.set("low", makeCaller("low", { handlingUpTo: "H0" }));
  world.callers.set("admin", makeCaller("admin", { roles: new Set(["administrator"]) }));
  open = await world.receive(bulletin);
  sealed = await world.receive({ ...alert, handling: "H2", inner: { caseRef: "KILO-9" } });
  named = await world.receive({
    ...alert,
    inner: { purposes: ["FORENSIC"], caseRef: "GH/TCU/2026/77" },
  });
});
afterAll(() => world.close());

const json = { "content-type": "application/json" };
const forWhat = { "atumpan-purpose": "INVESTIGATION" };

interface Way {
  readonly as?: string;
  readonly more?: object;
  readonly purpose?: Record<string, string>;
}

function search(
  q: string,
  { as = "officer", more = {}, purpose = forWhat }: Way = {},
): Promise<AuditAnswer> {
  const body = JSON.stringify({ q, ...more });
  const headers: Record<string, string> = { ...json, ...purpose };
  return world.ask("/v1/messages:search", as, { method: "POST", body, headers });
}

function idsOf({ json: page }: AuditAnswer): unknown[] {
  return (page["items"] as { id: string }[]).map(({ id }) => id);
}

describe("lists", () => {
  it.each([
    ["type=alert.incident", () => [named, sealed]],
    ["type=alert.incident,bulletin.red_flag", () => [named, sealed, open]],
    ["handling=H2", () => [sealed]],
    ["originator=ng/tcu", () => [named, sealed, open]],
    ["originator=gh/fiu", () => []],
    ["country=NG", () => [sealed, open]],
    ["since=2026-06-01T00:00:00Z", () => [named, sealed, open]],
    ["until=2026-06-01T00:00:00Z", () => []],
    ["type=alert.incident&handling=H2&originator=ng/tcu", () => [sealed]],
  ])("%s keeps to what it says", async (query, ids) => {
    expect(idsOf(await world.ask(`/v1/messages?${query}`, "officer"))).toEqual(ids());
  });

  it("a list never shows what is above a ceiling, whatever it is filtered by", async () => {
    expect(idsOf(await world.ask("/v1/messages?type=alert.incident&handling=H2", "low"))).toEqual(
      [],
    );
    const { json: page } = await world.ask("/v1/messages?handling=H2&count=true", "low");
    expect(page["count"]).toEqual({ messages: 0, isMore: false });
  });

  it("it is counted how many there are", async () => {
    const { json: page } = await world.ask("/v1/messages?limit=1&count=true", "officer");
    expect(page["count"]).toEqual({ messages: 3, isMore: false });
    expect(page["items"]).toHaveLength(1);
  });

  it("by their terms, the soonest comes first, page by page, each once", async () => {
    const seen: unknown[] = [];
    const terms: string[] = [];
    let path: string | undefined = "/v1/messages?order=due&limit=1";
    while (path !== undefined) {
      const answer: AuditAnswer = await world.ask(path, "officer");
      seen.push(...idsOf(answer));
      terms.push(...(answer.json["items"] as { dueAt: string }[]).map(({ dueAt }) => dueAt));
      const next = answer.json["next"];
      path = typeof next === "string" ? `/v1/messages?order=due&limit=1&cursor=${next}` : undefined;
    }
    expect(new Set(seen)).toEqual(new Set([open, sealed, named]));
    expect(seen).toHaveLength(3);
    expect(terms).toEqual(terms.toSorted());
  });

  it.each([
    "q=kofi",
    "country=ng",
    "handling=H9",
    "type=DROP",
    "since=yesterday",
    "order=oldest",
    "count=yes",
    "handling=H1,,H2",
    "type=alert.incident&type=alert.update",
    `rec=${"a,".repeat(400)}a`,
    "cursor=MQ&order=due",
    "until=2026-13-45T00:00:00Z",
  ])("%s is refused", async (query) => {
    const { status, json: problem } = await world.ask(`/v1/messages?${query}`, "officer");
    expect([status, problem["code"]]).toEqual([400, "REQUEST_INVALID"]);
  });
});

describe("searching", () => {
  it("needs a purpose, and the record says that it was done", async () => {
    expect((await search("x", { purpose: {} })).json["code"]).toBe("PURPOSE_MISSING");
    await search("border");
    const [line] = world.audit.list({ who: "person:officer", limit: 1 });
    expect(line).toMatchObject({
      act: "MESSAGE_SEARCHED",
      purpose: "INVESTIGATION",
      outcome: "OK",
    });
  });

  it("is for who reads content alone", async () => {
    expect((await search("border", { as: "admin" })).json["code"]).toBe("ROLE_MISSING");
  });

  it("a reference is found whole, by its beginning, and only for a purpose its sender allows", async () => {
    const forensic = { "atumpan-purpose": "FORENSIC" };
    expect(idsOf(await search("gh/tcu/2026/77", { purpose: forensic }))).toEqual([named]);
    expect(idsOf(await search("GH/TCU/2026*", { purpose: forensic }))).toEqual([named]);
    expect(idsOf(await search('"tcu gh"', { purpose: forensic }))).toEqual([]);
    expect(idsOf(await search("gh/tcu/2026/77"))).toEqual([]);
    expect(idsOf(await search("gh/tcu/2026/77", { as: "low", purpose: forensic }))).toEqual([
      named,
    ]);
  });

  it("above a ceiling nothing is found", async () => {
    expect(idsOf(await search("kilo-9"))).toEqual([sealed]);
    expect(idsOf(await search("kilo-9", { as: "low" }))).toEqual([]);
  });

  it("filters hold beside the words", async () => {
    const forensic = { "atumpan-purpose": "FORENSIC" };
    expect(
      idsOf(await search("2026", { more: { type: "bulletin.red_flag" }, purpose: forensic })),
    ).not.toContain(named);
    expect((await search("a", { more: { cheese: 1 } })).json["code"]).toBe("REQUEST_INVALID");
  });

  it("what was taken back is not found, and found again when it is given back", async () => {
    const forensic = { "atumpan-purpose": "FORENSIC" };
    const { store } = world.reader;
    const seq = store.messages.list({ box: "in", limit: 1 })[0]!.seq;
    await store.write(() => store.messages.setState(seq, "QUARANTINED", "CERT_REVOKED"));
    expect(idsOf(await search("gh/tcu/2026/77", { purpose: forensic }))).toEqual([]);
    await store.write(() => store.messages.setState(seq, "VERIFIED"));
    expect(idsOf(await search("gh/tcu/2026/77", { purpose: forensic }))).toEqual([named]);
  });
});

describe("what stands together", () => {
  it("a message's thread and neighbours are found; what is not there or not for him is answered alike", async () => {
    expect(
      idsOf(await world.ask(`/v1/messages/${open}/related`, "officer", { headers: forWhat })),
    ).toEqual([open]);
    expect(idsOf(await world.ask(`/v1/threads/${open}`, "officer", { headers: forWhat }))).toEqual([
      open,
    ]);
    expect(
      (await world.ask(`/v1/messages/${sealed}/related`, "low", { headers: forWhat })).json["code"],
    ).toBe("NOT_FOUND");
    expect(idsOf(await world.ask(`/v1/threads/${sealed}`, "low", { headers: forWhat }))).toEqual(
      [],
    );
    expect((await world.ask("/v1/threads/x", "low", { headers: forWhat })).json["code"]).toBe(
      "REQUEST_INVALID",
    );
  });

  it("a filter is tried without content: numbers and ids of what it would have met", async () => {
    const init = {
      method: "POST",
      body: JSON.stringify({ type: "alert.incident" }),
      headers: { ...json, ...forWhat },
    };
    const { json: tried } = await world.ask("/v1/filters:test", "officer", init);
    expect(tried).toMatchObject({
      messages: 2,
      isMore: false,
      byType: { "alert.incident": 2 },
      newest: [named, sealed],
    });
  });
});
