import { describe, expect, it } from "vitest";

import { laneOf, reasonsOf } from "../../../test/kit/lane-of.ts";
import { hourMs, storyStart, storyTime, type Story, tellStory } from "../../../test/kit/story.ts";
import { findDues, type Lane, standingTerms } from "../index.ts";

const owner = "ma/fiu";
const tester = "tn/fiu";
const byTester = { from: tester, to: [owner] } as const;
const byOwner = { from: owner, to: [tester] } as const;

function begin(): Story {
  const story = tellStory();
  story.say({
    from: owner,
    to: [tester, "sn/fiu"],
    type: "fiu.match_filter",
    at: 0,
    body: { validUntil: storyTime(1000) },
  });
  return story;
}

function lane(story: Story): Lane {
  return laneOf(story, "FIU_MATCH", tester);
}

describe("W4 matching by filter", () => {
  it("leads over a hit to a request that a person sends, which is a matter of its own", () => {
    const story = begin();
    const hit = story.say({ ...byTester, type: "fiu.match_hit", at: 10 });
    expect(lane(story).state).toBe("HIT");
    expect(findDues(lane(story), standingTerms)).toEqual([
      { closing: "DECISION", of: tester, by: storyStart + 1000 * hourMs },
    ]);
    story.say({ ...byTester, type: "fiu.request", at: 20, about: hit });
    expect(lane(story).state).toBe("REQUESTED");
    expect(laneOf(story, "FIU_REQUEST")).toMatchObject({ opener: tester, other: owner });
  });

  it("asks nothing of who finds nothing", () => {
    const story = begin();
    expect(findDues(lane(story), standingTerms)).toEqual([]);
    story.say({ ...byTester, type: "fiu.match_hit", at: 10 });
    expect(laneOf(story, "FIU_MATCH", "sn/fiu").state).toBe("FILTER_SHARED");
  });

  it("gives no hit when the filter has ended, and none to its owner", () => {
    const story = begin();
    story.say({ ...byTester, type: "fiu.match_hit", at: 1001 });
    story.say({ ...byOwner, type: "fiu.match_hit", at: 1002 });
    expect(lane(story).state).toBe("FILTER_SHARED");
    expect(reasonsOf(lane(story))).toEqual(["OUT_OF_TURN", "NOT_THEIRS"]);
  });

  it("goes on after a hit that was not the same, or that nobody follows", () => {
    for (const ends of [
      { ...byOwner, type: "hit.confirmation", body: { decision: "NOT_SAME", actions: [] } },
      {
        ...byTester,
        type: "feedback.waiver",
        body: { waiverReason: "NO_USE_MADE", feedbackBy: undefined },
      },
    ] as const) {
      const story = begin();
      story.say({ ...byTester, type: "fiu.match_hit", at: 10 });
      story.say({ ...ends, at: 20 });
      expect(lane(story)).toMatchObject({ state: "FILTER_SHARED", refused: [] });
      story.say({ ...byTester, type: "fiu.match_hit", at: 30 });
      expect(lane(story).state).toBe("HIT");
    }
  });

  it("leads to no request before a hit", () => {
    const story = begin();
    story.say({ ...byTester, type: "fiu.request", at: 5 });
    expect(lane(story)).toMatchObject({
      state: "FILTER_SHARED",
      refused: [{ reason: "OUT_OF_TURN" }],
    });
  });
});
