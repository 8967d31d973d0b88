import { describe, expect, it } from "vitest";

import { exampleOf } from "../../examples/index.ts";
import { laneOf, reasonsOf } from "../../../test/kit/lane-of.ts";
import { dayMs, storyStart, type Story, tellStory } from "../../../test/kit/story.ts";
import { findDues, findNextActs, type Lane, standingTerms } from "../index.ts";
import { fiuDisclosure } from "./fiu-disclosure.ts";

const teller = "gh/fiu";
const told = "ng/fiu";
const byTold = { from: told, to: [teller] } as const;

function begin(type: "fiu.spontaneous" | "fiu.report" | "fiu.bulk_cbr", body = {}): Story {
  const story = tellStory();
  story.say({ from: teller, to: [told], type, at: 0, body });
  return story;
}

function lane(story: Story): Lane {
  return laneOf(story, "FIU_DISCLOSURE");
}

/** A bulk of two reports, by their references. */
function bulk(): Story {
  const json = JSON.stringify(exampleOf("fiu.bulk_cbr").body["reports"]);
  const [report]: readonly object[] = JSON.parse(json);
  return begin("fiu.bulk_cbr", {
    reports: ["CBR-1", "CBR-2"].map((reportRef) => ({ ...report, reportRef })),
  });
}

describe("W4 what a unit tells another unasked", () => {
  it.each(fiuDisclosure.opens)("%s is received and closed by feedback", (type) => {
    const story = tellStory();
    story.say({ from: teller, to: [told], type, at: 0 });
    const states = [lane(story).state];
    story.say({ ...byTold, type: "request.acknowledge", at: 2 });
    states.push(lane(story).state);
    story.say({ ...byTold, type: "fiu.feedback", at: 200, body: { reportRefs: [] } });
    states.push(lane(story).state);
    expect(states).toEqual(["SENT", "RECEIVED", "CLOSED"]);
    expect(findNextActs(lane(story), standingTerms)).toEqual({
      acts: [],
      barred: [],
      dues: [],
      isEnded: true,
    });
  });

  it("is not received or judged by who told it, and after it is closed nothing is said", () => {
    const story = begin("fiu.spontaneous");
    const byTeller = { from: teller, to: [told] } as const;
    story.say({ ...byTeller, type: "request.acknowledge", at: 1 });
    story.say({ ...byTeller, type: "fiu.feedback", at: 2 });
    expect(lane(story).state).toBe("SENT");
    story.say({
      ...byTold,
      type: "feedback.waiver",
      at: 3,
      body: { waiverReason: "NO_USE_MADE", feedbackBy: undefined },
    });
    story.say({ ...byTold, type: "fiu.feedback", at: 4 });
    expect(lane(story).state).toBe("CLOSED_WITHOUT_FEEDBACK");
    expect(reasonsOf(lane(story))).toEqual(["NOT_THEIRS", "NOT_THEIRS", "OUT_OF_TURN"]);
  });

  it("awaits feedback from its delivery: thirty days for a disclosure, ninety for a bulk", () => {
    const days = [begin("fiu.spontaneous"), bulk()].map((story) => {
      story.say({ ...byTold, type: "request.acknowledge", at: 20 });
      const [due] = findDues(lane(story), standingTerms);
      return [due?.of, ((due?.by ?? 0) - storyStart - 60_000) / dayMs];
    });
    expect(days).toEqual([
      [told, 30],
      [told, 90],
    ]);
  });

  it("that is a bulk closes when something was said of each of its reports", () => {
    const story = bulk();
    story.say({ ...byTold, type: "fiu.feedback", at: 10, body: { reportRefs: ["CBR-1"] } });
    const early = { usefulness: "TOO_EARLY", reportRefs: ["CBR-2"] };
    story.say({ ...byTold, type: "fiu.feedback", at: 11, body: early });
    expect(lane(story).state).toBe("RECEIVED");
    story.say({ ...byTold, type: "fiu.feedback", at: 12, body: { reportRefs: ["CBR-2"] } });
    expect(lane(story).state).toBe("CLOSED");
  });

  it("that was not delivered has no clock yet", () => {
    const story = begin("fiu.spontaneous");
    const sent = lane(story);
    const undelivered = { ...sent, marks: { ...sent.marks, deliveredAt: undefined } };
    expect(findDues(undelivered, standingTerms).map(({ by }) => by)).toEqual([
      undefined,
      undefined,
    ]);
  });
});
