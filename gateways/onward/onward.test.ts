import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { makeUuid, parseUuid, renderUuid, systemChance } from "../../schemas/ground/index.ts";
import type { GatewayWorld } from "../../test/kit/gateway-world.ts";
import { makePassingOnWorld, openPassingOn, type PassingOn } from "../../test/kit/passing-on.ts";
import { exampleNow } from "../../test/kit/submissions.ts";
import { findHeld, innerOf } from "./source.ts";

const agencies = ["sn/tcu", "gh/tcu", "ng/tcu", "gh/moc", "ci/tcu"];
const dayMs = 86_400_000;
let made: GatewayWorld;
let world: PassingOn;

beforeAll(async () => {
  made = await makePassingOnWorld(agencies);
  world = openPassingOn(made, agencies);
}, 60_000);

afterAll(() => world?.close());

/** The clock of all offices. */
function now(): number {
  return world.office("gh/tcu").clock.now();
}

type Change = Readonly<Record<string, unknown>>;

function laterBy(days: number): string {
  return new Date(now() + days * dayMs).toISOString();
}

/** A message from one agency to another: a request, as good as any. */
function message(to: string | readonly string[], { inner, ...change }: Change = {}): object {
  const said = exampleNow("request.information", now());
  const own = { ...said.inner, courtUse: undefined, ...(inner as object | undefined) };
  const recipients = typeof to === "string" ? [to] : to;
  // several who are asked may know of each other
  const shared = recipients.length > 1 ? { othersShown: true, groupId: renderUuid(makeUuid(now(), systemChance)) } : {};
  const all = { type: "request.information", ...said, handling: "H0", crimes: ["drugs"], recipients, ...change, body: { ...said.body, ...shared, ...(change["body"] as object | undefined) }, inner: own };
  return JSON.parse(JSON.stringify(all)) as object;
} // prettier-ignore

function passing(to: string | readonly string[], ids: readonly string[], change: Change = {}): object {
  const { inner, ...rest } = change;
  return message(to, { ...rest, inner: { passesOn: ids, ...(inner as object | undefined) } });
} // prettier-ignore

/** A consent of sn/tcu: gh/tcu may give the message to gh/moc, to investigate drugs. */
function consent(target: string, change: Change = {}, said: Change = {}): object {
  const grant = { uses: ["ONWARD_LE"], recipients: [{ agency: "gh/moc" }], purposes: ["INVESTIGATION"], crimes: ["drugs"], validUntil: laterBy(30), ...change };
  const body = { targetIds: [target], consentDecision: "GRANTED", grant, ...said };
  return JSON.parse(JSON.stringify({ type: "dissemination.consent_decision", crimes: ["drugs"], recipients: ["gh/tcu"], inReplyTo: target, inner: {}, body })) as object;
} // prettier-ignore

const orcon = { inner: { originatorControlled: true } };
const missing = "ONWARD_CONSENT_MISSING /inner/passesOn/0 ONWARD_CONSENT_MISSING";

function storedCount(agency: string): number {
  return world.office(agency).store.messages.count("out", "QUEUED");
}

function logOf(agency: string, id: string) {
  return world.office(agency).store.onward.of(parseUuid(id));
}

function innerAt(agency: string, id: string) {
  return innerOf(findHeld(world.office(agency).store, parseUuid(id))!)!;
}

