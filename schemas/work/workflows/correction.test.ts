import { describe, expect, it } from "vitest";

import { laneOf, reasonsOf } from "../../../test/kit/lane-of.ts";
import { hourMs, storyStart, storyTime, type Story, tellStory } from "../../../test/kit/story.ts";
import { findDues, findNextActs, type Lane, standingTerms } from "../index.ts";

const owner = "gh/ncb";
const holder = "ng/ncb";
const target = "01a1f7fd-ae40-7e27-8bc8-617fc88b99ee";

function begin(): Story {
  const story = tellStory();
  const body = { targetId: target, deadline: storyTime(72) };
  story.say({ from: owner, to: [holder, "sn/tcu"], type: "data.correct", at: 0, body });
  return story;
}

function lane(story: Story): Lane {
  return laneOf(story, "CORRECTION", holder);
}

function acknowledge(story: Story, at: number, copy: object): void {
  const purged = [{ targetId: target, done: "CORRECTED", doneAt: storyTime(at), ...copy }];
  story.say({ from: holder, to: [owner], type: "data.purge_ack", at, body: { purged } });
}

describe("W6 a correction", () => {
  it("is awaited of each holder by the owner's deadline and ends when he has mended his copy", () => {
    const story = begin();
    expect(findDues(lane(story), standingTerms)).toEqual([
      { closing: "PURGE", of: holder, by: storyStart + 72 * hourMs },
    ]);
    acknowledge(story, 10, {});
    expect(lane(story).state).toBe("CORRECTED");
    expect(findNextActs(lane(story), standingTerms).isEnded).toBe(true);
    expect(laneOf(story, "CORRECTION", "sn/tcu").state).toBe("CORRECTION_ASKED");
  });

  it("is done where there is no copy any more, and not where it is only blocked", () => {
    const story = begin();
    acknowledge(story, 10, { done: "BLOCKED" });
    expect(lane(story)).toMatchObject({
      state: "CORRECTION_ASKED",
      refused: [{ reason: "INCOMPLETE" }],
    });
    acknowledge(story, 11, { done: "NEVER_HELD", doneAt: undefined });
    expect(lane(story).state).toBe("CORRECTED");
  });

  it("is not done before those the copy was passed on to", () => {
    const story = begin();
    acknowledge(story, 10, {
      done: "ALREADY_GONE",
      doneAt: undefined,
      onwardPending: ["tg/tcu"],
    });
    expect(reasonsOf(lane(story))).toEqual(["INCOMPLETE"]);
  });

  it("is neither mended nor refused by the owner", () => {
    const story = begin();
    const purged = [{ targetId: target, done: "CORRECTED", doneAt: storyTime(1) }];
    story.say({ from: owner, to: [holder], type: "data.purge_ack", at: 1, body: { purged } });
    expect(reasonsOf(lane(story))).toEqual(["NOT_THEIRS"]);
    acknowledge(story, 2, { done: "REFUSED", doneAt: undefined, purgeRefusal: "ALREADY_EVIDENCE" });
    expect(lane(story).state).toBe("REFUSED");
  });
});
