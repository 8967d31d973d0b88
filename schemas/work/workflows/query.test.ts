import { describe, expect, it } from "vitest";

import { laneOf, reasonsOf } from "../../../test/kit/lane-of.ts";
import {
  dayMs,
  hourMs,
  storyStart,
  storyTime,
  type Story,
  tellStory,
} from "../../../test/kit/story.ts";
import type { Step } from "../index.ts";
import { findDues, findNextActs, standingTerms } from "../index.ts"; // prettier-ignore

const post = { from: "et/immigration", to: ["ke/immigration"] } as const;
const owner = { from: "ke/immigration", to: ["et/immigration"] } as const;
const hitRef = "KE-7F3A-01";

function check(): Story {
  const story = tellStory();
  story.say({ ...post, type: "query.check", at: 0 });
  return story;
}

const answers = (...said: readonly string[]): Readonly<Record<string, unknown>> => ({
  queryAnswers: said.map((answer, i) => ({
    ref: `q${i + 1}`,
    answer,
    ...(answer === "HIT"
      ? { hits: [{ hitRef, recordKind: "STOLEN_VEHICLE", matchBasis: "PLATE" }] }
      : {}),
  })),
});

function ask(story: Story, body: Readonly<Record<string, unknown>> = {}): Step {
  const times = { confirmedAt: storyTime(1), subjectHeld: undefined, heldUntil: undefined };
  return story.say({ ...post, type: "core_data.request", at: 2, body: { ...times, ...body } });
}

describe("a check at a post (domain §10)", () => {
  it.each([
    ["HIT", ["NO_HIT", "HIT"]],
    ["CALL_ASKED", ["CALL_US", "NOT_SEARCHED"]],
    ["NOT_SEARCHED", ["NO_HIT", "NOT_SEARCHED"]],
    ["NO_HIT", ["NO_HIT", "NO_HIT"]],
  ])("is %s after %j: what was not searched is never no hit", (state, said) => {
    const story = check();
    story.say({ ...owner, type: "query.result", at: 1, body: answers(...said) });
    expect(laneOf(story, "QUERY").state).toBe(state);
  });

  it("is answered in the seconds that the post waits, once, and by the one asked alone", () => {
    const story = check();
    expect(findDues(laneOf(story, "QUERY"), standingTerms)).toEqual([
      { closing: "RESULT", of: owner.from, by: storyStart + 60_000 + 8000 },
    ]);
    story.say({ ...post, type: "query.result", at: 1 });
    story.say({ ...owner, type: "query.result", at: 2, body: answers("NO_HIT") });
    story.say({ ...owner, type: "query.result", at: 3, body: answers("HIT") });
    expect([laneOf(story, "QUERY").state, reasonsOf(laneOf(story, "QUERY"))]).toEqual([
      "NO_HIT",
      ["NOT_THEIRS", "OUT_OF_TURN"],
    ]);
  });

  it("who says call us answers again after the call", () => {
    const story = check();
    story.say({ ...owner, type: "query.result", at: 1, body: answers("CALL_US") });
    expect(findDues(laneOf(story, "QUERY"), standingTerms)).toMatchObject([
      { closing: "RESULT", of: owner.from },
    ]);
    story.say({ ...owner, type: "query.result", at: 2, body: answers("HIT") });
    expect(laneOf(story, "QUERY").state).toBe("HIT");
  });

  it("a person asks for what was hit, and for nothing else, or lets it go", () => {
    const story = check();
    story.say({ ...owner, type: "query.result", at: 1, body: answers("HIT") });
    ask(story, { hitRefs: ["KE-7F3A-99"] });
    expect([laneOf(story, "QUERY").state, reasonsOf(laneOf(story, "QUERY"))]).toEqual([
      "HIT",
      ["OUT_OF_TURN"],
    ]);
    // and nobody owes an answer to what was never hit
    expect(story.read().lanes.map(({ workflow }) => workflow)).toEqual(["QUERY"]);
    ask(story);
    expect(story.read().lanes.map(({ workflow }) => workflow)).toEqual(["QUERY", "CORE_DATA"]);
    expect(laneOf(story, "QUERY").state).toBe("CORE_DATA_ASKED");
    const other = check();
    other.say({ ...owner, type: "query.result", at: 1, body: answers("HIT") });
    other.say({ ...post, type: "feedback.waiver", at: 2 });
    expect(laneOf(other, "QUERY").state).toBe("LET_GO");
  });

  it("each of several hits may be asked about on its own", () => {
    const story = check();
    const hits = [hitRef, "KE-7F3A-02"].map((ref) => ({
      hitRef: ref,
      recordKind: "STOLEN_VEHICLE",
      matchBasis: "PLATE",
    }));
    const queryAnswers = [{ ref: "q1", answer: "HIT", hits }];
    story.say({ ...owner, type: "query.result", at: 1, body: { queryAnswers } });
    ask(story);
    ask(story, { hitRefs: ["KE-7F3A-02"] });
    expect(story.read().lanes.map(({ workflow, state }) => `${workflow} ${state}`)).toEqual([
      "QUERY CORE_DATA_ASKED",
      "CORE_DATA ASKED",
      "CORE_DATA ASKED",
    ]);
  });

  it("no core data is asked for without a hit", () => {
    const story = check();
    ask(story);
    expect(story.read().lanes.map(({ workflow }) => workflow)).toEqual(["QUERY"]);
    story.say({ ...owner, type: "query.result", at: 3, body: answers("NO_HIT") });
    expect([laneOf(story, "QUERY").state, reasonsOf(laneOf(story, "QUERY"))]).toEqual([
      "NO_HIT",
      ["OUT_OF_TURN"],
    ]);
  });
});

