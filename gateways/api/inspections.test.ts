import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { isStatementProven } from "../../certs/trust/index.ts";
import { logStreams } from "../../schemas/index.ts";
import { parseUuid, renderHex, renderUuid, sha256, utf8 } from "../../schemas/ground/index.ts";
import {
  type AuditAnswer,
  type AuditWorld,
  makeAuditWorld,
  makeCaller,
} from "../../test/kit/audit-world.ts";
import { alert, bulletin } from "../../test/kit/gateway-office.ts";
import { exampleNow } from "../../test/kit/submissions.ts";
import { makeActLines } from "../act-lines.ts";
import { type InspectionDesk, makeInspectionDesk } from "../inspection/index.ts";
import type { Role } from "../people/index.ts";

const now = 1_780_272_000_000;
const day = 86_400_000;
const secret = "Brass lantern";
let world: AuditWorld;
let desk: InspectionDesk;
let named: string;
let strict: string;
let other: string;
let worded: string;

type Json = Record<string, unknown>;

const at = (moment: number): string => new Date(moment).toISOString();
const clockNow = (): number => world.reader.clock.now();

async function post(path: string, as: string | undefined, body?: object): Promise<AuditAnswer> {
  const headers = { "content-type": "application/json" };
  const said = body === undefined ? {} : { body: JSON.stringify(body) };
  return await world.ask(path, as, { method: "POST", headers, ...said });
}

const complaint = (change: Json = {}): Json => ({
  ground: "COMPLAINT", reference: "DPA/7", until: at(clockNow() + 10 * day), messages: [named, strict], ...change,
}); // prettier-ignore

async function ask(change: Json = {}): Promise<string> {
  const { status, json } = await post("/v1/inspections", "ines", complaint(change));
  expect([status, json["state"]]).toEqual([201, "ASKED"]);
  return String(json["id"]);
}

async function open(change: Json = {}): Promise<string> {
  const id = await ask(change);
  expect((await post(`/v1/inspections/${id}/consent`, "abla")).status).toBe(200);
  return id;
}

/** The code of a refusal, or the status; an answer never shows content where it is none. */
async function read(id: string, message: string, as = "ines"): Promise<unknown> {
  const { status, json, text } = await world.ask(`/v1/inspections/${id}/messages/${message}`, as);
  expect(text.includes(secret)).toBe(status === 200);
  return json["code"] ?? status;
}

const act = async (what: string, as: string | undefined, body?: object): Promise<unknown> => {
  const { status, json } = await post(`/v1/inspections/${what}`, as, body);
  return json["code"] ?? [status, json["state"]];
}; // prettier-ignore
const show = async (id: string, as = "ines"): Promise<Json> =>
  (await world.ask(`/v1/inspections/${id}`, as)).json;
const actsOf = (id: string): readonly (readonly string[])[] =>
  world.audit.list({ limit: 200 }).filter(({ object }) => object.startsWith(id)).map(({ act: done, who, outcome }) => [done, who, outcome]).toReversed(); // prettier-ignore

/** The hub's log enters what waits, as its proof would say. */
async function enterInLog(root = sha256(utf8("root of the log"))): Promise<void> {
  const { store } = world.reader;
  for (const one of store.logActs.list(500).toReversed().filter(({ state }) => state === "WAITING")) {
    const entry = { origin: "atumpan/ecowas/hub", index: 40, leaf: utf8("leaf"), leafTime: now, size: 41, root, hashes: [], at: now };
    await store.write(() => store.logActs.prove(one, entry, root));
  }
  await desk.tend();
} // prettier-ignore

