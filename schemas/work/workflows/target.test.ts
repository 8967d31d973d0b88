import { describe, expect, it } from "vitest";

import { laneOf, reasonsOf } from "../../../test/kit/lane-of.ts";
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

const warner = "tg/pcu";
const tema = { from: "gh/pcu", to: [warner] } as const;
const cotonou = { from: "bj/pcu", to: [warner] } as const;
const arrival = 48;

function warn(feedbackBy?: string): Story {
  const story = tellStory();
  const leg = { mode: "SEA", from: { unlocode: "BRSSZ", country: "BR" }, to: { unlocode: "GHTEM", country: "GH" } };
  const legs = [{ ...leg, departs: storyTime(-200), arrives: storyTime(arrival) }];
  const times = { eta: storyTime(arrival - 8), feedbackBy, legs };
  story.say({ from: warner, to: [tema.from, cotonou.from], type: "target.warning", at: 0, body: times, urgency: "FLASH" });
  return story;
} // prettier-ignore

function at(story: Story, post: string): Lane {
  return laneOf(story, "TARGET_WARNING", post);
}

const positive = { ...tema, type: "control.feedback", at: 60 } as const;
const uncontrolled = (notControlled: string): Readonly<Record<string, unknown>> => ({
  result: "NOT_CONTROLLED",
  notControlled,
  seizureId: undefined,
});

