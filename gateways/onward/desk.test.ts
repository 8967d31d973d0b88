import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { makePassingOnWorld, openPassingOn, type PassingOn } from "../../test/kit/passing-on.ts";
import { exampleNow } from "../../test/kit/submissions.ts";
import { parseUuid } from "../../schemas/ground/index.ts";
import { type CopyAsked, type FiledAsked, makeOnwardDesk } from "./index.ts";
import { findHeld, innerOf } from "./source.ts";

const agencies = ["sn/tcu", "gh/tcu", "gh/moc"];
let world: PassingOn;

beforeAll(async () => {
  world = openPassingOn(await makePassingOnWorld(agencies), agencies);
}, 60_000);

afterAll(() => world?.close());

function write(to: string, change: object = {}, inner: object = {}): object {
  const said = exampleNow("request.information", world.office("gh/tcu").clock.now());
  const own = { ...said.inner, courtUse: undefined, ...inner };
  return JSON.parse(JSON.stringify({ type: "request.information", ...said, handling: "H0", crimes: ["drugs"], recipients: [to], ...change, inner: own })) as object;
} // prettier-ignore

function consent(target: string, grant: object, body: object = {}): object {
  const validUntil = new Date(world.office("gh/tcu").clock.now() + 86_400_000).toISOString();
  const said = { targetIds: [target], consentDecision: "GRANTED", grant: { purposes: ["INVESTIGATION"], crimes: ["drugs"], validUntil, ...grant }, ...body };
  return { type: "dissemination.consent_decision", crimes: ["drugs"], recipients: ["gh/tcu"], inReplyTo: target, inner: {}, body: said };
} // prettier-ignore

const court = { country: "GH", bodyName: "High Court, Accra" };
const courtRecipient = { country: "GH", bodyName: { text: "High Court, Accra", lang: "en" } };

function copyOf(id: string, change: Partial<CopyAsked> = {}): Promise<string> {
  const asked = { id, copy: "COURT", receiver: court, purpose: "INVESTIGATION", by: "person:1", ...change };
  const done = makeOnwardDesk(world.office("gh/tcu")).copied(asked);
  return done.then(() => "given", (error: { readonly code: string }) => error.code);
} // prettier-ignore

function usesOf(id: string) {
  return makeOnwardDesk(world.office("gh/tcu")).uses(id);
}

describe("T17 copies that leave by hand", () => {
  it("a copy for a court is made with consent for that court, purpose and offence, and is logged", async () => {
    const id = await world.send("sn/tcu", write("gh/tcu", { handling: "H1" }));
    expect(await copyOf(id)).toBe("ONWARD_CONSENT_MISSING");
    expect(usesOf(id)).toEqual([]);
    const given = await world.send("sn/tcu", consent(id, { uses: ["COURT_USE"], recipients: [courtRecipient] }));
    const others: readonly Partial<CopyAsked>[] = [
      { receiver: undefined },
      { receiver: { ...court, bodyName: "High Court, Kumasi" } },
      { purpose: "ANALYSIS" },
      { crime: "ml" },
    ];
    for (const one of others) expect(await copyOf(id, one)).toBe("ONWARD_CONSENT_MISSING");
    expect(await copyOf(id)).toBe("given");
    expect(usesOf(id)).toMatchObject([{ kind: "COURT", to: { country: "GH", body: "High Court, Accra" }, uses: ["COURT_USE"], ground: "CONSENT", consent: given, by: "person:1" }]);
  });

  it("consent for one kind of copy gives no other", async () => {
    const id = await world.send("sn/tcu", write("gh/tcu", { handling: "H1" }));
    await world.send("sn/tcu", consent(id, { uses: ["COURT_USE"], recipients: [courtRecipient] }, { copy: "DEFENCE" }));
    expect([await copyOf(id), await copyOf(id, { copy: "DEFENCE" })]).toEqual(["ONWARD_CONSENT_MISSING", "given"]);
  });

  it("what stays with the agency is not asked about, nor is what is its own", async () => {
    const id = await world.send("sn/tcu", write("gh/tcu", { handling: "H2" }));
    expect(await copyOf(id, { copy: "NOMINAL", receiver: undefined })).toBe("given");
    expect(await copyOf(id, { copy: "NOMINAL" })).toBe("ONWARD_CONSENT_MISSING");
    const own = await world.send("gh/tcu", write("sn/tcu", { handling: "H2" }));
    expect(await copyOf(own)).toBe("given");
    expect([usesOf(id), usesOf(own)]).toEqual([[], []]);
  });
}); // prettier-ignore

