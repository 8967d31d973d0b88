import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { openBody } from "../../gateways/crypto/index.ts";
import { decodeMessage, type MessageType, parseEnvelope } from "../../schemas/index.ts";
import { bulletin } from "../kit/gateway-office.ts";
import { askForContent, type Told } from "../kit/content-routes.ts";
import { type Cases, makeCases, planWithoutSea } from "../kit/case-words.ts";
import { startTalk, type Talk, type Words } from "../kit/talk.ts";
import { until } from "../kit/server.ts";
import { makeWorldApis, type WorldApis } from "../kit/world-apis.ts";
import { startWorld, type World } from "../kit/world.ts";

const [ng, gh, sn] = ["ng/tcu", "gh/tcu", "sn/tcu"] as const;
const [fiuA, fiuB, centre] = ["ng/fiu", "gh/fiu", "ecowas/centre"] as const;
const hour = 3_600_000;
const day = 24 * hour;
const operationId = "01a1c3b0-7700-7e08-a2c4-55d1e8f9b023";

type Json = Readonly<Record<string, unknown>>;

/** In which thread a hit stands in its finder's eyes. */
function threadOf(opening: string): string {
  return talk.gateway(gh).exchange.find(opening)?.threadId ?? opening;
}

/** Its operator is cleared for what the United Nations call confidential. */
function clear(folder: string): void {
  const file = join(folder, "gateway.json");
  const config = JSON.parse(readFileSync(file, "utf8")) as Json;
  const ceiling = { classifications: [{ scheme: "UN", codes: ["CONFIDENTIAL"] }] };
  writeFileSync(file, JSON.stringify({ ...config, ceiling }));
}

let world: World;
let talk: Talk;
let apis: WorldApis;
let cases: Cases;

beforeAll(async () => {
  world = await startWorld({
    states: ["ng", "gh", "sn"],
    recs: ["ecowas"],
    prepare: async ({ layout }) => clear(layout.gateway(fiuA)),
    plan: (usual) => planWithoutSea(usual, { readsFigures: centre }),
  });
  // receipts are not waited for: they go once a second
  talk = await startTalk(world, [ng, gh, sn, fiuA, fiuB, centre], { waits: "HELD" });
  apis = makeWorldApis(world);
  cases = makeCases({ world, talk, apis });
}, 300_000);

afterAll(async () => {
  await apis?.stop();
  await world?.stop();
});

describe("T17 what one financial unit answers another", () => {
  it("goes to no police without a signed consent that names receiver, purpose and offence", async () => {
    const thread = await talk.say(fiuA, [fiuB], "fiu.request", { crimes: ["ml"] });
    const denied = { decision: "REFUSED", recipients: [], purposes: [], offences: [], expiresAt: undefined, courtUse: undefined, refusalGround: "DISPROPORTIONATE" };
    const reply = await talk.say(fiuB, [fiuA], "fiu.reply", { thread, crimes: ["ml"], body: { pending: [], waitingFor: [], nextReplyBy: undefined, consent: denied } });
    const forward = (to: string, change: Parameters<Cases["passing"]>[1] = {}): [string, readonly string[], MessageType, Words] => [fiuA, [to], "asset.trace_request", cases.passing([reply], { crimes: ["ml"], ...change })];
    const missing = "ONWARD_CONSENT_MISSING";
    expect(await talk.refused(...forward(ng))).toBe(missing);
    const given = { targetId: reply, decision: "GRANTED", recipients: [ng], purposes: ["INVESTIGATION"], offences: ["ml"], expiresAt: cases.later(30 * day), courtUse: false };
    const consent = await talk.say(fiuB, [fiuA], "fiu.consent_decision", { about: reply, crimes: ["ml"], body: given });
    expect(await talk.refused(...forward(sn))).toBe(missing);
    expect(await talk.refused(...forward(ng, { purposes: ["ASSET_RECOVERY"] }))).toBe(missing);
    expect(await talk.refused(...forward(ng, { crimes: ["ml", "corr"] }))).toBe(missing);
    const carrier = await talk.say(...forward(ng));
    const { json } = await cases.ask(fiuA, `/v1/messages/${reply}/uses`);
    expect(json["items"]).toMatchObject([{ to: { agency: ng }, ground: "CONSENT", consent, carrier, purposes: ["INVESTIGATION"], crimes: ["ml"] }]);
    await talk.say(fiuB, [fiuA], "fiu.consent_decision", { about: reply, crimes: ["ml"], body: { ...given, decision: "REVOKED" } });
    expect(await talk.refused(...forward(ng))).toBe(missing);
  });
}); // prettier-ignore

