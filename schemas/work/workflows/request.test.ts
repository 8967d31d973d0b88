import { describe, expect, it } from "vitest";

import {
  dayMs,
  hourMs,
  shuffled,
  stateText,
  storyStart,
  storyTime,
  type Story,
  tellStory,
} from "../../../test/kit/story.ts";
import { findDues, findNextActs, type Lane, standingTerms } from "../index.ts"; // prettier-ignore

const asker = "gh/tcu";
const asked = "sn/tcu";

function begin(body: Readonly<Record<string, unknown>> = {}): Story {
  const story = tellStory();
  story.say({ from: asker, to: [asked], type: "request.information", at: 0, body: { replyBy: storyTime(168), ...body } });
  return story;
} // prettier-ignore

function laneOf(story: Story): Lane {
  const [lane] = story.read().lanes;
  if (lane === undefined) throw new Error("no lane");
  return lane;
}

const byAsked = { from: asked, to: [asker] } as const;
const byAsker = { from: asker, to: [asked] } as const;

describe("W1 a request", () => {
  it("goes from asked over acknowledged and answered to closed, each by the side whose turn it is", () => {
    const story = begin();
    const states = [laneOf(story).state];
    story.say({ ...byAsked, type: "request.acknowledge", at: 2 });
    states.push(laneOf(story).state);
    story.say({ ...byAsked, type: "reply.interim", at: 30, body: { expectedBy: storyTime(100) } });
    states.push(laneOf(story).state);
    story.say({ ...byAsked, type: "reply.final", at: 80 });
    states.push(laneOf(story).state);
    story.say({ ...byAsker, type: "feedback.report", at: 200 });
    states.push(laneOf(story).state);
    expect(states).toEqual(["SENT", "ACKNOWLEDGED", "PARTLY_ANSWERED", "ANSWERED", "CLOSED"]);
    expect(laneOf(story).refused).toEqual([]);
    expect(findNextActs(laneOf(story), standingTerms)).toEqual({ acts: [], barred: [], dues: [], isEnded: true });
  });

  it("has one final reply: a second changes nothing, nor does an interim one after it", () => {
    const story = begin();
    story.say({ ...byAsked, type: "reply.final", at: 10 });
    story.say({ ...byAsked, type: "reply.final", at: 11 });
    story.say({ ...byAsked, type: "reply.interim", at: 12, body: { expectedBy: storyTime(100) } });
    expect(laneOf(story).state).toBe("ANSWERED");
    expect(laneOf(story).refused.map(({ reason }) => reason)).toEqual(["OUT_OF_TURN", "OUT_OF_TURN"]);
  });

  it("is acknowledged and answered by the one asked alone, and closed by the asker alone", () => {
    const story = begin();
    story.say({ ...byAsker, type: "request.acknowledge", at: 1 });
    story.say({ from: "ml/tcu", to: [asker], type: "reply.final", at: 2 });
    expect(laneOf(story)).toMatchObject({ state: "SENT", refused: [{ reason: "NOT_THEIRS" }] });
    expect(story.read().beside.map(({ from }) => from)).toEqual(["ml/tcu"]);
    story.say({ ...byAsked, type: "reply.final", at: 3 });
    story.say({ ...byAsked, type: "feedback.report", at: 4 });
    expect(laneOf(story).state).toBe("ANSWERED");
  });

  it("stands still while the asker is asked back, and the deadline moves by as long as it stood", () => {
    const story = begin();
    story.say({ ...byAsked, type: "request.more_info", at: 24, body: { clockStopped: true, answerBy: storyTime(72) } });
    expect(findDues(laneOf(story), standingTerms)).toEqual([
      { closing: "ANSWER", of: asker, by: storyStart + 72 * hourMs },
      { closing: "RESULT", of: asked, by: undefined },
    ]);
    story.say({ ...byAsker, type: "request.answer", at: 60 });
    expect(findDues(laneOf(story), standingTerms)).toEqual([
      { closing: "RESULT", of: asked, by: storyStart + (168 + 36) * hourMs },
    ]);
  });

  it("is due by the urgency's clock from its delivery, not from its sending", () => {
    const story = begin();
    expect(findDues(laneOf(story), standingTerms)).toEqual([
      { closing: "ACKNOWLEDGEMENT", of: asked, by: storyStart + 60_000 + dayMs },
      { closing: "RESULT", of: asked, by: storyStart + 168 * hourMs },
    ]);
  });

  it("goes to those above the one asked only when it is late", () => {
    const story = begin();
    const escalate = { ...byAsker, type: "request.escalate", body: { dueAt: storyTime(168) } } as const;
    story.say({ ...escalate, at: 100 });
    expect(laneOf(story).refused).toMatchObject([{ reason: "NOT_DUE_YET" }]);
    story.say({ ...escalate, at: 169 });
    expect(laneOf(story).refused).toHaveLength(1);
    expect(laneOf(story).applied).toHaveLength(1);
  });

  it("whose feedback is put off is not closed, and awaits it by that day; whose feedback is waived is", () => {
    const story = begin();
    story.say({ ...byAsked, type: "request.more_info", at: 5, body: { clockStopped: false, answerBy: storyTime(9) } });
    story.say({ ...byAsked, type: "reply.final", at: 10 });
    expect(findDues(laneOf(story), standingTerms)).toEqual([
      { closing: "FEEDBACK", of: asker, by: storyStart + 10 * hourMs + 30 * dayMs },
    ]);
    story.say({ ...byAsker, type: "feedback.waiver", at: 20, body: { feedbackBy: storyTime(900) } });
    expect(laneOf(story).state).toBe("ANSWERED");
    expect(findDues(laneOf(story), standingTerms)).toEqual([
      { closing: "FEEDBACK", of: asker, by: storyStart + 900 * hourMs },
    ]);
    story.say({ ...byAsker, type: "feedback.waiver", at: 30, body: { waiverReason: "NO_USE_MADE", feedbackBy: undefined } });
    expect(laneOf(story).state).toBe("CLOSED_WITHOUT_FEEDBACK");
  });

  it("asked of several is a matter with each, with its own state and clocks", () => {
    const story = tellStory();
    const several = ["sn/tcu", "ml/tcu", "ne/tcu"];
    story.say({ from: asker, to: several, type: "request.information", at: 0, body: { replyBy: storyTime(168) } });
    story.say({ from: "ml/tcu", to: [asker], type: "reply.final", at: 5 });
    story.say({ from: "ne/tcu", to: [asker], type: "reply.refuse", at: 6, body: { itemCodes: [] } });
    const states = story.read().lanes.map(({ other, state }) => [other, state]);
    expect(states).toEqual([["sn/tcu", "SENT"], ["ml/tcu", "ANSWERED"], ["ne/tcu", "REFUSED"]]);
  });

  it("both sides acting at the same time end in one state, whoever is told first", () => {
    const story = begin();
    const [opening] = story.steps;
    if (opening === undefined) throw new Error("no opening");
    story.say({ ...byAsked, type: "reply.final", at: 20, follows: [opening] });
    story.say({ ...byAsker, type: "request.withdraw", at: 19, follows: [opening] });
    const seen = new Set(["a", "b", "c", "d"].map((seed) => stateText(story.read(shuffled(story.steps, seed)))));
    expect(seen.size).toBe(1);
    expect(laneOf(story)).toMatchObject({ state: "WITHDRAWN", refused: [{ reason: "OUT_OF_TURN" }] });
  });

  it("a message that somebody followed and nobody holds is missed, by its digest", () => {
    const story = begin();
    const hidden = story.say({ ...byAsked, type: "request.acknowledge", at: 2 });
    story.say({ ...byAsked, type: "reply.final", at: 3 });
    const held = story.steps.filter((step) => step !== hidden);
    expect(story.read(held).missing).toEqual([hidden.digest]);
    expect(story.read().missing).toEqual([]);
  });
}); // prettier-ignore
