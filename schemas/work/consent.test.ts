import { describe, expect, it } from "vitest";

import {
  hourMs,
  shuffled,
  storyStart,
  storyTime,
  type Story,
  tellStory,
} from "../../test/kit/story.ts";
import { findGrant, type IntendedUse } from "./consent.ts";
import type { Step } from "./index.ts";

const owner = "sn/tcu";
const holder = "gh/ncb";
const byOwner = { from: owner, to: [holder] } as const;
const full = {
  uses: ["ONWARD_LE", "COURT_USE"],
  recipients: [{ agency: "gh/nacoc" }],
  purposes: ["INVESTIGATION"],
  crimes: ["drugs"],
  validUntil: storyTime(1000),
};

interface Held {
  readonly story: Story;
  readonly target: Step;
}

/** A message that somebody holds of its owner. */
function hold(): Held {
  const story = tellStory();
  return { story, target: story.say({ ...byOwner, type: "control.feedback", at: 0 }) };
}

interface Decision {
  readonly at?: number;
  readonly from?: string;
  readonly to?: readonly string[];
  readonly grant?: Readonly<Record<string, unknown>>;
  readonly body?: Readonly<Record<string, unknown>>;
}

function grantIt({ story, target }: Held, decision: Decision = {}): Step {
  const { at = 10, from = owner, to = [holder], grant = {}, body = {} } = decision;
  const said = { consentDecision: "GRANTED", grant: { ...full, ...grant }, targetIds: [target.id] };
  const type = "dissemination.consent_decision";
  return story.say({ from, to, type, at, body: { ...said, ...body } });
}

function useOf({ target }: Held, change: Partial<IntendedUse> = {}, hours = 20): IntendedUse {
  return {
    message: target.id,
    holder,
    recipient: { agency: "gh/nacoc" },
    purpose: "INVESTIGATION",
    crime: "drugs",
    use: "ONWARD_LE",
    at: storyStart + hours * hourMs,
    ...change,
  };
}

function isCovered(held: Held, change: Partial<IntendedUse> = {}, hours = 20): boolean {
  return findGrant(held.story.steps, useOf(held, change, hours)) !== undefined;
}