describe("T17 passing on at the gateway", () => {
  it("what its owner controls is passed on to nobody without his consent, and nothing is stored or logged", async () => {
    const id = await world.send("sn/tcu", message("gh/tcu", orcon));
    const before = storedCount("gh/tcu");
    expect(await world.refusal("gh/tcu", passing("gh/moc", [id]))).toBe(missing);
    expect([storedCount("gh/tcu"), logOf("gh/tcu", id)]).toEqual([before, []]);
  });

  it("with a consent that names receiver, purpose and offence it goes, and the log names the consent", async () => {
    const id = await world.send("sn/tcu", message("gh/tcu", orcon));
    const given = await world.send("sn/tcu", consent(id));
    const carrier = await world.send("gh/tcu", passing("gh/moc", [id]));
    const [use, ...more] = logOf("gh/tcu", id);
    expect(more).toEqual([]);
    expect(use).toMatchObject({ owner: "sn/tcu", kind: "ONWARD", uses: ["ONWARD_LE"], agency: "gh/moc", purposes: ["INVESTIGATION"], crimes: ["drugs"], ground: "CONSENT", carrier });
    expect(renderUuid(use!.consent!)).toBe(given);
    expect(world.office("gh/tcu").store.onward.carriedBy(carrier)).toHaveLength(1);
  });

  it.each<readonly [string, Change, string | readonly string[]]>([
    ["another receiver", {}, "ng/tcu"],
    ["one receiver more", {}, ["gh/moc", "ng/tcu"]],
    ["another purpose", { inner: { purposes: ["ANALYSIS"] } }, "gh/moc"],
    ["one purpose more", { inner: { purposes: ["INVESTIGATION", "ANALYSIS"] } }, "gh/moc"],
    ["another offence", { crimes: ["ml"] }, "gh/moc"],
    ["one offence more", { crimes: ["drugs", "ml"] }, "gh/moc"],
  ])("the consent covers no %s", async (_, change, to) => {
    const id = await world.send("sn/tcu", message("gh/tcu", orcon));
    await world.send("sn/tcu", consent(id));
    const { inner, ...rest } = change;
    const said = { ...rest, inner: { passesOn: [id], ...(inner as object | undefined) } };
    expect(await world.refusal("gh/tcu", message(to, said))).toBe(missing);
    expect(logOf("gh/tcu", id)).toEqual([]);
  });

  it("it ends when it said, and when it is taken back", async () => {
    const id = await world.send("sn/tcu", message("gh/tcu", orcon));
    const given = await world.send("sn/tcu", consent(id, { validUntil: laterBy(2) }));
    expect(await world.refusal("gh/tcu", passing("gh/moc", [id]))).toBe("sent");
    const body = { targetIds: [id], consentDecision: "REVOKED", revokedId: given };
    world.pass(1000);
    await world.send("sn/tcu", { type: "dissemination.consent_decision", crimes: ["drugs"], recipients: ["gh/tcu"], inReplyTo: id, inner: {}, body });
    expect(await world.refusal("gh/tcu", passing("gh/moc", [id]))).toBe(missing);
    world.pass(1000);
    await world.send("sn/tcu", consent(id, { validUntil: laterBy(2) }));
    expect(await world.refusal("gh/tcu", passing("gh/moc", [id]))).toBe("sent");
    world.pass(2 * dayMs);
    expect(await world.refusal("gh/tcu", passing("gh/moc", [id]))).toBe(missing);
  });

  it("a consent in a thread of its own counts as one in the message's thread does", async () => {
    const id = await world.send("sn/tcu", message("gh/tcu", orcon));
    const asked = await world.send("gh/tcu", message("sn/tcu"));
    await world.send("sn/tcu", { ...consent(id), inReplyTo: asked });
    expect(await world.refusal("gh/tcu", passing("gh/moc", [id]))).toBe("sent");
  });

  it("nobody consents for another", async () => {
    const id = await world.send("sn/tcu", message("gh/tcu", orcon));
    await world.send("ng/tcu", consent(id));
    expect(await world.refusal("gh/tcu", passing("gh/moc", [id]))).toBe(missing);
  });

  it("what is not held here is passed on by nobody", async () => {
    const id = await world.send("sn/tcu", message("ng/tcu"));
    expect(await world.refusal("gh/tcu", passing("gh/moc", [id]))).toBe(missing);
  });

  it("what its owner does not reserve goes on, and is logged as not asked", async () => {
    const id = await world.send("sn/tcu", message("gh/tcu"));
    await world.send("gh/tcu", passing("gh/moc", [id]));
    expect(logOf("gh/tcu", id)).toMatchObject([{ agency: "gh/moc", ground: "NOT_ASKED", consent: undefined }]);
  });

  it.each<readonly [string, Change, Change]>([
    ["H2", { handling: "H2" }, { handling: "H2" }],
    ["its colour", { inner: { tlp: "AMBER" } }, {}],
    ["the use that is named", { inner: { consentRequiredFor: ["ONWARD_LE"] } }, {}],
    ["another purpose", { inner: { purposes: ["LOCATE_WANTED"] } }, {}],
  ])("%s reserves it", async (_, change, own) => {
    const id = await world.send("sn/tcu", message("gh/tcu", change));
    expect(await world.refusal("gh/tcu", passing("gh/moc", [id], own))).toBe(missing);
  });

  it("a level for two states reserves it from a third", async () => {
    const id = await world.send("sn/tcu", message("gh/tcu"));
    expect(await world.refusal("gh/tcu", passing("ci/tcu", [id]))).toBe(missing);
    await world.send("sn/tcu", consent(id, { uses: ["ONWARD_LE"], recipients: [{ agency: "ci/tcu" }] }));
    expect(await world.refusal("gh/tcu", passing("ci/tcu", [id]))).toBe(missing);
    world.pass(1000);
    await world.send("sn/tcu", consent(id, { uses: ["ONWARD_LE", "ONWARD_THIRD_STATE"], recipients: [{ agency: "ci/tcu" }] }));
    expect(await world.refusal("gh/tcu", passing("ci/tcu", [id]))).toBe("sent");
  });

  it("its owner, and whom he gave it himself, may have it back", async () => {
    const id = await world.send("sn/tcu", message(["gh/tcu", "ng/tcu"], orcon));
    expect(await world.refusal("gh/tcu", passing(["sn/tcu", "ng/tcu"], [id]))).toBe("sent");
    expect(logOf("gh/tcu", id).map(({ agency, ground }) => [agency, ground])).toEqual([
      ["sn/tcu", "HELD_ALREADY"],
      ["ng/tcu", "HELD_ALREADY"],
    ]);
  });

  it("what is tightened later is reserved from then on", async () => {
    const id = await world.send("sn/tcu", message("gh/tcu"));
    const body = { targetIds: [id], direction: "TIGHTER", newConsentRequiredFor: ["ONWARD_LE"], effectiveAt: laterBy(3), handlingReason: "SOURCE_AT_RISK" };
    await world.send("sn/tcu", { type: "handling.change", crimes: ["drugs"], recipients: ["gh/tcu"], inner: {}, body });
    expect(await world.refusal("gh/tcu", passing("gh/moc", [id]))).toBe(missing);
  });

  it("whom it was withdrawn from has no right to it, nor to pass it on", async () => {
    const id = await world.send("sn/tcu", message(["gh/tcu", "ng/tcu"], orcon));
    const body = { targetIds: [id], direction: "TIGHTER", withdrawnFrom: ["ng/tcu"], effectiveAt: laterBy(0), handlingReason: "SOURCE_AT_RISK" };
    await world.send("sn/tcu", { type: "handling.change", crimes: ["drugs"], recipients: ["gh/tcu", "ng/tcu"], inner: {}, body });
    expect(await world.refusal("gh/tcu", passing("ng/tcu", [id]))).toBe(missing);
    const free = await world.send("sn/tcu", message("gh/tcu"));
    await world.send("sn/tcu", { type: "handling.change", crimes: ["drugs"], recipients: ["gh/tcu"], inner: {}, body: { ...body, targetIds: [free], withdrawnFrom: ["gh/tcu"] } });
    expect(await world.refusal("gh/tcu", passing("gh/moc", [free]))).toBe(missing);
  });
}); // prettier-ignore

