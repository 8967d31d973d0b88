import { describe, expect, it } from "vitest";

import { idOf, type Line, tellCourse } from "../../test/kit/course.ts";
import { laneOf, reasonsOf } from "../../test/kit/lane-of.ts";
import { shuffled, stateText, storyTime, type Story, tellStory } from "../../test/kit/story.ts";

const owner = "sn/ncb";
const holder = "ml/ncb";
const toHolder = { from: owner, to: [holder] } as const;
const toOwner = { from: holder, to: [owner] } as const;

function expectOne(story: Story): void {
  const whole = stateText(story.read());
  for (const seed of ["a", "b"]) {
    expect(stateText(story.read(shuffled(story.steps, seed)))).toBe(whole);
  }
}

/** A published record, and two finders' hits on it that answer it. */
function findTwice(): Story {
  const story = tellStory();
  const record = story.say({ from: owner, to: [], type: "record.object", at: 0 });
  for (const [i, from] of [holder, "gh/ncb"].entries()) {
    story.say({ from, to: [owner], type: "hit.notice", at: 1 + i, body: { recordId: record.id } });
  }
  return story;
}

function statesOf(story: Story, workflow: string): readonly string[] {
  const lanes = story.read().lanes.filter((lane) => lane.workflow === workflow);
  return lanes.map(({ state }) => state);
}

describe("what a message says it is about", () => {
  it("a recall that answers the message itself ends the review of it, and is told nowhere as a mistake", () => {
    const story = tellStory();
    const alert = story.say({ ...toHolder, type: "alert.incident", at: 0 });
    const targetIds = [alert.id];
    const times = { reviewAt: storyTime(100), deletionAt: storyTime(800), lastReview: undefined };
    story.say({ ...toHolder, type: "data.review_due", at: 1, body: { targetIds, ...times } });
    const recall = story.say({ ...toHolder, type: "data.purge", at: 2, body: { targetIds } });
    expect(laneOf(story, "REVIEW").state).toBe("WITHDRAWN");
    const purged = [{ targetId: alert.id, done: "DELETED", doneAt: storyTime(3) }];
    story.say({ ...toOwner, type: "data.purge_ack", at: 3, body: { purged }, about: recall });
    expect(laneOf(story, "PURGE").state).toBe("PURGED");
    expect(story.read().lanes.flatMap(reasonsOf)).toEqual([]);
    expectOne(story);
  });

  it("a recall of another message ends no review", () => {
    const story = tellStory();
    const [alert, other] = [0, 1].map((at) =>
      story.say({ ...toHolder, type: "alert.incident", at }),
    );
    const times = { reviewAt: storyTime(100), deletionAt: storyTime(800), lastReview: undefined };
    const body = { targetIds: [alert!.id], ...times };
    story.say({ ...toHolder, type: "data.review_due", at: 2, body, about: alert });
    const recalled = { targetIds: [other!.id] };
    story.say({ ...toHolder, type: "data.purge", at: 3, body: recalled, about: other });
    expect(laneOf(story, "REVIEW")).toMatchObject({ state: "REVIEW_DUE", refused: [] });
  });

  it("a record that its owner takes back ends every hit on it, confirmed or not", () => {
    const story = findTwice();
    const [, first] = story.steps;
    const body = { recordId: story.steps[0]!.id, decision: "CONFIRMED" };
    story.say({ ...toHolder, type: "hit.confirmation", at: 5, body, about: first });
    expect(statesOf(story, "HIT")).toEqual(["CONFIRMED", "HIT"]);
    const target = { targetId: story.steps[0]!.id, reason: "ERROR" };
    story.say({ from: owner, to: [], type: "alert.cancel", at: 6, body: target });
    expect(statesOf(story, "HIT")).toEqual(["RECORD_WITHDRAWN", "RECORD_WITHDRAWN"]);
    expect(laneOf(story, "RECORD").state).toBe("WITHDRAWN");
    expect(story.read().lanes.flatMap(reasonsOf)).toEqual([]);
    expectOne(story);
  });

  it("a record that is gone because it was found leaves the confirmed hit to be told of", () => {
    const story = findTwice();
    const body = { recordId: story.steps[0]!.id, decision: "CONFIRMED" };
    story.say({ ...toHolder, type: "hit.confirmation", at: 5, body, about: story.steps[1] });
    const target = { targetId: story.steps[0]!.id, reason: "FOUND" };
    story.say({ from: owner, to: [], type: "alert.cancel", at: 6, body: target });
    expect(statesOf(story, "HIT")).toEqual(["CONFIRMED", "RECORD_WITHDRAWN"]);
  });

  it("nobody else's cancelling ends a hit, nor that of another record, nor a block", () => {
    const story = findTwice();
    const record = story.steps[0]!.id;
    const third = { from: "gh/ncb", to: [] } as const;
    story.say({ ...third, type: "alert.cancel", at: 5, body: { targetId: record, reason: "ERROR" } });
    const targetId = "01a1f7fd-ae40-7e27-8bc8-617fc88b99ee";
    story.say({ from: owner, to: [], type: "alert.cancel", at: 6, body: { targetId } });
    story.say({ from: owner, to: [], type: "data.block", at: 7, body: { targetIds: [record], blockAct: "BLOCKED" } });
    expect(statesOf(story, "HIT")).toEqual(["HIT", "HIT"]);
    expect(laneOf(story, "RECORD").state).toBe("BLOCKED");
    expectOne(story);
  }); // prettier-ignore

  it("one report tells what came of every message that it names", () => {
    const story = tellStory();
    const asked = [0, 1].map((at) =>
      story.say({ ...toHolder, type: "request.information", at, about: undefined }),
    );
    for (const [i, about] of asked.entries()) {
      story.say({ ...toOwner, type: "reply.final", at: 2 + i, about });
    }
    const body = { targetIds: asked.map(({ id }) => id) };
    story.say({ ...toHolder, type: "feedback.report", at: 9, body, about: asked[0] });
    expect(statesOf(story, "REQUEST")).toEqual(["CLOSED", "CLOSED"]);
  });
});