/** The ways by which a request that was accepted is read; what translates and what gives files has nothing of it to give. */
const readWays = [
  "GET /v1/messages/:id",
  "GET /v1/messages/:id/answer-draft",
  "GET /v1/messages/:id/copies/:kind",
  "GET /v1/messages/:id/evidence",
  "GET /v1/messages/:id/related",
  "GET /v1/threads/:id",
  "GET /v1/threads/:id/mla-draft",
  "POST /v1/copies:verify",
  "POST /v1/filters:test",
  "POST /v1/messages:search",
];

describe("T26 handling", () => {
  it("H1 stands as evidence by the consent that is named, and by no other", async () => {
    const { reply } = await cases.answered({ from: gh, to: ng, handling: "H1" });
    const source = { messageId: reply, handling: "H1", usedAs: "EVIDENCE", agency: ng };
    const give = (change: object): [string, readonly string[], MessageType, Words] => [gh, [sn], "evidence.transfer", { crimes: ["drugs"], inner: { purposes: ["INVESTIGATION"] }, body: { sources: [{ ...source, ...change }], mlaId: undefined, basis: "SPONTANEOUS" } }];
    expect(await talk.refused(...give({}))).toBe("RULE_EVIDENCE_PERMISSION_MISSING");
    expect(await talk.refused(...give({ permissionId: reply }))).toBe("ONWARD_CONSENT_MISSING");
    expect(await talk.refused(...give({ handling: "H0" }))).toBe("ONWARD_CONSENT_MISSING");
    const permissionId = await cases.consents({ owner: ng, holder: gh, target: reply }, { uses: ["COURT_USE"], recipients: [{ agency: sn }] });
    expect(await talk.refused(...give({}))).toBe("RULE_EVIDENCE_PERMISSION_MISSING");
    await talk.say(...give({ permissionId }));
    const { json } = await cases.ask(gh, `/v1/messages/${reply}/uses`);
    expect(json["items"]).toMatchObject([{ kind: "COURT", ground: "CONSENT", consent: permissionId }]);
  });

  it("H2 goes to nobody else, until its writer says so", async () => {
    const { reply } = await cases.answered({ from: gh, to: ng, handling: "H2" });
    const forward: [string, readonly string[], MessageType, Words] = [gh, [sn], "request.information", cases.passing([reply])];
    expect(await talk.refused(...forward)).toBe("ONWARD_CONSENT_MISSING");
    await cases.consents({ owner: ng, holder: gh, target: reply }, { uses: ["ONWARD_LE", "ONWARD_THIRD_STATE"], recipients: [{ agency: sn }] });
    expect(await talk.refused(gh, [sn], "request.information", cases.passing([reply], { handling: "H0" }))).toBe("ONWARD_LOOSER");
    await talk.say(...forward);
  });

  it("H3 needs its words, and shows nothing in any way before a person accepted them", async () => {
    const h3Text = { text: "For the desk of crew Zebra alone.", lang: "en" };
    const facts = { text: "A lantern of brass, quagga on its side.", lang: "en" };
    expect(await talk.refused(ng, [gh], "request.information", { handling: "H3", inner: { h3Text: undefined } })).toBe("RULE_H3_TEXT_MISSING");
    const id = await talk.say(ng, [gh], "request.information", { handling: "H3", inner: { h3Text }, body: { facts } });
    const copy = new Uint8Array(await (await apis.call(ng, `/v1/messages/${id}/copies/nominal`)).arrayBuffer());
    const sought = { id, thread: id, word: "quagga", copy };
    const tryAll = async (): Promise<readonly Told[]> => await askForContent(sought, (path, init) => apis.call(gh, path, init));
    // evidence is given only of what is proved
    await until("its reader proved it", () => talk.gateway(gh).exchange.find(id)?.log?.[0]?.state === "PROVED");
    const { json: before } = await cases.ask(gh, `/v1/messages/${id}/words`);
    expect(before).toMatchObject({ needed: true, words: h3Text });
    expect(JSON.stringify(before)).not.toContain("quagga");
    const closed = await tryAll();
    expect(closed.filter(({ text }) => text.includes("quagga"))).toEqual([]);
    expect(closed.filter(({ way, text }) => way.includes("/messages/:id") && !way.endsWith("related") && !text.includes("WORDS_NOT_ACCEPTED"))).toEqual([]);
    for (const { way, status, text } of closed) if (status === 200) expect([way, text.includes(id)]).toEqual([way, false]);
    const forward: [string, readonly string[], MessageType, Words] = [gh, [sn], "request.information", { ...cases.passing([id]), handling: "H3", inner: { ...cases.passing([id]).inner, h3Text } }];
    expect(await talk.refused(...forward)).toBe("ONWARD_CONSENT_MISSING");
    await cases.consents({ owner: ng, holder: gh, target: id }, { uses: ["ONWARD_LE", "ONWARD_THIRD_STATE"], recipients: [{ agency: sn }] });
    expect(await talk.refused(...forward)).toBe("WORDS_NOT_ACCEPTED");
    expect((await cases.ask(gh, `/v1/messages/${id}/accept`, { body: { digest: before["digest"] } })).json).toMatchObject({ needed: false, accepted: { by: "owner" } });
    const open = await tryAll();
    expect(open.filter(({ text }) => text.includes("WORDS_NOT_ACCEPTED"))).toEqual([]);
    const shown = new Set(open.filter(({ status, text }) => status === 200 && (text.includes("quagga") || text.includes(id))).map(({ way }) => way));
    expect([...shown].toSorted()).toEqual(readWays);
    const { status, text } = await cases.ask(gh, `/v1/messages/${id}`, { accept: "text/plain;lang=en" });
    expect([status, text]).toEqual([200, expect.stringContaining(h3Text.text)]);
    await talk.say(...forward);
  });
}); // prettier-ignore

