import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import {
  bodyCodecs,
  bodyMessageName,
  decodeParts,
  descriptors,
  joinParts,
  messageTypes,
  parseBody,
  parseEnvelope,
  decodeMessage,
  regionalFields,
  renderJson,
} from "../schemas/index.ts";
import { exampleInstant, exampleOf } from "../schemas/examples/index.ts";
import { isFault, parseUuid, renderUuid } from "../schemas/ground/index.ts";
import { findPersonal } from "../schemas/rules/index.ts";
import { makeDice } from "./kit/dice.ts";
import { drawChange } from "./kit/drawn-body.ts";
import {
  handedKeys,
  handedOf,
  handKeys,
  type MadeOffice,
  makeOffice,
} from "./kit/gateway-office.ts";
import { type GatewayWorld, makeGatewayWorld } from "./kit/gateway-world.ts";
import type { Draft } from "../gateways/release/index.ts";
import { regionalSubmission } from "../gateways/exchange/editions.ts";
import { innerOf } from "../gateways/exchange/inherited.ts";
import { showPreview } from "../gateways/exchange/preview.ts";
import { loadThread } from "../gateways/work/index.ts";
import { stopMessage } from "../gateways/exchange/stop.ts";
import { submit, submitBy } from "../gateways/exchange/submit.ts";
import { makeTakePublications } from "../gateways/exchange/take-publications.ts"; // prettier-ignore

const someId = "018f3c2a-7b1e-7c3d-9a4b-5c6d7e8f9a0b";
const types = messageTypes.filter((type) => regionalFields(type) !== undefined);
const now = exampleInstant;
let world: GatewayWorld;
let office: MadeOffice;

beforeAll(async () => {
  world = await makeGatewayWorld(["ng/tcu", "gh/tcu", "ci/tcu", "sn/tcu"], {
    now,
    types: ["seizure.*", "firearm.*", "record.*", "alert.*", "som.*", "data.*"],
  });
});
beforeEach(() => {
  office = makeOffice(world, "ng/tcu");
});
afterEach(() => office.close());

type Type = (typeof types)[number];

function submissionOf(type: Type): Record<string, unknown> {
  const { crimes, body, inner } = exampleOf(type);
  const { purposes, caseRef } = inner;
  return {
    type,
    crimes,
    body,
    inner: {
      purposes,
      caseRef,
      urgencyReason: { text: "Kofi Boateng leaves tonight", lang: "en" },
    },
    handling: "H2",
    recipients: ["gh/tcu"],
    project: { recs: ["ecowas"], handling: "H1" },
  };
}

const seizure = (): Record<string, unknown> => {
  // no operation is open in this world
  const { operationId: _none, ...body } = exampleOf("seizure.report").body;
  return { ...submissionOf("seizure.report"), body };
};

/** The code of a fault, and the places it points to. */
async function faultOf(act: Promise<unknown>): Promise<{ code: string; paths: readonly string[] }> {
  try {
    await act;
  } catch (error) {
    if (isFault(error))
      return { code: error.code, paths: error.violations.map(({ path }) => path) };
    throw error;
  }
  return { code: "none", paths: [] };
}

const stored = (id: string) => office.store.messages.find(parseUuid(id))!;

/** Every text in a value, however deep. */
function textsOf(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsOf) : [];
}

