import { describe, expect, it } from "vitest";

import { type Line, tellCourse } from "../../../test/kit/course.ts";
import { laneOf, reasonsOf } from "../../../test/kit/lane-of.ts";
import { shuffled, storyStart, storyTime, hourMs } from "../../../test/kit/story.ts";
import { findDues, standingTerms } from "../index.ts";
import { readTipCase } from "../tip-view.ts";

const feed = { to: [] } as const;
const words = { text: "words", lang: "en" };
const caseRef = "MZ-TETE-2026-0087";
const police: Line = ["A", "tip.case", { branch: "POLICE", justiceStage: "INVESTIGATED" }, feed];
const charged: Line = [
  "B",
  "tip.case",
  { branch: "PROSECUTION", justiceStage: "PROSECUTED" },
  feed,
];
const helped: Line = [
  "C",
  "tip.case",
  { branch: "WELFARE", justiceStage: "UNKNOWN", welfareStage: "ASSISTED" },
  feed,
];
const closed = { caseStatus: "CLOSED", closureReason: words };

describe("W10 a case of trafficking", () => {
  it("has a sub-stream of each of its owners", () => {
    const { lanes } = tellCourse([police, charged, helped]).read();
    const own = lanes.filter(({ workflow }) => workflow === "TIP_CASE");
    expect(own.map(({ opener, state, refused }) => [opener, state, refused.length])).toEqual([
      ["gh/tcu", "ACTIVE", 0],
      ["sn/tcu", "ACTIVE", 0],
      ["ml/tcu", "ACTIVE", 0],
    ]);
  });

  it("is closed by each for itself, and opened again", () => {
    const closes: Line = ["A", "tip.case", closed, feed];
    const { lanes } = tellCourse([police, charged, closes]).read();
    expect(lanes.map(({ opener, state }) => `${opener} ${state}`)).toEqual([
      "gh/tcu CLOSED",
      "sn/tcu ACTIVE",
    ]);
    expect(laneOf(tellCourse([police, closes, police]), "TIP_CASE").state).toBe("ACTIVE");
  });

  it("is not written by one owner in another's branch, nor in another case", () => {
    const strays: readonly Line[] = [
      ["A", "tip.case", { branch: "PROSECUTION", justiceStage: "PROSECUTED" }, feed],
      ["A", "tip.case", { caseRef: "OTHER-1" }, feed],
    ];
    expect(reasonsOf(laneOf(tellCourse([police, ...strays]), "TIP_CASE"))).toEqual([
      "NOT_THEIRS",
      "OUT_OF_TURN",
    ]);
  });

  it("is seen as one by its reference, each part in the words of its owner", () => {
    const convicted: Line = [
      "B",
      "tip.case",
      { ...closed, branch: "PROSECUTION", justiceStage: "CONVICTED" },
      { ...feed, about: 1 },
    ];
    const victims: readonly Line[] = [
      ["A", "tip.victim", {}, feed],
      ["B", "tip.victim", { sex: "F", genderIdentity: undefined }, feed],
    ];
    const story = tellCourse([police, charged, helped, convicted, ...victims]);
    const view = readTipCase(story.steps, caseRef);
    expect(view).toMatchObject({
      justiceStage: "CONVICTED",
      welfareStage: "ASSISTED",
      isClosed: false,
    });
    expect(view?.subStreams.map(({ agency, branch }) => `${agency} ${branch}`)).toEqual([
      "gh/tcu POLICE",
      "sn/tcu PROSECUTION",
      "ml/tcu WELFARE",
    ]);
    expect([...(view?.victims.values() ?? [])]).toMatchObject([
      { owner: "gh/tcu", alsoBy: ["sn/tcu"], body: { sex: "M" } },
    ]);
    expect(readTipCase(story.steps, "OTHER-1")).toBeUndefined();
  });

  it("is seen the same in whatever order its messages came", () => {
    const { steps } = tellCourse([
      police,
      charged,
      ["A", "tip.victim", {}, feed],
      helped,
      ["A", "tip.perpetrator", {}, feed],
    ]);
    const told = (all: Parameters<typeof readTipCase>[0]): unknown => {
      const { subStreams, victims, perpetrators } = readTipCase(all, caseRef) ?? {};
      return [
        subStreams?.map(({ step }) => step.id),
        [...(victims?.keys() ?? [])],
        [...(perpetrators?.keys() ?? [])],
      ];
    };
    for (const seed of ["one", "two", "three"])
      expect(told(shuffled(steps, seed))).toEqual(told(steps));
  });
});

const asked: Line = ["A", "tip.referral", { toAgency: "sn/tcu", neededBy: storyTime(40) }];
const says = (stage: string): Line => [
  "B",
  "tip.referral",
  { stage, ...(stage === "DECLINED" ? { declineReason: words } : {}) },
];
const identity: Line = ["A", "tip.identity", { toAgency: "sn/tcu" }];

function referralOf(...lines: readonly Line[]): readonly [string, readonly string[]] {
  const lane = laneOf(tellCourse([asked, ...lines]), "TIP_REFERRAL");
  return [lane.state, reasonsOf(lane)];
}

describe("W10 a referral", () => {
  it("is accepted or declined by who is to help, and never by who refers", () => {
    expect(referralOf(says("ACCEPTED"), says("STARTED"), says("COMPLETED"))).toEqual(["COMPLETED", []]);
    expect(referralOf(says("DECLINED"), says("STARTED"))).toEqual(["DECLINED", ["OUT_OF_TURN"]]);
    expect(referralOf(["A", "tip.referral", { stage: "ACCEPTED" }])).toEqual(["OFFERED", ["NOT_THEIRS"]]);
  });

  it("is followed by who she is only after the yes, and to who said it", () => {
    expect(referralOf(identity)).toEqual(["OFFERED", ["OUT_OF_TURN"]]);
    expect(referralOf(says("ACCEPTED"), identity)).toEqual(["ACCEPTED", []]);
    expect(referralOf(says("ACCEPTED"), ["A", "tip.identity", { toAgency: "ml/tcu" }])).toEqual(["ACCEPTED", ["NOT_THEIRS"]]);
  });

  it("is about one person: what is said of another changes nothing", () => {
    expect(referralOf(["B", "tip.referral", { stage: "ACCEPTED", victimRef: "MZ-V-26-9999" }])).toEqual(["OFFERED", ["OUT_OF_TURN"]]);
    expect(referralOf(says("ACCEPTED"), ["A", "tip.identity", { toAgency: "sn/tcu", victimRef: "MZ-V-26-9999" }])).toEqual(["ACCEPTED", ["OUT_OF_TURN"]]);
  });

  it("is ended by her leaving, as either side may say", () => {
    for (const who of ["A", "B"] as const) {
      expect(referralOf(says("ACCEPTED"), [who, "tip.referral", { stage: "WITHDRAWN" }])).toEqual(["WITHDRAWN", []]);
    }
    expect(referralOf(says("WITHDRAWN"))).toEqual(["OFFERED", ["NOT_THEIRS"]]);
  });

  it("awaits the yes or no by when it is needed", () => {
    const dues = findDues(laneOf(tellCourse([asked]), "TIP_REFERRAL"), standingTerms);
    expect(dues.at(-1)).toEqual({ closing: "DECISION", of: "sn/tcu", by: storyStart + 40 * hourMs });
  });
}); // prettier-ignore
