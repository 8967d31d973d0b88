import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { alert, bulletin } from "../../test/kit/gateway-office.ts";
import { type AuditWorld, makeAuditWorld, makeCaller } from "../../test/kit/audit-world.ts";
import { traceStatements } from "../../test/kit/statements.ts";
import { routes } from "./routes.ts";

const now = 1_780_272_000_000;
const unknownId = "019e4a5e-0000-7000-8000-000000000000";
let world: AuditWorld;
let open: string;
let sealed: string;

beforeAll(async () => {
  world = await makeAuditWorld(now);
  const { callers } = world;
  callers.set("officer", makeCaller("officer"));
  callers.set("low", makeCaller("low", { handlingUpTo: "H0" }));
  callers.set(
    "analyst",
    makeCaller("analyst", { roles: new Set(["analyst"]), handlingUpTo: "H3" }),
  );
  callers.set(
    "admin",
    makeCaller("admin", { roles: new Set(["administrator"]), handlingUpTo: "H3" }),
  );
  callers.set("auditor", makeCaller("auditor", { roles: new Set(["auditor"]) }));
  callers.set("machine", makeCaller("m1", {
    id: "machine:m1", kind: "machine", roles: new Set(["integrator"]), purpose: "FORENSIC",
  })); // prettier-ignore
  open = await world.receive(bulletin);
  sealed = await world.receive({ ...alert, handling: "H2" });
});
afterAll(() => world.close());

const forWhat = { headers: { "atumpan-purpose": "INVESTIGATION" } };

function lastOf(who: string): Record<string, unknown> {
  const [line] = world.audit.list({ who, limit: 1 });
  const { act, object, purpose, outcome, count } = line ?? {};
  return { act, object, purpose, outcome, count };
}

describe("purposes", () => {
  it("content read without a purpose is refused, and the refusal recorded", async () => {
    const { status, json } = await world.ask(`/v1/messages/${open}`, "officer");
    expect([status, json["code"]]).toEqual([400, "PURPOSE_MISSING"]);
    expect(lastOf("person:officer")).toMatchObject({
      act: "MESSAGE_READ",
      object: open,
      outcome: "PURPOSE_MISSING",
    });
  });

  it.each(["", " ", "CURIOSITY", "x".repeat(300), "INVESTIGATION,FORENSIC"])(
    "the purpose %j is none",
    async (purpose) => {
      const init = { headers: { "atumpan-purpose": purpose } };
      const { json } = await world.ask(`/v1/messages/${open}`, "officer", init);
      expect(json["code"]).toMatch(/^PURPOSE_(?:UNKNOWN|MISSING)$/);
    },
  );

  it("content read for a purpose is recorded with it", async () => {
    expect((await world.ask(`/v1/messages/${open}`, "officer", forWhat)).status).toBe(200);
    expect(lastOf("person:officer")).toEqual({
      act: "MESSAGE_READ", object: open, purpose: "INVESTIGATION", outcome: "OK", count: 1,
    }); // prettier-ignore
  });

  it("a machine reads for what was set for it, and the owner of the token for an investigation", async () => {
    expect((await world.ask(`/v1/messages/${open}`, "machine")).status).toBe(200);
    expect(lastOf("machine:m1")).toMatchObject({ purpose: "FORENSIC" });
    expect((await world.ask(`/v1/messages/${open}`)).status).toBe(200);
    expect(lastOf("owner")).toMatchObject({ purpose: "INVESTIGATION" });
  });

  it("a message that says what it may be used for is read for nothing else", async () => {
    const id = await world.receive({
      ...alert,
      inner: { purposes: ["FORENSIC", "WARN_PERSON_EVENT_MODUS"] },
    });
    const other = await world.ask(`/v1/messages/${id}`, "officer", forWhat);
    expect([other.status, other.json["code"]]).toEqual([403, "PURPOSE_NOT_ALLOWED"]);
    expect(other.text).not.toContain("Two hundred kilos");
    expect((await world.ask(`/v1/messages/${id}`, "machine")).status).toBe(200);
    for (const path of ["/copies/court", "/translations"]) {
      const init = path === "/translations"
        ? { method: "POST", body: '{"pointer":"/narrative","to":"fr"}', headers: { ...forWhat.headers, "content-type": "application/json" } }
        : forWhat; // prettier-ignore
      expect((await world.ask(`/v1/messages/${id}${path}`, "officer", init)).json["code"]).toBe(
        "PURPOSE_NOT_ALLOWED",
      );
    }
    // the owner who says nothing reads for the first that the sender names
    expect((await world.ask(`/v1/messages/${id}`)).status).toBe(200);
    expect(lastOf("owner")).toMatchObject({ purpose: "FORENSIC" });
    expect((await world.ask(`/v1/messages/${id}`, undefined, forWhat)).status).toBe(403);
  });
});