describe("one submission, a nominal and a regional edition", () => {
  it("types have both that are whole without what the region does not see", () => {
    expect(types.toSorted()).toEqual(["alert.cancel", "alert.incident", "alert.update", "firearm.diversion", "seizure.report", "som.movement"]);
    // of one named person, of one victim or case, of an object that is looked for there is nothing left to tell
    for (const type of ["notice.wanted", "tip.case", "tip.victim", "tip.perpetrator", "record.stolen_vehicle", "fiu.request", "bulletin.red_flag"]) {
      expect(regionalFields(type)).toBeUndefined();
    }
  }); // prettier-ignore

  it("T30: one act makes two messages, each with its own readers, in one write", async () => {
    const shown = await showPreview(office, seizure());
    const sent = await submit(office, seizure(), "k1");
    expect(sent.audience).toEqual(["gh/tcu"]);
    expect(new Set(sent.projection?.audience)).toEqual(new Set(["ci/tcu", "gh/tcu", "sn/tcu"]));
    // what was shown is what was sent
    expect(shown.message.audience).toEqual(sent.audience);
    expect(shown.regional?.message.audience).toEqual(sent.projection?.audience);
    const [nominal, regional] = [stored(sent.id), stored(sent.projection!.id)];
    expect([nominal.handling, nominal.recs, regional.handling, regional.recs]).toEqual(["H2", [], "H1", ["ecowas"]]);
    expect(await submit(office, seizure(), "k1")).toEqual({ ...sent, created: false });
  }); // prettier-ignore

  it("neither is stored when the write of both fails", async () => {
    const before = office.store.outbox.last();
    const also = (): never => {
      throw new Error("no");
    };
    await expect(submitBy(office, seizure(), { key: "k2", also })).rejects.toThrow("no");
    expect([office.store.outbox.last(), office.store.messages.count("out", "QUEUED")]).toEqual([before, 0]);
  }); // prettier-ignore

  it("the nominal one stands in the thread of the regional, which says nothing of it", async () => {
    const sent = await submit(office, seizure(), "k3");
    const [nominal, regional] = [stored(sent.id), stored(sent.projection!.id)];
    expect(Buffer.from(innerOf(nominal.parts!).threadId!)).toEqual(Buffer.from(regional.id));
    const envelope = parseEnvelope(decodeMessage(regional.raw).envelope);
    const inner = innerOf(regional.parts!);
    expect([envelope.threadId, envelope.inReplyTo, inner.caseRef, inner.urgencyReason]).toEqual([undefined, undefined, undefined, undefined]);
    expect(Buffer.from(regional.parts!).includes(Buffer.from(nominal.id))).toBe(false);
    expect(office.store.editions.otherOf(regional.id)).toEqual(nominal.id);
  }); // prettier-ignore

  it("to stop one before it leaves stops both", async () => {
    const sent = await submit(office, seizure(), "k4");
    await stopMessage(office, sent.projection!.id);
    expect([stored(sent.id).state, stored(sent.projection!.id).state]).toEqual([
      "STOPPED",
      "STOPPED",
    ]);
  });

  it("its named reader is given both and proves both; another proves the regional alone", async () => {
    const [gh, ci] = [makeOffice(world, "gh/tcu"), makeOffice(world, "ci/tcu")];
    const sent = await submit(office, seizure(), "k5");
    await handKeys(office);
    const all = [...handedOf(office, stored(sent.projection!.id).seq), ...handedOf(office, stored(sent.id).seq)];
    for (const reader of [gh, ci]) {
      const take = makeTakePublications(reader, { refreshRegister: () => Promise.resolve(false), held: () => undefined });
      await take([...handedKeys(office, reader.agency), ...all]);
    }
    const held = (reader: MadeOffice, id: string) => reader.store.messages.find(parseUuid(id));
    expect([held(gh, sent.id)?.type, held(gh, sent.projection!.id)?.type]).toEqual(["seizure.report", "seizure.report"]);
    expect([held(ci, sent.id), held(ci, sent.projection!.id)?.state]).toEqual([undefined, "VERIFIED"]);
    gh.close();
    ci.close();
  }); // prettier-ignore
});

/** An alert in both editions, as it is sent first. */
const incident = (): Record<string, unknown> => submissionOf("alert.incident");

function bodyAt(id: string): Record<string, unknown> {
  const { type, parts } = stored(id);
  return renderJson(bodyMessageName(type as Type), bodyCodecs[type as Type].decode(joinParts(decodeParts(parts!).parts).body)) as Record<string, unknown>;
} // prettier-ignore

/** Both editions of an alert, and what acts on one of them. */
async function actOn(
  make: (ids: { nominal: string; regional: string }) => Record<string, unknown>,
) {
  const sent = await submit(office, incident(), "first");
  const ids = { nominal: sent.id, regional: sent.projection!.id };
  const acted = await submit(office, { crimes: ["drugs"], handling: "H1", ...make(ids) }, "act");
  return { ids, acted };
}

const cancelOf = (targetId: string, more: object = {}) => ({ targetId, reason: "ERROR", recipientsMustPurge: true, purgeBy: new Date(now + 86_400_000).toISOString(), ...more }); // prettier-ignore