beforeAll(async () => {
  world = await makeAuditWorld(now, {
    types: ["record.stolen_document"],
    handlingUpTo: "H3",
    onLine: (reader) => makeActLines(reader),
    services: (reader, audit) => {
      desk = makeInspectionDesk({ ...reader, signer: reader.signer, note: (line) => audit.add(line) });
      return { inspections: desk };
    },
  });
  const people: readonly (readonly [string, readonly Role[]])[] = [
    ["ines", ["inspector"]], ["ivo", ["inspector"]], ["abla", ["approver"]], ["adam", ["administrator"]], ["odile", ["officer"]],
    ["aude", ["auditor"]], ["both", ["inspector", "approver"]],
  ]; // prettier-ignore
  for (const [id, roles] of people) {
    world.callers.set(id, makeCaller(id, { roles: new Set(roles), provedAt: now, handlingUpTo: "H1" }));
  }
  const text = { text: secret, lang: "en" };
  named = await world.receive({ ...bulletin, body: { ...bulletin.body, title: text } });
  strict = await world.receive({ ...alert, handling: "H2" });
  other = await world.receive(bulletin);
  const { crimes, body } = exampleNow("record.stolen_document", now);
  const { seriesLast: _last, count: _count, relatedIds: _ids, ...kept } = body as Json;
  const document = { type: "PASSPORT", number: "A7471923", issuerCountry: "NG" };
  const inner = { h3Text: { text: "For the desk of crew Zebra alone.", lang: "en" } };
  worded = await world.receive({ type: "record.stolen_document", recs: ["ecowas"], crimes, handling: "H3", inner, body: { ...kept, status: "STOLEN", document } });
  for (let i = 0; i < 12; i += 1) await world.receive(bulletin);
}); // prettier-ignore
afterAll(() => world.close());

describe("an inspection takes two keys", () => {
  it("asking alone opens nothing, and the same person is not both", async () => {
    const id = await ask();
    expect(await read(id, named)).toBe("INSPECTION_NOT_OPEN");
    expect(await act(`${id}/consent`, "ines")).toBe("ROLE_MISSING");
    expect(await act(`${id}/consent`, "odile")).toBe("ROLE_MISSING");
    expect(await act(`${id}/consent`, "aude")).toBe("ROLE_MISSING");
    expect(await act(`${id}/consent`, "both")).toBe("SECOND_PERSON_NEEDED");
    expect(await act(`${id}/consent`, "abla")).toEqual([200, "OPEN"]);
    expect(await act(`${id}/consent`, "adam")).toBe("INSPECTION_NOT_OPEN");
    expect(actsOf(id).filter(([, , outcome]) => outcome === "OK")).toEqual([
      ["INSPECTION_ASKED", "person:ines", "OK"],
      ["INSPECTION_OPENED", "person:abla", "OK"],
    ]);
  });

  it("consenting alone is nothing: who is no inspector asks for none, nor does the token", async () => {
    for (const as of ["abla", "adam", "odile", "aude", undefined]) {
      expect((await post("/v1/inspections", as, complaint())).json["code"]).toBe("ROLE_MISSING");
    }
    expect(await act("0190aaaa-0000-7000-8000-000000000000/consent", "abla")).toBe("NOT_FOUND");
  });

  it("the second proves to be there; the token counts only where there is no such person", async () => {
    const id = await ask();
    world.callers.set("late", makeCaller("late", { roles: new Set(["approver"]), provedAt: now - day }));
    expect(await act(`${id}/consent`, "late")).toBe("STEP_UP_NEEDED");
    const person = { id: "p1", name: "p1", roles: ["approver"], handling: "H1", state: "active", madeAt: now, languages: [] };
    const { store } = world.reader;
    await store.write(() => store.people.put(person));
    expect(await act(`${id}/consent`, undefined)).toBe("SECOND_PERSON_NEEDED");
    await store.write(() => store.people.put({ ...person, state: "left" }));
    expect(await act(`${id}/consent`, undefined)).toEqual([200, "OPEN"]);
  }); // prettier-ignore

  it("what waited seven days lapses, and is not consented to", async () => {
    const id = await ask();
    world.reader.clock.move(7 * day);
    for (const as of ["abla", "adam"])
      world.callers.set(as, { ...world.callers.get(as)!, provedAt: clockNow() });
    expect(await act(`${id}/consent`, "abla")).toBe("INSPECTION_NOT_OPEN");
    await desk.tend();
    expect(actsOf(id).at(-1)).toEqual(["INSPECTION_DECLINED", "gateway", "LAPSED"]);
    expect((await show(id))["state"]).toBe("LAPSED");
  });

  it("either side ends it: before it is open, and after", async () => {
    const [withdrawn, refused, ended] = [await ask(), await ask(), await open()];
    expect(await act(`${withdrawn}/ending`, "ivo")).toBe("NOT_FOUND");
    expect(await act(`${withdrawn}/ending`, "ines")).toEqual([200, "WITHDRAWN"]);
    expect(await act(`${refused}/ending`, "adam")).toEqual([200, "REFUSED"]);
    expect(await act(`${refused}/consent`, "abla")).toBe("INSPECTION_NOT_OPEN");
    expect(await act(`${ended}/ending`, "adam")).toEqual([200, "ENDED"]);
    expect(await read(ended, named)).toBe("INSPECTION_NOT_OPEN");
    expect([actsOf(withdrawn).at(-1), actsOf(refused).at(-1), actsOf(ended).at(-1)]).toEqual([
      ["INSPECTION_DECLINED", "person:ines", "OK"],
      ["INSPECTION_DECLINED", "person:adam", "OK"],
      ["INSPECTION_CLOSED", "person:adam", "OK"],
    ]);
  });

  it.each<[string, Json]>([
    ["a name in place of a number", { reference: "complaint of Ama Mensah" }],
    ["an end after more than thirty days", { until: at(now + 60 * day) }],
    ["an end that is over", { until: at(now - day) }],
    ["a ground that is none", { ground: "CURIOSITY" }],
    ["a sample by complaint", { messages: undefined, sample: { from: at(now - day), to: at(now), count: 5, nonce: "ab".repeat(16) } }],
    ["messages and a thread", { thread: "0190aaaa-0000-7000-8000-000000000000" }],
    ["nothing that is inspected", { messages: undefined }],
    ["more messages than fifty", { messages: Array.from({ length: 51 }, () => named) }],
    ["a sample of a time to come", { ground: "SAMPLE", messages: undefined, sample: { from: at(now), to: at(now + 40 * day), count: 5, nonce: "ab".repeat(16) } }],
    ["a nonce that is no hexadecimal", { ground: "SAMPLE", messages: undefined, sample: { from: at(now - day), to: at(now), count: 5, nonce: "zz".repeat(16) } }],
    ["an id that is none", { messages: ["../../store.db"] }],
    ["a thread that is none", { messages: undefined, thread: "x" }],
    ["a time before there were computers", { ground: "SAMPLE", messages: undefined, sample: { from: "1950-01-01T00:00:00Z", to: at(now), count: 5, nonce: "ab".repeat(16) } }],
    ["a sample without what only the inspector knows", { ground: "SAMPLE", messages: undefined, sample: { from: at(now - day), to: at(now), count: 5, nonce: "" } }],
  ])("%s is refused, and nothing is kept", async (_what, change) => {
    const before = world.reader.store.inspections.list(500).length;
    const { json } = await post("/v1/inspections", "ines", complaint(change));
    expect(json["code"]).toBe("REQUEST_INVALID");
    expect(world.reader.store.inspections.list(500)).toHaveLength(before);
  }); // prettier-ignore
});

