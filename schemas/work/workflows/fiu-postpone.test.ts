import { describe, expect, it } from "vitest";

import { laneOf, reasonsOf } from "../../../test/kit/lane-of.ts";
import { hourMs, storyStart, type Story, tellStory } from "../../../test/kit/story.ts";
import { findDues, findNextActs, type Lane, standingTerms } from "../index.ts";

const asker = "ke/fiu";
const asked = "ae/fiu";
const byAsker = { from: asker, to: [asked] } as const;
const byAsked = { from: asked, to: [asker] } as const;

function begin(): Story {
  const story = tellStory();
  story.say({
    ...byAsker,
    type: "fiu.postpone_request",
    at: 0,
    urgency: "URGENT_DIRECT",
    body: { maxHours: 72 },
  });
  return story;
}

function lane(story: Story): Lane {
  return laneOf(story, "FIU_POSTPONE");
}

function hours(by: number | undefined): number {
  return ((by ?? 0) - storyStart) / hourMs;
}

describe("W4 a transaction to be held", () => {
  it("is held when the unit asked says so, and who asked decides before the hold ends", () => {
    const story = begin();
    story.say({ ...byAsked, type: "request.acknowledge", at: 1 });
    story.say({
      ...byAsked,
      type: "fiu.feedback",
      at: 3,
      body: { results: ["TRANSACTION_STOPPED"] },
    });
    expect(lane(story).state).toBe("HELD");
    const [due, ...more] = findDues(lane(story), standingTerms);
    expect([due?.closing, due?.of, hours(due?.by), more]).toEqual(["DECISION", asker, 75, []]);
    story.say({ ...byAsker, type: "fiu.feedback", at: 50 });
    expect(lane(story)).toMatchObject({ state: "CLOSED", refused: [] });
    expect(findNextActs(lane(story), standingTerms).isEnded).toBe(true);
  });

  it("is to be acknowledged in an hour and answered in eight", () => {
    const dues = findDues(lane(begin()), standingTerms);
    expect(dues.map(({ closing, of, by }) => [closing, of, Math.floor(hours(by))])).toEqual([
      ["ACKNOWLEDGEMENT", asked, 1],
      ["RESULT", asked, 8],
    ]);
  });

  it("that was not held ends, whether nothing was done or it was refused", () => {
    const states = (["fiu.feedback", "reply.refuse"] as const).map((type) => {
      const story = begin();
      story.say({
        ...byAsked,
        type,
        at: 3,
        body: type === "fiu.feedback" ? { results: ["NOT_USED"] } : {},
      });
      return [lane(story).state, findNextActs(lane(story), standingTerms).isEnded];
    });
    expect(states).toEqual([
      ["NOT_HELD", true],
      ["REFUSED", true],
    ]);
  });

  it("is not said to be held by who asked, nor taken back by who holds", () => {
    const story = begin();
    story.say({ ...byAsker, type: "fiu.feedback", at: 1 });
    story.say({ ...byAsked, type: "request.withdraw", at: 2 });
    expect(lane(story).state).toBe("SENT");
    expect(reasonsOf(lane(story))).toEqual(["NOT_THEIRS", "NOT_THEIRS"]);
  });

  it("is released when it is taken back, and then nothing more is said", () => {
    const story = begin();
    story.say({ ...byAsked, type: "fiu.feedback", at: 3, body: { results: ["ASSETS_RESTRAINED"] } });
    story.say({ ...byAsker, type: "request.withdraw", at: 4 });
    story.say({ ...byAsker, type: "fiu.feedback", at: 5 });
    expect(lane(story)).toMatchObject({ state: "WITHDRAWN", refused: [{ reason: "OUT_OF_TURN" }] });
  });
}); // prettier-ignore