describe("T17 the third-party rule", () => {
  it("a consent that names recipient, purpose and offence covers them, and is named for the log", () => {
    const held = hold();
    const decision = grantIt(held, { body: { pointers: ["/persons"], copy: "COURT" } });
    const found = findGrant(held.story.steps, useOf(held));
    expect(found).toMatchObject({ pointers: ["/persons"], copy: "COURT" });
    expect(found?.step.id).toBe(decision.id);
  });

  it.each<readonly [string, Partial<IntendedUse>]>([
    ["recipient", { recipient: { agency: "gh/ag" } }],
    ["purpose", { purpose: "ASSET_RECOVERY" }],
    ["offence", { crime: "ml" }],
    ["use", { use: "PUBLIC_RELEASE" }],
    ["holder", { holder: "ng/ncb" }],
    ["message", { message: "01a1f7fd-ae40-7e27-8bc8-617fc88b99ee" }],
  ])("it covers no other %s", (_, change) => {
    const held = hold();
    grantIt(held);
    expect(isCovered(held)).toBe(true);
    expect(isCovered(held, change)).toBe(false);
  });

  it("nothing is covered by silence, and nothing by a question or a refusal", () => {
    const held = hold();
    expect(isCovered(held)).toBe(false);
    const body = { targetIds: [held.target.id] };
    held.story.say({ from: holder, to: [owner], type: "dissemination.consent_request", at: 5, body });
    const refused = { consentDecision: "REFUSED", refusals: ["NATIONAL_SECURITY"], grant: undefined };
    held.story.say({ ...byOwner, type: "dissemination.consent_decision", at: 10, body: { ...body, ...refused } });
    expect(isCovered(held)).toBe(false);
  });

  it("consent is the owner's to give: that of anybody else, the holder himself too, is none", () => {
    for (const from of ["ml/tcu", holder]) {
      const held = hold();
      grantIt(held, { from, to: [holder, owner] });
      expect(isCovered(held)).toBe(false);
    }
  });

  it("who gives his message the id of another's is not its owner", () => {
    const held = hold();
    const decision = grantIt(held, { from: "ml/tcu" });
    const forged = { ...held.target, from: "ml/tcu", digest: "ff".repeat(32), at: held.target.at - 1 };
    const steps = [held.target, decision];
    expect(findGrant([...steps, forged], useOf(held))).toBeUndefined();
    expect(findGrant([forged, ...steps], useOf(held))).toBeUndefined();
  });

  it("a message whose owner is not known here is nobody's to pass on", () => {
    const held = hold();
    const decision = grantIt(held);
    expect(findGrant([decision], useOf(held))).toBeUndefined();
  });

  it("it holds from when it was given until it ends, and not at that moment", () => {
    const held = hold();
    grantIt(held);
    const covered = [9, 10, 999, 1000].map((hours) => isCovered(held, {}, hours));
    expect(covered).toEqual([false, true, true, false]);
  });

  it("a grant that names no offence is none, and one that names any beside another covers that other", () => {
    for (const crimes of [[], ["other"]]) {
      expect(() => grantIt(hold(), { grant: { crimes } })).toThrow("SCHEMA_INVALID");
    }
    const held = hold();
    grantIt(held, { grant: { crimes: ["drugs", "other"] } });
    expect([isCovered(held), isCovered(held, { crime: "other" })]).toEqual([true, false]);
  });

  it("a grant of parts, or of one kind of copy, is none for the whole or for another copy", () => {
    const covered = [{ pointers: ["/persons"], copy: undefined }, { pointers: [], copy: "COURT" }].map((body) => {
      const held = hold();
      grantIt(held, { body });
      return [undefined, "WHOLE", "COURT", "DEFENCE"].map((given) => isCovered(held, { given }));
    });
    expect(covered).toEqual([
      [true, false, false, false],
      [true, false, true, false],
    ]);
  });

  it("what is taken back ends then, and what was done before was covered", () => {
    const held = hold();
    const { id } = grantIt(held);
    const body = { consentDecision: "REVOKED", grant: undefined, revokedId: id, targetIds: [held.target.id] };
    held.story.say({ ...byOwner, type: "dissemination.consent_decision", at: 15, body });
    expect([14, 15, 16].map((hours) => isCovered(held, {}, hours))).toEqual([true, false, false]);
    grantIt(held, { at: 18 });
    expect(isCovered(held)).toBe(true);
  });

  it("nobody else takes it back", () => {
    const held = hold();
    const { id } = grantIt(held);
    const body = { consentDecision: "REVOKED", grant: undefined, revokedId: id, targetIds: [held.target.id] };
    held.story.say({ from: "ml/tcu", to: [holder], type: "dissemination.consent_decision", at: 15, body });
    expect(isCovered(held)).toBe(true);
  });

  it("a condition that forbids the court covers no court", () => {
    for (const condition of ["NO_COURT_USE", "VIA_MLA_FOR_COURT"]) {
      const held = hold();
      grantIt(held, { grant: { consentConditions: [condition] } });
      expect([isCovered(held), isCovered(held, { use: "COURT_USE" })]).toEqual([true, false]);
    }
    const free = hold();
    grantIt(free);
    expect(isCovered(free, { use: "COURT_USE" })).toBe(true);
  });

  it("a kind of agency is named with its country, and a body outside by its name", () => {
    const held = hold();
    const recipients = [
      { agencyKind: "PROSECUTION", country: "GH" },
      { country: "GH", bodyName: { text: "High Court, Accra", lang: "en" } },
    ];
    grantIt(held, { grant: { recipients } });
    const asked = [
      { agency: "gh/ag", agencyKind: "PROSECUTION", country: "GH" },
      { bodyName: "High Court, Accra", country: "GH" },
      { agency: "gh/ag", agencyKind: "POLICE", country: "GH" },
      { agency: "ng/ag", agencyKind: "PROSECUTION", country: "NG" },
      { bodyName: "High Court, Lagos", country: "GH" },
      { agency: "gh/ag" },
    ];
    expect(asked.map((recipient) => isCovered(held, { recipient }))).toEqual([true, true, false, false, false, false]);
  });

  it("tighter handling ends what it is tighter than, from its day on, for what was given before it", () => {
    const changes = [
      { withdrawnFrom: [holder] },
      { withdrawnFrom: ["gh/nacoc"] },
      { newPurposes: ["ASSET_RECOVERY"] },
      { newCourtUse: "NO" },
    ];
    const none = { withdrawnFrom: [], newPurposes: [], newCourtUse: undefined };
    const ended = changes.map((change) => {
      const held = hold();
      grantIt(held);
      const body = { ...none, ...change, targetIds: [held.target.id], effectiveAt: storyTime(15) };
      held.story.say({ ...byOwner, type: "handling.change", at: 12, body });
      return [13, 16].map((hours) => [isCovered(held, {}, hours), isCovered(held, { use: "COURT_USE" }, hours)]);
    });
    const before = [true, true];
    expect(ended).toEqual([
      [before, [false, false]],
      [before, [false, false]],
      [before, [false, false]],
      [before, [true, false]],
    ]);
  });

  it("it covers no other message of the same owner", () => {
    const held = hold();
    const another = held.story.say({ ...byOwner, type: "control.feedback", at: 1 });
    grantIt(held);
    expect([isCovered(held), isCovered({ ...held, target: another })]).toEqual([true, false]);
  });

  it("what is given after it was withdrawn is given", () => {
    const held = hold();
    const body = { withdrawnFrom: [holder], targetIds: [held.target.id], effectiveAt: storyTime(5) };
    held.story.say({ ...byOwner, type: "handling.change", at: 5, body });
    expect(isCovered(held)).toBe(false);
    grantIt(held);
    expect(isCovered(held)).toBe(true);
  });

  it("the same messages give the same answer in whatever order they came", () => {
    const held = hold();
    grantIt(held);
    grantIt(held, { at: 11 });
    const found = ["a", "b", "c", "d"].map((seed) => findGrant(shuffled(held.story.steps, seed), useOf(held))?.step.id);
    expect(new Set(found).size).toBe(1);
    expect(found[0]).toBeDefined();
  });
}); // prettier-ignore

