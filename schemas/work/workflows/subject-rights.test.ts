import { describe, expect, it } from "vitest";

import { laneOf, reasonsOf } from "../../../test/kit/lane-of.ts";
import { hourMs, shuffled, stateText, storyStart, storyTime, type Story, tellStory } from "../../../test/kit/story.ts"; // prettier-ignore
import { findDues, findNextActs, type Lane, standingTerms, type Step } from "../index.ts";

const authority = "fr/dpa";
const holder = "ci/ncb";
const byAuthority = { from: authority, to: [holder] } as const;
const byHolder = { from: holder, to: [authority] } as const;
const far = storyTime(5000);

function begin(): Story {
  const story = tellStory();
  const body = { answerBy: storyTime(700) };
  story.say({ ...byAuthority, type: "data.subject_query", at: 0, urgency: "ROUTINE", body });
  return story;
}

function lane(story: Story): Lane {
  return laneOf(story, "SUBJECT_RIGHTS");
}

function answer(story: Story, at: number, body: Readonly<Record<string, unknown>>): Step {
  return story.say({ ...byHolder, type: "data.subject_answer", at, body });
}

function appeal(story: Story, at: number, body: Readonly<Record<string, unknown>>): Step {
  return story.say({ ...byAuthority, type: "data.subject_appeal", at, body });
}

const bare = { targetIds: [], measures: [], otherHolders: [], toldToSubject: undefined };

