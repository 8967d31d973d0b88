import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { makePassingOnWorld, openPassingOn, type PassingOn } from "../../test/kit/passing-on.ts";
import { exampleNow } from "../../test/kit/submissions.ts";
import { type CopyAsked, makeOnwardDesk } from "./index.ts";

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
