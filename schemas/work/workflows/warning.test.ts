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
import { findDues, findNextActs, type Lane, standingTerms } from "../index.ts"; // prettier-ignore

const centre = "ecowas/ewrc";
const gambia = { from: "gm/police", to: [centre] } as const;
const guinea = { from: "gn/police", to: [centre] } as const;

function warn(to: readonly string[] = []): Story {
  const story = tellStory();
  story.say({ from: centre, to, type: "warning.trend", at: 0, body: { replyBy: storyTime(240) } });
  return story;
}

function at(story: Story, agency: string): Lane {
  return laneOf(story, "EARLY_WARNING", agency);
}

const says = (
  response: string,
  more: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> => ({
  response,
  actBy: undefined,
  ...more,
});

describe("an early warning (domain §10)", () => {
  it.each([["ACTING"], ["ALREADY_COVERED"]])("is answered by %s, by each state for itself", (response) => {
    const story = warn();
    story.say({ ...gambia, type: "warning.response", at: 5, body: says(response) });
    expect([at(story, gambia.from).state, at(story, "").state]).toEqual([response, "WARNED"]);
    expect(findNextActs(at(story, gambia.from), standingTerms)).toEqual({ acts: [], barred: [], dues: [], isEnded: true });
    story.say({ ...gambia, type: "warning.response", at: 6, body: says("WILL_ACT", { actBy: storyTime(900) }) });
    expect(reasonsOf(at(story, gambia.from))).toEqual(["OUT_OF_TURN"]);
  });

  it("has a clock: every state that is asked answers by the day named, and those not asked need not", () => {
    const story = warn([gambia.from, guinea.from]);
    const by = storyStart + 240 * hourMs;
    expect(findDues(at(story, gambia.from), standingTerms)).toEqual([{ closing: "RESULT", of: gambia.from, by }]);
    // Guinea is on the route and among the countries, but not among those asked
    expect(findDues(at(story, guinea.from), standingTerms)).toEqual([{ closing: "RESULT", of: guinea.from, by: undefined }]);
    expect(findDues(at(warn(), ""), standingTerms)).toEqual([{ closing: "RESULT", of: "", by }]);
  });

  it("who promises to act is asked again on that day", () => {
    const story = warn();
    story.say({ ...gambia, type: "warning.response", at: 5, body: says("WILL_ACT", { actBy: storyTime(400) }) });
    expect(findDues(at(story, gambia.from), standingTerms)).toEqual([
      { closing: "RESULT", of: gambia.from, by: storyStart + 400 * hourMs },
    ]);
    story.say({ ...gambia, type: "warning.response", at: 390, body: says("ACTING") });
    expect(at(story, gambia.from).state).toBe("ACTING");
  });

  it("who needs more is answered by the one who warned, and then answers himself", () => {
    const story = warn();
    story.say({ ...gambia, type: "warning.response", at: 5, body: says("MORE_NEEDED") });
    expect(findDues(at(story, gambia.from), standingTerms)).toEqual([
      { closing: "ANSWER", of: centre, by: storyStart + 5 * hourMs + 7 * dayMs },
      { closing: "RESULT", of: gambia.from, by: storyStart + 240 * hourMs },
    ]);
    story.say({ ...gambia, type: "request.answer", at: 6 });
    expect(reasonsOf(at(story, gambia.from))).toEqual(["NOT_THEIRS"]);
    story.say({ from: centre, to: [gambia.from], type: "request.answer", at: 7 });
    expect(at(story, gambia.from).state).toBe("WARNED");
  });

  it("is taken back by the one who warned alone, and is then no longer answered", () => {
    const story = warn();
    const body = { targetId: story.steps[0]?.id };
    story.say({ ...gambia, type: "alert.cancel", at: 1, body });
    expect(reasonsOf(at(story, gambia.from))).toEqual(["NOT_THEIRS"]);
    story.say({ from: centre, to: [], type: "alert.cancel", at: 2, body });
    story.say({ ...guinea, type: "warning.response", at: 3 });
    expect([at(story, guinea.from).state, reasonsOf(at(story, guinea.from))]).toEqual(["WITHDRAWN", ["OUT_OF_TURN"]]);
  });
}); // prettier-ignore
