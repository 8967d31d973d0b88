import { describe, expect, it } from "vitest";

import { laneOf, reasonsOf } from "../../../test/kit/lane-of.ts";
import { dayMs, hourMs, shuffled, stateText, storyStart, storyTime, type Story, tellStory } from "../../../test/kit/story.ts"; // prettier-ignore
import { findDues, type Lane, standingTerms, type Step } from "../index.ts";

const holder = "gh/ncb";
const owner = "sn/tcu";
const byHolder = { from: holder, to: [owner] } as const;
const byOwner = { from: owner, to: [holder] } as const;

interface Asked {
  readonly story: Story;
  readonly target: Step;
  readonly question: Step;
}

/** An answer that somebody holds, and his question whether he may give it to another. */
function ask(): Asked {
  const story = tellStory();
  const target = story.say({ ...byOwner, type: "reply.final", at: 0 });
  const question = story.say({
    ...byHolder,
    type: "dissemination.consent_request",
    at: 1,
    body: { targetIds: [target.id], decideBy: storyTime(100) },
  });
  return { story, target, question };
}

function lane({ story }: Asked): Lane {
  return laneOf(story, "CONSENT");
}

const grant = {
  uses: ["ONWARD_LE"],
  recipients: [{ agency: "gh/nacoc" }],
  purposes: ["INVESTIGATION"],
  crimes: ["drugs"],
  validUntil: storyTime(1000),
};

function decide({ story, target, question }: Asked, at: number, body: Readonly<Record<string, unknown>>): Step {
  const none = { grant: undefined, refusals: [], otherRoute: undefined, pointers: [], copy: undefined };
  const type = "dissemination.consent_decision";
  return story.say({ ...byOwner, type, at, about: question, body: { targetIds: [target.id], ...none, ...body } });
} // prettier-ignore

function giveTo({ story, target, question }: Asked, at: number, entry: Readonly<Record<string, unknown>>): void {
  const given = { targetId: target.id, givenTo: "gh/nacoc", givenAt: storyTime(at), purpose: "INVESTIGATION" };
  story.say({ ...byHolder, type: "data.onward_log", at, about: question, body: { entries: [{ ...given, ...entry }] } });
} // prettier-ignore

describe("W5 consent of an owner", () => {
  it("is pending until he decides, by the day he was asked to decide by", () => {
    const asked = ask();
    expect(lane(asked).state).toBe("PENDING");
    expect(findDues(lane(asked), standingTerms)).toEqual([
      { closing: "DECISION", of: owner, by: storyStart + 100 * hourMs },
    ]);
    decide(asked, 10, { consentDecision: "GRANTED", grant });
    expect(lane(asked).state).toBe("GRANTED");
    expect(findDues(lane(asked), standingTerms)).toEqual([]);
  });

  it("is given and refused by him alone", () => {
    const asked = ask();
    const { story, target, question } = asked;
    story.say({
      ...byHolder,
      type: "dissemination.consent_decision",
      at: 5,
      about: question,
      body: { targetIds: [target.id] },
    });
    expect(lane(asked)).toMatchObject({ state: "PENDING", refused: [{ reason: "NOT_THEIRS" }] });
    decide(asked, 6, { consentDecision: "REFUSED", refusals: ["ONGOING_INVESTIGATION"] });
    expect(lane(asked).state).toBe("REFUSED");
  });

  it("is decided for what was asked: a decision on another message changes nothing", () => {
    const asked = ask();
    decide(asked, 5, { consentDecision: "GRANTED", grant, targetIds: [asked.question.id] });
    expect(lane(asked)).toMatchObject({ state: "PENDING", refused: [{ reason: "OUT_OF_TURN" }] });
  });

  it("is taken back only where it was given, by the decision's own name", () => {
    const asked = ask();
    const revoke = (at: number, revokedId: string): Step =>
      decide(asked, at, { consentDecision: "REVOKED", revokedId });
    revoke(5, asked.question.id);
    const given = decide(asked, 6, { consentDecision: "GRANTED", grant });
    revoke(7, asked.target.id);
    expect(lane(asked).state).toBe("GRANTED");
    expect(reasonsOf(lane(asked))).toEqual(["OUT_OF_TURN", "OUT_OF_TURN"]);
    revoke(8, given.id);
    expect(lane(asked).state).toBe("REVOKED");
  });

  it("that was given twice stands until both are taken back, and is not refused meanwhile", () => {
    const asked = ask();
    const first = decide(asked, 5, { consentDecision: "GRANTED", grant });
    decide(asked, 6, { consentDecision: "GRANTED", grant });
    decide(asked, 7, { consentDecision: "REFUSED", refusals: ["NATIONAL_SECURITY"] });
    decide(asked, 8, { consentDecision: "REVOKED", revokedId: first.id });
    expect(lane(asked)).toMatchObject({ state: "GRANTED", refused: [{ reason: "OUT_OF_TURN" }] });
  });

  it("covers a use that names it, by recipient, purpose and time, and no other", () => {
    const asked = ask();
    const { id: consentId } = decide(asked, 10, { consentDecision: "GRANTED", grant });
    giveTo(asked, 20, { consentId });
    expect(lane(asked)).toMatchObject({ state: "GRANTED", refused: [] });
    giveTo(asked, 21, { consentId, givenTo: "gh/ag" });
    giveTo(asked, 22, { consentId, purpose: "ASSET_RECOVERY" });
    giveTo(asked, 23, { consentId: asked.question.id });
    giveTo(asked, 24, { consentId, givenAt: storyTime(9) });
    giveTo(asked, 1001, { consentId });
    expect(reasonsOf(lane(asked))).toEqual(Array.from({ length: 5 }, () => "UNCONSENTED"));
  });

  it("does not cover a use while it is pending, refused or after it was taken back", () => {
    const asked = ask();
    giveTo(asked, 5, { consentId: asked.question.id });
    const { id: consentId } = decide(asked, 10, { consentDecision: "GRANTED", grant });
    decide(asked, 20, { consentDecision: "REVOKED", revokedId: consentId });
    giveTo(asked, 30, { consentId });
    expect(reasonsOf(lane(asked))).toEqual(["UNCONSENTED", "UNCONSENTED"]);
    // told late, but done while it stood
    giveTo(asked, 31, { consentId, givenAt: storyTime(15) });
    expect(lane(asked).refused).toHaveLength(2);
  });

  it("is not needed for what a law makes a duty", () => {
    const asked = ask();
    const legalDuty = {
      scheme: "NATIONAL_LAW",
      code: "X-1",
      label: { text: "Duty of disclosure", lang: "en" },
    };
    giveTo(asked, 5, { legalDuty });
    expect(lane(asked)).toMatchObject({ state: "PENDING", refused: [] });
  });

  it("may name a kind of agency of a country, or a body outside the network", () => {
    const asked = ask();
    const court = { text: "High Court, Accra", lang: "en" };
    const recipients = [
      { agencyKind: "PROSECUTION", country: "GH" },
      { bodyName: court, country: "GH" },
    ];
    const { id: consentId } = decide(asked, 10, {
      consentDecision: "GRANTED",
      grant: { ...grant, recipients },
    });
    giveTo(asked, 11, { consentId, givenTo: "gh/ag" });
    giveTo(asked, 12, { consentId, givenTo: undefined, givenOutside: court });
    expect(lane(asked).refused).toEqual([]);
    giveTo(asked, 13, { consentId, givenTo: "ng/ag" });
    expect(reasonsOf(lane(asked))).toEqual(["UNCONSENTED"]);
  });

  it("asked of several owners is a matter with each", () => {
    const story = tellStory();
    const to = [owner, "ml/tcu"];
    story.say({ from: holder, to, type: "dissemination.consent_request", at: 1 });
    const type = "dissemination.consent_decision";
    story.say({ from: "ml/tcu", to: [holder], type, at: 2 });
    const states = story.read().lanes.map(({ other, state }) => [other, state]);
    expect(states).toEqual([
      [owner, "PENDING"],
      ["ml/tcu", "GRANTED"],
    ]);
  });

  it("both sides acting at the same time end in one state, whoever is told first", () => {
    const asked = ask();
    const { story, target, question } = asked;
    const follows = [question];
    const said = {
      type: "dissemination.consent_decision",
      about: question,
      body: { targetIds: [target.id] },
    } as const;
    story.say({ ...byOwner, ...said, at: 20, follows });
    story.say({ ...byHolder, type: "request.withdraw", at: 19, about: question, follows });
    const seen = new Set(
      ["a", "b", "c"].map((seed) => stateText(story.read(shuffled(story.steps, seed)))),
    );
    expect(seen.size).toBe(1);
    expect(lane(asked)).toMatchObject({ state: "WITHDRAWN", refused: [{ reason: "OUT_OF_TURN" }] });
  });
});