describe("what an inspector reads", () => {
  it("just what is inspected, up to his ceiling; of all else he is told that it is not there", async () => {
    const id = await open();
    const { items } = await show(id);
    expect(items).toMatchObject([
      { place: 1, id: named, state: "READABLE" },
      { place: 2, id: strict, state: "ABOVE_CEILING" },
    ]);
    expect(JSON.stringify(items)).not.toContain("H2");
    expect(await read(id, named)).toBe(200);
    for (const hidden of [strict, other, "0190aaaa-0000-7000-8000-000000000000", "x"]) {
      expect(await read(id, hidden)).toBe("NOT_FOUND");
    }
    expect(await read(id, named, "ivo")).toBe("NOT_FOUND");
    for (const as of ["abla", "adam", "odile", "aude"]) expect(await read(id, named, as)).toBe("ROLE_MISSING");
    for (const path of [`/v1/messages/${named}`, "/v1/messages?box=in", `/v1/messages/${named}/evidence`]) {
      expect((await world.ask(path, "ines")).json["code"]).toBe("ROLE_MISSING");
    }
  }); // prettier-ignore

  it("each reading is a line with the inspection and its ground; the sender is not told that an officer opened it", async () => {
    const id = await open();
    const before = JSON.stringify(world.exchange.find(named));
    expect(await read(id, named)).toBe(200);
    const [line] = world.audit.list({ who: "person:ines", limit: 1 });
    expect(line).toMatchObject({ act: "INSPECTION_READ", object: `${id}/${named}`, purpose: "COMPLAINT", outcome: "OK" });
    expect(JSON.stringify(world.exchange.find(named))).toBe(before);
    expect(await show(id)).toMatchObject({ inspected: 2, read: 1 });
    expect((await show(id, "abla"))["items"]).toBeUndefined();
  }); // prettier-ignore

  it("as text too, in a form for people; never as it was carried", async () => {
    const id = await open();
    const path = `/v1/inspections/${id}/messages/${named}`;
    const text = await world.ask(path, "ines", { headers: { accept: "text/plain;lang=fr" } });
    expect([text.status, text.text.includes(secret)]).toEqual([200, true]);
    const carried = await world.ask(path, "ines", {
      headers: { accept: "application/vnd.atumpan+protobuf" },
    });
    expect(carried.json["code"]).toBe("ANSWER_TYPE_UNAVAILABLE");
  });

  it("nothing once it is closed, or its time is over", async () => {
    const closed = await open();
    expect(await act(`${closed}/closing`, "ivo", { findings: [{ code: "NO_FAULT" }] })).toBe("NOT_FOUND");
    expect(await act(`${closed}/closing`, "ines", { findings: [{ code: "ALL_FINE" }] })).toBe("REQUEST_INVALID");
    expect(await act(`${closed}/closing`, "ines", { findings: [{ code: "NO_FAULT", place: 3 }] })).toBe("REQUEST_INVALID");
    expect(await act(`${closed}/closing`, "ines", { findings: [{ code: "NO_FAULT" }] })).toEqual([200, "CLOSED"]);
    expect(await read(closed, named)).toBe("INSPECTION_NOT_OPEN");
    const over = await open({ until: at(clockNow() + day) });
    world.reader.clock.move(day);
    expect(await read(over, named)).toBe("INSPECTION_NOT_OPEN");
    await desk.tend();
    expect(actsOf(over).findLast(([done]) => done === "INSPECTION_CLOSED")).toEqual(["INSPECTION_CLOSED", "gateway", "OK"]);
    for (const as of ["abla", "adam"]) world.callers.set(as, { ...world.callers.get(as)!, provedAt: clockNow() });
    // what was seen can still be said
    expect(await act(`${over}/closing`, "ines", { findings: [{ code: "KEPT_TOO_LONG", place: 1 }] })).toEqual([200, "EXPIRED"]);
    expect(await act(`${over}/closing`, "ines", { findings: [{ code: "NO_FAULT" }] })).toBe("INSPECTION_NOT_OPEN");
  }); // prettier-ignore

  it("of handling H3 nothing before a person here accepted the words it may be used by", async () => {
    world.callers.set("high", makeCaller("high", { roles: new Set(["inspector"]), handlingUpTo: "H3" }));
    const asked = await post("/v1/inspections", "high", complaint({ messages: [worded] }));
    const id = String(asked.json["id"]);
    expect(await act(`${id}/consent`, "abla")).toEqual([200, "OPEN"]);
    expect(await read(id, worded, "high")).toBe("WORDS_NOT_ACCEPTED");
    expect(await show(id, "high")).toMatchObject({ items: [{ state: "READABLE", handling: "H3" }], read: 0 });
    world.callers.set("olu", makeCaller("olu", { handlingUpTo: "H3" }));
    const { digest } = (await world.ask(`/v1/messages/${worded}/words`, "olu")).json;
    expect((await post(`/v1/messages/${worded}/accept`, "olu", { digest })).status).toBe(200);
    expect((await world.ask(`/v1/inspections/${id}/messages/${worded}`, "high")).status).toBe(200);
  }); // prettier-ignore

  it("a message that was erased stays in its place, and is told as that", async () => {
    const gone = other;
    const id = await open({ messages: [gone, named, "0190aaaa-0000-7000-8000-000000000000"] });
    const { store } = world.reader;
    const { seq, raw } = store.messages.find(parseUuid(gone))!;
    await store.write(() => store.messages.erase(seq, raw, "PURGE"));
    const states = ((await show(id))["items"] as Json[]).map(({ state }) => state);
    expect(states).toEqual(["ERASED", "READABLE", "ABSENT"]);
    expect(await read(id, gone)).toBe("NOT_FOUND");
  });
});