describe("T36 a regional centre", () => {
  it("reads the alerts of its community, and neither what is sealed to others nor letters it carries", async () => {
    const alert = await talk.say(ng, [], "alert.incident", { handling: "H0" });
    await until("the centre reads it", () => talk.gateway(centre).exchange.find(alert)?.state === "VERIFIED");
    const letter = await talk.say(ng, [gh], "request.information");
    const closed = await talk.say(ng, [], "record.stolen_vehicle", { body: { vehicle: { plate: "KJA 90 XX", plateCountry: "NG", make: "Kia" }, registrarCountry: "NG" } });
    for (const id of [letter, closed]) {
      expect(talk.gateway(centre).exchange.find(id)).toBeUndefined();
      expect(talk.gateway(gh).exchange.find(id)).toMatchObject({ form: "SEALED", state: "VERIFIED" });
    }
    const { sealed, envelope } = decodeMessage(talk.gateway(ng).exchange.original(letter)!);
    const { id, originator } = parseEnvelope(envelope);
    const open = (agency: string) => openBody({ sealed: sealed!, originator, id, encryptions: ["A256GCM"], keys: talk.gateway(agency).office.keys });
    await expect(open(gh)).resolves.toBeDefined();
    await expect(open(centre)).rejects.toMatchObject({ name: "Fault" });
    const { exchange } = talk.gateway(centre);
    const retold = { ...bulletin, handling: "H1", inner: { passesOn: [letter], purposes: ["INVESTIGATION"] } };
    await expect(exchange.submit(retold, "a letter retold")).rejects.toMatchObject({ code: "ONWARD_CONSENT_MISSING" });
    expect(exchange.list({ box: "out", limit: 1 }).items).toEqual([]);
  });

  it("neither takes nor opens a file that it carries for another", async () => {
    await talk.say(ng, [gh], "request.information");
    const file = await apis.call(ng, "/v1/carry/exports", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ to: gh }) });
    const bytes = Buffer.from(await file.arrayBuffer());
    const bring = async (agency: string): Promise<Json> => {
      const begun = await apis.call(agency, "/v1/carry/imports", { method: "POST", headers: { "content-type": "application/vnd.atumpan.carry" }, body: bytes });
      const at = `/v1/carry/imports/${((await begun.json()) as { id: string }).id}`;
      await until("it was read", async () => (await cases.ask(agency, at)).json["state"] !== "RUNNING");
      return (await cases.ask(agency, at)).json;
    };
    expect(await bring(centre)).toMatchObject({ state: "REFUSED", code: "CARRY_NOT_FOR_US" });
    expect(await bring(gh)).toMatchObject({ state: "TAKEN", writer: ng });
  });
}); // prettier-ignore

