import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { exampleInstant, exampleOf, shiftInstants } from "../../schemas/examples/index.ts";
import { renderInstant } from "../../schemas/index.ts";
import { parseUuid, silentLog } from "../../schemas/ground/index.ts";
import { type AuditWorld, makeAuditWorld, makeCaller } from "../../test/kit/audit-world.ts";
import { makeDirectoryDesk } from "../directory/index.ts";
import { makeMlaDesk } from "../drafts/index.ts";
import { submit } from "../exchange/submit.ts";
import { makeWorkDesk } from "../work/index.ts";

const now = 1_780_272_000_000;
const day = 86_400_000;
let world: AuditWorld;
let asked: string;
let reply: string;

type Json = Record<string, unknown>;

/** What an example says, at this time. */
function bodyOf(type: Parameters<typeof exampleOf>[0], change: Json = {}): Json {
  const { body } = shiftInstants(structuredClone(exampleOf(type)), now - exampleInstant) as Json;
  return { ...(body as Json), ...change };
}

const request = (): Json => ({
  type: "request.information",
  crimes: ["drugs"],
  recipients: ["ng/tcu"],
  inner: { caseRef: "GH-1", purposes: ["INVESTIGATION"] },
  body: bodyOf("request.information", { groupId: undefined, leadId: undefined, attachments: [], courtUseAsked: true }),
}); // prettier-ignore

const finding = { text: "The lorry was sold in Kano.", lang: "en" };

function answer(to: string): Json {
  const { persons: _persons, attachments: _files, consents: _consents, ...rest } = bodyOf("reply.final");
  const person = { ref: "p1", roles: ["SUSPECT"], sex: "M", names: [{ kind: "LEGAL", full: "Bola Example" }] };
  const itemAnswers = [{ item: "IDENTITY", outcome: "HIT", refs: ["p1"], text: finding }];
  const body = { ...rest, outcome: "HIT", itemCodes: ["IDENTITY"], itemAnswers, persons: [person], organisations: [], objects: undefined, remarks: finding };
  return { type: "reply.final", crimes: ["drugs"], recipients: ["gh/tcu"], handling: "H1", threadId: to, inReplyTo: to, inner: { evaluation: { scheme: "EUROPOL_4X4", sourceGrade: "EUROPOL_B", informationGrade: "EUROPOL_2" } }, body };
} // prettier-ignore

/** ng/tcu lets ci/tcu, and nobody else, have it for the court. */
function consent(): Json {
  const uses = ["COURT_USE", "ONWARD_LE", "ONWARD_THIRD_STATE"];
  const grant = { uses, recipients: [{ agency: "ci/tcu" }], purposes: ["INVESTIGATION"], crimes: ["drugs"], validUntil: renderInstant(now + 90 * day) };
  const body = { targetIds: [reply], consentDecision: "GRANTED", grant };
  return { type: "dissemination.consent_decision", crimes: ["drugs"], recipients: ["gh/tcu"], inReplyTo: reply, inner: {}, body };
} // prettier-ignore

async function draft(query = "?to=ci/tcu", as = "officer"): ReturnType<AuditWorld["ask"]> {
  return await world.ask(`/v1/threads/${asked}/mla-draft${query}`, as, { headers: { "atumpan-purpose": "INVESTIGATION" } });
} // prettier-ignore

async function give(message: unknown, accept = "text/plain;lang=fr"): ReturnType<AuditWorld["ask"]> {
  const headers = { "content-type": "application/json", accept, "atumpan-purpose": "INVESTIGATION" };
  return await world.ask("/v1/mla-documents", "officer", { method: "POST", headers, body: JSON.stringify({ message }) });
} // prettier-ignore

/** What a central authority adds to a draft. */
function completed(message: Json): Json {
  const { offences, dualCriminality, measures, issuingBody } = bodyOf("mla.request");
  const [measure] = measures as readonly Json[];
  const { refs: _refs, freezeId: _freeze, ...described } = measure!;
  return {
    ...message,
    recipients: ["ci/central"],
    inner: { ...(message["inner"] as Json), legalBasis: [{ scheme: "UNTOC", code: "18" }], contact: exampleOf("mla.request").inner["contact"] },
    body: {
      ...(message["body"] as Json),
      assistance: ["BANK_RECORDS"],
      requesting: { country: "GH", agency: "gh/central", name: { text: "Attorney-General (example)", lang: "en" } },
      requested: { country: "CI", agency: "ci/tcu", name: { text: "Autorité centrale (exemple)", lang: "fr" } },
      offences,
      issuingBody,
      dualCriminality,
      linkToAssistance: { text: "The account shows it.", lang: "en" },
      measures: [described],
    },
  };
} // prettier-ignore

beforeAll(async () => {
  world = await makeAuditWorld(now, {
    types: ["request.*", "reply.*", "dissemination.*", "directory.*", "mla.*"],
    services: (office) => {
      const { agency, store, clock, register } = office;
      const place = { agency, store, clock, register };
      const noSending = (): Promise<void> => Promise.resolve();
      return {
        work: makeWorkDesk({ ...place, terms: () => ({ due: () => undefined }) }),
        mla: makeMlaDesk(place),
        directory: makeDirectoryDesk({ ...place, log: silentLog, submit: noSending }),
      };
    },
  });
  world.callers.set("officer", makeCaller("officer", { roles: new Set(["officer"]) }));
  asked = (await submit(world.reader, request(), "asked")).id;
  reply = await world.receive(answer(asked));
});
afterAll(() => world.close());