describe("a sample", () => {
  const wish = (count: number, nonce = "ab".repeat(16)): Json => ({
    ground: "SAMPLE", messages: undefined, sample: { from: at(now - day), to: at(clockNow()), box: "in", count, nonce },
  }); // prettier-ignore

  it("is drawn by the log as it stood at the opening, and by whoever draws again; before that nothing is open", async () => {
    const id = await open(wish(4));
    await desk.tend();
    expect(await show(id)).toMatchObject({ state: "DRAWING", inspected: 0, openedEntry: { state: "WAITING" } });
    const all = world.reader.store.messages.list({ box: "in", limit: 500 }).filter(({ state }) => state !== "QUARANTINED").toReversed().map((one) => renderUuid(one.id));
    expect(await read(id, all[0]!)).toBe("INSPECTION_NOT_OPEN");
    await enterInLog();
    const shown = await show(id);
    const draw = shown["draw"] as { positions: number[]; population: Json; seed: string };
    expect(shown).toMatchObject({ state: "OPEN", inspected: 4, openedEntry: { state: "PROVED", index: 40 } });
    expect(draw.population["count"]).toBe(all.length);
    const items = shown["items"] as { id: string; state: string }[];
    expect(items.map((one) => one.id)).toEqual(draw.positions.map((one) => all[one - 1]));
    const nonce = sha256(Buffer.from("ab".repeat(16), "hex"));
    const seed = sha256(Buffer.concat([utf8("atumpan-inspection-draw-1\n"), sha256(utf8("root of the log")), parseUuid(id), nonce]));
    expect(draw.seed).toBe(renderHex(seed));
    // nonce and population were bound by the line of the opening, before the log gave its root
    const { terms = "" } = JSON.parse(world.reader.store.inspections.get(id)!.content) as { terms?: string };
    expect(JSON.parse(terms)).toEqual(expect.arrayContaining([id, "ab".repeat(16), all.length, draw.population["digest"]]));
    const [opening] = world.audit.list({ who: "person:abla", limit: 200 }).filter(({ object, outcome }) => object === id && outcome === "OK");
    expect(opening?.digest).toBe(renderHex(sha256(utf8(terms))));
    // the same wish once more, with another place in the log
    const again = await open(wish(4));
    await enterInLog(sha256(utf8("another root")));
    expect(((await show(again))["draw"] as { seed: string }).seed).not.toBe(draw.seed);
  }); // prettier-ignore

  it("of fewer messages than were asked for is all of them", async () => {
    const id = await open({ ...wish(50), ground: "SAMPLE" });
    await enterInLog();
    const { inspected, draw } = await show(id);
    expect(inspected).toBe((draw as { population: { count: number } }).population.count);
  });
});

