import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { makeFourEyes, makeReleaseDesk } from "../approval/index.ts";
import { makeDraftDesk } from "../drafts/index.ts";
import { makeDepartures, makeExchange, makeWatchers } from "../exchange/index.ts";
import { makeQueue } from "../gateway-store.ts";
import type { Caller } from "../people/index.ts";
import { verifyRegister } from "../../certs/trust/index.ts";
import { parseSlip } from "../../schemas/index.ts";
import { parseUuid, silentLog } from "../../schemas/ground/index.ts";
import { alert, type MadeOffice } from "../../test/kit/gateway-office.ts";
import {
  type AuditAnswer,
  type AuditWorld,
  makeAuditWorld,
  makeCaller,
} from "../../test/kit/audit-world.ts";
import { makeDice, pick } from "../../test/kit/dice.ts";
import type { WorldParts } from "../../test/kit/gateway-world.ts"; // prettier-ignore

const now = 1_780_272_000_000;
const strict = { ...alert, handling: "H2" };
let world: AuditWorld;
let office: MadeOffice;
let desk: ReturnType<typeof makeReleaseDesk>;

/** Somebody who stands in the store's own list too. */
function letIn(id: string, roles: Caller["roles"], handlingUpTo: Caller["handlingUpTo"] = "H2"): void {
  world.callers.set(id, makeCaller(id, { roles, handlingUpTo, provedAt: now }));
  const row = { id, name: id, languages: [], roles: [...roles], handling: handlingUpTo, state: "active", madeAt: now };
  void office.store.write(() => office.store.people.put(row));
} // prettier-ignore

beforeAll(async () => {
  world = await makeAuditWorld(now, {
    services: (reader) => {
      office = Object.assign(reader, {
        fourEyes: makeFourEyes(undefined, reader.store),
        departures: makeDepartures(reader.store.outbox),
      });
      const watchers = makeWatchers(reader.store, silentLog);
      const exchange = makeExchange(reader, { watchers, wake: () => undefined, link: () => undefined });
      const { store, clock } = reader;
      desk = makeReleaseDesk({ office, exchange, note: (line) => world.audit.add(line) });
      return { releases: desk, drafts: makeDraftDesk({ store, exchange, clock }) };
    },
  });
  letIn("ama", new Set(["officer", "approver"]));
  letIn("yaw", new Set(["officer"]));
  letIn("kofi", new Set(["approver"]));
  letIn("esi", new Set(["approver", "administrator"]));
  letIn("low", new Set(["approver"]), "H1");
  world.callers.set("robot", makeCaller("x", { id: "machine:m1", kind: "machine", roles: new Set(["integrator"]) }));
  await office.store.write(() => {
    office.store.machines.put({ id: "m1", name: "case system", roles: ["integrator"], handling: "H2", addresses: [], madeAt: now });
  });
}); // prettier-ignore
afterAll(() => world.close());

let keys = 0;
const nextKey = (): string => `release-${(keys += 1)}`;
type More = Readonly<Record<string, string>>;

