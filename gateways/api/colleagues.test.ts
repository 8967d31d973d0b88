import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { makeColleagueDesk } from "../colleagues/index.ts";
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
const quarter = 15 * 60_000;
let world: AuditWorld;
let later: number;
let message: string;
let strict: string;

beforeAll(async () => {
  world = await makeAuditWorld(now, {
    services: (reader) => {
      const watchers = makeWatchers(reader.store, silentLog);
      const exchange = makeExchange(reader, { watchers, wake: () => undefined, link: () => undefined });
      const { store, chance } = reader;
      // the gateway's own clock stands; that of who works together goes on
      const clock = { ...reader.clock, now: () => now + later };
      return { drafts: makeDraftDesk({ store, exchange, clock: reader.clock }), colleagues: makeColleagueDesk({ store, clock, chance }) };
    },
  });
  later = 0;
  const { callers } = world;
  for (const name of ["ama", "kofi"]) callers.set(name, makeCaller(name));
  callers.set("low", makeCaller("low", { handlingUpTo: "H0" }));
  callers.set("analyst", makeCaller("analyst", { roles: new Set(["analyst"]) }));
  callers.set("auditor", makeCaller("auditor", { roles: new Set(["auditor"]) }));
  message = await world.receive(bulletin);
  strict = await world.receive({ ...alert, handling: "H1" });
}); // prettier-ignore
afterAll(() => world.close());
beforeEach(() => {
  // what the test before held is free
  later += quarter + 1;
});