describe("ceilings", () => {
  it("a message above the ceiling and one that is not there are answered alike", async () => {
    const paths = ["", "/copies/court", "/translation-check"];
    for (const path of paths) {
      const hidden = await world.ask(`/v1/messages/${sealed}${path}`, "low", forWhat);
      const absent = await world.ask(`/v1/messages/${unknownId}${path}`, "low", forWhat);
      const same = ({ status, json: { instance: _each, ...json } }: typeof hidden): unknown => ({
        status,
        json,
      });
      expect(same(hidden)).toEqual(same(absent));
      expect(hidden.status).toBe(404);
    }
  });

  const traceOf = async (path: string, who: string): Promise<readonly string[]> => {
    const ask = (): Promise<unknown> => world.ask(`/v1/messages/${path}`, who, forWhat);
    return (await traceStatements(ask)).asked;
  };

  it.each(["", "/copies/court", "/translation-check", "/related"])(
    "and both are found out by the very same work: GET %j",
    async (path) => {
      const hidden = await traceOf(`${sealed}${path}`, "low");
      expect(hidden.length).toBeGreaterThan(0);
      expect(hidden).toEqual(await traceOf(`${unknownId}${path}`, "low"));
    },
  );

  it("and whoever may see it has more done for him", async () => {
    const seen = await traceOf(sealed, "officer");
    expect(seen.length).toBeGreaterThan((await traceOf(sealed, "low")).length);
  });

  it("stands in no list of who may not see it", async () => {
    const ids = async (as: string): Promise<unknown[]> => {
      const { json } = await world.ask("/v1/messages?limit=200", as);
      return (json["items"] as { id: string }[]).map(({ id }) => id);
    };
    expect(await ids("officer")).toContain(sealed);
    expect(await ids("low")).not.toContain(sealed);
    expect(await ids("low")).toContain(open);
    expect(await ids("admin")).toEqual([]);
    expect(lastOf("person:low")).toMatchObject({ act: "MESSAGE_LISTED", object: "" });
  });

  it("what is written above the writer's ceiling is refused, and nothing is kept", async () => {
    const before = world.reader.store.messages.list({ box: "out", limit: 50 }).length;
    const init = (handling: string): RequestInit => ({
      method: "POST",
      body: JSON.stringify({ ...alert, handling }),
      headers: { "content-type": "application/json", "idempotency-key": `ceiling-${handling}` },
    });
    for (const path of ["/v1/messages", "/v1/messages:validate"]) {
      const { status, json } = await world.ask(path, "low", init("H1"));
      expect([status, json["code"]]).toEqual([403, "CEILING_EXCEEDED"]);
    }
    expect(world.reader.store.messages.list({ box: "out", limit: 50 })).toHaveLength(before);
    expect((await world.ask("/v1/messages", "low", init("H0"))).status).toBe(201);
  });
});