describe("T41 the directory", () => {
  const wish = "/v1/directory?country=NG&function=MLA&crime=drugs";

  it("answers for country, function and crime with channels, languages and the urgent way, signed by the state", async () => {
    await talk.say(ng, [], "directory.authority", cases.entry(cases.later(-30 * day)));
    const { json } = await cases.ask(gh, wish);
    expect(json["authorities"]).toMatchObject([{ country: "NG", publishedBy: ng, signedByState: true, good: true, flags: [], channels: expect.arrayContaining(["BROKER"]), languages: ["am", "en"], urgentProcedure: { lang: "en" }, urgentPhone: "+251115550100" }]);
    for (const other of ["country=GH&function=MLA", "country=NG&function=EXTRADITION", "country=NG&function=MLA&crime=som"]) {
      expect((await cases.ask(gh, `/v1/directory?${other}`)).json["authorities"]).toEqual([]);
    }
    expect(await talk.refused(gh, [], "directory.authority", cases.entry(cases.later(-30 * day)))).toBe("RULE_DIRECTORY_FOREIGN");
  });

  it("flags what nobody verified for twelve months, and leaves it in", async () => {
    await talk.say(ng, [], "directory.authority", cases.entry(cases.later(-366 * day)));
    expect((await cases.ask(gh, wish)).json["authorities"]).toMatchObject([{ good: false, flags: ["STALE"] }]);
  });
}); // prettier-ignore

describe("T42 a formal request from a police thread", () => {
  const path = (thread: string): string => `/v1/threads/${thread}/mla-draft?to=${sn}`;

  it("begins with what is known, and uses of another's words nothing without his consent for the court", async () => {
    const { thread, reply } = await cases.answered({ from: gh, to: ng, handling: "H1" });
    const begun = await cases.ask(gh, path(thread));
    expect(begun.json["leftOut"]).toEqual([{ message: reply, type: "reply.final", owner: ng, use: "COURT_USE", askWith: "dissemination.consent_request" }]);
    expect(begun.text).not.toContain("Bola Example");
    const { message } = begun.json as { readonly message: Json };
    const incomplete = await cases.ask(gh, "/v1/mla-documents", { body: { message }, accept: "text/plain;lang=fr" });
    expect([incomplete.status, incomplete.json["code"]]).toEqual([422, "SCHEMA_INVALID"]);
    const stolen = await cases.ask(gh, "/v1/mla-documents", { body: { message: cases.completed(message, { passesOn: [reply] }) }, accept: "text/plain;lang=fr" });
    expect([stolen.status, stolen.json["code"]]).toEqual([403, "ONWARD_CONSENT_MISSING"]);
    const permissionId = await cases.consents({ owner: ng, holder: gh, target: reply }, { uses: ["COURT_USE", "ONWARD_LE", "ONWARD_THIRD_STATE"], recipients: [{ agency: sn }] });
    const allowed = await cases.ask(gh, path(thread));
    expect(allowed.text).toContain("Bola Example");
    const draft = allowed.json["message"] as { readonly body: Json } & Json;
    expect(draft.body["priorContacts"]).toContainEqual({ messageId: reply, handling: "H1", agency: ng, usedAs: "EVIDENCE", permissionId });
    const given = await cases.ask(gh, "/v1/mla-documents", { body: { message: cases.completed(draft) }, accept: "text/plain;lang=fr" });
    expect([given.status, given.text]).toEqual([200, expect.stringContaining("Bola Example")]);
    expect((await cases.ask(gh, `/v1/messages/${reply}/uses`)).json["items"]).toMatchObject([{ kind: "COURT", consent: permissionId }, { kind: "ONWARD", consent: permissionId }]);
  });
}); // prettier-ignore