describe("a formal request from a police thread (T42)", () => {
  it("holds what our own messages say and who asks whom, and names field by field what it lacks", async () => {
    const { status, json } = await draft();
    expect(status).toBe(200);
    const { message, missing, complete, used } = json as { message: Json; missing: Json[]; complete: boolean; used: string[] };
    expect([complete, used]).toEqual([false, [asked]]);
    expect(message).toMatchObject({ type: "mla.request", crimes: ["drugs"], recipients: ["ci/tcu"], handling: "H1", inner: { courtUse: "YES_VIA_MLA", purposes: ["INVESTIGATION"] } });
    expect(message["body"]).toMatchObject({ requesting: { country: "GH" }, requested: { country: "CI", agency: "ci/tcu" }, facts: bodyOf("request.information")["facts"] });
    const paths = missing.map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(["/body/assistance", "/body/linkToAssistance"]));
    expect(missing.every(({ code }) => typeof code === "string")).toBe(true);
  });

  it("holds nothing of what another gave without consent: it is a lead, and it is said whom to ask", async () => {
    const { json, text } = await draft();
    expect(text).not.toContain("Bola Example");
    expect(text).not.toContain("Kano");
    expect(json["leftOut"]).toEqual([{ message: reply, type: "reply.final", owner: "ng/tcu", use: "COURT_USE", askWith: "dissemination.consent_request" }]);
    const { body } = json["message"] as { body: Json };
    expect(body["priorContacts"]).toEqual([{ messageId: reply, handling: "H1", agency: "ng/tcu", usedAs: "LEAD" }]);
  });

  it("is no document while something essential is missing, nor while another's words lack consent", async () => {
    const { json } = await draft();
    const begun = await give(json["message"]);
    expect([begun.status, begun.json["code"]]).toEqual([422, "SCHEMA_INVALID"]);
    expect((begun.json["errors"] as readonly Json[]).map(({ pointer }) => pointer)).toContain("/body/assistance");
    const whole = completed(json["message"] as Json);
    const inner = { ...(whole["inner"] as Json), passesOn: [reply] };
    const stolen = await give({ ...whole, inner });
    expect([stolen.status, stolen.json["code"]]).toEqual([403, "ONWARD_CONSENT_MISSING"]);
    expect((await give({ ...whole, type: "alert.incident" })).status).toBe(400);
    expect(world.reader.store.onward.of(parseUuid(reply))).toEqual([]);
  });

  it("completed it is a document in the language that is asked for", async () => {
    const { json } = await draft();
    const { status, text } = await give(completed(json["message"] as Json));
    expect([status, text]).toEqual([200, expect.stringContaining("entraide")]);
    const html = await give(completed(json["message"] as Json), "text/html;lang=pt");
    expect([html.status, html.text]).toEqual([200, expect.stringMatching(/^<.*lang="pt"/s)]);
  });

  it("holds what its owner let stand before a court, naming his consent, and logs the use when it goes out", async () => {
    const given = await world.receive(consent());
    const { json, text } = await draft();
    expect(text).toContain("Bola Example");
    const { body: begun, inner } = json["message"] as { body: Json; inner: Json };
    expect(begun["persons"]).toContainEqual(expect.objectContaining({ ref: "m2-p1" }));
    expect(begun["priorContacts"]).toContainEqual({ messageId: reply, handling: "H1", agency: "ng/tcu", usedAs: "EVIDENCE", permissionId: given });
    expect(inner["passesOn"]).toContain(reply);
    const { status } = await give(completed(json["message"] as Json));
    expect(status).toBe(200);
    expect(world.reader.store.onward.of(parseUuid(reply)).map(({ kind, by }) => [kind, by])).toEqual([["COURT", "person:officer"], ["ONWARD", "person:officer"]]);
    // the consent was for one authority: nothing of it goes to another
    expect((await draft("?country=ML")).text).not.toContain("Bola Example");
  });

  it("names nothing that its writer keeps from the state that is asked, not even as a lead", async () => {
    const own = await submit(world.reader, { ...request(), inner: { caseRef: "GH-2", purposes: ["INVESTIGATION"], protectedFrom: ["CI"] } }, "kept");
    const kept = await world.ask(`/v1/threads/${own.id}/mla-draft?to=ci/tcu`, "officer", { headers: { "atumpan-purpose": "INVESTIGATION" } });
    const { message, leftOut } = kept.json as { message: { body: Json }; leftOut: unknown };
    expect(leftOut).toEqual([{ message: own.id, type: "request.information", owner: "gh/tcu", use: "PROTECTED", askWith: "" }]);
    expect(Object.keys(message.body).toSorted()).toEqual(["requested", "requesting"]);
    const whole = completed((await draft()).json["message"] as Json);
    const body = { ...(whole["body"] as Json), priorContacts: [{ messageId: own.id, handling: "H0", usedAs: "LEAD" }] };
    const refused = await give({ ...whole, body });
    expect([refused.status, refused.json["code"]]).toEqual([403, "ONWARD_CONSENT_MISSING"]);
  });

  it("of a thread that is not here, or is not for the caller, nothing is told", async () => {
    const gone = await world.ask("/v1/threads/018f3c2a-7b1e-7c3d-9a4b-5c6d7e8f9a0b/mla-draft", "officer", { headers: { "atumpan-purpose": "INVESTIGATION" } });
    expect(gone.status).toBe(404);
    world.callers.set("low", makeCaller("low", { handlingUpTo: "H0" }));
    const low = await draft("?to=ci/tcu", "low");
    expect(low.text).not.toContain(reply);
    expect((await draft("?to=elsewhere")).status).toBe(400);
  });
}); // prettier-ignore