describe("the report", () => {
  it("is signed by the agency and says nothing of content, no note and no name", async () => {
    const id = await open();
    await read(id, named);
    expect((await world.ask(`/v1/inspections/${id}/report`, "ines")).json["code"]).toBe("INSPECTION_NOT_OPEN");
    const findings = [{ code: "MORE_THAN_NEEDED", place: 1, note: "names a cousin" }, { code: "OTHER" }];
    expect(await act(`${id}/closing`, "ines", { findings })).toEqual([200, "CLOSED"]);
    await enterInLog();
    expect((await world.ask(`/v1/inspections/${id}/report`, "ivo")).json["code"]).toBe("NOT_FOUND");
    const { json, text } = await world.ask(`/v1/inspections/${id}/report`, "aude");
    const { statement, signature } = json as { statement: string; signature: string };
    const said = { typ: "atumpan-inspection", bytes: utf8(statement), signature, signer: "gh/tcu" } as const;
    const { register } = world.reader;
    expect(isStatementProven(register(), said, now)).toBe(true);
    expect(isStatementProven(register(), { ...said, bytes: utf8(`${statement} `) }, now)).toBe(false);
    expect(JSON.parse(statement)).toMatchObject({
      agency: "gh/tcu", inspection: id, state: "CLOSED", ground: "COMPLAINT", reference: "DPA/7", inspected: 2, read: 1,
      keys: [{ who: "person:ines", as: "inspector" }, { who: "person:abla", as: "approver" }],
      opened: { log: { state: "PROVED" } }, ended: { log: { state: "PROVED" } },
      findings: [{ code: "MORE_THAN_NEEDED", place: 1 }, { code: "OTHER" }],
    });
    for (const hidden of [secret, named, strict, "cousin"]) expect(text).not.toContain(hidden);
  }); // prettier-ignore

  it("opening and closing wait for the log with a digest that only the agency can open, and block nothing", async () => {
    const id = await open();
    await act(`${id}/ending`, "abla");
    const [closing, opening] = world.reader.store.logActs.list(2);
    expect([opening?.act, closing?.act, opening?.state]).toEqual(["INSPECTION_OPENED", "INSPECTION_CLOSED", "WAITING"]);
    expect(opening?.commitment).not.toEqual(closing?.commitment);
    expect(opening?.salt).toHaveLength(16);
    expect(logStreams.journal).toBe("JOURNAL");
    expect(await show(id)).toMatchObject({ openedEntry: { state: "WAITING" }, closedEntry: { state: "WAITING" } });
  }); // prettier-ignore
});
