import { describe, expect, it } from "vitest";

import { laneOf, reasonsOf } from "../../../test/kit/lane-of.ts";
import { dayMs, hourMs, shuffled, stateText, storyStart, storyTime, type Story, tellStory } from "../../../test/kit/story.ts"; // prettier-ignore
import { findDues, findNextActs, type Lane, standingTerms, type Step } from "../index.ts";

const owner = "ng/ncb";
const holder = "gh/ncb";
const byOwner = { from: owner, to: [holder] } as const;
const byHolder = { from: holder, to: [owner] } as const;
const one = "01a1f7fd-ae40-7e27-8bc8-617fc88b99ee";
const two = "01a1f802-4220-7c87-8eab-109c4c4c2cf3";

const hold = { done: "LEGAL_HOLD", holdRef: "X-1", holdCountry: "GH" } as const;

function begin(targetIds: readonly string[] = [one], to: readonly string[] = [holder]): Story {
  const story = tellStory();
  story.say({ from: owner, to, type: "data.purge", at: 0, body: { targetIds, deadline: storyTime(168) } }); // prettier-ignore
  return story;
}

function lane(story: Story, other = holder): Lane {
  return laneOf(story, "PURGE", other);
}

function acknowledge(story: Story, at: number, ...copies: readonly object[]): Step {
  const purged = copies.map((copy) => ({ targetId: one, done: "DELETED", doneAt: storyTime(at), ...copy }));
  return story.say({ ...byHolder, type: "data.purge_ack", at, body: { purged } });
} // prettier-ignore

describe("W6 a purge", () => {
  it("is awaited of each holder by the owner's deadline, and ends with his signed answer (T7)", () => {
    const story = begin();
    expect(findDues(lane(story), standingTerms)).toEqual([
      { closing: "PURGE", of: holder, by: storyStart + 168 * hourMs },
    ]);
    acknowledge(story, 10, {});
    expect(lane(story).state).toBe("PURGED");
    expect(findNextActs(lane(story), standingTerms)).toEqual({ acts: [], barred: [], dues: [], isEnded: true });
  });

  it.each(["ALREADY_GONE", "NEVER_HELD"])("is done where the copy is %s", (done) => {
    const story = begin();
    acknowledge(story, 10, { done, doneAt: undefined });
    expect(lane(story).state).toBe("PURGED");
  });

  it("is under way until every copy that was named is gone, over several answers", () => {
    const story = begin([one, two]);
    acknowledge(story, 10, {});
    expect(lane(story).state).toBe("UNDER_WAY");
    expect(findDues(lane(story), standingTerms).map(({ closing }) => closing)).toEqual(["PURGE"]);
    acknowledge(story, 20, { targetId: two, done: "UNDER_WAY", doneAt: undefined });
    expect(lane(story).state).toBe("UNDER_WAY");
    acknowledge(story, 30, { targetId: two });
    expect(lane(story).state).toBe("PURGED");
  });

  it("is not done before those the copy was passed on to, as the answer itself says", () => {
    const story = begin();
    const pending = { done: "ALREADY_GONE", doneAt: undefined, onwardPending: ["tg/tcu"] };
    acknowledge(story, 10, pending);
    expect(lane(story)).toMatchObject({ state: "PURGE_ASKED", refused: [{ reason: "INCOMPLETE" }] });
    acknowledge(story, 11, { ...pending, done: "UNDER_WAY" });
    expect(lane(story).state).toBe("UNDER_WAY");
    acknowledge(story, 12, { onwardDone: ["tg/tcu"] });
    expect(lane(story).state).toBe("PURGED");
  });

  it("is not done before everyone in the holder's onward log has confirmed", () => {
    const story = begin();
    const legalDuty = { scheme: "NATIONAL_LAW", code: "X-1", label: { text: "Duty", lang: "en" } };
    const entry = { targetId: one, givenAt: storyTime(1), purpose: "INVESTIGATION", legalDuty };
    const entries = [{ ...entry, givenTo: "gh/eoco" }, { ...entry, givenTo: "gh/nacoc" }, { ...entry, targetId: two, givenTo: "gh/ag" }];
    story.say({ ...byHolder, type: "data.onward_log", at: 5, body: { entries } });
    acknowledge(story, 10, { onwardDone: ["gh/eoco"] });
    expect(lane(story)).toMatchObject({ state: "PURGE_ASKED", refused: [{ reason: "INCOMPLETE" }] });
    acknowledge(story, 11, { onwardDone: ["gh/eoco", "gh/nacoc"] });
    expect(lane(story).state).toBe("PURGED");
  });

  it("is answered for what was asked: another copy, or a copy only mended or blocked, is no answer", () => {
    const story = begin();
    acknowledge(story, 10, { targetId: two });
    acknowledge(story, 11, { done: "CORRECTED" });
    acknowledge(story, 12, { done: "BLOCKED" });
    expect(lane(story).state).toBe("PURGE_ASKED");
    expect(reasonsOf(lane(story))).toEqual(["OUT_OF_TURN", "INCOMPLETE", "INCOMPLETE"]);
  });

  it("is acknowledged by the holder alone, and after it is done nothing changes it", () => {
    const story = begin();
    const purged = [{ targetId: one, done: "DELETED", doneAt: storyTime(1) }];
    story.say({ ...byOwner, type: "data.purge_ack", at: 1, body: { purged } });
    expect(reasonsOf(lane(story))).toEqual(["NOT_THEIRS"]);
    acknowledge(story, 2, {});
    acknowledge(story, 3, { ...hold, holdReviewAt: storyTime(900), doneAt: undefined });
    expect(lane(story).state).toBe("PURGED");
    expect(reasonsOf(lane(story))).toEqual(["NOT_THEIRS", "OUT_OF_TURN"]);
  });

  it("that a court's order stops is kept, and the earliest order is looked at again on its day", () => {
    const story = begin([one, two]);
    acknowledge(story, 10, { ...hold, doneAt: undefined, holdReviewAt: storyTime(900) }, { ...hold, doneAt: undefined, targetId: two, holdReviewAt: storyTime(800) });
    expect(lane(story).state).toBe("KEPT_BY_ORDER");
    expect(findDues(lane(story), standingTerms)).toEqual([
      { closing: "DECISION", of: holder, by: storyStart + 800 * hourMs },
    ]);
    acknowledge(story, 700, {}, { targetId: two });
    expect(lane(story).state).toBe("PURGED");
  });

  it("that is refused with a ground may still be done", () => {
    const story = begin();
    acknowledge(story, 10, { done: "REFUSED", doneAt: undefined, purgeRefusal: "OWN_COLLECTION" });
    expect(lane(story).state).toBe("REFUSED");
    acknowledge(story, 20, {});
    expect(lane(story).state).toBe("PURGED");
  });

  it("goes to those above the holder only when it is late", () => {
    const story = begin();
    const escalate = { ...byOwner, type: "request.escalate", body: { dueAt: storyTime(168) } } as const;
    story.say({ ...escalate, at: 100 });
    expect(reasonsOf(lane(story))).toEqual(["NOT_DUE_YET"]);
    story.say({ ...escalate, at: 169 });
    expect(lane(story).refused).toHaveLength(1);
  });

  it("of several holders is a matter with each", () => {
    const story = begin([one], [holder, "bj/police", "tg/tcu"]);
    acknowledge(story, 10, {});
    const states = story.read().lanes.map(({ other, state }) => [other, state]);
    expect(states).toEqual([[holder, "PURGED"], ["bj/police", "PURGE_ASKED"], ["tg/tcu", "PURGE_ASKED"]]);
  });

  it("both sides acting at the same time end in one state, whoever is told first", () => {
    const story = begin();
    const follows = story.steps.slice(0, 1);
    const purged = [{ targetId: one, done: "DELETED", doneAt: storyTime(1) }];
    story.say({ ...byHolder, type: "data.purge_ack", at: 200, follows, body: { purged } });
    story.say({ ...byOwner, type: "request.escalate", at: 199, follows, body: { dueAt: storyTime(168) } });
    const seen = new Set(["a", "b", "c"].map((seed) => stateText(story.read(shuffled(story.steps, seed)))));
    expect(seen.size).toBe(1);
    expect(lane(story)).toMatchObject({ state: "PURGED", refused: [] });
  });
}); // prettier-ignore