const post = (
  path: string,
  as: string | undefined,
  ...[body, more = {}]: readonly [body?: unknown, more?: More]
): Promise<AuditAnswer> =>
  world.ask(path, as, {
    method: "POST",
    headers: { ...more, ...(body === undefined ? {} : { "content-type": "application/json" }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
const hand = (
  as: string | undefined,
  body: unknown = strict,
  key = nextKey(),
): Promise<AuditAnswer> => post("/v1/messages", as, body, { "idempotency-key": key });
const sent = (): number => office.store.messages.count("out", "QUEUED");

/** What an approver is shown, and the tag he says it with. */
async function look(id: unknown, as = "kofi"): Promise<{ tag: string; json: AuditAnswer["json"] }> {
  const caller = world.callers.get(as)!;
  const { version = "" } = await desk.show(caller, String(id));
  return { tag: version, json: (await world.ask(`/v1/releases/${String(id)}`, as)).json };
}
async function release(id: unknown, as: string | undefined = "kofi", tag?: string): Promise<AuditAnswer> {
  const match = tag ?? (await look(id)).tag;
  return await post(`/v1/releases/${String(id)}/release`, as, undefined, { "if-match": match });
} // prettier-ignore
const codeOf = async (answer: Promise<AuditAnswer>): Promise<unknown> =>
  (await answer).json["code"];

/** What the register said at first: every change is of that. */
let first: WorldParts | undefined;

/** Changes what the register says from here on. */
function changeRegister(change: (parts: WorldParts) => WorldParts): () => void {
  const before = office.register;
  const view = verifyRegister(
    world.world.publish((parts) => change((first ??= parts))),
    world.world.anchors,
  );
  Object.assign(office, { register: () => view });
  return () => void Object.assign(office, { register: before });
}
const without = (agency: string) => (parts: WorldParts): WorldParts => ({
  ...parts,
  mandates: parts.mandates.filter((one) => one.agency !== agency || one.action !== "READ"),
}); // prettier-ignore

describe("what takes two officers", () => {
  it("waits, and nothing is sent before another has seen it", async () => {
    const before = sent();
    const key = nextKey();
    const asked = await hand("ama", strict, key);
    expect([asked.status, asked.json["state"], asked.json["reasons"]]).toEqual([202, "WAITING", ["HANDLING"]]);
    expect(asked.json["audience"]).toEqual(["ng/tcu", "ci/tcu"]);
    expect((await hand("ama", strict, key)).json["id"]).toBe(asked.json["id"]);
    expect(await codeOf(hand("ama", { ...strict, handling: "H1" }, key))).toBe("IDEMPOTENCY_KEY_REUSED");
    expect(sent()).toBe(before);
  }); // prettier-ignore

  it("is shown to the second as its readers would have it, with who they are and what it costs", async () => {
    const { json } = await hand("ama");
    const { json: shown } = await look(json["id"]);
    expect(shown["now"]).toMatchObject({ audience: ["ng/tcu", "ci/tcu"], joined: [], left: [], message: { body: { caseRef: "A-1" } } });
    expect((shown["now"] as { bytes: number }).bytes).toBeGreaterThan(500);
    const text = await world.ask(`/v1/releases/${String(json["id"])}`, "kofi", { headers: { accept: "text/plain;lang=fr" } });
    expect(text.text).toContain("Two hundred kilos found");
  }); // prettier-ignore

  it("is sent by the second to just those he was shown, once", async () => {
    const before = sent();
    const key = nextKey();
    const { id } = (await hand("ama", strict, key)).json;
    const given = await release(id);
    expect([given.status, given.json["audience"]]).toEqual([201, ["ng/tcu", "ci/tcu"]]);
    expect(sent()).toBe(before + 1);
    expect(await codeOf(release(id, "kofi", "x"))).toBe("RELEASE_ENDED");
    expect((await hand("ama", strict, key)).json).toMatchObject({ id: given.json["id"], created: false });
    const lines = world.audit.list({ object: String(id), limit: 10 }).map(({ who, act, outcome }) => [who, act, outcome]);
    expect(lines).toContainEqual(["person:ama", "RELEASE_ASKED", "OK"]);
    expect(lines).toContainEqual(["person:kofi", "RELEASE_READ", "OK"]);
    expect(lines).toContainEqual(["person:kofi", "RELEASE_GIVEN", "OK"]);
    const [line] = world.audit.list({ object: String(given.json["id"]), limit: 1 });
    expect(line).toMatchObject({ who: "person:ama", act: "MESSAGE_SENT" });
    // of what was sent only what it became is kept
    expect(office.store.releases.get(String(id))).toMatchObject({ state: "RELEASED", content: "" });
  }); // prettier-ignore

  it("what is H1, or holds ids alone, is sent by one", async () => {
    expect((await hand("ama", { ...alert, handling: "H1" })).status).toBe(201);
    const cancel = { ...strict, type: "alert.cancel", body: {} };
    expect(await codeOf(hand("ama", cancel))).toBe("SCHEMA_INVALID");
  });
});

describe("who is no second person", () => {
  it("the one who handed it in, a machine, an officer, and the owner of the token while an approver is there", async () => {
    const { id } = (await hand("ama")).json;
    const before = sent();
    expect(await codeOf(release(id, "ama"))).toBe("SECOND_PERSON_NEEDED");
    expect(await codeOf(release(id, "yaw"))).toBe("ROLE_MISSING");
    expect(await codeOf(release(id, "robot"))).toBe("ROLE_MISSING");
    world.callers.set("rogue", makeCaller("r", { id: "machine:m1", kind: "machine", roles: new Set(["approver"]), provedAt: now }));
    expect(await codeOf(release(id, "rogue"))).toBe("SECOND_PERSON_NEEDED");
    const tag = (await look(id)).tag;
    expect(await codeOf(post(`/v1/releases/${String(id)}/release`, undefined, undefined, { "if-match": tag }))).toBe("SECOND_PERSON_NEEDED");
    expect(sent()).toBe(before);
    expect((await release(id)).status).toBe(201);
  }); // prettier-ignore

  it("the same person by another session", async () => {
    const { id } = (await hand("ama")).json;
    world.callers.set("ama again", { ...world.callers.get("ama")!, provedAt: now - 1 });
    expect(await codeOf(release(id, "ama again"))).toBe("SECOND_PERSON_NEEDED");
  });

  it("an administrator, of what a machine handed in: he gives machines their secrets", async () => {
    const { id } = (await hand("robot")).json;
    expect(await codeOf(release(id, "esi"))).toBe("SECOND_PERSON_NEEDED");
    expect((await release(id)).status).toBe(201);
  });

  it("who is not there: a step-up is wanted", async () => {
    const { id } = (await hand("ama")).json;
    world.callers.set("long ago", { ...world.callers.get("kofi")!, provedAt: now - 3_600_000 });
    expect(await codeOf(release(id, "long ago"))).toBe("STEP_UP_NEEDED");
  });

  it("whose ceiling is below it: to him it is not there", async () => {
    const { id } = (await hand("ama")).json;
    expect(await codeOf(post(`/v1/releases/${String(id)}/release`, "low", undefined, { "if-match": "x" }))).toBe("NOT_FOUND");
    expect(await codeOf(world.ask(`/v1/releases/${String(id)}`, "low"))).toBe("NOT_FOUND");
    expect(await codeOf(world.ask(`/v1/releases/${String(id)}`, "yaw"))).toBe("NOT_FOUND");
    const { json } = await world.ask("/v1/releases", "low");
    expect(json["items"]).toEqual([]);
  }); // prettier-ignore

  it("whoever wrote on the draft it was", async () => {
    const id = "018f3c2a-7b1e-7c3d-9a4b-5c6d7e8f9a0b";
    const put = (as: string, match: More): Promise<AuditAnswer> =>
      world.ask(`/v1/drafts/${id}`, as, { method: "PUT", headers: { "content-type": "application/json", ...match }, body: JSON.stringify({ message: strict, shared: true }) });
    letIn("adwoa", new Set(["officer", "approver"]));
    await put("yaw", { "if-none-match": "*" });
    await put("adwoa", { "if-match": `"v1"` });
    await put("yaw", { "if-match": `"v2"` });
    const waits = await post(`/v1/drafts/${id}/submit`, "yaw");
    expect([waits.status, waits.json["writers"]]).toEqual([202, ["person:adwoa"]]);
    expect(await codeOf(release(waits.json["id"], "adwoa"))).toBe("SECOND_PERSON_NEEDED");
    const given = await release(waits.json["id"]);
    expect((await world.ask(`/v1/drafts/${id}`, "yaw")).json).toMatchObject({ sentAs: given.json["id"] });
  }); // prettier-ignore
});

describe("what is released is what was shown", () => {
  it("a release without its tag, or with another, is refused", async () => {
    const { id } = (await hand("ama")).json;
    expect(await codeOf(post(`/v1/releases/${String(id)}/release`, "kofi"))).toBe("PRECONDITION_MISSING");
    expect(await codeOf(release(id, "kofi", `"${"0".repeat(32)}"`))).toBe("PRECONDITION_FAILED");
  }); // prettier-ignore

  it("who would read it changed: refused until it was shown again, then to just the new ones", async () => {
    const { id } = (await hand("ama")).json;
    const { tag } = await look(id);
    const before = sent();
    const undo = changeRegister(without("ci/tcu"));
    expect(await codeOf(release(id, "kofi", tag))).toBe("PRECONDITION_FAILED");
    expect(sent()).toBe(before);
    const { json } = await look(id);
    expect(json["now"]).toMatchObject({ audience: ["ng/tcu"], left: ["ci/tcu"], joined: [] });
    expect((await release(id)).json["audience"]).toEqual(["ng/tcu"]);
    undo();
  });

  it("what may not be sent any more is not sent, and goes on waiting", async () => {
    const { id } = (await hand("ama")).json;
    const { tag } = await look(id);
    const undo = changeRegister((parts) => ({ ...parts, mandates: parts.mandates.filter((one) => one.agency !== "gh/tcu" || one.action !== "PUBLISH") }));
    expect(await codeOf(release(id, "kofi", tag))).toBe("MANDATE_MISSING");
    undo();
    expect(office.store.releases.get(String(id))?.state).toBe("WAITING");
    expect((await release(id, "kofi", tag)).status).toBe(201);
  }); // prettier-ignore

  it("of one who may write no more nothing is sent", async () => {
    letIn("kwame", new Set(["officer"]));
    const { id } = (await hand("kwame")).json;
    const row = office.store.people.get("kwame")!;
    await office.store.write(() => office.store.people.put({ ...row, state: "suspended" }));
    expect(await codeOf(release(id))).toBe("RELEASE_ENDED");
  });

  it("two approvers at once send it once", async () => {
    letIn("efua", new Set(["approver"]));
    const { id } = (await hand("ama")).json;
    const { tag } = await look(id);
    const before = sent();
    const both = await Promise.all([release(id, "kofi", tag), release(id, "efua", tag)]);
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409]);
    expect(sent()).toBe(before + 1);
  });
});

describe("no course of acts widens an audience", () => {
  it("whatever becomes of the register between, it is sent to just those who were shown last, or not at all", async () => {
    const dice = makeDice("releases");
    const agencies = ["ci/tcu", "ng/tcu"];
    let undo = (): void => undefined;
    let released = 0;
    let refused = 0;
    for (let course = 0; course < 12; course += 1) {
      const { id } = (await hand("ama", { ...strict, body: { ...alert.body, caseRef: `C-${course}` } })).json;
      let tag = "";
      let shown: readonly unknown[] = [];
      for (let act = 0; act < 4; act += 1) {
        if (dice(2) === 0) {
          undo();
          undo = dice(3) === 0 ? () => undefined : changeRegister(without(pick(dice, agencies)));
        } else {
          const { tag: seen, json } = await look(id);
          tag = seen;
          shown = (json["now"] as { audience: string[] }).audience;
        }
      }
      const before = sent();
      const given = await release(id, "kofi", tag === "" ? "none" : tag);
      if (given.status === 201) {
        released += 1;
        expect(given.json["audience"]).toEqual(shown);
        expect(office.store.messages.find(parseUuid(String(given.json["id"])))?.audience).toEqual(shown);
      } else {
        refused += 1;
        expect([given.json["code"], sent()]).toEqual(["PRECONDITION_FAILED", before]);
      }
    }
    undo();
    expect([released > 0, refused > 0]).toEqual([true, true]);
  }); // prettier-ignore
});

describe("what is not released", () => {
  it("is given back with a reason, to be written anew under its key", async () => {
    const key = nextKey();
    const { id } = (await hand("ama", strict, key)).json;
    expect(await codeOf(post(`/v1/releases/${String(id)}/return`, "kofi", {}))).toBe("REQUEST_INVALID");
    expect(await codeOf(post(`/v1/releases/${String(id)}/return`, "ama", { reason: "mine" }))).toBe("SECOND_PERSON_NEEDED");
    const back = await post(`/v1/releases/${String(id)}/return`, "kofi", { reason: "Say which port." });
    expect(back.json).toMatchObject({ state: "RETURNED", reason: "Say which port.", decidedBy: "person:kofi" });
    expect(await codeOf(release(id, "kofi", "x"))).toBe("RELEASE_ENDED");
    expect((await hand("ama", strict, key)).json).toMatchObject({ id, state: "RETURNED" });
    const again = await hand("ama", { ...strict, body: { ...alert.body, caseRef: "A-2" } }, key);
    expect([again.status, again.json["state"], again.json["id"] === id]).toEqual([202, "WAITING", false]);
  }); // prettier-ignore

  it("is taken back by who wrote it, and by nobody else", async () => {
    const { id } = (await hand("ama")).json;
    expect(await codeOf(post(`/v1/releases/${String(id)}/withdraw`, "yaw"))).toBe("NOT_FOUND");
    expect((await post(`/v1/releases/${String(id)}/withdraw`, "ama")).json["state"]).toBe(
      "WITHDRAWN",
    );
    expect(await codeOf(release(id, "kofi", "x"))).toBe("RELEASE_ENDED");
    expect(office.store.releases.get(String(id))?.content).toBe("");
  });

  it("ends by itself, the urgent sooner, and is told to whoever follows; nothing is sent", async () => {
    const urgent = { ...strict, urgency: "FLASH", inner: { urgencyReason: { text: "A ship leaves", lang: "en" } } };
    const flash = (await hand("ama", urgent)).json;
    const slow = (await hand("ama")).json;
    const before = sent();
    const { json: place } = await world.ask("/v1/changes", "kofi");
    office.clock.move(3 * 3_600_000);
    expect(await codeOf(post(`/v1/releases/${String(flash["id"])}/release`, "kofi", undefined, { "if-match": "x" }))).toBe("STEP_UP_NEEDED");
    expect((await look(flash["id"])).json["state"]).toBe("EXPIRED");
    expect(await desk.expire()).toBe(1);
    expect(await desk.expire()).toBe(0);
    const { json: changes } = await world.ask(`/v1/changes?cursor=${String(place["next"])}`, "kofi");
    expect(changes["items"]).toMatchObject([{ kind: "release", id: flash["id"], state: "EXPIRED", href: `/v1/releases/${String(flash["id"])}` }]);
    expect(office.store.releases.get(String(slow["id"]))?.state).toBe("WAITING");
    expect(sent()).toBe(before);
    office.clock.move(-3 * 3_600_000);
  }); // prettier-ignore

  it("to one agency is released by what was shown a minute before", async () => {
    const { recs: _recs, ...rest } = strict;
    const { id } = (await hand("ama", { ...rest, recipients: ["ng/tcu"] })).json;
    const { tag } = await look(id);
    office.clock.move(60_000);
    expect((await release(id, "kofi", tag)).json).toMatchObject({ audience: ["ng/tcu"] });
  });

  it("waits over a restart", async () => {
    const { id } = (await hand("ama")).json;
    const exchange = world.exchange;
    const later = makeReleaseDesk({ office, exchange, note: (line) => world.audit.add(line) });
    const kofi = world.callers.get("kofi")!;
    const { version = "", release: found } = await later.show(kofi, String(id));
    expect(found.state).toBe("WAITING");
    expect((await later.release({ caller: kofi, id: String(id), match: version })).created).toBe(
      true,
    );
  });
});

describe("a message that has not left", () => {
  const stop = (id: unknown, as = "yaw"): Promise<AuditAnswer> =>
    post(`/v1/messages/${String(id)}/stop`, as);
  const plain = { ...alert, handling: "H1" };

  it("is stopped, never handed to the link, and its number is told as void by the next", async () => {
    const { id } = (await hand("yaw", plain)).json;
    const { seq } = office.store.messages.find(parseUuid(String(id)))!;
    const [publication] = office.store.outbox.byMessage(seq);
    expect((await stop(id)).json).toEqual({ id, state: "STOPPED" });
    const queue = makeQueue(office.store, { maySend: () => true, departures: office.departures });
    expect(queue.waiting(1_000).map((one) => one.seq)).not.toContain(publication!.seq);
    expect(queue.load(publication!.seq)).toBeUndefined();
    expect(await codeOf(stop(id))).toBe("MESSAGE_LEFT");
    const next = (await hand("yaw", plain)).json;
    const [after] = office.store.outbox.byMessage(office.store.messages.find(parseUuid(String(next["id"])))!.seq);
    expect(parseSlip(after!.slip).voided).toContain(publication!.sequence);
    const [line] = world.audit.list({ act: "SENDING_STOPPED", who: "person:yaw", limit: 9 }).filter(({ outcome }) => outcome === "OK");
    expect(line).toMatchObject({ object: id });
  }); // prettier-ignore

  it("once the link had it, it is not; nor where a process before this may have sent it", async () => {
    const { id } = (await hand("yaw", plain)).json;
    const { seq } = office.store.messages.find(parseUuid(String(id)))!;
    const [publication] = office.store.outbox.byMessage(seq);
    makeQueue(office.store, { maySend: () => true, departures: office.departures }).load(
      publication!.seq,
    );
    expect(await codeOf(stop(id))).toBe("MESSAGE_LEFT");
    const older = (await hand("yaw", plain)).json;
    const before = office.departures;
    Object.assign(office, { departures: makeDepartures(office.store.outbox) });
    expect(await codeOf(stop(older["id"]))).toBe("MESSAGE_LEFT");
    Object.assign(office, { departures: before });
    expect(office.store.messages.find(parseUuid(String(older["id"])))?.state).toBe("QUEUED");
  });

  it("of others, or above one's ceiling, is not there", async () => {
    const others = await world.receive(plain);
    expect(await codeOf(stop(others))).toBe("NOT_FOUND");
    const { id } = (await hand("ama")).json;
    const given = (await release(id)).json;
    letIn("under", new Set(["officer"]), "H1");
    expect(await codeOf(stop(given["id"], "under"))).toBe("NOT_FOUND");
  });
});
