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
import { findDues, type Lane, standingTerms } from "../index.ts"; // prettier-ignore

const owner = "sn/ncb";
const pretoria = { from: "za/ncb", to: [owner] } as const;
const nairobi = { from: "ke/ncb", to: [owner] } as const;

function publish(to: readonly string[] = [pretoria.from, nairobi.from]): Story {
  const story = tellStory();
  story.say({ from: owner, to, type: "notice.wanted", at: 0, urgency: "URGENT_DIRECT" });
  return story;
}

function held(story: Story, other: string = pretoria.from): Lane {
  return laneOf(story, "WANTED_NOTICE", other);
}

const reviewing = {
  blockAct: "BLOCKED",
  blockReason: "LEGAL_REVIEW",
  verifyBy: storyTime(96),
} as const;
const uuid = "01a1f7fd-ae40-7e27-8bc8-617fc88b99ee";
const lifted = (blockAct: string): Readonly<Record<string, unknown>> => ({
  blockAct,
  blockId: uuid,
});

function review(story: Story, at: number, act = "LIFTED_CONFIRMED"): void {
  story.say({ ...pretoria, type: "data.block", at, body: reviewing });
  story.say({ ...pretoria, type: "data.block", at: at + 1, body: lifted(act) });
}

describe("a wanted notice (domain §10)", () => {
  it("is held by every receiving state for its own legal review, and actionable only where that state says so", () => {
    const story = publish();
    expect([held(story).state, held(story, nairobi.from).state]).toEqual(["HELD_FOR_REVIEW", "HELD_FOR_REVIEW"]);
    review(story, 5);
    expect([held(story).state, held(story, nairobi.from).state]).toEqual(["ACTIONABLE", "HELD_FOR_REVIEW"]);
  });

  it("in a feed is held by whoever reads it, too", () => {
    const story = publish([]);
    expect(held(story, "").state).toBe("HELD_FOR_REVIEW");
    review(story, 5);
    expect([held(story).state, held(story, "").state]).toEqual(["ACTIONABLE", "HELD_FOR_REVIEW"]);
  });

  it("is not made actionable by its owner, by another state, or by a correction that is not the owner's", () => {
    const story = publish();
    story.say({ from: owner, to: [pretoria.from], type: "data.block", at: 1, body: lifted("LIFTED_CONFIRMED") });
    story.say({ ...nairobi, type: "data.block", at: 2, body: lifted("LIFTED_CONFIRMED") });
    story.say({ ...pretoria, type: "data.block", at: 3, body: lifted("LIFTED_CORRECTED") });
    expect([held(story).state, reasonsOf(held(story))]).toEqual(["HELD_FOR_REVIEW", ["OUT_OF_TURN", "OUT_OF_TURN"]]);
  });

  it("a state that finds against it does not act on it; what was decided is reviewed before it is decided anew", () => {
    const story = publish();
    review(story, 5, "LIFTED_WITHDRAWN");
    story.say({ ...pretoria, type: "data.block", at: 9, body: lifted("LIFTED_CONFIRMED") });
    expect([held(story).state, reasonsOf(held(story))]).toEqual(["NOT_ACTED_ON", ["OUT_OF_TURN"]]);
    review(story, 20);
    expect(held(story).state).toBe("ACTIONABLE");
  });

  it("is reviewed within a week of its delivery, or by the day the receiving state names", () => {
    const story = publish();
    const week = storyStart + 60_000 + 7 * dayMs;
    expect(findDues(held(story), standingTerms)).toEqual([{ closing: "DECISION", of: pretoria.from, by: week }]);
    story.say({ ...pretoria, type: "data.block", at: 5, body: reviewing });
    expect(findDues(held(story), standingTerms)).toEqual([
      { closing: "DECISION", of: pretoria.from, by: storyStart + 96 * hourMs },
    ]);
    expect(story.read().lanes.map(({ workflow }) => workflow)).not.toContain("BLOCK");
  });

  it.each([["ACTION_CHANGED"], ["LEGAL_ACT"], ["CORRECTION"]])("is reviewed again after an update for %s, and not after other news", (reason) => {
    const story = publish();
    review(story, 5);
    story.say({ from: owner, to: [], type: "alert.update", at: 9, body: { reason: "SIGHTING", onFinding: undefined } });
    expect(held(story).state).toBe("ACTIONABLE");
    story.say({ from: owner, to: [], type: "alert.update", at: 10, body: { reason, onFinding: undefined } });
    expect(held(story).state).toBe("HELD_FOR_REVIEW");
    expect(findDues(held(story), standingTerms)).toEqual([
      { closing: "DECISION", of: pretoria.from, by: storyStart + 10 * hourMs + 7 * dayMs },
    ]);
  });

  it("is reviewed again after a challenge or a block of its owner, whatever he then confirms", () => {
    const story = publish();
    review(story, 5);
    story.say({ ...pretoria, type: "notice.challenge", at: 10 });
    story.say({ ...pretoria, type: "data.block", at: 11, body: lifted("LIFTED_CONFIRMED") });
    expect([held(story).state, reasonsOf(held(story))]).toEqual(["CHALLENGED", ["OUT_OF_TURN"]]);
    story.say({ from: owner, to: [pretoria.from], type: "notice.challenge", at: 12, body: { step: "CONFIRMED" } });
    expect(held(story).state).toBe("HELD_FOR_REVIEW");
    review(story, 20);
    story.say({ from: owner, to: [pretoria.from], type: "data.block", at: 25 });
    expect(held(story).state).toBe("BLOCKED");
    story.say({ from: owner, to: [pretoria.from], type: "data.block", at: 26, body: lifted("LIFTED_CONFIRMED") });
    expect(held(story).state).toBe("HELD_FOR_REVIEW");
  });

  it("taken back while it is found good, it ends withdrawn, whoever is told first", () => {
    const story = publish();
    story.say({ ...pretoria, type: "data.block", at: 3, body: reviewing });
    const seen = story.steps.slice(-1);
    story.say({ ...pretoria, type: "data.block", at: 5, body: lifted("LIFTED_CONFIRMED"), follows: seen });
    const cancel = { targetId: story.steps[0]?.id };
    story.say({ from: owner, to: [], type: "alert.cancel", at: 4, body: cancel, follows: seen });
    const states = ["a", "b", "c"].map((seed) => stateText(story.read(shuffled(story.steps, seed))));
    expect(new Set(states).size).toBe(1);
    expect(held(story)).toMatchObject({ state: "WITHDRAWN", refused: [{ reason: "OUT_OF_TURN" }] });
  });
}); // prettier-ignore
