import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { makeLookupDesk } from "../../gateways/lookups/index.ts";
import { type QueryAnswerer, startQueryAnswerer } from "../../gateways/queries/index.ts";
import { renderInstant } from "../../schemas/index.ts";
import { systemChance } from "../../schemas/ground/index.ts";
import { until } from "../kit/server.ts";
import { startTalk, type Talk } from "../kit/talk.ts";
import { startWorld, type World } from "../kit/world.ts";

const [ng, gh, sn, lr] = ["ng/tcu", "gh/tcu", "sn/tcu", "lr/tcu"] as const;
const [fiuA, fiuB] = ["ng/fiu", "gh/fiu"] as const;
const hour = 3_600_000;

let world: World;
let talk: Talk;
const answerers: QueryAnswerer[] = [];
const answered: string[] = [];

beforeAll(async () => {
  world = await startWorld({
    states: ["ng", "gh", "sn", "lr"],
    plan: (usual) => {
      const liberia = { agency: lr, authority: "lr", kind: "TCU", name: "TCU of Liberia", languages: ["en"] };
      const asSenegal = usual.mandates.filter(({ agency }) => agency === sn);
      return {
        ...usual,
        agencies: [...usual.agencies.filter(({ kind }) => kind !== "MOC"), liberia],
        mandates: [...usual.mandates.filter(({ agency }) => !agency.endsWith("/moc")), ...asSenegal.map((one) => ({ ...one, agency: lr }))],
      };
    },
  });
  talk = await startTalk(world, [ng, gh, sn, lr, fiuA, fiuB]);
}, 300_000); // prettier-ignore

afterAll(async () => {
  for (const one of answerers) one.stop();
  await world?.stop();
});

function received(): object {
  return { receivedAt: renderInstant(world.clock.now() - 1_000) };
}

/** Has a gateway answer checks by itself. */
function answerChecks(agency: string): void {
  const { exchange, office } = talk.gateway(agency);
  const { store, clock, log } = office;
  const lookups = makeLookupDesk({ agency, store, clock, log, link: () => exchange.status() });
  const note = ({ object }: { readonly object: string }): void => void answered.push(`${agency} ${object}`);
  answerers.push(startQueryAnswerer({ agency, store, exchange, lookups, policy: { automatic: true }, note, clock, chance: systemChance, log }));
} // prettier-ignore

function resultsOf(query: string): ReadonlyMap<string, readonly string[]> {
  const { exchange } = talk.gateway(ng);
  const all = exchange.list({ box: "in", filters: { type: ["query.result"] }, limit: 50 }).items.map(({ id }) => exchange.find(id));
  return new Map(all.flatMap((one) => {
    if (one?.inReplyTo !== query) return [];
    const { queryAnswers } = one.body as { readonly queryAnswers: readonly { readonly answer: string }[] };
    return [[one.originator, queryAnswers.map(({ answer }) => answer)] as const];
  }));
} // prettier-ignore

describe("T4 a check of a vehicle in three national stores", () => {
  const subject = {
    ref: "car",
    kind: "VEHICLE",
    plain: { identifier: "GR 4471-26", issuerCountry: "GH" },
  };
  const body = { querySubjects: [subject], recordKinds: ["STOLEN_VEHICLE"] };
  const vehicle = { plate: "GR 4471-26", plateCountry: "GH", make: "Toyota" };

  it("is answered by each in seconds: a hit where it is held, and no hit where it is not", async () => {
    await talk.say(gh, [], "record.stolen_vehicle", { body: { vehicle, registrarCountry: "GH" } });
    for (const agency of [gh, sn, lr]) answerChecks(agency);
    const query = await talk.say(ng, [gh, sn, lr], "query.check", { body });
    await until("all have answered", () => resultsOf(query).size === 3);
    expect(Object.entries(Object.fromEntries(resultsOf(query)))).toEqual(
      expect.arrayContaining([
        [gh, ["HIT"]],
        [lr, ["NO_HIT"]],
        [sn, ["NO_HIT"]],
      ]),
    );
    expect(answered.toSorted()).toEqual([gh, lr, sn].map((agency) => `${agency} ${query}`));
  });

  it("is answered once, however often the gateway begins anew, and what came meanwhile is answered then", async () => {
    for (const one of answerers.splice(0)) one.stop();
    const query = await talk.say(ng, [gh], "query.check", { body });
    const before = talk.gateway(gh).exchange.list({ box: "out", limit: 200 }).items.length;
    answerChecks(gh);
    await until("it is answered", () => resultsOf(query).size === 1);
    for (const one of answerers.splice(0)) one.stop();
    answerChecks(gh);
    const next = await talk.say(ng, [gh], "query.check", { body });
    await until("the next is answered", () => resultsOf(next).size === 1);
    expect(talk.gateway(gh).exchange.list({ box: "out", limit: 200 }).items).toHaveLength(before + 2);
  }); // prettier-ignore

  it("finds nothing of what is kept from the state that asks", async () => {
    const hidden = { plate: "GR 9900-26", plateCountry: "GH", make: "Kia" };
    const asked = { ...body, querySubjects: [{ ...subject, plain: { identifier: hidden.plate, issuerCountry: "GH" } }] };
    await talk.say(gh, [sn], "dissemination.consent_request").catch(() => undefined);
    const open = await talk.say(gh, [], "record.stolen_vehicle", { body: { vehicle: { ...hidden, plate: "GR 9901-26" }, registrarCountry: "GH" } });
    expect(talk.gateway(ng).exchange.find(open)?.state).toBe("VERIFIED");
    const kept = await talk.refused(gh, [], "record.stolen_vehicle", { body: { vehicle: hidden, registrarCountry: "GH" }, inner: { protectedFrom: ["NG"] } });
    expect(kept).toBe("FEED_REACHES_PROTECTED");
    const query = await talk.say(ng, [gh], "query.check", { body: asked });
    await until("it is answered", () => resultsOf(query).size === 1);
    expect(resultsOf(query).get(gh)).toEqual(["NO_HIT"]);
  }); // prettier-ignore
});

