import { describe, expect, it } from "vitest";

import { laneOf, reasonsOf } from "../../../test/kit/lane-of.ts";
import { dayMs, hourMs, storyStart, type Story, tellStory } from "../../../test/kit/story.ts";
import { findDues, findNextActs, standingTerms } from "../index.ts"; // prettier-ignore

const navy = { from: "tz/navy", to: [] } as const;
const neighbour = { from: "ke/coastguard", to: [] } as const;

function report(stage: string): Story {
  const story = tellStory();
  story.say({ ...navy, type: "maritime.incident", at: 0, body: { stage } });
  return story;
}

function follow(story: Story, at: number, stage: string): void {
  story.say({ ...navy, type: "maritime.incident", at, body: { stage } });
}

describe("an incident at sea (domain §2.7)", () => {
  it("is followed up until the final report, each within a week of the one before", () => {
    const story = report("INITIAL");
    expect(findDues(laneOf(story, "MARITIME_INCIDENT"), standingTerms)).toEqual([
      { closing: "RESULT", of: navy.from, by: storyStart + 7 * dayMs },
    ]);
    follow(story, 24, "DAILY");
    expect(findDues(laneOf(story, "MARITIME_INCIDENT"), standingTerms)).toEqual([
      { closing: "RESULT", of: navy.from, by: storyStart + 24 * hourMs + 7 * dayMs },
    ]);
    follow(story, 48, "FINAL");
    follow(story, 49, "DAILY");
    expect(story.read().lanes).toHaveLength(1);
    expect(reasonsOf(laneOf(story, "MARITIME_INCIDENT"))).toEqual(["OUT_OF_TURN"]);
    expect(findNextActs(laneOf(story, "MARITIME_INCIDENT"), standingTerms)).toEqual({ acts: [], barred: [], dues: [], isEnded: true });
  });

  it("whose only report is final awaits nothing", () => {
    expect(findNextActs(laneOf(report("FINAL"), "MARITIME_INCIDENT"), standingTerms).isEnded).toBe(true);
  });

  it("another's report, even a final one, does not close what the first reporter owes", () => {
    const story = report("INITIAL");
    story.say({ ...neighbour, type: "maritime.incident", at: 5, body: { stage: "FINAL" } });
    expect(laneOf(story, "MARITIME_INCIDENT", "").state).toBe("REPORTED");
    expect(laneOf(story, "MARITIME_INCIDENT", neighbour.from)).toMatchObject({ state: "REPORTED", applied: [{}] });
  });

  it("is taken back by the first reporter alone", () => {
    const story = report("INITIAL");
    const body = { targetId: story.steps[0]?.id };
    story.say({ ...neighbour, type: "alert.cancel", at: 5, body });
    expect(reasonsOf(laneOf(story, "MARITIME_INCIDENT", neighbour.from))).toEqual(["NOT_THEIRS"]);
    story.say({ ...navy, type: "alert.cancel", at: 6, body });
    expect(laneOf(story, "MARITIME_INCIDENT", "").state).toBe("WITHDRAWN");
  });
}); // prettier-ignore