describe("what acts on one edition acts on both, in one write", () => {
  it.each(["nominal", "regional"] as const)("a cancellation of the %s one: each by its own id, in its own thread", async (named) => {
    const { ids, acted } = await actOn((all) => ({
      type: "alert.cancel",
      ...(named === "nominal" ? { recipients: ["gh/tcu"] } : { recs: ["ecowas"] }),
      body: cancelOf(all[named], { explanation: { text: "Kofi Boateng was not there", lang: "en" } }),
    }));
    const regional = acted.projection!.id;
    expect([bodyAt(acted.id)["targetId"], bodyAt(regional)["targetId"]]).toEqual([ids.nominal, ids.regional]);
    expect([acted.audience, new Set(acted.projection!.audience)]).toEqual([["gh/tcu"], new Set(["gh/tcu", "ci/tcu", "sn/tcu"])]);
    expect([bodyAt(acted.id)["explanation"], bodyAt(regional)["explanation"]]).toEqual([expect.anything(), undefined]);
    expect(Buffer.from(stored(regional).parts!).includes(Buffer.from(parseUuid(ids.nominal)))).toBe(false);
    const { lanes } = loadThread(office, parseUuid(ids.regional));
    expect(lanes.filter(({ workflow }) => workflow === "ALERT").map(({ state }) => state)).toEqual(["WITHDRAWN", "WITHDRAWN"]);
  }); // prettier-ignore

  it("a reason that speaks of a person is told to those named, and not to the region", async () => {
    for (const [reason, plain] of [["PROTECTION_GRANTED", "ERROR"], ["DIED", "RESOLVED"], ["LEGAL_ORDER", "ERROR"], ["SUPERSEDED", "EXPIRED"]] as const) {
      office.close();
      office = makeOffice(world, "ng/tcu");
      // told to those named alone
      const { id: alone } = await submit(office, { ...incident(), project: undefined }, "alone");
      const { acted } = await actOn(({ nominal }) => ({
        type: "alert.cancel",
        recipients: ["gh/tcu"],
        body: cancelOf(nominal, { reason, orderRef: "EX-4", ...(reason === "SUPERSEDED" ? { successorId: alone } : {}) }),
      }));
      expect([bodyAt(acted.id)["reason"], bodyAt(acted.projection!.id)["reason"]]).toEqual([reason, plain]);
    }
  }); // prettier-ignore

  it("an update goes to the region with what the region sees, and not at all where it sees nothing of it", async () => {
    const summary = { text: "Kofi Boateng was arrested", lang: "en" };
    const { ids, acted } = await actOn(({ nominal }) => ({ type: "alert.update", recipients: ["gh/tcu"], body: { targetId: nominal, reason: "ARREST", summary, arrested: 2 } }));
    expect(bodyAt(acted.projection!.id)).toEqual({ targetId: ids.regional, reason: "ARREST", arrested: 2 });
    const body = { targetId: ids.nominal, reason: "NEW_INFORMATION", summary };
    const quiet = await submit(office, { type: "alert.update", crimes: ["drugs"], handling: "H1", recipients: ["gh/tcu"], body }, "quiet");
    expect(quiet.projection).toBeUndefined();
  }); // prettier-ignore

  it("a correction tells the region's readers of the fields they see, and of no other", async () => {
    const changes = [
      { pointer: "/persons/0/birth", change: "REMOVED" },
      { pointer: "/arrested", change: "REPLACED", newValue: "3" },
    ];
    const times = { effectiveAt: new Date(now).toISOString(), deadline: new Date(now + 86_400_000).toISOString() };
    const { ids, acted } = await actOn(({ nominal }) => ({
      type: "data.correct",
      recipients: ["gh/tcu"],
      body: { targetId: nominal, correctionReason: "IDENTITY_CONFUSION", subjectRefs: ["p1"], changes, ...times },
    }));
    const told = bodyAt(acted.projection!.id);
    expect(told).toMatchObject({ targetId: ids.regional, correctionReason: "ERROR", changes: [changes[1]] });
    expect([told["subjectRefs"], new Set(acted.projection!.audience)]).toEqual([undefined, new Set(["gh/tcu", "ci/tcu", "sn/tcu"])]);
    const alone = { targetId: ids.nominal, correctionReason: "ERROR", changes: [changes[0]], ...times };
    const quiet = await submit(office, { type: "data.correct", crimes: ["drugs"], handling: "H1", recipients: ["gh/tcu"], body: alone }, "quiet");
    expect(quiet.projection).toBeUndefined();
  }); // prettier-ignore

  it("what supersedes one supersedes both", async () => {
    const { ids, acted } = await actOn(({ regional }) => ({
      ...incident(),
      supersedes: regional,
      project: undefined,
    }));
    const inner = innerOf(stored(acted.id).parts!);
    const outer = parseEnvelope(decodeMessage(stored(acted.projection!.id).raw).envelope);
    expect([renderUuid(inner.supersedes!), renderUuid(outer.supersedes!)]).toEqual([
      ids.nominal,
      ids.regional,
    ]);
  });

  it.each<[string, string, (ids: { nominal: string }) => Record<string, unknown>]>([
    ["a project for what has no regional edition", "COPY_NOT_POSSIBLE", () => ({ recipients: ["gh/tcu"], project: { recs: ["ecowas"] }, body: cancelOf(someId) })],
    ["both those named and the region, said as one", "SCHEMA_INVALID", ({ nominal }) => ({ recipients: ["gh/tcu"], recs: ["ecowas"], body: cancelOf(nominal) })],
    ["a community we do not publish in", "MANDATE_MISSING", ({ nominal }) => ({ recipients: ["gh/tcu"], project: { recs: ["sadc"] }, body: cancelOf(nominal) })],
  ])("%s is refused, and neither is stored", async (_, code, make) => {
    const sent = await submit(office, incident(), "first");
    const before = office.store.outbox.last();
    const refused = submit(office, { type: "alert.cancel", crimes: ["drugs"], handling: "H1", ...make({ nominal: sent.id }) }, "act");
    expect((await faultOf(refused)).code).toBe(code);
    expect(office.store.outbox.last()).toBe(before);
  }); // prettier-ignore

  it("what went to a feed is not cancelled to some of its readers alone", async () => {
    const { recipients: _, project: __, ...feed } = incident();
    const { id } = await submit(office, { ...feed, recs: ["ecowas"] }, "feed");
    const cancel = { type: "alert.cancel", crimes: ["drugs"], handling: "H1", recipients: ["gh/tcu"], body: cancelOf(id) };
    expect(await faultOf(submit(office, cancel, "act"))).toEqual({ code: "SCHEMA_INVALID", paths: ["/recipients"] });
  }); // prettier-ignore
});

