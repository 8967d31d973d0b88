import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { makeDraftDesk } from "../drafts/index.ts";
import { makeExchange, makeWatchers } from "../exchange/index.ts";
import { silentLog } from "../../schemas/ground/index.ts";
import { alert, bulletin } from "../../test/kit/gateway-office.ts";
import {
  type AuditAnswer,
  type AuditWorld,
  makeAuditWorld,
  makeCaller,
} from "../../test/kit/audit-world.ts";

const now = 1_780_272_000_000;
let world: AuditWorld;
let count = 0;
let id: string;

beforeAll(async () => {
  world = await makeAuditWorld(now, {
    services: (reader) => {
      const watchers = makeWatchers(reader.store, silentLog);
      const duties = { watchers, wake: () => undefined, link: () => undefined };
      const exchange = makeExchange(reader, duties);
      return { drafts: makeDraftDesk({ store: reader.store, exchange, clock: reader.clock }) };
    },
  });
  const { callers } = world;
  callers.set("ama", makeCaller("ama"));
  callers.set("kofi", makeCaller("kofi"));
  callers.set("low", makeCaller("low", { handlingUpTo: "H0" }));
  callers.set("auditor", makeCaller("auditor", { roles: new Set(["auditor"]) }));
});
afterAll(() => world.close());
beforeEach(() => {
  id = `019e4a5e-0000-7000-8000-${String((count += 1)).padStart(12, "0")}`;
});

interface Ask {
  readonly as?: string;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
  readonly draft?: string;
}

function ask(
  method: string,
  { as = "ama", headers = {}, body, draft = id }: Ask = {},
  path = "",
): Promise<AuditAnswer> {
  const said = body === undefined ? {} : { body: JSON.stringify(body) };
  const all = { "content-type": "application/json", ...headers };
  return world.ask(`/v1/drafts/${draft}${path}`, as, { method, headers: all, ...said });
}

const fresh = { "if-none-match": "*" };
const begin = (message: object, more: object = {}): Promise<AuditAnswer> =>
  ask("PUT", { headers: fresh, body: { message, ...more } });
const boxed = (): number => world.reader.store.messages.list({ box: "out", limit: 200 }).length;

describe("writing", () => {
  it("what is unfinished is kept, and what is missing is said", async () => {
    const begun = await begin({ type: "alert.incident", crimes: ["drugs"] });
    expect(begun.status).toBe(201);
    expect(begun.json["missing"]).toBeGreaterThan(0);
    const { json } = await ask("GET");
    expect(json).toMatchObject({
      owner: "person:ama",
      message: { crimes: ["drugs"] },
      shared: false,
    });
    expect(json["problems"]).toHaveLength(Number(json["missing"]));
  });

  it("of two who change one version the second is refused, and nothing of the first is lost", async () => {
    await begin(bulletin, { shared: true });
    const mine = {
      headers: { "if-match": '"v1"' },
      body: { message: { ...bulletin, crimes: ["arms"] }, shared: true },
    };
    expect((await ask("PUT", { ...mine, as: "kofi" })).status).toBe(200);
    const late = await ask("PUT", { headers: { "if-match": '"v1"' }, body: { message: bulletin } });
    expect([late.status, late.json["code"]]).toEqual([412, "PRECONDITION_FAILED"]);
    expect((await ask("GET")).json).toMatchObject({
      message: { crimes: ["arms"] },
      changedBy: "person:kofi",
      owner: "person:ama",
    });
  });

  it.each([
    ["without a version", {}, 428, "PRECONDITION_MISSING"],
    ["a new one that is there already", { "if-none-match": "*" }, 412, "PRECONDITION_FAILED"],
    ["another version", { "if-match": '"v9"' }, 412, "PRECONDITION_FAILED"],
  ])("%s nothing is changed", async (...[, headers, status, code]) => {
    await begin(bulletin);
    const answer = await ask("PUT", { headers, body: { message: alert } });
    expect([answer.status, answer.json["code"]]).toEqual([status, code]);
    expect((await ask("DELETE", { headers })).status).toBe(status);
    expect((await ask("GET")).json).toMatchObject({ message: { type: bulletin.type } });
  });

  it("another's draft and one that is not there are answered alike, unless it is shared", async () => {
    await begin(bulletin);
    const missing = await ask("GET", { draft: "019e4a5e-0000-7000-8000-ffffffffffff" });
    const foreign = await ask("GET", { as: "kofi" });
    expect([foreign.status, foreign.json["detail"]]).toEqual([
      missing.status,
      missing.json["detail"],
    ]);
    for (const method of ["PUT", "DELETE"])
      expect(
        (await ask(method, { as: "kofi", headers: { "if-match": "*" }, body: { message: alert } }))
          .status,
      ).toBe(404);
    expect((await ask("POST", { as: "kofi" }, "/submit")).status).toBe(404);
    expect((await ask("GET", { as: "auditor" })).json["code"]).toBe("ROLE_MISSING");
  });

  it("a shared draft above a ceiling is not there, and cannot be written", async () => {
    await begin({ ...alert, handling: "H2" }, { shared: true });
    expect((await ask("GET", { as: "low" })).status).toBe(404);
    expect((await world.ask("/v1/drafts", "low")).text).not.toContain(id);
    const over = {
      as: "low",
      headers: fresh,
      draft: id.replace("019e", "019f"),
      body: { message: { ...alert, handling: "H2" } },
    };
    expect((await ask("PUT", over)).json["code"]).toBe("CEILING_EXCEEDED");
  });

  it.each([
    ["whole", { ...alert, inner: { classification: { scheme: "UN", code: "SECRET" } } }],
    ["hardly begun", { type: "alert", inner: { classification: { code: "SECRET" }, caseRef: 7 } }],
  ])("%s, with more than this machine may hold, is not kept (T37)", async (_, message) => {
    expect((await begin(message)).json["code"]).toBe("DEPLOYMENT_CEILING");
    expect((await ask("GET")).status).toBe(404);
    expect((await begin({ ...message, inner: { classification: { scheme: "UN", code: "UNCLASSIFIED" } } })).status).toBe(201);
  }); // prettier-ignore

  it.each([
    [{ message: [] }, "REQUEST_INVALID"],
    [{ message: {}, more: 1 }, "REQUEST_INVALID"],
    [{ message: { body: "x".repeat(262_144) } }, "REQUEST_TOO_LARGE"],
    [{ message: { body: "x".repeat(600_000) } }, "REQUEST_TOO_LARGE"],
  ])("a body %# is refused", async (body, code) => {
    expect((await ask("PUT", { headers: fresh, body })).json["code"]).toBe(code);
  });

  it("an id that is none is refused", async () => {
    expect(
      (await ask("PUT", { draft: "x", headers: fresh, body: { message: {} } })).json["code"],
    ).toBe("ID_INVALID");
  });
});

