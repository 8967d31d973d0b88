import { describe, expect, it } from "vitest";

import { readWatched, standingTerms, type Thread } from "../../schemas/work/index.ts";
import { type Line, tellCourse } from "../../test/kit/course.ts";
import { courses } from "../../test/kit/courses.ts";
import { dayMs, type Story, storyStart, storyTime } from "../../test/kit/story.ts";
import { answerOf, answerTimeOf, groundOf, outcomeOf } from "./exchange-outcome.ts";
import { followMatters, type FollowedMatter } from "./follow-matters.ts"; // prettier-ignore

const [asker, asked] = ["gh/tcu", "sn/tcu"];
const day = 24;

function threadOf({ steps }: Story): Thread {
  return { steps, delivered: (id) => steps.find((one) => one.id === id)?.at };
}

function follow(lines: readonly Line[], days: number, agency = asked): readonly FollowedMatter[] {
  return followMatters(threadOf(tellCourse(lines)), {
    agency,
    terms: standingTerms,
    now: storyStart + days * dayMs,
  });
}

const question: Line = ["A", "request.information", { replyBy: storyTime(7 * day) }, { at: 0 }];
const late: Line = ["B", "reply.final", {}, { at: 9 * day }];
const longer = (at: number): Line => [
  "B",
  "request.extend",
  { dueAt: storyTime(7 * day), newReplyBy: storyTime(20 * day) },
  { at },
];

/** How what was awaited stands, as "CLOSING agency STANDING". */
function standings(lines: readonly Line[], days: number): readonly string[] {
  return follow(lines, days).flatMap(({ deadlines }) => deadlines.map(({ closing, of, standing }) => `${closing} ${of} ${standing}`));
} // prettier-ignore

describe("what was awaited in a matter", () => {
  it("runs until it came in time, or late, or its time is over", () => {
    expect(standings([question], 0.5)).toEqual([`ACKNOWLEDGEMENT ${asked} RUNNING`, `RESULT ${asked} RUNNING`]);
    expect(standings([question], 8)).toEqual([`ACKNOWLEDGEMENT ${asked} OVERDUE`, `RESULT ${asked} OVERDUE`]);
    const answered = standings([question, ["B", "request.acknowledge", {}, { at: 2 }], ["B", "reply.final", {}, { at: 6 * day }]], 40);
    expect(answered).toEqual([`ACKNOWLEDGEMENT ${asked} IN_TIME`, `RESULT ${asked} IN_TIME`, `FEEDBACK ${asker} OVERDUE`]);
    expect(standings([question, late], 10)).toEqual([`ACKNOWLEDGEMENT ${asked} LATE`, `RESULT ${asked} LATE`, `FEEDBACK ${asker} RUNNING`]);
  });

  it("is late though more time was given after its time was over, and in time where it was given before", () => {
    expect(standings([question, longer(8 * day), late], 10)[1]).toBe(`RESULT ${asked} LATE`);
    expect(standings([question, longer(6 * day), late], 10)[1]).toBe(`RESULT ${asked} IN_TIME`);
    expect(standings([question, longer(8 * day)], 10)[1]).toBe(`RESULT ${asked} RUNNING`);
  });

  it("is no longer awaited when it was taken back, but who gave up waiting for what was late has not had it", () => {
    expect(standings([question, ["A", "request.withdraw", {}, { at: 2 * day }]], 10)[1]).toBe(`RESULT ${asked} LAPSED`);
    expect(standings([question, ["A", "request.withdraw", {}, { at: 8 * day }]], 10)[1]).toBe(`RESULT ${asked} OVERDUE`);
  });

  it("is the same to both sides, and nobody else's", () => {
    const [own, theirs] = [asked, asker].map((agency) => follow([question, late], 10, agency).map(({ deadlines }) => deadlines));
    expect(own).toEqual(theirs);
    expect(follow([question, late], 10, "ml/tcu")).toEqual([]);
  });

  it("is late where breaches say so, in every workflow there is, whenever it is looked at", () => {
    const found = new Set<string>();
    for (const story of Object.values(courses).flat().map((lines) => tellCourse(lines))) {
      for (const days of [0.5, 5, 40, 400]) {
        const now = storyStart + days * dayMs;
        const thread = { ...threadOf(story), steps: story.steps.filter(({ at }) => at <= now) };
        const { breaches } = readWatched(thread, standingTerms, now);
        for (const { lane, deadlines } of followMatters(thread, { agency: asker, terms: standingTerms, now })) {
          for (const { closing, of, standing } of deadlines) {
            const own = breaches.filter((one) => one.lane.workflow === lane.workflow && one.lane.opening.id === lane.opening.id && one.lane.other === lane.other && one.closing === closing && one.of === of);
            found.add(standing);
            const isOpen = own.some(({ endedAt }) => endedAt === undefined);
            if (standing === "LATE" || standing === "OVERDUE") expect(own).not.toEqual([]);
            else if (standing !== "RUNNING") expect(own).toEqual([]);
            expect(isOpen && standing !== "OVERDUE").toBe(false);
          }
        }
      }
    }
    expect([...found].toSorted()).toEqual(["IN_TIME", "LAPSED", "LATE", "OVERDUE", "RUNNING"]);
  });
}); // prettier-ignore