describe("what is recorded", () => {
  it("a message that is sent stands in the record exactly once, kept with it", async () => {
    const init = {
      method: "POST",
      body: JSON.stringify(bulletin),
      headers: { "content-type": "application/json", "idempotency-key": "recorded" },
    };
    const { json } = await world.ask("/v1/messages", "officer", init);
    expect(
      world.audit.list({ act: "MESSAGE_SENT", object: String(json["id"]), limit: 9 }),
    ).toHaveLength(1);
    await world.ask("/v1/messages", "officer", init);
    expect(
      world.audit.list({ act: "MESSAGE_SENT", object: String(json["id"]), limit: 9 }),
    ).toHaveLength(2);
  });

  it("nothing is answered when the line cannot be kept", async () => {
    const { store } = world.reader;
    const inWrite = world.audit.inWrite;
    const { Fault } = await import("../../schemas/ground/index.ts");
    Object.assign(world.audit, {
      inWrite: () => Promise.reject(new Fault("STORE_WRITE_FAILED", "no")),
    });
    const { status, text } = await world.ask(`/v1/messages/${open}`, "officer", forWhat);
    Object.assign(world.audit, { inWrite });
    expect(status).toBe(503);
    expect(text).not.toContain("Seals that do not match");
    expect(store.audit.last()).toBeDefined();
  });

  it("whoever has not the role is refused, and that is recorded", async () => {
    expect((await world.ask("/v1/audit", "officer")).status).toBe(403);
    expect(lastOf("person:officer")).toMatchObject({ act: "RECORD_READ", outcome: "ROLE_MISSING" });
  });

  it("no content and no word of a message stands in the record", async () => {
    await world.ask(`/v1/messages/${sealed}`, "officer", forWhat);
    const all = JSON.stringify(world.audit.list({ limit: 1_000 }));
    for (const word of ["Two hundred", "kilos", "Seals that", "A-1"])
      expect(all).not.toContain(word);
  });

  it("every route that shows messages to readers has an act, and every one that gives content wants a purpose", () => {
    const content = /^\/v1\/messages\/:id(?:\/|$)|copies:verify/;
    // which files there are and how far each has come: no word of theirs
    const files = ["translation-check", "attachments"];
    // to whom something was passed on, and for what: ids and codes
    const uses = ["uses", "onward-log"];
    // by which words it may be used: what is read before anything of it may be
    const first = ["words"];
    const free = new Set([...files, ...uses, ...first].map((name) => `/v1/messages/:id/${name}`));
    const silent = routes.filter(({ path, act }) => /^\/v1\/(?:messages|copies|events|audit$)/.test(path) && act === undefined);
    const aimless = routes.filter(({ method, path, reads }) => method === "GET" && content.test(path) && !free.has(path) && reads === undefined);
    expect(silent.map(({ path }) => path)).toEqual([]);
    expect(aimless.map(({ path }) => path)).toEqual([]);
  }); // prettier-ignore
});

describe("the record over HTTP", () => {
  it("is read in pages by the auditor, whose look stands in it too", async () => {
    const first = await world.ask("/v1/audit?limit=2", "auditor");
    expect((first.json["items"] as unknown[]).length).toBe(2);
    const second = await world.ask(
      `/v1/audit?limit=2&cursor=${String(first.json["next"])}`,
      "auditor",
    );
    const positions = [first, second].flatMap(({ json }) =>
      (json["items"] as { position: number }[]).map(({ position }) => position),
    );
    expect(positions).toEqual([0, 1, 2, 3].map((less) => positions[0]! - less));
    expect(lastOf("person:auditor")).toMatchObject({ act: "RECORD_READ", count: 2 });
  });

  it("is whole and signed", async () => {
    expect((await world.ask("/v1/audit/check", "auditor")).json).toMatchObject({
      whole: true,
      proven: true,
    });
    expect((await world.ask("/v1/audit/head", "auditor")).json["hash"]).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each([
    "limit=0",
    "limit=x",
    "cursor=-1",
    "act=OTHER",
    "who=%0a",
    "other=1",
    "limit=1&limit=2",
  ])("refuses ?%s", async (query) => {
    expect((await world.ask(`/v1/audit?${query}`, "auditor")).status).toBe(400);
  });

  it("has no route that writes or takes away", async () => {
    for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
      for (const path of ["/v1/audit", "/v1/audit/head", "/v1/audit/check", "/v1/audit/1"]) {
        const { status } = await world.ask(path, undefined, { method });
        expect([404, 405]).toContain(status);
      }
    }
    expect(
      routes.filter(({ path, method }) => path.startsWith("/v1/audit") && method !== "GET"),
    ).toEqual([]);
  });
});

describe("the sender", () => {
  it("is told of each reader's first look at content, and of nothing else", async () => {
    const id = await world.receive(bulletin);
    const seq = world.reader.store.messages.list({ box: "in", limit: 1 })[0]!.seq;
    const told = (): number =>
      world.reader.store.opened
        .untold(9, { before: now * 2, limit: 99 })
        .filter(({ message }) => message === seq).length;
    await world.ask("/v1/messages", "officer");
    await world.ask(`/v1/messages/${id}`, "officer");
    expect(told()).toBe(0);
    await world.ask(`/v1/messages/${id}`, "officer", forWhat);
    await world.ask(`/v1/messages/${id}`, "officer", forWhat);
    expect(told()).toBe(1);
    await world.ask(`/v1/messages/${id}/copies/court`, "analyst", forWhat);
    expect(told()).toBe(2);
  });
});