describe("W2 a warning of something on its way", () => {
  it("is a matter of its own with each post of the route", () => {
    const story = warn();
    story.say({ ...tema, type: "request.acknowledge", at: 1 });
    story.say({ ...cotonou, type: "control.feedback", at: 50, body: { ...uncontrolled("NO_STAFF") } });
    expect([at(story, tema.from).state, at(story, cotonou.from).state]).toEqual(["ASSIGNED", "NOT_CONTROLLED"]);
  });

  it.each([
    ["CONTROLLED_NEGATIVE", "NOTHING_FOUND"],
    ["MISSED_ALREADY_LEFT", "MISSED"],
    ["NOT_FOUND", "MISSED"],
    ["REFUSED_NO_LEGAL_POWER", "NOT_CONTROLLED"],
  ])("ends when the control is said to be %s", (result, state) => {
    const story = warn();
    story.say({ ...positive, body: { result, seizureId: undefined } });
    expect(at(story, tema.from).state).toBe(state);
    expect(findNextActs(at(story, tema.from), standingTerms)).toEqual({ acts: [], barred: [], dues: [], isEnded: true });
  });

  it("is answered once, by the one warned alone: not by the warner, not by another post for it", () => {
    const story = warn();
    story.say({ from: warner, to: [tema.from], type: "control.feedback", at: 50 });
    story.say({ ...cotonou, type: "control.feedback", at: 51 });
    expect([at(story, tema.from).state, reasonsOf(at(story, tema.from))]).toEqual(["WARNED", ["NOT_THEIRS"]]);
    story.say({ ...positive, body: { result: "CONTROLLED_NEGATIVE", seizureId: undefined } });
    story.say({ ...positive, at: 61 });
    expect([at(story, tema.from).state, reasonsOf(at(story, tema.from))]).toEqual([
      "NOTHING_FOUND",
      ["NOT_THEIRS", "OUT_OF_TURN"],
    ]);
  });

  it("is acknowledged in half an hour and answered 72 hours after the last arrival, or by the day it names", () => {
    expect(findDues(at(warn(), tema.from), standingTerms)).toEqual([
      { closing: "ACKNOWLEDGEMENT", of: tema.from, by: storyStart + 60_000 + hourMs / 2 },
      { closing: "RESULT", of: tema.from, by: storyStart + (arrival + 72) * hourMs },
    ]);
    const story = warn(storyTime(99));
    expect(findDues(at(story, tema.from), standingTerms)).toMatchObject([{}, { by: storyStart + 99 * hourMs }]);
  });

  it("has not expired before the last arrival", () => {
    const story = warn();
    story.say({ ...tema, type: "control.feedback", at: arrival - 1, body: { ...uncontrolled("EXPIRED") } });
    expect([at(story, tema.from).state, reasonsOf(at(story, tema.from))]).toEqual(["WARNED", ["NOT_DUE_YET"]]);
    story.say({ ...tema, type: "control.feedback", at: arrival + 1, body: { ...uncontrolled("EXPIRED") } });
    expect(at(story, tema.from).state).toBe("EXPIRED");
  });

  it("what is watched is answered again when it is looked at again", () => {
    const story = warn();
    const watched = { result: "UNDER_OBSERVATION", seizureId: undefined, nextLookAt: storyTime(300) };
    story.say({ ...positive, body: watched });
    expect(findDues(at(story, tema.from), standingTerms)).toEqual([
      { closing: "RESULT", of: tema.from, by: storyStart + 300 * hourMs },
    ]);
    story.say({ ...positive, at: 299 });
    expect(at(story, tema.from).state).toBe("SEIZED");
  });

  it("what was found is followed until its outcome in court is final, and the warner is told each step", () => {
    const story = warn();
    const seizure = story.say({ from: tema.from, to: [], type: "seizure.report", at: 59 });
    story.say(positive);
    expect(findDues(at(story, tema.from), standingTerms)).toEqual([
      { closing: "RESULT", of: tema.from, by: storyStart + 60 * hourMs - hourMs + 365 * dayMs },
    ]);
    const outcome = { ...tema, type: "outcome.judicial", about: seizure } as const;
    story.say({ ...outcome, at: 4000, body: { final: false, nextHearing: undefined, appealUntil: storyTime(4700) } });
    expect(findDues(at(story, tema.from), standingTerms)).toEqual([
      { closing: "RESULT", of: tema.from, by: storyStart + 4700 * hourMs },
    ]);
    story.say({ ...outcome, at: 4600, body: { final: true } });
    expect([at(story, tema.from).state, reasonsOf(at(story, tema.from))]).toEqual(["OUTCOME_KNOWN", []]);
    expect(at(story, cotonou.from).state).toBe("WARNED");
  });

  it("what was found is not taken back by a later feedback, nor by the warner", () => {
    const story = warn();
    const [opening] = story.steps;
    story.say(positive);
    story.say({ ...positive, at: 61, body: { result: "CONTROLLED_NEGATIVE", seizureId: undefined } });
    story.say({ from: warner, to: [], type: "alert.cancel", at: 62, body: { targetId: opening?.id } });
    expect([at(story, tema.from).state, reasonsOf(at(story, tema.from))]).toEqual([
      "SEIZED",
      ["OUT_OF_TURN", "OUT_OF_TURN"],
    ]);
    expect(at(story, cotonou.from).state).toBe("WITHDRAWN");
  });

  it("no outcome is closed with a word why; what is put off is awaited on its day", () => {
    const story = warn();
    story.say(positive);
    story.say({ ...tema, type: "feedback.waiver", at: 70, body: { feedbackBy: storyTime(6000) } });
    expect(findDues(at(story, tema.from), standingTerms)).toMatchObject([{ by: storyStart + 6000 * hourMs }]);
    story.say({ ...tema, type: "feedback.waiver", at: 71, body: { waiverReason: "LAW_FORBIDS", feedbackBy: undefined } });
    expect(at(story, tema.from).state).toBe("CLOSED_WITHOUT_OUTCOME");
  });

  it("taken back while it is controlled, it ends in one state, whoever is told first", () => {
    const story = warn();
    const [opening] = story.steps;
    if (opening === undefined) throw new Error("no opening");
    story.say({ ...positive, follows: [opening] });
    const cancel = { targetId: opening.id };
    story.say({ from: warner, to: [], type: "alert.cancel", at: 59, body: cancel, follows: [opening] });
    const seen = ["a", "b", "c"].map((seed) => stateText(story.read(shuffled(story.steps, seed))));
    expect(new Set(seen).size).toBe(1);
    expect(at(story, tema.from)).toMatchObject({ state: "WITHDRAWN", refused: [{ reason: "OUT_OF_TURN" }] });
  });
}); // prettier-ignore