describe("T13 figures for the region", () => {
  it("have nothing of a person in them, and hide what is told of fewer than eleven", async () => {
    const victims = [...Array(26).keys()].map((i) => ({ victimRef: `NG-V-26-${100 + i}`, caseRef: "NG-1", sex: i < 23 ? "F" : "M", ageBand: "ADULT", ageWhenTrafficked: undefined, citizenships: ["NG"], perpetratorRefs: undefined }));
    await Promise.all(victims.map((body) => talk.say(ng, [], "tip.victim", { body })));
    const { exchange } = talk.gateway(ng);
    const submission = await cases.figures(ng);
    const names = [...victims.map(({ victimRef }) => victimRef), "victimRef", "caseRef"];
    const { id } = await exchange.submit(submission, "figures");
    await until("the region has them", () => [gh, sn].every((agency) => talk.gateway(agency).exchange.find(id) !== undefined));
    const read = talk.gateway(gh).exchange.find(id)?.body as { readonly cells: readonly Json[] };
    for (const name of names) expect(JSON.stringify(read)).not.toContain(name);
    const detected = read.cells.filter(({ indicator }) => indicator === "VICTIMS_DETECTED");
    expect(detected[0]).toMatchObject({ count: 26, treatment: "EXACT" });
    const bySex = detected.filter(({ sex }) => sex !== undefined);
    // three men could be taken from the total: so the women are not told either
    expect(bySex.map(({ sex, count, treatment }) => [sex, count, treatment])).toEqual([["F", undefined, "SUPPRESSED"], ["M", undefined, "SUPPRESSED"]]);
    const told = async (counts: Readonly<Record<string, number>>): Promise<unknown> => {
      const cells = read.cells.map((cell) => (bySex.includes(cell) && counts[String(cell["sex"])] !== undefined ? { ...cell, count: counts[String(cell["sex"])], treatment: "EXACT" } : cell));
      const { problems } = await exchange.validate({ ...submission, body: { ...read, cells } });
      return problems.map(({ code }) => code);
    };
    expect(await told({})).toEqual([]);
    expect(await told({ F: 23, M: 3 })).toEqual(["RULE_STATISTICS_SMALL_CELL"]);
    expect(await told({ F: 23 })).toEqual(["RULE_STATISTICS_RECOVERABLE"]);
  });

  it("tell a regional centre how the exchange goes, of those who chose to, and never who with whom", async () => await cases.checkExchange(ng, centre));
}); // prettier-ignore