describe("T28 what is held on a hit", () => {
  it("is asked for by the reference after a person confirmed it, and due in 48 hours", async () => {
    const subject = { ref: "car", kind: "VEHICLE", plain: { identifier: "GR 4471-26", issuerCountry: "GH" } };
    const thread = await talk.say(ng, [gh], "query.check", { body: { querySubjects: [subject], recordKinds: ["STOLEN_VEHICLE"] } });
    await until("it is answered", () => resultsOf(thread).size === 1);
    const { exchange } = talk.gateway(ng);
    const result = exchange.list({ box: "in", filters: { type: ["query.result"] }, limit: 1 }).items[0]?.id ?? "";
    const { queryAnswers } = exchange.find(result)!.body as { readonly queryAnswers: readonly { readonly hits: readonly { readonly hitRef: string }[] }[] };
    const hitRef = queryAnswers[0]?.hits[0]?.hitRef ?? "";
    const asking = ({ thread, about: result, body: { queryId: thread, resultId: result, hitRefs: [hitRef], confirmedAt: renderInstant(world.clock.now()), heldUntil: undefined, subjectHeld: false } });
    expect(await talk.refused(ng, [gh], "core_data.request", { ...asking, body: { ...asking.body, hitRefs: ["GH-99"] } })).toBe("WORK_OUT_OF_TURN");
    const opening = await talk.say(ng, [gh], "core_data.request", asking);
    const matter = talk.matter(gh, thread, opening);
    expect(matter).toMatchObject({ workflow: "CORE_DATA", state: "ASKED" });
    const by = matter?.awaited.find(({ closing }) => closing === "RESULT")?.by;
    expect(Math.abs(Date.parse(by ?? "") - world.clock.now() - 48 * hour)).toBeLessThan(60_000);
  }); // prettier-ignore
});

describe("T30 an alert in two editions", () => {
  it("is entered once, read in the name by those named and without by the region, and withdrawn from both by one word", async () => {
    const { exchange } = talk.gateway(ng);
    const said = { text: "Kofi Boateng was seen at the quay", lang: "en" };
    const body = { kind: "drugs", occurredFrom: renderInstant(world.clock.now()), place: { country: "NG" }, narrative: said, caseStatus: "REPORTED", caseRef: "A-30", arrested: 1 };
    const alert = { type: "alert.incident", crimes: ["drugs"], recipients: [gh], handling: "H1", project: { recs: ["ecowas"], handling: "H1" }, body };
    const { id, projection } = await exchange.submit(alert, "T30");
    const regional = projection?.id ?? "";
    for (const [agency, held] of [[gh, id], [gh, regional], [sn, regional]] as const) await until(`${agency} holds it`, () => talk.gateway(agency).exchange.find(held) !== undefined);
    expect(talk.gateway(sn).exchange.find(regional)).toMatchObject({ state: "VERIFIED", body: { kind: "drugs", arrested: 1 } });
    expect([JSON.stringify(talk.gateway(sn).exchange.find(regional)).includes("Boateng"), talk.gateway(sn).exchange.find(id)]).toEqual([false, undefined]);
    const cancel = { type: "alert.cancel", crimes: ["drugs"], recs: ["ecowas"], handling: "H1", body: { targetId: regional, reason: "DIED", recipientsMustPurge: false, explanation: said } };
    const taken = await exchange.submit(cancel, "T30 taken back");
    const states = (agency: string): readonly string[] => talk.desk(agency).thread(regional).matters.map(({ state }) => state);
    await until("gh knows of both", () => states(gh).join() === "WITHDRAWN,WITHDRAWN");
    await until("sn knows of its own", () => states(sn).join() === "WITHDRAWN");
    expect(talk.gateway(sn).exchange.find(taken.projection?.id ?? "")?.body).toEqual({ targetId: regional, reason: "RESOLVED", recipientsMustPurge: false });
    expect(talk.gateway(gh).exchange.find(taken.id)?.body).toMatchObject({ targetId: id, reason: "DIED", explanation: said });
  }); // prettier-ignore
});