describe("sending", () => {
  it("a draft becomes one message, however often and at once it is sent", async () => {
    await begin(bulletin);
    const before = boxed();
    const answers = await Promise.all(Array.from({ length: 5 }, () => ask("POST", {}, "/submit")));
    const again = await ask("POST", {}, "/submit");
    const ids = new Set([...answers, again].map(({ json }) => json["id"]));
    expect(ids.size).toBe(1);
    expect([...answers, again].filter(({ status }) => status === 201)).toHaveLength(1);
    expect(boxed()).toBe(before + 1);
    expect((await ask("GET")).json).toMatchObject({ sentAs: [...ids][0], problems: [] });
    const late = await ask("PUT", { headers: { "if-match": "*" }, body: { message: bulletin } });
    expect([late.status, late.json["code"]]).toEqual([409, "DRAFT_SENT"]);
  });

  it("a draft that is refused stays as it was", async () => {
    await begin({ ...bulletin, crimes: [] });
    const before = boxed();
    const refused = await ask("POST", {}, "/submit");
    expect([refused.status, refused.json["code"]]).toEqual([422, "SCHEMA_INVALID"]);
    expect(boxed()).toBe(before);
    expect((await ask("GET")).json).toMatchObject({ message: { crimes: [] } });
  });

  it("what somebody changed meanwhile is not sent by who read the version before", async () => {
    await begin(bulletin);
    const refused = await ask("POST", { headers: { "if-match": '"v2"' } }, "/submit");
    expect(refused.json["code"]).toBe("PRECONDITION_FAILED");
  });

  it("the record says who sent what", async () => {
    await begin(bulletin);
    const { json } = await ask("POST", {}, "/submit");
    const [line] = world.audit.list({ who: "person:ama", limit: 1 });
    expect(line).toMatchObject({ act: "MESSAGE_SENT", object: json["id"], outcome: "OK" });
  });
});

describe("keeping", () => {
  it("a draft is thrown away by who names its version", async () => {
    await begin(bulletin);
    expect((await ask("DELETE", { headers: { "if-match": '"v1"' } })).status).toBe(204);
    expect((await ask("GET")).status).toBe(404);
  });

  it("a draft that nobody touches for ninety days goes", async () => {
    await begin(bulletin);
    const mine = id;
    world.reader.clock.move(91 * 86_400_000);
    expect((await world.ask("/v1/drafts", "ama")).text).not.toContain(mine);
    world.reader.clock.move(-91 * 86_400_000);
  });
});

describe("answers", () => {
  const forWhat = { headers: { "atumpan-purpose": "INVESTIGATION" } };

  it("begin with whom, in which thread and under which restrictions", async () => {
    const asked = await world.receive({
      ...alert,
      handling: "H1",
      inner: { caseRef: "NG-7", purposes: ["INVESTIGATION"] },
    });
    const { json } = await world.ask(
      `/v1/messages/${asked}/answer-draft?type=feedback.report`,
      "ama",
      forWhat,
    );
    expect(json["message"]).toMatchObject({
      type: "feedback.report", recipients: ["ng/tcu"], inReplyTo: asked, threadId: asked, handling: "H1",
      inner: { caseRef: "NG-7", purposes: ["INVESTIGATION"] }, body: { targetIds: [asked] },
    }); // prettier-ignore
    expect(json["missing"]).not.toEqual([]);
  });

  it("say what is wanted of every answer, and apart from it what is wanted of some", async () => {
    const asked = await world.receive(alert);
    const path = `/v1/messages/${asked}/answer-draft?type=reply.final`;
    const { json } = await world.ask(path, "ama", forWhat);
    expect(json["message"]).toMatchObject({ type: "reply.final" });
    expect(json["missing"]).toContainEqual({ path: "/body/outcome", code: "SCHEMA_FIELD_MISSING" });
    expect(json["missing"]).not.toContainEqual(expect.objectContaining({ path: "/inner/evaluation" }));
    expect(json["depends"]).toContainEqual({ path: "/inner/evaluation", code: "RULE_REPLY_WITHOUT_EVALUATION" });
  }); // prettier-ignore

  it("need a type where none is usual, and a purpose", async () => {
    const asked = await world.receive(bulletin);
    const path = `/v1/messages/${asked}/answer-draft`;
    expect((await world.ask(path, "ama", forWhat)).json["code"]).toBe("REQUEST_INVALID");
    expect((await world.ask(`${path}?type=no.such`, "ama", forWhat)).json["code"]).toBe(
      "REQUEST_INVALID",
    );
    expect((await world.ask(path, "ama")).json["code"]).toBe("PURPOSE_MISSING");
  });
});