describe("W6 what else is deleted", () => {
  it("a cancellation that says so, in each of those it goes to, by its own day", () => {
    const story = tellStory();
    const ids = { targetId: one, alsoIds: [two] };
    story.say({ ...byOwner, type: "alert.cancel", at: 0, body: { ...ids, recipientsMustPurge: true, purgeBy: storyTime(300) } });
    expect(findDues(lane(story), standingTerms)).toEqual([
      { closing: "PURGE", of: holder, by: storyStart + 300 * hourMs },
    ]);
    acknowledge(story, 10, {});
    expect(lane(story).state).toBe("UNDER_WAY");
    acknowledge(story, 11, { targetId: two });
    expect(lane(story).state).toBe("PURGED");
  });

  it("a cancellation that does not ask for it begins no purge", () => {
    const story = tellStory();
    const body = { targetId: one, reason: "RESOLVED", recipientsMustPurge: false, purgeBy: undefined, purgeOnwardCopies: undefined };
    story.say({ ...byOwner, type: "alert.cancel", at: 0, body });
    expect(story.read().lanes.filter(({ workflow }) => workflow === "PURGE")).toEqual([]);
  });

  it("a cancellation in a feed is a matter with each who answers, once", () => {
    const story = tellStory();
    story.say({ from: owner, to: [], type: "alert.cancel", at: 0, body: { targetId: one, alsoIds: [two] } });
    acknowledge(story, 10, {});
    acknowledge(story, 11, { targetId: two });
    const states = story.read().lanes.filter(({ workflow }) => workflow === "PURGE").map(({ other, state }) => [other, state]);
    expect(states).toEqual([["", "PURGE_ASKED"], [holder, "PURGED"]]);
  });

  it("what a change of handling withdraws, from those it names and no others, by the urgency's clock", () => {
    const story = tellStory();
    const body = { targetIds: [one], withdrawnFrom: ["ng/tcu"] };
    story.say({ from: owner, to: [holder, "ng/tcu"], type: "handling.change", at: 0, urgency: "URGENT_INDIRECT", body });
    const lanes = story.read().lanes.filter(({ workflow }) => workflow === "PURGE");
    expect(lanes.map(({ other }) => other)).toEqual(["ng/tcu"]);
    expect(findDues(lane(story, "ng/tcu"), standingTerms)).toEqual([
      { closing: "PURGE", of: "ng/tcu", by: storyStart + 60_000 + 3 * dayMs },
    ]);
  });
}); // prettier-ignore