describe("T8 what is sent to one agency", () => {
  it("is not to be read by another that gets hold of its bytes", async () => {
    const id = await talk.say(ng, [gh], "request.information");
    const raw = talk.gateway(ng).exchange.original(id);
    expect(raw).toBeDefined();
    const { openBody } = await import("../../gateways/crypto/index.ts");
    const { decodeMessage, parseEnvelope } = await import("../../schemas/index.ts");
    const { sealed, envelope } = decodeMessage(raw!);
    const { id: own, originator } = parseEnvelope(envelope);
    const open = (agency: string) => openBody({ sealed: sealed!, originator, id: own, encryptions: ["A256GCM"], keys: talk.gateway(agency).office.keys });
    await expect(open(gh)).resolves.toBeDefined();
    for (const agency of [sn, lr, fiuB]) await expect(open(agency)).rejects.toMatchObject({ name: "Fault" });
  }); // prettier-ignore
});

describe("T19 one request to several agencies", () => {
  it("is a thread and a clock with each, and nobody is told of the others unless the asker says so", async () => {
    const groupId = "01a1f640-bc00-734d-8ab3-74a40d891ccc";
    const body = { groupId, alsoAsked: [], othersShown: false };
    const first = await talk.say(ng, [gh], "request.information", { body });
    const second = await talk.say(ng, [sn], "request.information", { body });
    await talk.say(gh, [ng], "request.acknowledge", { thread: first, body: received() });
    expect(talk.matter(ng, first)).toMatchObject({ state: "ACKNOWLEDGED", other: gh });
    expect(talk.matter(ng, second)).toMatchObject({ state: "SENT", other: sn });
    expect(JSON.stringify(talk.gateway(gh).exchange.find(first))).not.toContain(sn);
    expect(talk.gateway(gh).exchange.find(second)).toBeUndefined();
    expect(await talk.refused(ng, [gh, sn], "request.information", { body })).toMatch(/^RULE_/);
    const shown = await talk.say(ng, [gh, sn], "request.information", { body: { ...body, othersShown: true } });
    expect(talk.gateway(sn).exchange.find(shown)?.recipients).toEqual([gh, sn]);
    expect(talk.desk(ng).thread(shown).matters.map(({ other }) => other).toSorted()).toEqual([gh, sn]);
  }); // prettier-ignore
});

describe("T20 a request", () => {
  it("is closed by feedback or its waiver alone, and by the asker", async () => {
    for (const closing of ["fiu.feedback", "feedback.waiver"] as const) {
      const thread = await talk.say(fiuA, [fiuB], "fiu.request");
      await talk.say(fiuB, [fiuA], "request.acknowledge", { thread, body: received() });
      const reply = await talk.say(fiuB, [fiuA], "fiu.reply", { thread, body: { pending: [], waitingFor: [] } });
      expect(talk.matter(fiuA, thread)).toMatchObject({ state: "ANSWERED", isEnded: false, awaited: [{ closing: "FEEDBACK", of: fiuA }] });
      const body = closing === "fiu.feedback" ? { targetId: reply } : { targetIds: [reply], feedbackBy: undefined, waiverReason: "NO_USE_MADE" };
      expect(await talk.refused(fiuB, [fiuA], closing, { thread, body })).toBe("WORK_OUT_OF_TURN");
      await talk.say(fiuA, [fiuB], closing, { thread, body });
      expect(talk.matter(fiuB, thread)).toMatchObject({ isEnded: true, awaited: [] });
    }
  }); // prettier-ignore
});

describe("T27 deadlines", () => {
  it("stand alike on both sides, and a breach is seen by both", async () => {
    const thread = await talk.say(gh, [lr], "request.information", { body: { dueAt: undefined } });
    const dues = [gh, lr].map((agency) => talk.matter(agency, thread)?.awaited.map(({ closing, of }) => `${closing} of ${of}`));
    expect(dues[0]).toEqual(dues[1]);
    expect(dues[0]?.length).toBeGreaterThan(0);
    world.shift(20 * 24 * hour);
    for (const agency of [gh, lr]) {
      await until(`${agency} sees that it is late`, () => talk.desk(agency).awaited({ overdue: true }).some((one) => one.thread === thread));
    }
    world.shift(-20 * 24 * hour);
  }); // prettier-ignore
});
