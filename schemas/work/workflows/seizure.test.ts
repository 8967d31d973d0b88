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
import { findDues, standingTerms } from "../index.ts"; // prettier-ignore

const seizer = "gh/customs";
const court = { from: "gh/court", to: [seizer] } as const;

function seize(): Story {
  const story = tellStory();
  story.say({ from: seizer, to: [], type: "seizure.report", at: 0 });
  return story;
}

const told = (caseStatus: string | undefined): Readonly<Record<string, unknown>> => ({
  caseStatus,
});

describe("W2 a seizure", () => {
  it("does not end with the seizing: whoever seized is asked for the outcome within a year", () => {
    expect(findDues(laneOf(seize(), "SEIZURE"), standingTerms)).toEqual([
      { closing: "RESULT", of: seizer, by: storyStart + 365 * dayMs },
    ]);
  });

  it("is told to all who read of it by how the case stands, and ends when the case is closed", () => {
    const story = seize();
    story.say({ from: seizer, to: [], type: "alert.update", at: 9, body: told(undefined) });
    expect(laneOf(story, "SEIZURE").state).toBe("SEIZED");
    story.say({ from: seizer, to: [], type: "alert.update", at: 10, body: told("PROSECUTION") });
    expect(laneOf(story, "SEIZURE").state).toBe("IN_COURT");
    story.say({ from: seizer, to: [], type: "alert.update", at: 20, body: told("CLOSED") });
    expect(laneOf(story, "SEIZURE").state).toBe("OUTCOME_KNOWN");
  });

  it("a court tells those who seized, again and again, until it is final; who else reads learns nothing of it", () => {
    const story = seize();
    story.say({ ...court, type: "outcome.judicial", at: 100, body: { final: false, nextHearing: storyTime(900) } });
    expect(laneOf(story, "SEIZURE", court.from).state).toBe("IN_COURT");
    expect(findDues(laneOf(story, "SEIZURE", court.from), standingTerms)).toMatchObject([{ by: storyStart + 900 * hourMs }]);
    story.say({ ...court, type: "outcome.judicial", at: 900, body: { final: true } });
    expect(laneOf(story, "SEIZURE", court.from).state).toBe("OUTCOME_KNOWN");
    expect(laneOf(story, "SEIZURE", "").state).toBe("SEIZED");
    story.say({ ...court, type: "outcome.judicial", at: 901, body: { final: false } });
    expect(reasonsOf(laneOf(story, "SEIZURE", court.from))).toEqual(["OUT_OF_TURN"]);
  });

  it("whoever seized tells one reader alone, and that reader alone is served", () => {
    const story = seize();
    story.say({ from: seizer, to: ["tg/pcu"], type: "outcome.judicial", at: 100, body: { final: true } });
    expect(laneOf(story, "SEIZURE", "tg/pcu").state).toBe("OUTCOME_KNOWN");
    expect(laneOf(story, "SEIZURE", "").state).toBe("SEIZED");
  });

  it("is taken back by whoever reported it, and by nobody else", () => {
    const story = seize();
    const body = { targetId: story.steps[0]?.id };
    story.say({ from: "ng/customs", to: [], type: "alert.cancel", at: 5, body });
    expect(reasonsOf(laneOf(story, "SEIZURE", "ng/customs"))).toEqual(["NOT_THEIRS"]);
    expect(laneOf(story, "SEIZURE", "").state).toBe("SEIZED");
    story.say({ from: seizer, to: [], type: "alert.cancel", at: 6, body });
    expect(laneOf(story, "SEIZURE", "").state).toBe("WITHDRAWN");
  });
}); // prettier-ignore