describe("what is refused, and leaves nothing behind", () => {
  it.each<[string, Record<string, unknown>, readonly unknown[]]>([
    ["a type without a regional edition", { type: "notice.missing" }, ["SCHEMA_INVALID", "/project"]],
    ["no named recipient", { recipients: undefined, recs: ["ecowas"] }, ["SCHEMA_INVALID", "/recipients"]],
    ["both recipients and recs", { recs: ["ecowas"] }, ["SCHEMA_INVALID", "/recs"]],
    ["a handling that is none", { project: { recs: ["ecowas"], handling: "H9" } }, ["SCHEMA_INVALID", "/project/handling"]],
    ["no community", { project: { recs: [] } }, ["SCHEMA_INVALID", "/project/recs"]],
    ["a community we do not publish in", { project: { recs: ["sadc"] } }, ["MANDATE_MISSING", "/project/recs/0"]],
    ["a handling above our mandate there", { project: { recs: ["ecowas"], handling: "H3" } }, ["SCHEMA_INVALID", "/inner/h3Text"]],
    ["a person kept from a state that reads the feed", { inner: { protectedFrom: ["SN"] } }, ["FEED_REACHES_PROTECTED", "/inner/protectedFrom"]],
  ])("%s", async (_, change, expected) => {
    const { code, paths } = await faultOf(submit(office, { ...seizure(), ...change }, "k"));
    expect([code, paths]).toEqual([expected[0], expect.arrayContaining([expected[1]])]);
    expect(office.store.messages.count("out", "QUEUED")).toBe(0);
  }); // prettier-ignore
});

describe("the region learns of nobody", () => {
  const none = { inner: { protectedFrom: [], excludedRecipients: [], passesOn: [] } };

  it.each(types)("%s: no field and no text beside those of the regional edition, whatever the body", (type) => {
    const shown = regionalFields(type)!;
    const dice = makeDice(`editions ${type}`);
    for (let draw = 0; draw < 40; draw += 1) {
      const change = draw === 0 ? {} : drawChange(type, dice, [someId]);
      const body: Record<string, unknown> = { ...exampleOf(type).body, ...change };
      const { project } = submissionOf(type);
      const nominal = { type, ...none } as unknown as Draft;
      const regional = regionalSubmission({ ...submissionOf(type), project, body }, nominal)!;
      expect(Object.keys(regional["body"] as object).filter((name) => !shown.has(name))).toEqual([]);
      expect(findPersonal(bodyMessageName(type), parseBody(type, regional["body"]))).toEqual([]);
      const allowed = new Set(textsOf(regional["body"]));
      const nominalOnly = Object.entries(body).filter(([name]) => !shown.has(name));
      const secret = textsOf(nominalOnly.map(([, value]) => value)).filter((one) => one.length > 5 && ![...allowed].some((text) => text.includes(one)));
      const whole = JSON.stringify(regional);
      expect(secret.filter((one) => whole.includes(JSON.stringify(one).slice(1, -1)))).toEqual([]);
      expect(whole).not.toContain("Kofi Boateng");
    }
  }); // prettier-ignore

  it("nor do the bytes that are signed, of any of the examples", async () => {
    const sent = await submit(office, seizure(), "bytes");
    const bytes = Buffer.from(stored(sent.projection!.id).parts!);
    const shown = regionalFields("seizure.report")!;
    const { body } = exampleOf("seizure.report");
    const allowed = textsOf(Object.entries(body).filter(([name]) => shown.has(name)));
    const secret = textsOf(Object.entries(body).filter(([name]) => !shown.has(name))).filter((one) => one.length > 5 && !allowed.some((text) => text.includes(one)));
    expect(secret.length).toBeGreaterThan(10);
    expect(secret.filter((one) => bytes.includes(one))).toEqual([]);
    const numbers = descriptors[bodyMessageName("seizure.report")]!.fields.filter(({ name }) => !shown.has(name));
    expect(numbers.length).toBeGreaterThan(10);
  }); // prettier-ignore
});