describe("T11 a hit", () => {
  it("is confirmed by the record's owner and nobody else, by the hour the finder named", async () => {
    const vehicle = { plate: "ABC 471 NG", plateCountry: "NG", make: "Toyota" };
    const recordId = await talk.say(ng, [], "record.stolen_vehicle", { body: { vehicle, registrarCountry: "NG" } });
    const body = { recordId, confirmBy: cases.later(2 * hour), heldUntil: cases.later(3 * hour), copyAsOf: undefined, photos: undefined };
    expect(await talk.refused(gh, [ng], "hit.notice", { body: { ...body, confirmBy: undefined } })).toBe("RULE_HIT_WITHOUT_CONFIRM_BY");
    expect(await talk.refused(gh, [ng], "hit.notice", { body: { ...body, heldUntil: undefined } })).toBe("RULE_HIT_HELD_WITHOUT_LIMIT");
    const opening = await talk.say(gh, [ng], "hit.notice", { body });
    const thread = threadOf(opening);
    for (const agency of [ng, gh]) {
      const due = talk.matter(agency, thread, opening)?.awaited.find(({ closing }) => closing === "DECISION");
      expect([due?.of, due?.by]).toEqual([ng, body.confirmBy]);
    }
    const decided = { recordId, attachments: undefined, papersBy: undefined, confirmedAt: cases.later(-1_000) };
    expect(await talk.refused(gh, [ng], "hit.confirmation", { thread, about: opening, body: decided })).toBe("WORK_OUT_OF_TURN");
    expect(await talk.refused(ng, [gh], "hit.confirmation", { thread, about: opening, body: { ...decided, recordId: opening } })).toBe("WORK_OUT_OF_TURN");
    await talk.say(ng, [gh], "hit.confirmation", { thread, about: opening, body: decided });
    for (const agency of [ng, gh]) expect(talk.matter(agency, thread, opening)?.state).toBe("CONFIRMED");
  });

  it("that nobody confirms in time is late for both, and told to each once, and once more when it stays so", async () => {
    const before = new Map<string, string>([ng, gh].map((agency) => [agency, talk.gateway(agency).exchange.changes({ from: "now", limit: 1 }).next]));
    const opening = await talk.say(gh, [ng], "hit.notice", { body: { recordId: operationId, confirmBy: cases.later(2 * hour), heldUntil: cases.later(3 * hour), copyAsOf: undefined, photos: undefined } });
    const thread = threadOf(opening);
    const late = (agency: string): boolean => talk.desk(agency).awaited({ overdue: true }).some((one) => one.thread === thread && one.closing === "DECISION");
    for (const agency of [ng, gh]) expect(late(agency)).toBe(false);
    const told = (agency: string): readonly string[] => {
      const { items } = talk.gateway(agency).exchange.changes({ cursor: before.get(agency), limit: 200 });
      return items.filter(({ id, kind }) => id === opening && (kind === "overdue" || kind === "escalated")).map(({ kind }) => kind);
    };
    const record = async (agency: string): Promise<readonly Json[]> => {
      const { items } = (await cases.ask(agency, `/v1/breaches?of=${ng}`)).json as { readonly items: readonly Json[] };
      return items.filter((one) => one["thread"] === thread && one["closing"] === "DECISION");
    };
    const both = async (): Promise<readonly Json[]> => {
      const [one, other] = await Promise.all([ng, gh].map(record));
      // the same to both, but for whom to call while it is open: each counts its own side from itself
      const calls = (rows: readonly Json[] = []): unknown => rows.flatMap(({ contacts = [] }) => (contacts as readonly Json[]).map(({ side, agency }) => [side, agency]));
      const isOpen = one?.[0]?.["isOpen"] === true;
      expect([calls(one), calls(other)]).toEqual(isOpen ? [[["OTHER", gh], ["OWN", ng]], [["OTHER", ng], ["OWN", gh]]] : [[], []]);
      const alike = (rows: readonly Json[] = []): unknown => rows.map((row) => ({ ...row, contacts: undefined }));
      expect(alike(one)).toEqual(alike(other));
      return one ?? [];
    };
    // until it has, there is no hour that runs for its finder
    await until("its receipt has come", () => talk.gateway(gh).exchange.find(opening)?.state === "DELIVERED");
    // nobody has said within the hour that it came
    world.shift(hour + 60_000);
    for (const agency of [ng, gh]) await until(`${agency} is told once`, () => told(agency).length > 0);
    for (const agency of [ng, gh]) expect([late(agency), told(agency)]).toEqual([false, ["overdue"]]);
    world.shift(hour);
    for (const agency of [ng, gh]) await until(`${agency} sees that it is late`, () => late(agency) && told(agency).length > 2);
    // the second deadline that is missed, and the first by as long again
    expect(await both()).toMatchObject([{ of: ng, isOpen: true, stands: true, escalatedAt: expect.any(String) as string }]);
    await talk.say(ng, [gh], "hit.confirmation", { thread, about: opening, body: { recordId: operationId, attachments: undefined, papersBy: undefined, confirmedAt: cases.later(-1_000) } });
    for (const agency of [ng, gh]) await until(`${agency} sees its end`, async () => (await record(agency))[0]?.["isOpen"] === false);
    expect(await both()).toMatchObject([{ isOpen: false, stands: true, endedAt: expect.any(String) as string }]);
    for (const agency of [ng, gh]) expect(told(agency)).toEqual(["overdue", "escalated", "escalated"]);
  });
}); // prettier-ignore

describe("T37 what a deployment may carry", () => {
  it("is above it sent by nobody and opened by nobody, until its operator is cleared for it", async () => {
    const classification = { scheme: "UN", code: "CONFIDENTIAL", label: { text: "Confidential", lang: "en" } };
    const inner = { classification };
    expect(await talk.refused(fiuB, [fiuA], "fiu.request", { inner })).toBe("DEPLOYMENT_CEILING");
    const other = "sn/fiu";
    const { exchange } = await world.gateway(other);
    const id = await talk.say(fiuA, [other], "fiu.request", { inner });
    const lying = (): readonly string[] => exchange.list({ box: "in", state: "QUARANTINED", limit: 9 }).items.map(({ code = "" }) => code);
    await until("it lies there", () => lying().length > 0);
    expect(lying()).toEqual(["DEPLOYMENT_CEILING"]);
    const { json, text } = await cases.ask(other, `/v1/messages/${exchange.list({ box: "in", limit: 1 }).items[0]?.id}`);
    expect(json).toMatchObject({ state: "QUARANTINED", code: "DEPLOYMENT_CEILING" });
    expect([json["body"], json["inner"], text.includes("caseDescription")]).toEqual([undefined, undefined, false]);
    const isDelivered = (): boolean => talk.gateway(fiuA).exchange.find(id)?.state === "DELIVERED";
    expect(isDelivered()).toBe(false);
    await world.stopGateway(other);
    clear(world.layout.gateway(other));
    const cleared = await world.gateway(other);
    await until("it is read", () => cleared.exchange.find(id)?.state === "VERIFIED");
    await until("its sender is told", isDelivered);
  });
}); // prettier-ignore