describe("W11 a person's rights over his data", () => {
  it("goes from asked over received and located to answered", () => {
    const story = begin();
    const states = [lane(story).state];
    for (const step of ["RECEIVED", "LOCATED", "ANSWERED"]) {
      answer(story, 10 + states.length, { step });
      states.push(lane(story).state);
    }
    expect(states).toEqual(["ASKED", "RECEIVED", "LOCATED", "ANSWERED"]);
    expect(findDues(lane(story), standingTerms)).toEqual([]);
  });

  it.each([
    ["PARTLY", "PARTLY_ANSWERED", {}],
    ["REFUSED", "REFUSED", {}],
    ["NOT_HELD", "NOT_HELD", bare],
    ["NEITHER_CONFIRMED_NOR_DENIED", "REFUSED", bare],
  ])("that is %s can be appealed against", (step, state, body) => {
    const story = begin();
    answer(story, 5, { step, appealUntil: far, ...body });
    expect(lane(story).state).toBe(state);
    appeal(story, 6, { appealStep: "LODGED" });
    expect(lane(story).state).toBe("APPEALED");
  });

  it("is answered by the term the law sets; a promise makes it shorter and never longer", () => {
    const story = begin();
    const due = (): number =>
      ((findDues(lane(story), standingTerms).at(-1)?.by ?? 0) - storyStart) / hourMs;
    expect(due()).toBe(700);
    answer(story, 5, { step: "RECEIVED", expectedBy: storyTime(900) });
    expect(due()).toBe(700);
    answer(story, 6, { step: "LOCATED", expectedBy: storyTime(300) });
    expect(due()).toBe(300);
  });

  it("has one answer, of the holder, which is not taken back to the beginning", () => {
    const story = begin();
    story.say({ ...byAuthority, type: "data.subject_answer", at: 1 });
    answer(story, 2, { step: "LOCATED" });
    answer(story, 3, { step: "RECEIVED" });
    answer(story, 4, { step: "REFUSED", appealUntil: far });
    answer(story, 5, { step: "ANSWERED" });
    expect(lane(story).state).toBe("REFUSED");
    expect(reasonsOf(lane(story))).toEqual(["NOT_THEIRS", "OUT_OF_TURN", "OUT_OF_TURN"]);
  });

  it("is appealed against after an answer and not before, and the holder says nothing of what became of it", () => {
    const story = begin();
    appeal(story, 1, { appealStep: "LODGED" });
    answer(story, 2, { step: "REFUSED", appealUntil: far });
    appeal(story, 3, { appealStep: "LODGED" });
    appeal(story, 4, { appealStep: "LODGED" });
    const dismissed = { appealStep: "DISMISSED", ordered: [], deadline: undefined };
    story.say({ ...byHolder, type: "data.subject_appeal", at: 5, body: dismissed });
    expect(lane(story).state).toBe("APPEALED");
    expect(reasonsOf(lane(story))).toEqual(["OUT_OF_TURN", "OUT_OF_TURN", "NOT_THEIRS"]);
    expect(findDues(lane(story), standingTerms)).toEqual([
      { closing: "DECISION", of: authority, by: undefined },
    ]);
    appeal(story, 6, dismissed);
    expect(lane(story).state).toBe("APPEAL_DISMISSED");
    expect(findNextActs(lane(story), standingTerms).isEnded).toBe(true);
  });

  it("that was won is carried out by the day of the ruling, whole", () => {
    const story = begin();
    answer(story, 2, { step: "REFUSED", appealUntil: far });
    const ordered = ["DELETED", "HOLDERS_TOLD"];
    appeal(story, 3, { appealStep: "UPHELD", ordered, deadline: storyTime(800) });
    expect(findDues(lane(story), standingTerms)).toEqual([
      { closing: "RESULT", of: holder, by: storyStart + 800 * hourMs },
    ]);
    answer(story, 4, { step: "ANSWERED", measures: ["DELETED"] });
    expect(lane(story)).toMatchObject({
      state: "RULING_TO_CARRY_OUT",
      refused: [{ reason: "INCOMPLETE" }],
    });
    answer(story, 5, { step: "ANSWERED", measures: ordered });
    expect(lane(story).state).toBe("RULING_CARRIED_OUT");
    expect(findNextActs(lane(story), standingTerms).isEnded).toBe(true);
  });

  it("whose appeal is withdrawn ends; one that was never lodged is not withdrawn", () => {
    const story = begin();
    answer(story, 2, { step: "REFUSED", appealUntil: far });
    const withdrawn = { appealStep: "WITHDRAWN", ordered: [], deadline: undefined };
    appeal(story, 3, withdrawn);
    expect(reasonsOf(lane(story))).toEqual(["OUT_OF_TURN"]);
    appeal(story, 4, { appealStep: "LODGED" });
    appeal(story, 5, withdrawn);
    expect(lane(story).state).toBe("APPEAL_WITHDRAWN");
  });

  it("that is a complaint goes the same way", () => {
    const story = tellStory();
    story.say({ ...byAuthority, type: "data.subject_query", at: 0, body: { rights: ["COMPLAINT"] } });
    answer(story, 5, { step: "ANSWERED", measures: ["COMPENSATION"] });
    expect(lane(story).state).toBe("ANSWERED");
  });

  it("asked of several holders is a matter with each", () => {
    const story = tellStory();
    story.say({ from: authority, to: [holder, "gh/ncb"], type: "data.subject_query", at: 0 });
    story.say({ from: "gh/ncb", to: [authority], type: "data.subject_answer", at: 1, body: { step: "NOT_HELD", ...bare } });
    const states = story.read().lanes.map(({ other, state }) => [other, state]);
    expect(states).toEqual([[holder, "ASKED"], ["gh/ncb", "NOT_HELD"]]);
  });

  it("both sides acting at the same time end in one state, whoever is told first", () => {
    const story = begin();
    const follows = story.steps.slice(0, 1);
    story.say({ ...byHolder, type: "data.subject_answer", at: 20, follows, body: { step: "ANSWERED" } });
    story.say({ ...byAuthority, type: "request.withdraw", at: 19, follows });
    const seen = new Set(["a", "b", "c"].map((seed) => stateText(story.read(shuffled(story.steps, seed)))));
    expect(seen.size).toBe(1);
    expect(lane(story)).toMatchObject({ state: "WITHDRAWN", refused: [{ reason: "OUT_OF_TURN" }] });
  });
}); // prettier-ignore