describe("what waits for assurances", () => {
  const type = "casefile.transfer";
  const offences = (deathPenalty: boolean): readonly object[] => [
    { crime: "arms", summary: { text: "Killing", lang: "en" }, deathPenalty },
  ];
  const agreed = (deathPenalty: boolean): readonly Line[] => [
    ["A", type, { step: "PROPOSED", offences: offences(deathPenalty) }],
    [
      "B",
      type,
      (said) => ({
        step: "ACCEPTED",
        targetId: idOf(said, 0),
        newRef: "L-1",
        offences: offences(deathPenalty),
      }),
    ],
  ];
  const done: Line = [
    "B",
    type,
    (said) => ({ step: "COMPLETED", targetId: idOf(said, 1), newRef: "L-1" }),
  ];
  const asked: Line = ["A", "assurance.request"];
  const promised: Line = ["B", "assurance.given", { validFrom: storyTime(0) }, { about: 2 }];
  const stateAfter = (...lines: readonly Line[]): readonly unknown[] => {
    const lane = laneOf(tellCourse(lines), "CASEFILE_TRANSFER");
    return [lane.state, reasonsOf(lane)];
  };

  it("a case in which death may be the punishment is not taken over without the promise", () => {
    expect(stateAfter(...agreed(false), done)).toEqual(["COMPLETED", []]);
    expect(stateAfter(...agreed(true), done)).toEqual(["AGREED", ["INCOMPLETE"]]);
    expect(stateAfter(...agreed(false), asked, done)).toEqual(["AGREED", ["INCOMPLETE"]]);
    expect(stateAfter(...agreed(true), asked, promised, done)).toEqual(["COMPLETED", []]);
  });
});

describe("a request between units that belongs elsewhere", () => {
  it("is transferred as a whole, or in part and still awaited", () => {
    const transfer = (itemCodes: readonly string[]): readonly Line[] => [
      ["A", "fiu.request"],
      ["B", "request.transfer", (said) => ({ targetId: idOf(said, 0), itemCodes })],
    ];
    expect(laneOf(tellCourse(transfer([])), "FIU_REQUEST").state).toBe("TRANSFERRED");
    expect(laneOf(tellCourse(transfer(["IDENTITY"])), "FIU_REQUEST").state).toBe("SENT");
  });
});