describe("what is passed on binds as it was bound", () => {
  it("its limits stand in the message that passes it on, whether its sender says them or not", async () => {
    const id = await world.send("sn/tcu", message("gh/tcu", { inner: { originatorControlled: true, consentRequiredFor: ["COURT_USE"], courtUse: "NO", tlp: "AMBER" } }));
    await world.send("sn/tcu", consent(id));
    const carrier = await world.send("gh/tcu", passing("gh/moc", [id]));
    expect(innerAt("gh/moc", carrier)).toMatchObject({ originatorControlled: true, consentRequiredFor: ["COURT_USE", "ONWARD_THIRD_STATE"], courtUse: "NO", tlp: "AMBER" });
  });

  it("it is handled no looser", async () => {
    const id = await world.send("sn/tcu", message("gh/tcu", { handling: "H2" }));
    await world.send("sn/tcu", consent(id));
    expect(await world.refusal("gh/tcu", passing("gh/moc", [id], { handling: "H1" }))).toBe("SCHEMA_INVALID /handling ONWARD_LOOSER");
    expect(await world.refusal("gh/tcu", passing("gh/moc", [id], { handling: "H2" }))).toBe("sent");
  });

  it("it goes for a purpose that is named", async () => {
    const id = await world.send("sn/tcu", message("gh/tcu"));
    expect(await world.refusal("gh/tcu", passing("gh/moc", [id], { inner: { purposes: [] } }))).toBe("SCHEMA_INVALID /inner/purposes SCHEMA_FIELD_MISSING /body RULE_PURPOSE_MISSING");
  });

  it("a state that it is kept from gets it in no later message", async () => {
    const id = await world.send("sn/tcu", message("gh/tcu", { inner: { protectedFrom: ["CI"] } }));
    await world.send("sn/tcu", consent(id, { uses: ["ONWARD_LE", "ONWARD_THIRD_STATE"], recipients: [{ agency: "gh/moc" }] }));
    expect(await world.refusal("gh/tcu", passing("ci/tcu", [id]))).toContain("RULE_RECIPIENT_KEPT_FROM");
    const carrier = await world.send("gh/tcu", passing("gh/moc", [id]));
    expect(innerAt("gh/moc", carrier).protectedFrom).toEqual(["CI"]);
    expect(await world.refusal("gh/moc", message("ci/tcu", { inReplyTo: carrier }))).toContain("RULE_RECIPIENT_KEPT_FROM");
  });

  it("the next holder asks who passed it on, and he gives no more than he was given", async () => {
    const id = await world.send("sn/tcu", message("gh/tcu", orcon));
    await world.send("sn/tcu", consent(id));
    const carrier = await world.send("gh/tcu", passing("gh/moc", [id]));
    expect(await world.refusal("gh/moc", passing("ng/tcu", [carrier]))).toBe(missing);
    const further = { ...consent(carrier, { uses: ["ONWARD_LE", "ONWARD_THIRD_STATE"], recipients: [{ agency: "ng/tcu" }] }), recipients: ["gh/moc"] };
    expect(await world.refusal("gh/tcu", further)).toBe("ONWARD_CONSENT_MISSING /body ONWARD_CONSENT_MISSING");
    world.pass(1000);
    await world.send("sn/tcu", consent(id, { uses: ["ONWARD_LE", "ONWARD_THIRD_STATE"], recipients: [{ agency: "ng/tcu" }] }));
    expect(await world.refusal("gh/tcu", further)).toBe("sent");
    expect(await world.refusal("gh/moc", passing("ng/tcu", [carrier]))).toBe("sent");
  });

  it("who passed it on cannot loosen it", async () => {
    const id = await world.send("sn/tcu", message("gh/tcu", { handling: "H2" }));
    await world.send("sn/tcu", consent(id));
    const carrier = await world.send("gh/tcu", passing("gh/moc", [id], { handling: "H2" }));
    const body = { targetIds: [carrier], direction: "LOOSER", newHandling: "H0", effectiveAt: laterBy(1), handlingReason: "SOURCE_AT_RISK" };
    const change = { type: "handling.change", crimes: ["drugs"], recipients: ["gh/moc"], inner: {}, body };
    expect(await world.refusal("gh/tcu", change)).toBe("ONWARD_LOOSER");
  });

  it("a new edition of it passes on what the old one did, said or not", async () => {
    const id = await world.send("sn/tcu", message("gh/tcu", orcon));
    await world.send("sn/tcu", consent(id));
    const carrier = await world.send("gh/tcu", passing("gh/moc", [id]));
    expect(await world.refusal("gh/tcu", message(["gh/moc", "ng/tcu"], { supersedes: carrier }))).toBe(missing);
    const edition = await world.send("gh/tcu", message("gh/moc", { supersedes: carrier }));
    expect(innerAt("gh/moc", edition).passesOn.map(renderUuid)).toEqual([id]);
  });

  it("our own message that passed something on is passed on as what it holds", async () => {
    const id = await world.send("sn/tcu", message("gh/tcu", orcon));
    await world.send("sn/tcu", consent(id));
    const carrier = await world.send("gh/tcu", passing("gh/moc", [id]));
    expect(await world.refusal("gh/tcu", passing("ng/tcu", [carrier]))).toBe(missing);
    const own = await world.send("gh/tcu", message("gh/moc"));
    expect(await world.refusal("gh/tcu", passing("ng/tcu", [own]))).toBe("sent");
  });

  it("the translation of another's message passes it on", async () => {
    const id = await world.send("sn/tcu", message("gh/tcu", orcon));
    const { handling, crimes, body } = exampleNow("translation.product", now());
    const product = { type: "translation.product", handling, crimes, recipients: ["ng/tcu"], inner: { purposes: ["INVESTIGATION"] }, body: { ...body, targetId: id, attachments: undefined } };
    const said = JSON.parse(JSON.stringify(product)) as object;
    expect(await world.refusal("gh/tcu", said)).toBe(missing);
  });

  it("who brings along a file of another's message passes it on; a file of one's own is one's own", async () => {
    const digest = Buffer.alloc(32, 7);
    const attachments = [{ digest: digest.toString("base64url"), role: "PHOTO", mediaType: "application/pdf", size: 10 }];
    const { body } = exampleNow("request.information", now());
    const bringing = (change: Change = {}): Change => ({ ...change, body: { ...body, attachments } });
    const id = await world.send("sn/tcu", message("gh/tcu", bringing(orcon)));
    const { store } = world.office("gh/tcu");
    const file = { ref: Buffer.alloc(32, 1), digest, size: 10, mediaType: "application/pdf", key: digest, manifest: digest, who: "", name: "", state: "HERE", nextAt: 0, tries: 0, madeAt: 0 };
    await store.write(() => {
      store.attachments.putFile(file);
      store.attachments.putUse({ ref: file.ref, message: parseUuid(id), box: "in", rank: 0 });
    });
    expect(await world.refusal("gh/tcu", message("gh/moc", bringing()))).toBe(missing);
    const back = await world.send("gh/tcu", message("sn/tcu", bringing()));
    expect(logOf("gh/tcu", id)).toMatchObject([{ agency: "sn/tcu", ground: "HELD_ALREADY", carrier: back }]);
    expect(await world.refusal("ng/tcu", message("gh/moc", bringing()))).toBe("sent");
  });
}); // prettier-ignore
