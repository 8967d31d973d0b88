import { describe, expect, it } from "vitest";

import { laneOf, reasonsOf } from "../../../test/kit/lane-of.ts";
import { hourMs, storyStart, storyTime, type Story, tellStory } from "../../../test/kit/story.ts";
import { findDues, findNextActs, type Lane, standingTerms } from "../index.ts";

const owner = "sn/ncb";
const holder = "ml/ncb";
const byOwner = { from: owner, to: [holder] } as const;
const target = "01a1f7fd-ae40-7e27-8bc8-617fc88b99ee";
const another = "01a1f802-4220-7c87-8eab-109c4c4c2cf3";

function begin(): Story {
  const story = tellStory();
  const body = {
    targetIds: [target],
    reviewAt: storyTime(100),
    deletionAt: storyTime(800),
    lastReview: undefined,
  };
  story.say({ ...byOwner, type: "data.review_due", at: 0, body });
  return story;
}

function lane(story: Story): Lane {
  return laneOf(story, "REVIEW");
}

function extend(story: Story, at: number, targetIds: readonly string[]): void {
  const body = { targetIds, deletionAt: storyTime(800), newDeletionAt: storyTime(2000) };
  story.say({ ...byOwner, type: "data.retention_extend", at, body });
}

describe("W6 the day to look again", () => {
  it("is the owner's to decide before the data go (T6)", () => {
    const story = begin();
    expect(findDues(lane(story), standingTerms)).toEqual([
      { closing: "DECISION", of: owner, by: storyStart + 800 * hourMs },
    ]);
    extend(story, 700, [target]);
    expect(lane(story).state).toBe("KEPT_LONGER");
    expect(findNextActs(lane(story), standingTerms).isEnded).toBe(true);
  });

  it("keeps nothing longer that is gone already, and nothing it was not about (T6)", () => {
    const story = begin();
    extend(story, 700, [another]);
    extend(story, 800, [target]);
    expect(lane(story).state).toBe("REVIEW_DUE");
    expect(reasonsOf(lane(story))).toEqual(["OUT_OF_TURN", "OUT_OF_TURN"]);
  });

  it("is no holder's to decide", () => {
    const story = begin();
    const said = { from: holder, to: [owner], type: "data.retention_extend" } as const;
    story.say({ ...said, at: 5, body: { targetIds: [target] } });
    expect(lane(story)).toMatchObject({ state: "REVIEW_DUE", refused: [{ reason: "NOT_THEIRS" }] });
  });

  it.each([
    ["data.purge", "WITHDRAWN", "PURGE"],
    ["data.correct", "CORRECTED", "CORRECTION"],
    ["alert.cancel", "WITHDRAWN", "PURGE"],
  ] as const)("ends with %s, which is a matter of its own", (type, state, workflow) => {
    const story = begin();
    const ids = (id: string): object =>
      type === "data.purge" ? { targetIds: [id] } : { targetId: id };
    story.say({ ...byOwner, type, at: 10, body: { ...ids(another) } });
    expect(lane(story).state).toBe("REVIEW_DUE");
    story.say({ ...byOwner, type, at: 11, body: { ...ids(target) } });
    expect(lane(story)).toMatchObject({ state, refused: [{ reason: "OUT_OF_TURN" }] });
    expect(laneOf(story, workflow).opener).toBe(owner);
  });
});