describe("what an owner is told of the uses of his message", () => {
  it("every receiver with the right it rests on, in a message that can be sent as it is", async () => {
    const id = await world.send("sn/tcu", write("gh/tcu"));
    await world.send("gh/tcu", write("gh/moc", {}, { passesOn: [id] }));
    expect(await copyOf(id)).toBe("given");
    const log = makeOnwardDesk(world.office("gh/tcu")).declare(id);
    expect(log).toMatchObject({
      type: "data.onward_log",
      recipients: ["sn/tcu"],
      body: { entries: [{ targetId: id, givenTo: "gh/moc", notAsked: true }, { targetId: id, givenOutside: { text: "High Court, Accra" }, notAsked: true }] },
    });
    expect(await world.refusal("gh/tcu", log)).toBe("sent");
  });

  it("nothing where nothing was done, and nothing of our own", async () => {
    const id = await world.send("sn/tcu", write("gh/tcu"));
    const own = await world.send("gh/tcu", write("gh/moc"));
    const desk = makeOnwardDesk(world.office("gh/tcu"));
    for (const one of [id, own]) expect(() => desk.declare(one)).toThrow("NOT_FOUND");
  });
}); // prettier-ignore

let files = 0;

function file(ids: readonly string[], change: Partial<FiledAsked> = {}) {
  const asked = { ids, carrier: `file ${(files += 1)}`, receiver: court, purpose: "INVESTIGATION", by: "person:1", ...change };
  return makeOnwardDesk(world.office("gh/tcu")).filed(asked);
} // prettier-ignore

describe("T17 messages in a file that leaves", () => {
  it("go each by its own right: what has none stays out and leaves no use", async () => {
    const free = await world.send("sn/tcu", write("gh/tcu"));
    const strict = await world.send("sn/tcu", write("gh/tcu", { handling: "H2" }));
    const own = await world.send("gh/tcu", write("sn/tcu", { handling: "H2" }));
    expect([...(await file([free, strict, own, "0190c6a0-0000-7000-8000-000000000001"]))]).toEqual([[strict, "CONSENT"], ["0190c6a0-0000-7000-8000-000000000001", "GONE"]]);
    expect([usesOf(free).length, usesOf(strict), usesOf(own)]).toEqual([1, [], []]);
  });

  it("with a consent for the receiver, the purpose and the offence they go, and not once it is taken back", async () => {
    const id = await world.send("sn/tcu", write("gh/tcu", { handling: "H2" }));
    const given = await world.send("sn/tcu", consent(id, { uses: ["ONWARD_LE"], recipients: [courtRecipient] }));
    for (const other of [{ purpose: "ANALYSIS" }, { crime: "ml" }, { receiver: { ...court, bodyName: "High Court, Kumasi" } }]) {
      expect([...(await file([id], other)).values()]).toEqual(["CONSENT"]);
    }
    expect(usesOf(id)).toEqual([]);
    for (let reads = 0; reads < 3; reads += 1) expect((await file([id], { carrier: "same" })).size).toBe(0);
    expect(usesOf(id)).toMatchObject([{ kind: "EXPORT", ground: "CONSENT", consent: given, carrier: "same" }]);
    world.pass(1_000);
    await world.send("sn/tcu", { ...consent(id, {}), body: { targetIds: [id], consentDecision: "REVOKED", revokedId: given } });
    expect([...(await file([id], { carrier: "same" })).values()]).toEqual(["CONSENT"]);
    expect(usesOf(id)).toHaveLength(1);
  });

  it("what its sender keeps from somebody goes to no body outside, and to no agency he names, his own or not", async () => {
    const kept = { protectedFrom: ["SN"] };
    const own = await world.send("gh/tcu", write("gh/moc", {}, kept));
    expect([...(await file([own])).values()]).toEqual(["KEPT_FROM"]);
    expect([...(await file([own], { receiver: { agency: "sn/tcu" } })).values()]).toEqual(["KEPT_FROM"]);
    expect((await file([own], { receiver: { agency: "gh/moc" } })).size).toBe(0);
  });

  it("what passes on another's words is judged by the other's word", async () => {
    const origin = await world.send("sn/tcu", write("gh/tcu", { handling: "H1" }, { originatorControlled: true }));
    await world.send("sn/tcu", consent(origin, { uses: ["ONWARD_LE"], recipients: [{ agency: "gh/moc" }] }));
    const carrier = await world.send("gh/tcu", write("gh/moc", { handling: "H1" }, { passesOn: [origin] }));
    expect([...(await file([carrier])).values()]).toEqual(["CONSENT"]);
    expect((await file([carrier], { receiver: { agency: "gh/moc" } })).size).toBe(0);
    expect(usesOf(origin).map(({ kind }) => kind)).toEqual(["ONWARD", "EXPORT"]);
  });
}); // prettier-ignore