describe("T17 consent given with an answer", () => {
  it("an answer's own grants cover the answer and nothing else", () => {
    const story = tellStory();
    const request = story.say({ from: holder, to: [owner], type: "request.information", at: 0 });
    const body = { consents: [full] };
    const target = story.say({ ...byOwner, type: "reply.final", at: 10, about: request, body });
    expect(isCovered({ story, target })).toBe(true);
    expect(isCovered({ story, target: request })).toBe(false);
  });

  it("a unit's reply is covered for its own offences, or else for those of the request it answers", () => {
    const consent = { decision: "GRANTED", recipients: ["gh/nacoc"], purposes: ["INVESTIGATION"], expiresAt: storyTime(1000) };
    const covered = [["ml"], []].map((offences) => {
      const story = tellStory();
      const request = story.say({ from: holder, to: [owner], type: "fiu.request", at: 0, body: { offences: ["corr"] } });
      const body = { consent: { ...consent, offences } };
      const target = story.say({ ...byOwner, type: "fiu.reply", at: 10, about: request, body });
      return ["ml", "corr", "drugs"].map((crime) => isCovered({ story, target }, { crime }));
    });
    expect(covered).toEqual([[true, false, false], [false, true, false]]);
  });

  it("a unit's decision lets go on to those it names, into court only where it says so, and is taken back by the message", () => {
    const courts = [true, false].map((courtUse) => {
      const held = hold();
      const given = { targetId: held.target.id, decision: "GRANTED", recipients: ["gh/nacoc"], purposes: ["INVESTIGATION"], offences: ["drugs"], expiresAt: storyTime(1000), courtUse };
      held.story.say({ ...byOwner, type: "fiu.consent_decision", at: 10, body: given });
      const uses = ["ONWARD_LE", "COURT_USE", "PUBLIC_RELEASE"].map((use) => isCovered(held, { use }));
      held.story.say({ ...byOwner, type: "fiu.consent_decision", at: 12, body: { ...given, decision: "REVOKED" } });
      return [...uses, isCovered(held)];
    });
    expect(courts).toEqual([[true, true, false, false], [true, false, false, false]]);
  });

  it("a bulk without offences in its consent covers none of its reports", () => {
    const story = tellStory();
    const consent = { decision: "GRANTED", recipients: ["gh/nacoc"], purposes: ["INVESTIGATION"], expiresAt: storyTime(1000) };
    const target = story.say({ ...byOwner, type: "fiu.bulk_cbr", at: 0, body: { consent } });
    const crimes = ["ml", "drugs", "corr", "fraud"].map((crime) => isCovered({ story, target }, { crime }));
    expect(crimes).toEqual([false, false, false, false]);
  });

  it("what was told unasked is covered for the offences it was told about", () => {
    const story = tellStory();
    const consent = { decision: "GRANTED", recipients: ["gh/nacoc"], purposes: ["INVESTIGATION"], expiresAt: storyTime(1000) };
    const target = story.say({ ...byOwner, type: "fiu.spontaneous", at: 0, body: { offences: ["ml"], consent } });
    expect(["ml", "drugs"].map((crime) => isCovered({ story, target }, { crime }))).toEqual([true, false]);
  });
}); // prettier-ignore