describe("T43 assets", () => {
  it("are asked for and answered before any formal request", async () => {
    const thread = await talk.say(gh, [ng], "asset.trace_request", { body: { alreadyAsked: undefined } });
    const reply = await talk.say(ng, [gh], "asset.trace_reply", { thread, body: { pending: undefined } });
    for (const agency of [gh, ng]) expect(talk.matter(agency, thread)).toMatchObject({ workflow: "ASSET_TRACE", state: "ANSWERED", messages: [reply] });
    expect(talk.gateway(gh).exchange.find(reply)?.state).toBe("VERIFIED");
    expect(await talk.refused(gh, [ng], "asset.trace_reply", { thread })).toBe("WORK_OUT_OF_TURN");
  });

  it("have contacts that are asked whether they still hold: one that answers is verified, one that does not is flagged", async () => {
    const wish = "/v1/directory?country=NG&function=ASSET_RECOVERY";
    const found = async (): Promise<Json> => ((await cases.ask(gh, wish)).json["authorities"] as readonly Json[])[0]!;
    const id = await talk.say(ng, [], "directory.authority", cases.entry(cases.later(-366 * day)));
    expect(await found()).toMatchObject({ entry: id, flags: ["STALE"] });
    const { message } = (await cases.ask(gh, `/v1/directory/${id}/ping`)).json;
    const { body } = message as { readonly body: object };
    const asked = (answerBy: string): Promise<string> => talk.say(gh, [ng], "directory.ping", { thread: id, body: { ...body, answerBy } });
    await asked(cases.later(hour));
    world.shift(2 * hour);
    expect((await found())["flags"]).toEqual(["STALE", "UNANSWERED"]);
    const ping = await asked(cases.later(hour));
    await talk.say(ng, [gh], "directory.ping_answer", { thread: id, about: ping, body: { targetId: id, verifiedAt: cases.later(-60_000) } });
    expect(await found()).toMatchObject({ good: true, flags: [] });
  });
}); // prettier-ignore

describe("T7 what is taken back", () => {
  it("is deleted by each holder, who says so under his signature; who does not is overdue", async () => {
    const vehicle = { plate: "LSR 207 NG", plateCountry: "NG", make: "Kia" };
    const id = await talk.say(ng, [], "record.stolen_vehicle", { body: { vehicle, registrarCountry: "NG" } });
    const wish = { ids: [id], scope: "MESSAGE", reason: "WITHDRAWN", deadline: cases.later(hour) };
    expect((await cases.ask(gh, "/v1/recalls", { body: wish })).json["code"]).toBe("NOT_FOUND");
    const started = await cases.ask(ng, "/v1/recalls", { body: wish });
    expect(started.json["sent"]).toMatchObject([{ holder: gh }, { holder: sn }]);
    const show = async (): Promise<Json> => (await cases.ask(ng, `/v1/recalls/${id}`)).json;
    const copies = async (): Promise<readonly Json[]> => (await show())["copies"] as readonly Json[];
    await until("gh/tcu has answered", async () => (await copies()).some(({ agency, state }) => agency === gh && state === "DONE"));
    expect(talk.gateway(gh).exchange.find(id)).toMatchObject({ state: "ERASED" });
    expect(talk.gateway(gh).exchange.find(id)).not.toHaveProperty("body");
    const [ack] = talk.gateway(ng).exchange.list({ box: "in", filters: { type: ["data.purge_ack"] }, limit: 9 }).items;
    expect([ack?.originator, ack?.state]).toEqual([gh, "VERIFIED"]);
    // nobody looks after the gateway of sn/tcu yet
    expect(await show()).toMatchObject({ state: "AWAITED", done: 1, overdue: 0 });
    world.shift(2 * hour);
    expect(await show()).toMatchObject({ state: "OVERDUE", done: 1, overdue: 1 });
    await until("it is awaited too late", () => talk.desk(ng).awaited({ overdue: true }).some(({ of }) => of === sn));
    await cases.ask(sn, "/v1/orders");
    await until("sn/tcu has answered", async () => (await show())["state"] === "COMPLETE");
    expect((await copies()).map(({ agency, answer }) => [agency, (answer as Json)["done"]])).toEqual([[gh, "DELETED"], [sn, "DELETED"]]);
  });
}); // prettier-ignore

