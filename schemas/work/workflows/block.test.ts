import { describe, expect, it } from "vitest";

import { laneOf, reasonsOf } from "../../../test/kit/lane-of.ts";
import { hourMs, shuffled, stateText, storyStart, storyTime, type Story, tellStory } from "../../../test/kit/story.ts"; // prettier-ignore
import { findDues, type Lane, standingTerms } from "../index.ts";

const owner = "tn/ncb";
const holder = "dz/ncb";
const byOwner = { from: owner, to: [holder] } as const;
const target = "01a1f7fd-ae40-7e27-8bc8-617fc88b99ee";

function begin(): Story {
  const story = tellStory();
  const body = { targetIds: [target], verifyBy: storyTime(500) };
  story.say({ ...byOwner, type: "data.block", at: 0, urgency: "URGENT_INDIRECT", body });
  return story;
}

function lane(story: Story): Lane {
  return laneOf(story, "BLOCK");
}

function act(story: Story, at: number, body: Readonly<Record<string, unknown>>): void {
  const none = { blockReason: undefined, verifyBy: undefined, blockId: story.steps[0]?.id };
  story.say({ ...byOwner, type: "data.block", at, body: { targetIds: [target], ...none, ...body } });
} // prettier-ignore

function acknowledge(story: Story, at: number, done: string): void {
  const doneAt = done === "BLOCKED" ? storyTime(at) : undefined;
  const purgeRefusal = done === "REFUSED" ? "NOT_THE_OWNER" : undefined;
  const purged = [{ targetId: target, done, doneAt, purgeRefusal }];
  story.say({ from: holder, to: [owner], type: "data.purge_ack", at, body: { purged } });
}

describe("W6 a block", () => {
  it("is to be confirmed at once by the holder and verified by the owner by his day", () => {
    const story = begin();
    expect(findDues(lane(story), standingTerms)).toEqual([
      { closing: "ACKNOWLEDGEMENT", of: holder, by: storyStart + 60_000 + hourMs },
      { closing: "DECISION", of: owner, by: storyStart + 500 * hourMs },
    ]);
    acknowledge(story, 1, "UNDER_WAY");
    expect(lane(story).state).toBe("UNDER_WAY");
    acknowledge(story, 2, "BLOCKED");
    expect(lane(story).state).toBe("BLOCKED");
    expect(findDues(lane(story), standingTerms).map(({ closing }) => closing)).toEqual([
      "DECISION",
    ]);
  });

  it.each([
    ["LIFTED_CONFIRMED", "LIFTED"],
    ["LIFTED_CORRECTED", "CORRECTED"],
    ["LIFTED_WITHDRAWN", "WITHDRAWN"],
  ])("that is %s ends as %s, and nothing is awaited", (blockAct, state) => {
    const story = begin();
    act(story, 10, { blockAct });
    expect(lane(story).state).toBe(state);
    expect(findDues(lane(story), standingTerms)).toEqual([]);
    act(story, 11, { blockAct });
    expect(reasonsOf(lane(story))).toEqual(["OUT_OF_TURN"]);
  });

  it("is lifted by its own name and by its owner alone", () => {
    const story = begin();
    act(story, 10, { blockAct: "LIFTED_CONFIRMED", blockId: target });
    const body = { targetIds: [target], blockAct: "LIFTED_CONFIRMED", blockId: story.steps[0]?.id };
    story.say({ from: holder, to: [owner], type: "data.block", at: 11, body });
    expect(lane(story).state).toBe("BLOCK_ASKED");
    expect(reasonsOf(lane(story))).toEqual(["OUT_OF_TURN", "NOT_THEIRS"]);
  });

  it("that is prolonged has a new day to be verified by", () => {
    const story = begin();
    act(story, 10, { blockAct: "PROLONGED", blockReason: "CONTESTED", verifyBy: storyTime(900) });
    const verification = findDues(lane(story), standingTerms).at(-1);
    expect(verification).toEqual({ closing: "DECISION", of: owner, by: storyStart + 900 * hourMs });
  });

  it("that a holder refuses stays the owner's to decide", () => {
    const story = begin();
    acknowledge(story, 5, "REFUSED");
    expect(lane(story).state).toBe("NOT_BLOCKED");
    expect(findDues(lane(story), standingTerms).map(({ of }) => of)).toEqual([owner]);
  });

  it("ends with a purge or a correction of what was blocked, and of nothing else", () => {
    const other = begin();
    other.say({ ...byOwner, type: "data.purge", at: 9, body: { targetIds: [other.steps[0]?.id] } });
    expect(lane(other)).toMatchObject({
      state: "BLOCK_ASKED",
      refused: [{ reason: "OUT_OF_TURN" }],
    });
    other.say({ ...byOwner, type: "data.purge", at: 10, body: { targetIds: [target] } });
    expect(lane(other).state).toBe("WITHDRAWN");
    expect(laneOf(other, "PURGE").state).toBe("PURGE_ASKED");
    const mended = begin();
    mended.say({ ...byOwner, type: "data.correct", at: 10, body: { targetId: target } });
    expect(lane(mended).state).toBe("CORRECTED");
    expect(laneOf(mended, "CORRECTION").state).toBe("CORRECTION_ASKED");
  });

  it("is begun by blocking alone: a lifting of what is not here begins nothing", () => {
    const story = tellStory();
    const body = { blockAct: "LIFTED_CONFIRMED", blockId: target };
    story.say({ ...byOwner, type: "data.block", at: 0, body });
    expect(story.read().lanes).toEqual([]);
    expect(story.read().beside).toHaveLength(1);
  });

  it("both sides acting at the same time end in one state, whoever is told first", () => {
    const story = begin();
    act(story, 10, { blockAct: "LIFTED_CONFIRMED" });
    acknowledge(story, 9, "BLOCKED");
    const seen = new Set(
      ["a", "b", "c"].map((seed) => stateText(story.read(shuffled(story.steps, seed)))),
    );
    expect(seen.size).toBe(1);
    expect(lane(story).state).toBe("LIFTED");
  });
});
