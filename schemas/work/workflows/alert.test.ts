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
import type { MessageType } from "../../body/index.ts";
import { findDues, standingTerms } from "../index.ts"; // prettier-ignore

const owner = "gh/tcu";
const senegal = { from: "sn/tcu", to: [owner] } as const;
const mali = { from: "ml/tcu", to: [owner] } as const;

function publish(type: MessageType, to: readonly string[] = []): Story {
  const story = tellStory();
  story.say({ from: owner, to, type, at: 0 });
  return story;
}

const ever = { waiverReason: "NO_USE_MADE", feedbackBy: undefined } as const;

describe("W2 an alert in a feed", () => {
  it("is a matter of its own with each who takes it up, and stays open for the others", () => {
    const story = publish("alert.incident");
    story.say({ ...senegal, type: "request.acknowledge", at: 1 });
    story.say({ ...senegal, type: "feedback.report", at: 30 });
    story.say({ ...mali, type: "feedback.waiver", at: 31, body: ever });
    const lanes = story.read().lanes.map(({ other, state }) => [other, state]);
    expect(lanes).toEqual([
      ["", "PUBLISHED"],
      ["sn/tcu", "CLOSED"],
      ["ml/tcu", "CLOSED_WITHOUT_FEEDBACK"],
    ]);
  });

  it("has one matter with each: a second word of the same reader opens none, and is out of turn when closed", () => {
    const story = publish("som.movement");
    story.say({ ...senegal, type: "feedback.report", at: 30 });
    story.say({ ...senegal, type: "feedback.report", at: 31 });
    expect(story.read().lanes).toHaveLength(2);
    expect(reasonsOf(laneOf(story, "ALERT", "sn/tcu"))).toEqual(["OUT_OF_TURN"]);
  });

  it("waits for feedback of who was sent it or took it up, from its delivery, and of no silent reader", () => {
    const by = storyStart + 60_000 + 30 * dayMs;
    const story = publish("alert.incident");
    expect(findDues(laneOf(story, "ALERT", ""), standingTerms)).toEqual([
      { closing: "FEEDBACK", of: "", by: undefined },
    ]);
    story.say({ ...senegal, type: "request.acknowledge", at: 1 });
    expect(findDues(laneOf(story, "ALERT", "sn/tcu"), standingTerms)).toEqual([
      { closing: "FEEDBACK", of: "sn/tcu", by },
    ]);
    const sent = publish("alert.incident", ["sn/tcu", "ml/tcu"]);
    expect(findDues(laneOf(sent, "ALERT", "ml/tcu"), standingTerms)).toEqual([
      { closing: "FEEDBACK", of: "ml/tcu", by },
    ]);
  });

  it("feedback that is put off is awaited on its day", () => {
    const story = publish("alert.incident");
    story.say({
      ...senegal,
      type: "feedback.waiver",
      at: 2,
      body: { feedbackBy: storyTime(4000) },
    });
    expect(findDues(laneOf(story, "ALERT", "sn/tcu"), standingTerms)).toMatchObject([
      { by: storyStart + 4000 * hourMs },
    ]);
  });

  it("is brought up to date and taken back by its owner alone, for all at once", () => {
    const story = publish("alert.incident");
    const body = { targetId: story.steps[0]?.id };
    story.say({ ...senegal, type: "request.acknowledge", at: 1 });
    story.say({ ...mali, to: [], type: "alert.cancel", at: 2, body });
    story.say({ from: owner, to: [], type: "alert.update", at: 3 });
    expect(reasonsOf(laneOf(story, "ALERT", "ml/tcu"))).toEqual(["NOT_THEIRS"]);
    expect(laneOf(story, "ALERT", "sn/tcu").state).toBe("TAKEN_UP");
    story.say({ from: owner, to: [], type: "alert.cancel", at: 4, body });
    expect(
      new Set(
        story
          .read()
          .lanes.filter(({ workflow }) => workflow === "ALERT")
          .map(({ state }) => state),
      ),
    ).toEqual(new Set(["WITHDRAWN"]));
    story.say({ from: "ne/tcu", to: [owner], type: "feedback.report", at: 5 });
    expect(reasonsOf(laneOf(story, "ALERT", "ne/tcu"))).toEqual(["OUT_OF_TURN"]);
  });

  it("a cancelled update leaves the alert standing", () => {
    const story = publish("alert.incident");
    const update = story.say({ from: owner, to: [], type: "alert.update", at: 3 });
    story.say({
      from: owner,
      to: [],
      type: "alert.cancel",
      at: 4,
      body: { targetId: update.id, alsoIds: [] },
    });
    expect(laneOf(story, "ALERT").state).toBe("PUBLISHED");
  });
});

describe("a bulletin", () => {
  it("stands until it is taken back, and nobody is waited for", () => {
    const story = publish("bulletin.red_flag");
    expect(findDues(laneOf(story, "BULLETIN"), standingTerms)).toEqual([]);
    story.say({ ...senegal, type: "feedback.report", at: 1 });
    expect([laneOf(story, "BULLETIN", "").state, laneOf(story, "BULLETIN", "sn/tcu").state]).toEqual(["PUBLISHED", "CLOSED"]);
    story.say({ from: owner, to: [], type: "feedback.report", at: 2 });
    expect(reasonsOf(laneOf(story, "BULLETIN", ""))).toEqual(["NOT_THEIRS"]);
  });
}); // prettier-ignore
