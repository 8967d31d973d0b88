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
import { findDues, type Lane, standingTerms } from "../index.ts"; // prettier-ignore

const owner = "sn/ncb";
const reader = { from: "za/ncb", to: [owner] } as const;
const told = { from: owner, to: [reader.from] } as const;

function publish(type: MessageType = "notice.information"): Story {
  const story = tellStory();
  story.say({ from: owner, to: [], type, at: 0 });
  return story;
}

const challenge = { type: "notice.challenge" } as const;
const raised = { step: "RAISED", replyBy: storyTime(100) } as const;
const answered = (step: string, replyBy?: string): Readonly<Record<string, unknown>> => ({
  step,
  replyBy,
});

function noticeOf(story: Story, other: string = reader.from): Lane {
  return laneOf(story, "NOTICE", other);
}

describe("W3 a notice", () => {
  it("stands until its owner takes it back, and nobody else can", () => {
    const story = publish();
    const body = { targetId: story.steps[0]?.id };
    story.say({ from: reader.from, to: [], type: "alert.cancel", at: 1, body });
    expect([noticeOf(story).state, reasonsOf(noticeOf(story))]).toEqual([
      "PUBLISHED",
      ["NOT_THEIRS"],
    ]);
    story.say({ from: owner, to: [], type: "alert.update", at: 2 });
    story.say({ from: owner, to: [], type: "alert.cancel", at: 3, body });
    expect(new Set([noticeOf(story).state, noticeOf(story, "").state])).toEqual(
      new Set(["WITHDRAWN"]),
    );
    story.say({ ...reader, ...challenge, at: 4, body: raised });
    expect(reasonsOf(noticeOf(story)).at(-1)).toBe("OUT_OF_TURN");
  });

  it.each([
    ["CONFIRMED", "PUBLISHED"],
    ["CORRECTED", "PUBLISHED"],
    ["WITHDRAWN", "WITHDRAWN"],
  ])("challenged, and %s by its owner", (step, state) => {
    const story = publish();
    story.say({ ...reader, ...challenge, at: 4, body: raised });
    expect(noticeOf(story).state).toBe("CHALLENGED");
    expect(findDues(noticeOf(story), standingTerms)).toEqual([
      { closing: "ANSWER", of: owner, by: storyStart + 100 * hourMs },
    ]);
    story.say({ ...told, ...challenge, at: 50, body: answered("HELD", storyTime(300)) });
    expect(noticeOf(story).state).toBe("HELD_BY_OWNER");
    expect(findDues(noticeOf(story), standingTerms)).toEqual([
      { closing: "DECISION", of: owner, by: storyStart + 300 * hourMs },
    ]);
    story.say({ ...told, ...challenge, at: 90, body: answered(step) });
    expect([noticeOf(story).state, reasonsOf(noticeOf(story))]).toEqual([state, []]);
    expect(noticeOf(story, "").state).toBe("PUBLISHED");
  });

  it("who challenges does not answer, who is challenged does not raise, and nothing is answered unasked", () => {
    const story = publish();
    story.say({ ...reader, ...challenge, at: 1, body: answered("WITHDRAWN") });
    story.say({ ...told, ...challenge, at: 2, body: answered("CONFIRMED") });
    story.say({ ...reader, ...challenge, at: 3, body: raised });
    story.say({ ...told, ...challenge, at: 4, body: raised });
    story.say({ ...reader, ...challenge, at: 5, body: answered("CONFIRMED") });
    expect([noticeOf(story).state, reasonsOf(noticeOf(story))]).toEqual([
      "CHALLENGED",
      ["OUT_OF_TURN", "NOT_THEIRS", "OUT_OF_TURN", "OUT_OF_TURN"],
    ]);
  });

  it("each who challenges has a matter of his own", () => {
    const story = publish();
    story.say({ ...reader, ...challenge, at: 1, body: raised });
    story.say({ from: "ke/court", to: [owner], ...challenge, at: 2, body: raised });
    story.say({ ...told, ...challenge, at: 3, body: answered("CONFIRMED") });
    expect([noticeOf(story).state, noticeOf(story, "ke/court").state]).toEqual([
      "PUBLISHED",
      "CHALLENGED",
    ]);
  });

  it("is blocked by its owner for those he tells, until the day he named, and lifted or withdrawn", () => {
    const story = publish();
    const block = { ...told, type: "data.block" } as const;
    const blockId = story.say({ ...block, at: 1, body: { verifyBy: storyTime(200) } }).id;
    expect([noticeOf(story).state, noticeOf(story, "").state]).toEqual(["BLOCKED", "PUBLISHED"]);
    expect(findDues(noticeOf(story), standingTerms)).toEqual([
      { closing: "DECISION", of: owner, by: storyStart + 200 * hourMs },
    ]);
    story.say({ ...reader, ...challenge, at: 2, body: raised });
    expect(reasonsOf(noticeOf(story))).toEqual(["OUT_OF_TURN"]);
    story.say({ ...block, at: 3, body: { blockAct: "LIFTED_CONFIRMED", blockId } });
    expect(noticeOf(story).state).toBe("PUBLISHED");
    story.say({ ...block, at: 4 });
    story.say({ ...block, at: 5, body: { blockAct: "LIFTED_WITHDRAWN", blockId } });
    expect(noticeOf(story).state).toBe("WITHDRAWN");
  });

  it("of a near danger asks who was told what came of it", () => {
    const story = tellStory();
    story.say({ from: owner, to: [reader.from], type: "notice.threat", at: 0 });
    expect(findDues(laneOf(story, "THREAT_NOTICE"), standingTerms)).toEqual([
      { closing: "FEEDBACK", of: reader.from, by: storyStart + 60_000 + 30 * dayMs },
    ]);
    story.say({ ...told, type: "feedback.report", at: 1 });
    story.say({ ...reader, type: "feedback.report", at: 2 });
    expect([
      laneOf(story, "THREAT_NOTICE").state,
      reasonsOf(laneOf(story, "THREAT_NOTICE")),
    ]).toEqual(["CLOSED", ["NOT_THEIRS"]]);
  });
});

describe("a record", () => {
  it("of a firearm ends when it is destroyed, and no other does", () => {
    const states = (["record.firearm", "record.stolen_vehicle"] as const).map((type) => {
      const story = publish(type);
      story.say({ from: owner, to: [], type: "firearm.destroyed", at: 1 });
      return [laneOf(story, "RECORD").state, ...reasonsOf(laneOf(story, "RECORD"))];
    });
    expect(states).toEqual([["DESTROYED"], ["RECORDED", "OUT_OF_TURN"]]);
  });

  it("stands until its owner takes it back; a hit on it is a matter of its own", () => {
    const story = publish("record.stolen_vehicle");
    story.say({ ...reader, type: "hit.notice", at: 1 });
    expect(laneOf(story, "HIT").opener).toBe(reader.from);
    story.say({ from: owner, to: [], type: "alert.cancel", at: 2, body: { targetId: story.steps[0]?.id } });
    expect([laneOf(story, "RECORD").state, laneOf(story, "HIT").state]).toEqual(["WITHDRAWN", "HIT"]);
  });
}); // prettier-ignore