describe("W4 consent between financial intelligence units", () => {
  function askUnit(): Asked {
    const story = tellStory();
    const target = story.say({ ...byOwner, type: "fiu.spontaneous", at: 0 });
    const body = { targetId: target.id };
    const question = story.say({ ...byHolder, type: "fiu.consent_request", at: 1, urgency: "FIU_HELD", body }); // prettier-ignore
    return { story, target, question };
  }

  function decideUnit({ story, target, question }: Asked, at: number, body = {}): Step {
    const type = "fiu.consent_decision";
    return story.say({ ...byOwner, type, at, about: question, body: { targetId: target.id, ...body } }); // prettier-ignore
  }

  it("stands beside the disclosure it is about, with the clock of what is held", () => {
    const asked = askUnit();
    expect(laneOf(asked.story, "FIU_DISCLOSURE").state).toBe("SENT");
    const pending = laneOf(asked.story, "FIU_CONSENT");
    expect(findDues(pending, standingTerms)).toEqual([
      { closing: "DECISION", of: owner, by: pending.opening.at + 60_000 + 7 * dayMs },
    ]);
  });

  it("is granted, refused or revoked by the unit that told, for the message asked about", () => {
    const asked = askUnit();
    const state = (): string => laneOf(asked.story, "FIU_CONSENT").state;
    decideUnit(asked, 2, { targetId: asked.question.id });
    decideUnit(asked, 3, { decision: "REVOKED" });
    expect(state()).toBe("PENDING");
    decideUnit(asked, 4);
    expect(state()).toBe("GRANTED");
    decideUnit(asked, 5, { decision: "REVOKED" });
    expect(state()).toBe("REVOKED");
    expect(reasonsOf(laneOf(asked.story, "FIU_CONSENT"))).toEqual(["OUT_OF_TURN", "OUT_OF_TURN"]);
  });

  it("that was refused may be given after all", () => {
    const asked = askUnit();
    decideUnit(asked, 2, { decision: "REFUSED", refusalGround: "LAW_PRINCIPLES" });
    expect(laneOf(asked.story, "FIU_CONSENT").state).toBe("REFUSED");
    decideUnit(asked, 3);
    expect(laneOf(asked.story, "FIU_CONSENT").state).toBe("GRANTED");
  });
});
