import { describe, expect, it } from "vitest";

import { laneOf, reasonsOf } from "../../../test/kit/lane-of.ts";
import { dayMs, hourMs, shuffled, stateText, storyStart, storyTime, type Story, tellStory } from "../../../test/kit/story.ts"; // prettier-ignore
import { findDues, findNextActs, type Lane, standingTerms } from "../index.ts";

const asker = "ao/fiu";
const asked = "pt/fiu";
const byAsker = { from: asker, to: [asked] } as const;
const byAsked = { from: asked, to: [asker] } as const;
const whole = { pending: [], waitingFor: [] } as const;

function begin(body: Readonly<Record<string, unknown>> = {}): Story {
  const story = tellStory();
  story.say({ ...byAsker, type: "fiu.request", at: 0, urgency: "FIU_HELD", body: { replyBy: storyTime(168), ...body } });
  return story;
} // prettier-ignore

function lane(story: Story): Lane {
  return laneOf(story, "FIU_REQUEST");
}

describe("W4 a request between financial intelligence units", () => {
  it("goes from asked over a part of the answer to the whole, and closes with feedback (T20)", () => {
    const story = begin();
    const states = [lane(story).state];
    story.say({ ...byAsked, type: "request.acknowledge", at: 2 });
    states.push(lane(story).state);
    story.say({ ...byAsked, type: "fiu.reply", at: 30, body: { pending: ["OTHER"], nextReplyBy: storyTime(200) } });
    states.push(lane(story).state);
    story.say({ ...byAsked, type: "fiu.reply", at: 80, body: whole });
    states.push(lane(story).state);
    story.say({ ...byAsker, type: "fiu.feedback", at: 200 });
    states.push(lane(story).state);
    expect(states).toEqual(["SENT", "ACKNOWLEDGED", "PARTLY_ANSWERED", "ANSWERED", "CLOSED"]);
    expect(findNextActs(lane(story), standingTerms)).toEqual({ acts: [], barred: [], dues: [], isEnded: true });
  });

  it("has one reply that is whole: a second changes nothing", () => {
    const story = begin();
    story.say({ ...byAsked, type: "fiu.reply", at: 10, body: whole });
    story.say({ ...byAsked, type: "fiu.reply", at: 11 });
    expect(lane(story).state).toBe("ANSWERED");
    expect(reasonsOf(lane(story))).toEqual(["OUT_OF_TURN"]);
  });

  it("is refused with a ground, and then nothing is awaited", () => {
    const story = begin();
    story.say({ ...byAsked, type: "fiu.reply", at: 10, body: { ...whole, refusalGround: "OUT_OF_AML_SCOPE" } });
    expect(lane(story).state).toBe("REFUSED");
    expect(findNextActs(lane(story), standingTerms).isEnded).toBe(true);
  });

  it("is answered by the unit asked alone and closed by the asker alone", () => {
    const story = begin();
    story.say({ ...byAsker, type: "fiu.reply", at: 1, body: whole });
    story.say({ ...byAsked, type: "fiu.reply", at: 2, body: whole });
    story.say({ ...byAsked, type: "fiu.feedback", at: 3 });
    expect(lane(story).state).toBe("ANSWERED");
    expect(reasonsOf(lane(story))).toEqual(["NOT_THEIRS", "NOT_THEIRS"]);
  });

  it("is due within a week when it is held and within thirty days when banks are asked, from its delivery", () => {
    const days = ["FIU_HELD", "FIU_EXTERNAL"].map((urgency) => {
      const story = tellStory();
      story.say({ ...byAsker, type: "fiu.request", at: 0, urgency });
      const [, due] = findDues({ ...lane(story), marks: { ...lane(story).marks, resultBy: undefined } }, standingTerms);
      return ((due?.by ?? 0) - storyStart - 60_000) / dayMs;
    });
    expect(days).toEqual([7, 30]);
  });

  it("with questions pending is due when the next reply was promised, and says whom it waits for", () => {
    const story = begin();
    story.say({ ...byAsked, type: "fiu.reply", at: 30, body: { pending: ["OTHER"], nextReplyBy: storyTime(200), waitingFor: ["CUSTOMS"] } });
    expect(findDues(lane(story), standingTerms)).toEqual([{ closing: "RESULT", of: asked, by: storyStart + 200 * hourMs }]);
    expect(lane(story).marks.waitingOn).toEqual(["CUSTOMS"]);
  });

  it("whose clock stood while the asker was asked back runs on when he is answered in part after all", () => {
    const story = begin();
    story.say({ ...byAsked, type: "request.more_info", at: 24, body: { clockStopped: true, answerBy: storyTime(72) } });
    story.say({ ...byAsked, type: "fiu.reply", at: 48, body: { pending: ["OTHER"], nextReplyBy: storyTime(200) } });
    expect(findDues(lane(story), standingTerms)).toEqual([
      { closing: "RESULT", of: asked, by: storyStart + (200 + 24) * hourMs },
    ]);
  });

  it("awaits feedback within thirty days of its answer; what is too early to say or put off moves that day", () => {
    const story = begin();
    story.say({ ...byAsked, type: "fiu.reply", at: 10, body: whole });
    const due = (): number => ((findDues(lane(story), standingTerms)[0]?.by ?? 0) - storyStart) / hourMs;
    expect(due()).toBe(10 + 30 * 24);
    story.say({ ...byAsker, type: "fiu.feedback", at: 100, body: { usefulness: "TOO_EARLY" } });
    expect(due()).toBe(100 + 30 * 24);
    story.say({ ...byAsker, type: "feedback.waiver", at: 200, body: { feedbackBy: storyTime(5000) } });
    expect([lane(story).state, due()]).toEqual(["ANSWERED", 5000]);
    story.say({ ...byAsker, type: "feedback.waiver", at: 300, body: { waiverReason: "NO_USE_MADE", feedbackBy: undefined } });
    expect(lane(story).state).toBe("CLOSED_WITHOUT_FEEDBACK");
  });

  it("asked of several units is a matter with each, with its own state (T19)", () => {
    const story = tellStory();
    story.say({ from: asker, to: ["pt/fiu", "sn/fiu", "gh/fiu"], type: "fiu.request", at: 0 });
    story.say({ from: "sn/fiu", to: [asker], type: "fiu.reply", at: 5, body: whole });
    const states = story.read().lanes.map(({ other, state }) => [other, state]);
    expect(states).toEqual([["pt/fiu", "SENT"], ["sn/fiu", "ANSWERED"], ["gh/fiu", "SENT"]]);
  });

  it("both sides acting at the same time end in one state, whoever is told first", () => {
    const story = begin();
    const opening = story.steps.slice(0, 1);
    story.say({ ...byAsked, type: "fiu.reply", at: 20, follows: opening, body: whole });
    story.say({ ...byAsker, type: "request.withdraw", at: 19, follows: opening });
    const seen = new Set(["a", "b", "c"].map((seed) => stateText(story.read(shuffled(story.steps, seed)))));
    expect(seen.size).toBe(1);
    expect(lane(story)).toMatchObject({ state: "WITHDRAWN", refused: [{ reason: "OUT_OF_TURN" }] });
  });
}); // prettier-ignore