function ask(...[method, path, as, body]: readonly [method: string, path: string, as: string, body?: unknown]): Promise<AuditAnswer> {
  const headers = { "content-type": "application/json" };
  return world.ask(path, as, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
} // prettier-ignore

const claim = (as: string, body: object = {}, id = message): Promise<AuditAnswer> =>
  ask("PUT", `/v1/messages/${id}/claim`, as, body);
const claims = async (as: string): Promise<unknown> =>
  (await ask("GET", "/v1/claims", as)).json["items"];
const lines = (act: string): number =>
  world.audit.list({ limit: 200 }).filter((line) => line.act === act && line.outcome === "OK")
    .length;

describe("a claim", () => {
  it("of two who take one message the second is told that another has it, and the first keeps it", async () => {
    expect((await claim("ama")).json).toMatchObject({ message, by: "person:ama", mine: true });
    const second = await claim("kofi");
    expect([second.status, second.json["code"]]).toEqual([409, "CLAIMED"]);
    expect((await ask("DELETE", `/v1/messages/${message}/claim`, "kofi")).json["code"]).toBe("CLAIMED");
    expect(await claims("kofi")).toMatchObject([{ message, by: "person:ama", mine: false }]);
  }); // prettier-ignore

  it("is free again fifteen minutes after its holder's last word, and not before", async () => {
    await claim("ama");
    later += quarter - 1;
    expect((await claim("kofi")).json["code"]).toBe("CLAIMED");
    await claim("ama");
    later += quarter - 1;
    expect((await claim("kofi")).json["code"]).toBe("CLAIMED");
    later += 1;
    expect(await claims("kofi")).toEqual([]);
    expect((await claim("kofi")).status).toBe(200);
  });

  it("is taken over with a reason, which who had it is told", async () => {
    await claim("ama");
    for (const wish of [{ takeOver: "" }, { takeOver: " " }, { takeOver: "x".repeat(201) }, { takeOver: 1 }, { force: true }])
      expect((await claim("kofi", wish)).json["code"]).toBe("REQUEST_INVALID");
    expect(await claims("ama")).toMatchObject([{ by: "person:ama" }]);
    expect((await claim("kofi", { takeOver: "her shift is over" })).status).toBe(200);
    expect(await claims("ama")).toMatchObject([{ by: "person:kofi", takenFrom: "ama", reason: "her shift is over" }]);
    expect((await claim("ama")).json["code"]).toBe("CLAIMED");
  }); // prettier-ignore

  it("let go, it is nobody's; letting go of nothing is no fault", async () => {
    await claim("ama");
    expect((await ask("DELETE", `/v1/messages/${message}/claim`, "ama")).status).toBe(204);
    expect(await claims("ama")).toEqual([]);
    expect((await ask("DELETE", `/v1/messages/${message}/claim`, "ama")).status).toBe(204);
    expect((await claim("kofi")).status).toBe(200);
  });

  it("is one line of the record when it is taken, and none for each key that is typed", async () => {
    const [taken, released] = [lines("MESSAGE_CLAIMED"), lines("CLAIM_RELEASED")];
    for (let keys = 0; keys < 5; keys += 1) await claim("ama");
    await ask("DELETE", `/v1/messages/${message}/claim`, "ama");
    await ask("DELETE", `/v1/messages/${message}/claim`, "ama");
    expect([lines("MESSAGE_CLAIMED"), lines("CLAIM_RELEASED")]).toEqual([taken + 1, released + 1]);
  });

  it("of a message above a ceiling is neither made nor shown", async () => {
    const above = await claim("low", {}, strict);
    const missing = await claim("low", {}, "019e4a5e-0000-7000-8000-ffffffffffff");
    expect([above.status, above.json["detail"]]).toEqual([404, missing.json["detail"]]);
    await claim("ama", {}, strict);
    expect((await ask("GET", "/v1/claims", "low")).text).not.toContain(strict);
    expect((await ask("GET", "/v1/claims", "auditor")).json["code"]).toBe("ROLE_MISSING");
    expect((await claim("analyst")).json["code"]).toBe("ROLE_MISSING");
  });

  it("stands in lists and beside the message, with who has read it", async () => {
    const row = async (as: string): Promise<Record<string, unknown> | undefined> => {
      const { json } = await ask("GET", "/v1/messages?fields=id,claim,opened", as);
      return (json["items"] as Record<string, unknown>[]).find(({ id }) => id === message);
    };
    expect(await row("ama")).toEqual({ id: message });
    await claim("ama");
    await world.ask(`/v1/messages/${message}`, "kofi", { headers: { "atumpan-purpose": "INVESTIGATION" } });
    expect(await row("ama")).toMatchObject({ claim: { name: "ama", mine: true }, opened: "OTHERS" });
    expect(await row("kofi")).toMatchObject({ claim: { name: "ama", mine: false }, opened: "ME" });
  }); // prettier-ignore

  it("what nobody here has read is a list of its own; who reads one takes it from all", async () => {
    const fresh = await world.receive(bulletin);
    const unread = async (as: string, more = ""): Promise<unknown> =>
      (await ask("GET", `/v1/messages?opened=NO&fields=id${more}`, as)).json["items"];
    expect(await unread("ama")).toContainEqual({ id: fresh });
    expect(await unread("low")).not.toContainEqual({ id: strict });
    await world.ask(`/v1/messages/${fresh}`, "kofi", { headers: { "atumpan-purpose": "INVESTIGATION" } });
    for (const more of ["", "&order=due", "&crime=drugs", "&count=true"]) expect(await unread("ama", more)).not.toContainEqual({ id: fresh });
    expect((await ask("GET", "/v1/messages?opened=YES", "ama")).json["code"]).toBe("REQUEST_INVALID");
  }); // prettier-ignore

  it("in the list of claims stands with the line of its message, to each as he may see it", async () => {
    await claim("ama");
    expect(await claims("kofi")).toMatchObject([{ message, line: { id: message, type: "bulletin.red_flag", claim: { name: "ama" } } }]);
  }); // prettier-ignore
});

describe("a hand-over", () => {
  const give = (as: string, note = "the boat is late"): Promise<AuditAnswer> =>
    ask("POST", "/v1/handovers", as, { note });

  it("says how things stand, and another person signs for it, once", async () => {
    await claim("ama");
    const { status, json } = await give("ama");
    expect(status).toBe(201);
    expect(json).toMatchObject({ by: "person:ama", note: "the boat is late", claims: [{ message, name: "ama" }] });
    const path = `/v1/handovers/${String(json["id"])}/taking`;
    expect((await ask("POST", path, "ama")).json["code"]).toBe("SECOND_PERSON_NEEDED");
    expect((await ask("POST", path, "kofi")).json).toMatchObject({ taken: { by: "person:kofi", name: "kofi" } });
    expect((await ask("POST", path, "kofi")).json["code"]).toBe("HANDOVER_TAKEN");
    const [last] = (await ask("GET", "/v1/handovers", "ama")).json["items"] as Record<string, unknown>[];
    expect(last).toMatchObject({ id: json["id"], taken: { name: "kofi" } });
    expect([lines("SHIFT_HANDED_OVER"), lines("SHIFT_TAKEN")]).toEqual([1, 1]);
  }); // prettier-ignore

  it("counts from the one before", async () => {
    const first = await give("ama");
    later += 60_000;
    const { json } = await ask("GET", "/v1/handover", "kofi");
    expect(json).toMatchObject({ since: first.json["at"], came: { messages: 0 } });
  });

  it("tells of messages only those its reader may see", async () => {
    await claim("ama", {}, strict);
    await give("ama", "");
    const told = await ask("GET", "/v1/handovers", "low");
    expect(told.status).toBe(200);
    expect(told.text).not.toContain(strict);
    expect((await ask("GET", "/v1/handovers", "ama")).text).toContain(strict);
  });

  it("is refused to who is no officer, too long, or of no id, and nothing is kept", async () => {
    const count = (): number => world.reader.store.handovers.list(100).length;
    const before = count();
    expect((await give("analyst")).json["code"]).toBe("ROLE_MISSING");
    expect((await give("ama", "x".repeat(1_001))).json["code"]).toBe("REQUEST_INVALID");
    const missing = "/v1/handovers/019e4a5e-0000-7000-8000-ffffffffffff/taking";
    expect((await ask("POST", missing, "kofi")).json["code"]).toBe("NOT_FOUND");
    expect((await ask("POST", "/v1/handovers/one/taking", "kofi")).json["code"]).toBe("ID_INVALID");
    expect(count()).toBe(before);
  });
});

describe("a view", () => {
  let count = 0;
  const fresh = (): string =>
    `/v1/views/019e4a5f-0000-7000-8000-${String((count += 1)).padStart(12, "0")}`;
  const mine = { name: "drugs of the region", query: { box: "in", crime: "drugs", order: "due" } };

  it("is kept, changed and removed by who made it, and shown to others when it is shared", async () => {
    const path = fresh();
    expect((await ask("PUT", path, "ama", mine)).status).toBe(201);
    expect((await ask("GET", "/v1/views", "kofi")).json["items"]).toEqual([]);
    expect((await ask("PUT", path, "ama", { ...mine, shared: true })).status).toBe(200);
    expect((await ask("GET", "/v1/views", "kofi")).json["items"]).toMatchObject([{ ...mine, shared: true, mine: false }]);
    for (const method of ["PUT", "DELETE"])
      expect((await ask(method, path, "kofi", method === "PUT" ? mine : undefined)).json["code"]).toBe("NOT_FOUND");
    expect((await ask("DELETE", path, "ama")).status).toBe(204);
    expect((await ask("GET", "/v1/views", "kofi")).json["items"]).toEqual([]);
  }); // prettier-ignore

  it.each([
    ["without a name", { query: {} }],
    ["of a filter that no list has", { ...mine, query: { colour: "red" } }],
    ["of a value that no list takes", { ...mine, query: { handling: "H9" } }],
    ["of a place in a list", { ...mine, query: { cursor: "abc" } }],
  ])("%s is refused, and not kept", async (_, body) => {
    const path = fresh();
    expect((await ask("PUT", path, "ama", body)).json["code"]).toBe("REQUEST_INVALID");
    expect((await ask("DELETE", path, "ama")).json["code"]).toBe("NOT_FOUND");
  });

  it("beyond sixty of one person is refused; another's are not counted", async () => {
    for (let made = 0; made < 60; made += 1) await ask("PUT", fresh(), "ama", mine);
    expect((await ask("PUT", fresh(), "ama", mine)).json["code"]).toBe("REQUEST_TOO_LARGE");
    expect((await ask("PUT", fresh(), "kofi", mine)).status).toBe(201);
  });
});

describe("GET /v1/home", () => {
  const home = async (as: string): Promise<Record<string, unknown>> =>
    (await ask("GET", "/v1/home", as)).json;

  it("shows what one worked on last, the newest first, each once", async () => {
    const draft = "019e4a60-0000-7000-8000-000000000001";
    const headers = { "content-type": "application/json", "if-none-match": "*" };
    await world.ask(`/v1/drafts/${draft}`, "ama", { method: "PUT", headers, body: JSON.stringify({ message: bulletin }) });
    for (const id of [message, strict, message])
      await world.ask(`/v1/messages/${id}`, "ama", { headers: { "atumpan-purpose": "INVESTIGATION" } });
    const { continue: worked, drafts } = await home("ama");
    expect(worked).toMatchObject([{ kind: "message", id: message }, { kind: "message", id: strict }, { kind: "draft", id: draft }]);
    expect(drafts).toMatchObject({ count: 1 });
    expect((await home("kofi"))["drafts"]).toMatchObject({ count: 0 });
  }); // prettier-ignore

  it("shows nothing above a ceiling, and nothing to who reads no content", async () => {
    await claim("ama", {}, strict);
    const told = await ask("GET", "/v1/home", "low");
    expect(told.text).not.toContain(strict);
    expect(told.json).toMatchObject({ claims: { mine: 0, all: 0 }, approvals: 0 });
    expect((await home("ama"))["claims"]).toEqual({ mine: 1, all: 1 });
    expect((await home("auditor"))["code"]).toBe("ROLE_MISSING");
  });

  it("names the shift that nobody has signed for, and none once somebody has", async () => {
    const { json } = await ask("POST", "/v1/handovers", "ama", { note: "" });
    expect((await home("kofi"))["handover"]).toMatchObject({ id: json["id"], name: "ama" });
    await ask("POST", `/v1/handovers/${String(json["id"])}/taking`, "kofi");
    expect((await home("kofi"))["handover"]).toBeNull();
  });
});
