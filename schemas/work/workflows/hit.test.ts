import { describe, expect, it } from "vitest";

import { laneOf, reasonsOf } from "../../../test/kit/lane-of.ts";
import {
  dayMs,
  hourMs,
  shuffled,
  stateText,
  storyStart,
  storyTime,
  type Story,
  tellStory,
} from "../../../test/kit/story.ts";
import { findDues, findNextActs, type Lane, standingTerms } from "../index.ts"; // prettier-ignore

const finder = { from: "gw/police", to: ["sn/ncb"] } as const;
const owner = { from: "sn/ncb", to: ["gw/police"] } as const;

function find(
  times: Readonly<Record<string, unknown>> = { confirmBy: storyTime(7), heldUntil: storyTime(24) },
): Story {
  const story = tellStory();
  story.say({ ...finder, type: "hit.notice", at: 0, body: times, urgency: "URGENT_DIRECT" });
  return story;
}

function hitOf(story: Story): Lane {
  return laneOf(story, "HIT");
}

function say(story: Story, at: number, decision: string): void {
  story.say({ ...owner, type: "hit.confirmation", at, body: { decision } });
}

describe("W3 a hit", () => {
  it("is a lead until the owner of the record confirms it, and ends with what came of it", () => {
    const story = find();
    const states = [hitOf(story).state];
    story.say({ ...owner, type: "request.acknowledge", at: 1 });
    states.push(hitOf(story).state);
    say(story, 2, "CONFIRMED");
    states.push(hitOf(story).state);
    expect(findDues(hitOf(story), standingTerms)).toEqual([
      { closing: "FEEDBACK", of: finder.from, by: storyStart + 2 * hourMs + 30 * dayMs },
    ]);
    story.say({ ...finder, type: "feedback.report", at: 90 });
    states.push(hitOf(story).state);
    expect(states).toEqual(["HIT", "TAKEN_UP", "CONFIRMED", "CLOSED"]);
    expect(reasonsOf(hitOf(story))).toEqual([]);
    expect(findNextActs(hitOf(story), standingTerms).isEnded).toBe(true);
  });

  it.each([["NOT_SAME", "NOT_SAME"], ["WITHDRAWN", "RECORD_WITHDRAWN"]])("ends when the owner says %s", (decision, state) => {
    const story = find();
    say(story, 2, decision);
    expect(findNextActs(hitOf(story), standingTerms)).toEqual({ acts: [], barred: [], dues: [], isEnded: true });
    expect(hitOf(story).state).toBe(state);
    say(story, 3, "CONFIRMED");
    expect([hitOf(story).state, reasonsOf(hitOf(story))]).toEqual([state, ["OUT_OF_TURN"]]);
  });

  it("is confirmed by the owner alone: not by the finder, and by no third agency", () => {
    const story = find();
    story.say({ ...finder, type: "hit.confirmation", at: 1 });
    story.say({ from: "ml/ncb", to: [finder.from], type: "hit.confirmation", at: 2 });
    expect([hitOf(story).state, reasonsOf(hitOf(story))]).toEqual(["HIT", ["NOT_THEIRS"]]);
    expect(story.read().beside.map(({ from }) => from)).toEqual(["ml/ncb"]);
  });

  it("is not confirmed by a word about another record", () => {
    const story = find();
    const body = { recordId: "01a1f640-bc00-734d-8ab3-74a40d891cce" };
    story.say({ ...owner, type: "hit.confirmation", at: 1, body });
    expect([hitOf(story).state, reasonsOf(hitOf(story))]).toEqual(["HIT", ["OUT_OF_TURN"]]);
  });

  it("what was confirmed can be taken back, and not be confirmed or doubted anew", () => {
    const story = find();
    say(story, 2, "CONFIRMED");
    say(story, 3, "CONFIRMED");
    say(story, 4, "NEEDS_MORE");
    expect([hitOf(story).state, reasonsOf(hitOf(story))]).toEqual(["CONFIRMED", ["OUT_OF_TURN", "OUT_OF_TURN"]]);
    say(story, 5, "WITHDRAWN");
    expect(hitOf(story).state).toBe("RECORD_WITHDRAWN");
    story.say({ ...finder, type: "feedback.report", at: 6 });
    expect(reasonsOf(hitOf(story)).at(-1)).toBe("OUT_OF_TURN");
  });

  it("who asks for more gets it from the finder, and the owner is waited for all the while", () => {
    const story = find();
    say(story, 2, "NEEDS_MORE");
    expect(findDues(hitOf(story), standingTerms)).toEqual([
      { closing: "ANSWER", of: finder.from, by: storyStart + 24 * hourMs },
      { closing: "DECISION", of: owner.from, by: storyStart + 7 * hourMs },
    ]);
    story.say({ ...owner, type: "request.answer", at: 3 });
    story.say({ ...finder, type: "request.answer", at: 4 });
    expect([hitOf(story).state, reasonsOf(hitOf(story))]).toEqual(["TAKEN_UP", ["NOT_THEIRS"]]);
    say(story, 5, "STILL_VALID");
    expect(hitOf(story).state).toBe("IDENTITY_OPEN");
    say(story, 6, "CONFIRMED");
    expect(hitOf(story).state).toBe("CONFIRMED");
  });

  it("is decided by the hour the finder named, and before the law lets go whoever is held", () => {
    const due = (times: Readonly<Record<string, unknown>>): unknown => findDues(hitOf(find(times)), standingTerms).at(-1)?.by;
    expect(due({ confirmBy: storyTime(7), heldUntil: storyTime(24) })).toBe(storyStart + 7 * hourMs);
    expect(due({ confirmBy: storyTime(30), heldUntil: storyTime(24) })).toBe(storyStart + 24 * hourMs);
    expect(due({ confirmBy: storyTime(7), heldUntil: undefined, actionTaken: "WAITING" })).toBe(storyStart + 7 * hourMs);
  });

  it("taken back and reported on at the same time it ends in one state, whoever is told first", () => {
    const story = find();
    say(story, 2, "CONFIRMED");
    const seen = story.steps.slice(-1);
    story.say({ ...finder, type: "feedback.report", at: 9, follows: seen });
    story.say({ ...owner, type: "hit.confirmation", at: 8, body: { decision: "NOT_SAME" }, follows: seen });
    const states = ["a", "b", "c"].map((seed) => stateText(story.read(shuffled(story.steps, seed))));
    expect(new Set(states).size).toBe(1);
    expect(hitOf(story)).toMatchObject({ state: "NOT_SAME", refused: [{ reason: "OUT_OF_TURN" }] });
  });
}); // prettier-ignore