describe("core data after a hit (T28)", () => {
  it("is due 48 hours after a person confirmed the hit, and before the law lets go whoever is held", () => {
    const story = tellStory();
    ask(story);
    expect(findDues(laneOf(story, "CORE_DATA"), standingTerms).at(-1)).toEqual({
      closing: "RESULT",
      of: owner.from,
      by: storyStart + hourMs + 2 * dayMs,
    });
    const held = tellStory();
    ask(held, { subjectHeld: true, heldUntil: storyTime(20) });
    expect(findDues(laneOf(held, "CORE_DATA"), standingTerms).at(-1)?.by).toBe(storyStart + 20 * hourMs);
  });

  it("is given once, by the owner, and ends with feedback", () => {
    const story = tellStory();
    const asked = ask(story);
    story.say({ ...post, type: "core_data.reply", at: 3, about: asked });
    story.say({ ...owner, type: "core_data.reply", at: 4 });
    story.say({ ...owner, type: "core_data.reply", at: 5 });
    expect([laneOf(story, "CORE_DATA").state, reasonsOf(laneOf(story, "CORE_DATA"))]).toEqual(["GIVEN", ["NOT_THEIRS", "OUT_OF_TURN"]]);
    expect(findDues(laneOf(story, "CORE_DATA"), standingTerms)).toMatchObject([{ closing: "FEEDBACK", of: post.from }]);
    story.say({ ...post, type: "feedback.report", at: 9 });
    expect(findNextActs(laneOf(story, "CORE_DATA"), standingTerms).isEnded).toBe(true);
  });

  it("a reply that leaves a hit unanswered is none", () => {
    const story = tellStory();
    ask(story, { hitRefs: [hitRef, "KE-7F3A-02"] });
    story.say({ ...owner, type: "core_data.reply", at: 4 });
    expect([laneOf(story, "CORE_DATA").state, reasonsOf(laneOf(story, "CORE_DATA"))]).toEqual(["ASKED", ["INCOMPLETE"]]);
  });

  it("what is kept back whole ends the matter, and no feedback is asked for nothing", () => {
    const story = tellStory();
    ask(story);
    const hitAnswers = [{ hitRef, coreDecision: "NO_LONGER_HELD" }];
    const nothing = { hitAnswers, persons: [], objects: undefined, consents: [] };
    story.say({ ...owner, type: "core_data.reply", at: 4, body: nothing });
    expect(findNextActs(laneOf(story, "CORE_DATA"), standingTerms)).toMatchObject({ acts: [], dues: [], isEnded: true });
    expect(laneOf(story, "CORE_DATA").state).toBe("NOT_GIVEN");
  });
}); // prettier-ignore