const dayMs = 86_400_000;

function days(count: number): string {
  return new Date(world.office("gh/tcu").clock.now() + count * dayMs).toISOString();
}

function keptBy(agency: string, id: string) {
  const { deleteBy, reviewBy } = innerOf(findHeld(world.office(agency).store, parseUuid(id))!)!;
  return { deleteBy, reviewBy };
} // prettier-ignore

const keptLonger = (path: string): string => `SCHEMA_INVALID ${path} ONWARD_KEPT_LONGER`;

describe("how long what is passed on is kept", () => {
  it("the days of its owner stand in where none is said, for whoever has it next", async () => {
    const said = { deleteBy: days(40), reviewBy: days(20) };
    const id = await world.send("sn/tcu", write("gh/tcu", {}, said));
    const later = await world.send("sn/tcu", write("gh/tcu", {}, { deleteBy: days(60), reviewBy: days(10) }));
    const carrier = await world.send("gh/tcu", write("gh/moc", {}, { passesOn: [id, later] }));
    expect(keptBy("gh/moc", carrier)).toEqual({ deleteBy: Date.parse(said.deleteBy), reviewBy: Date.parse(days(10)) });
    const { store } = world.office("gh/moc");
    expect(store.retention.of(findHeld(store, parseUuid(carrier))!.seq)).toMatchObject({ deleteAt: Date.parse(said.deleteBy), keep: "SAID" });
  });

  it("earlier days of its own stay; later ones are refused and nothing is stored", async () => {
    const id = await world.send("sn/tcu", write("gh/tcu", {}, { deleteBy: days(40), reviewBy: days(20) }));
    const sooner = { deleteBy: days(30), reviewBy: days(5) };
    const carrier = await world.send("gh/tcu", write("gh/moc", {}, { passesOn: [id], ...sooner }));
    expect(keptBy("gh/moc", carrier)).toEqual({ deleteBy: Date.parse(sooner.deleteBy), reviewBy: Date.parse(sooner.reviewBy) });
    const before = world.office("gh/tcu").store.messages.count("out", "QUEUED");
    expect(await world.refusal("gh/tcu", write("gh/moc", {}, { passesOn: [id], deleteBy: days(41) }))).toBe(keptLonger("/inner/deleteBy"));
    expect(await world.refusal("gh/tcu", write("gh/moc", {}, { passesOn: [id], reviewBy: days(21) }))).toBe(keptLonger("/inner/reviewBy"));
    expect(await world.refusal("gh/tcu", write("gh/moc", { supersedes: carrier }, { deleteBy: days(41) }))).toBe(keptLonger("/inner/deleteBy"));
    expect(world.office("gh/tcu").store.messages.count("out", "QUEUED")).toBe(before);
  });

  it("the time of its type binds where its owner said no day", async () => {
    const id = await world.send("sn/tcu", write("gh/tcu"));
    expect(await world.refusal("gh/tcu", write("gh/moc", {}, { passesOn: [id], deleteBy: days(4000) }))).toBe(keptLonger("/inner/deleteBy"));
  });

  it("its owner gives more time, and nobody else: our own word for what passes it on does not", async () => {
    const id = await world.send("sn/tcu", write("gh/tcu", {}, { deleteBy: days(40) }));
    const carrier = await world.send("gh/tcu", write("gh/moc", {}, { passesOn: [id] }));
    const extend = (to: string, target: string): object => ({ type: "data.retention_extend", crimes: ["drugs"], recipients: [to], inner: {}, body: { retentionReason: "CASE_OPEN", justification: { text: "trial goes on", lang: "en" }, approvedBy: { text: "Head of unit", lang: "en" }, approvalRef: "A-7", targetIds: [target], deletionAt: days(40), newDeletionAt: days(80), approvedAt: days(0) } });
    expect(await world.refusal("gh/tcu", extend("gh/moc", carrier))).toBe("ONWARD_KEPT_LONGER /body/newDeletionAt ONWARD_KEPT_LONGER");
    await world.send("sn/tcu", extend("gh/tcu", id));
    expect(await world.refusal("gh/tcu", extend("gh/moc", carrier))).toBe("sent");
    expect(await world.refusal("gh/tcu", write("gh/moc", {}, { passesOn: [id], deleteBy: days(79) }))).toBe("sent");
  });

  it("nothing is made of what was to be gone already", async () => {
    const id = await world.send("sn/tcu", write("gh/tcu", {}, { deleteBy: days(1) }));
    world.pass(2 * dayMs);
    expect(await world.refusal("gh/tcu", write("gh/moc", {}, { passesOn: [id] }))).toBe(keptLonger("/inner/passesOn"));
  });
}); // prettier-ignore
