import { describe, expect, it } from "vitest";

import { laneOf, reasonsOf } from "../../../test/kit/lane-of.ts";
import { dayMs, storyStart, type Story, tellStory } from "../../../test/kit/story.ts";
import { findDues, standingTerms } from "../index.ts"; // prettier-ignore

const lead = "tz/drugs";
const author = "ke/dci";

function contribute(to: readonly string[] = [lead]): Story {
  const story = tellStory();
  story.say({ from: author, to, type: "assessment.contribution", at: 0 });
  return story;
}

function join(story: Story, id: string | undefined): void {
  const input = { messageId: id, agency: author, position: "AGREES" };
  const other = "01a1fdfa-4600-7c31-9d52-6f0a2b7e4c15";
  const inputs = [input, { ...input, messageId: other, agency: lead }];
  story.say({
    from: lead,
    to: [],
    type: "assessment.joint",
    at: 50,
    body: { inputs, dissents: [] },
  });
}

describe("a contribution to an assessment", () => {
  it("is used by a joint assessment that names it, and by no other", () => {
    const story = contribute();
    join(story, "01a1fdfa-4600-7c31-9d52-6f0a2b7e4c11");
    expect([laneOf(story, "CONTRIBUTION").state, reasonsOf(laneOf(story, "CONTRIBUTION"))]).toEqual(
      ["GIVEN", ["OUT_OF_TURN"]],
    );
    join(story, story.steps[0]?.id);
    expect(laneOf(story, "CONTRIBUTION").state).toBe("USED");
  });

  it("is awaited of the one it was sent to within 90 days, and of nobody in a feed", () => {
    expect(findDues(laneOf(contribute(), "CONTRIBUTION"), standingTerms)).toEqual([
      { closing: "RESULT", of: lead, by: storyStart + 60_000 + 90 * dayMs },
    ]);
    expect(findDues(laneOf(contribute([]), "CONTRIBUTION"), standingTerms)).toMatchObject([
      { by: undefined },
    ]);
  });
});

describe("a joint assessment", () => {
  it("is closed by each reader's feedback within 90 days, and not by its author's", () => {
    const story = tellStory();
    story.say({ from: lead, to: [author], type: "assessment.joint", at: 0 });
    expect(findDues(laneOf(story, "JOINT_ASSESSMENT"), standingTerms)).toEqual([
      { closing: "FEEDBACK", of: author, by: storyStart + 60_000 + 90 * dayMs },
    ]);
    story.say({ from: lead, to: [author], type: "feedback.report", at: 1 });
    story.say({ from: author, to: [lead], type: "feedback.report", at: 2 });
    expect([laneOf(story, "JOINT_ASSESSMENT").state, reasonsOf(laneOf(story, "JOINT_ASSESSMENT"))]).toEqual(["CLOSED", ["NOT_THEIRS"]]);
  });
}); // prettier-ignore