describe("T6 a notice", () => {
  it("is looked at again within five years, and on that day its holders are told and its owner is asked", async () => {
    const notice = (reviewBy: string | undefined): Words => ({ inner: { reviewBy, deleteBy: cases.later(40 * day) }, body: {} });
    expect(await talk.refused(ng, [], "notice.modus_operandi", notice(undefined))).toBe("RULE_NOTICE_REVIEW_MISSING");
    expect(await talk.refused(ng, [], "notice.modus_operandi", notice(cases.later(6 * 366 * day)))).toBe("RULE_NOTICE_REVIEW_TOO_LATE");
    const id = await talk.say(ng, [], "notice.modus_operandi", notice(cases.later(day)));
    await cases.ask(ng, "/v1/retention");
    world.shift(day + 60_000);
    const told = (agency: string): readonly string[] => talk.gateway(agency).exchange.list({ box: "in", filters: { type: ["data.review_due"] }, limit: 9 }).items.map((one) => one.id);
    for (const agency of [gh, sn]) await until(`${agency} is told`, () => told(agency).length === 1);
    const { items } = (await cases.ask(ng, "/v1/retention")).json;
    expect(items).toMatchObject([{ id, type: "notice.modus_operandi" }]);
    for (const agency of [gh, sn]) {
      const [due = ""] = told(agency);
      for (const side of [ng, agency]) await until("it is awaited", () => talk.matter(side, id, due)?.state === "REVIEW_DUE");
      expect(talk.matter(agency, id, due)?.awaited).toMatchObject([{ closing: "DECISION", of: ng }]);
      expect(await talk.refused(agency, [ng], "data.retention_extend", { thread: id, about: due, body: { targetIds: [id], deletionAt: cases.later(39 * day), newDeletionAt: cases.later(90 * day) } })).toBe("WORK_OUT_OF_TURN");
      await talk.say(ng, [agency], "data.retention_extend", { thread: id, about: due, body: { targetIds: [id], deletionAt: cases.later(39 * day), newDeletionAt: cases.later(90 * day) } });
      expect(talk.matter(agency, id, due)?.state).toBe("KEPT_LONGER");
    }
    world.shift(120_000);
    expect((await cases.ask(ng, "/v1/retention")).json["items"]).toEqual([]);
    for (const agency of [gh, sn]) expect(told(agency)).toHaveLength(1);
  });
}); // prettier-ignore

describe("T32 a joint operation", () => {
  it("takes what its members send in its time, ends by itself and is archived", async () => {
    const members = [{ agency: ng, role: "COORDINATOR" }, { agency: gh, role: "PARTICIPANT" }];
    const plan = { operationId, members, validFrom: cases.later(-60_000), validUntil: cases.later(10 * hour), phases: [], dataDays: 2 };
    const opening = await talk.say(ng, [gh], "operation.open", { body: plan });
    await talk.say(gh, [ng], "request.acknowledge", { thread: opening, body: { receivedAt: cases.later(-1_000) } });
    const standing = async (agency: string): Promise<unknown> => (await cases.ask(agency, `/v1/operations/${operationId}`)).json["standing"];
    const warn = (from: string, to: string): [string, readonly string[], MessageType, Words] => [from, [to], "target.warning", { body: { operationId } }];
    expect([await standing(ng), await standing(gh)]).toEqual(["OPEN", "OPEN"]);
    expect((await cases.ask(sn, `/v1/operations/${operationId}`)).status).toBe(404);
    expect(await talk.refused(...warn(sn, ng))).toBe("RULE_OPERATION_OUTSIDER");
    expect(await talk.refused(...warn(gh, sn))).toBe("RULE_OPERATION_OUTSIDER");
    const inside = await talk.say(...warn(gh, ng));
    expect((await cases.ask(ng, `/v1/operations/${operationId}`)).json["inside"]).toMatchObject([{ id: inside }]);
    world.shift(11 * hour);
    expect([await standing(ng), await standing(gh)]).toEqual(["CLOSED", "CLOSED"]);
    expect(await talk.refused(...warn(gh, ng))).toBe("WORK_OUT_OF_TURN");
    world.shift(2 * day);
    expect([await standing(ng), await standing(gh)]).toEqual(["ARCHIVED", "ARCHIVED"]);
  });
}); // prettier-ignore