describe("what came of a request", () => {
  /** As "outcome, ground, time". */
  const told = (lines: readonly Line[], days = 40): readonly (string | undefined)[] =>
    follow(lines, days).flatMap(({ lane, deadlines }) => {
      const answer = answerOf(lane, deadlines);
      if (answer === undefined) return [];
      const outcome = outcomeOf(lane, answer);
      return [outcome, outcome === "REFUSED" ? groundOf(lane) : undefined, answerTimeOf(lane, answer)];
    });
  const fiu: Line = ["A", "fiu.request", { replyBy: storyTime(7 * day) }, { at: 0 }];
  const check: Line = ["A", "query.check", {}, { at: 0 }];

  it.each<[string, readonly Line[], readonly (string | undefined)[]]>([
    ["nothing yet", [question], ["NONE_YET", undefined, undefined]],
    ["a part", [question, ["B", "reply.interim", {}, { at: 1 }]], ["PARTIAL", undefined, undefined]],
    ["what the reply says", [question, ["B", "reply.final", {}, { at: 30 }]], ["PARTIAL", undefined, "UNDER_3D"]],
    ["a refusal by its first ground", [question, ["B", "reply.refuse", { refusals: ["MINOR_OFFENCE", "OTHER"], itemCodes: [] }, { at: 9 }]], ["REFUSED", "MINOR_OFFENCE", "UNDER_1D"]],
    ["that another has it", [question, ["B", "request.transfer", { itemCodes: [] }, { at: 0.5 }]], ["TRANSFERRED", undefined, "UNDER_1H"]],
    ["that it was taken back", [question, ["A", "request.withdraw", {}, { at: 9 }]], ["WITHDRAWN", undefined, undefined]],
    ["of a financial unit, by the like ground", [fiu, ["B", "fiu.reply", { refusalGround: "IMPAIRS_INVESTIGATION", pending: [] }, { at: 9 * day }]], ["REFUSED", "ONGOING_INVESTIGATION", "UNDER_14D"]],
    ["of a check, whether anything was found", [check, ["B", "query.result", {}, { at: 0.01 }]], ["HIT", undefined, "UNDER_1M"]],
    ["and of what is no request nothing", [["A", "alert.incident"]], []],
  ])("is %s", (...row) => {
    const [, lines, expected] = row;
    expect(told(lines)).toEqual(expected);
  });

  it.each<[number, string]>([
    [0.99, "UNDER_1H"], [1, "UNDER_8H"], [8, "UNDER_1D"], [24, "UNDER_3D"], [3 * day, "UNDER_7D"], [7 * day, "UNDER_14D"], [14 * day, "UNDER_30D"], [30 * day, "FROM_30D"],
  ])("after %d hours it took %s", (...row) => {
    const [at, band] = row;
    expect(told([question, ["B", "reply.final", {}, { at }]])[2]).toBe(band);
  });
}); // prettier-ignore
