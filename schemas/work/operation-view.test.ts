import { describe, expect, it } from "vitest";

import {
  shuffled,
  storyStart,
  storyTime,
  hourMs,
  type Story,
  tellStory,
} from "../../test/kit/story.ts";
import { makeDice, pick } from "../../test/kit/dice.ts";
import { operationOf, type OperationView, readOperation, type Step, standingAt, targetsOf } from "./index.ts"; // prettier-ignore

const id = "01a1c3b0-7700-7e08-a2c4-55d1e8f9b023";
const lead = "cv/tcu";
const dakar = "sn/jaitf";
const tema = "gh/pcu";
const lome = "tg/pcu";
const end = 300;
const member = (agency: string, role = "PARTICIPANT"): object => ({ agency, role });
const members = [member(lead, "COORDINATOR"), member(dakar), member(tema)];
const box = { validFrom: storyTime(1), validUntil: storyTime(end), phases: [] };

function open(body: object = {}): Story {
  const story = tellStory();
  story.say({
    from: lead,
    to: [dakar, tema],
    type: "operation.open",
    at: 0,
    body: { ...box, members, dataDays: 10, ...body },
  });
  return story;
}

function view(steps: Iterable<Step>): OperationView {
  return readOperation(steps, id)!;
}

function standings({ members: all }: OperationView): Readonly<Record<string, string>> {
  return Object.fromEntries(all.map(({ agency, standing }) => [agency, standing]));
}

function joined(body: object = {}): Story {
  const story = open(body);
  story.say({ from: dakar, to: [lead], type: "request.acknowledge", at: 2 });
  story.say({ from: tema, to: [lead], type: "request.acknowledge", at: 2 });
  return story;
}

function warn(story: Story, from: string, [at, ...to]: readonly [number, ...string[]]): Step {
  return story.say({ from, to, type: "target.warning", at, body: { operationId: id } });
}

function reasons({ outside }: OperationView): readonly string[] {
  return outside.map(({ reason }) => reason);
}

describe("an operation, put together (T32)", () => {
  it("is there once it is opened, and only under its own number", () => {
    expect(readOperation([], id)).toBeUndefined();
    const story = open();
    expect(readOperation(story.steps, "01a1c3b0-7700-7e08-a2c4-55d1e8f9b024")).toBeUndefined();
    expect(view(story.steps)).toMatchObject({ id, opener: lead, alsoOpenedBy: [], closing: undefined });
  });

  it("who opened it takes part; who is asked joins, declines or leaves", () => {
    const story = open();
    expect(standings(view(story.steps))).toEqual({ [lead]: "TAKING_PART", [dakar]: "INVITED", [tema]: "INVITED" });
    story.say({ from: dakar, to: [lead], type: "request.acknowledge", at: 2 });
    story.say({ from: tema, to: [lead], type: "reply.refuse", at: 3 });
    expect(standings(view(story.steps))).toMatchObject({ [dakar]: "TAKING_PART", [tema]: "DECLINED" });
    story.say({ from: dakar, to: [lead], type: "request.withdraw", at: 9 });
    const left = view(story.steps);
    expect(standings(left)).toMatchObject({ [dakar]: "LEFT" });
    expect([1, 5, 10].map((hours) => left.standingOf(dakar, storyStart + hours * hourMs))).toEqual(["INVITED", "TAKING_PART", "LEFT"]);
  });

  it("its opener asks others in and excuses some by saying anew what it is, and nobody else does", () => {
    const story = joined();
    const about = story.steps[0];
    const next = [member(lead, "COORDINATOR"), member(dakar), member(lome, "SUPPORT")];
    story.say({ from: dakar, to: [lead], type: "operation.open", at: 4, about, body: { ...box, members: next } });
    expect(view(story.steps)).toMatchObject({ opener: lead, alsoOpenedBy: [dakar] });
    expect(standings(view(story.steps))).toMatchObject({ [tema]: "TAKING_PART" });
    story.say({ from: lead, to: [dakar, lome], type: "operation.open", at: 5, about, body: { ...box, members: next } });
    expect(standings(view(story.steps))).toEqual({ [lead]: "TAKING_PART", [dakar]: "TAKING_PART", [tema]: "EXCUSED", [lome]: "INVITED" });
  });

  it("is planned, open, closed by itself at its last moment, and archived when its data is gone", () => {
    const now = view(open().steps);
    const at = (hours: number): string => standingAt(now, storyStart + hours * hourMs);
    expect([at(0), at(1), at(end), at(end + 0.01), at(end + 240), at(end + 241)]).toEqual(["PLANNED", "OPEN", "OPEN", "CLOSED", "CLOSED", "ARCHIVED"]);
  });

  it("its opener closes it sooner, and not with a date before he said so; time is not up before it is", () => {
    const story = joined();
    const close = (from: string, at: number, body: object): void => {
      const dates = { closedAt: storyTime(20), dataUntil: storyTime(100) };
      story.say({ from, to: [dakar, tema], type: "operation.close", at, body: { ...dates, ...body } });
    };
    close(dakar, 30, {});
    close(lead, 31, { reason: "TIME_UP" });
    expect(view(story.steps)).toMatchObject({ closing: undefined, until: storyStart + end * hourMs });
    close(lead, 50, { reason: "COMPLETED" });
    expect(view(story.steps)).toMatchObject({ until: storyStart + 50 * hourMs, archivedAt: storyStart + 100 * hourMs });
    const again = { ...box, members };
    story.say({ from: lead, to: [dakar, tema], type: "operation.open", at: 60, about: story.steps[0], body: again });
    expect(view(story.steps).until).toBe(storyStart + 50 * hourMs);
  });

  it("is made longer while it lasts, and not once it is over", () => {
    const story = joined();
    const longer = (hours: number, at: number): Step =>
      story.say({ from: lead, to: [dakar, tema], type: "operation.open", at, about: story.steps[0], body: { ...box, members, validUntil: storyTime(hours) } });
    longer(end + 20, end);
    longer(end + 90, end + 21);
    expect(view(story.steps).until).toBe(storyStart + (end + 20) * hourMs);
  });

  it("nobody joins what is over", () => {
    const story = open();
    story.say({ from: dakar, to: [lead], type: "request.acknowledge", at: end + 1 });
    expect(standings(view(story.steps))).toMatchObject({ [dakar]: "INVITED" });
  });

  it("holds what members tell members in its time, and says of the rest why it does not", () => {
    const story = joined();
    warn(story, dakar, [5, tema]);
    warn(story, dakar, [0.5, tema]);
    warn(story, dakar, [end + 1, tema]);
    warn(story, lome, [6, tema]);
    warn(story, dakar, [7, tema, lome]);
    const now = view(story.steps);
    expect(now.inside).toHaveLength(1);
    expect(reasons(now).toSorted()).toEqual(["AFTER", "BEFORE", "NOT_A_MEMBER", "TO_AN_OUTSIDER"]);
    story.say({ from: tema, to: [lead], type: "request.withdraw", at: 8, about: story.steps[0] });
    warn(story, tema, [9, dakar]);
    warn(story, dakar, [9, tema]);
    expect(reasons(view(story.steps)).slice(-2)).toEqual(["NOT_A_MEMBER", "TO_AN_OUTSIDER"]);
  });

  it("counts for each member what its messages tell, beside what was aimed at", () => {
    const goals = [{ measure: "SEIZURES", number: 4 }, { measure: "GOODS_SEIZED", number: 2, country: "GH", commodity: "COCAINE", quantity: { value: "200", unit: "KG" } }];
    const story = joined({ goals, measures: ["WARNINGS", "FEEDBACKS", "CONTROLS", "SEIZURES", "GOODS_SEIZED", "ARRESTS", "NETWORKS"] });
    const warning = warn(story, dakar, [5, tema]);
    const feedback = (at: number, result: string): Step =>
      story.say({ from: tema, to: [dakar], type: "control.feedback", at, about: warning, body: { warningId: warning.id, result, ...(result === "NOT_FOUND" ? { seizureId: undefined, controlledAt: undefined } : {}) } });
    feedback(6, "CONTROLLED_POSITIVE");
    feedback(7, "NOT_FOUND");
    for (const [from, at] of [[tema, 8], [tema, 9], [dakar, 10], [lome, 11]] as const) {
      story.say({ from, to: [], type: "seizure.report", at, body: { operationId: id, arrests: 3 } });
    }
    const told = targetsOf(view(story.steps)).map(({ measure, number, byMember, quantity, messages }) => [measure, number, byMember.map(({ agency, number: n }) => `${agency} ${n}`).join(" "), quantity?.value, messages]);
    expect(told).toEqual([
      ["SEIZURES", 3, "gh/pcu 2 sn/jaitf 1", undefined, 3],
      ["GOODS_SEIZED", 2, "gh/pcu 2", "309.2", 2],
      ["WARNINGS", 1, "sn/jaitf 1", undefined, 1],
      ["FEEDBACKS", 2, "gh/pcu 2", undefined, 2],
      ["CONTROLS", 1, "gh/pcu 1", undefined, 1],
      ["ARRESTS", 9, "gh/pcu 6 sn/jaitf 3", undefined, 3],
      ["NETWORKS", undefined, "", undefined, 0],
    ]);
  });

  it("tells at its end what its opener reports, beside what was counted", () => {
    const story = joined({ measures: ["SEIZURES", "NETWORKS"], goals: [] });
    const results = [{ measure: "SEIZURES", number: 29 }, { measure: "NETWORKS", number: 2 }];
    story.say({ from: lead, to: [dakar, tema], type: "operation.close", at: 50, body: { closedAt: storyTime(50), dataUntil: storyTime(90), results } });
    expect(targetsOf(view(story.steps)).map(({ number, reported }) => [number, reported])).toEqual([[0, 29], [undefined, 2]]);
  });
}); // prettier-ignore

/** Anybody says anything that an operation knows, having seen some of it. */
function tellAnything(seed: string): Story {
  const dice = makeDice(seed);
  const story = open();
  const agencies = [lead, dakar, tema, lome];
  const types = ["operation.open", "operation.close", "request.acknowledge", "reply.refuse", "request.withdraw", "target.warning", "seizure.report", "control.feedback"] as const;
  for (let i = 1; i < 16; i += 1) {
    const from = pick(dice, agencies);
    const type = pick(dice, types);
    const warnings = story.steps.filter((step) => step.type === "target.warning");
    const bodies: Readonly<Record<string, object>> = {
      "operation.open": { ...box, members: members.slice(0, 2 + dice(2)) },
      "operation.close": { closedAt: storyTime(i * 20), dataUntil: storyTime(end + 900) },
      "control.feedback": warnings.length === 0 ? {} : { warningId: pick(dice, warnings).id },
      "target.warning": { operationId: id },
    };
    const seen = story.steps.filter(() => dice(2) === 0).slice(-2);
    story.say({ from, to: agencies.filter((one) => one !== from && dice(3) > 0), type, at: i * 21, follows: seen, about: pick(dice, story.steps), body: { ...bodies[type] } });
  }
  return story;
} // prettier-ignore

function viewText(steps: Iterable<Step>): string {
  const now = view(steps);
  const { inside, outside, openings, closing, standingOf: _, ...rest } = now;
  const ids = [inside, openings, outside.map(({ step }) => step)].map((all) =>
    all.map((step) => step.id),
  );
  const plain = { ...rest, targets: targetsOf(now) };
  return JSON.stringify([plain, ids, reasons(now), closing?.id], (_key, value: unknown) => (value instanceof Uint8Array ? [...value] : value)); // prettier-ignore
}

describe("an operation drawn at random", () => {
  it("is one, whatever order its messages came in, however often, and after loss and resending", () => {
    for (let i = 0; i < 20; i += 1) {
      const { steps } = tellAnything(`operation ${i}`);
      const whole = viewText(steps);
      for (const seed of ["first", "second"]) {
        const came = shuffled(steps, `${seed} ${i}`);
        expect(viewText(came)).toBe(whole);
        expect(viewText([...came.slice(0, came.length / 2), ...came])).toBe(whole);
      }
    }
  });

  it("loses no message that names it: each is of it, or it is said why not", () => {
    for (let i = 0; i < 20; i += 1) {
      const { steps } = tellAnything(`whole ${i}`);
      const { inside, outside } = view(steps);
      const reports = steps.filter((step) => operationOf(step) === id && !step.type.startsWith("operation."));
      const kept = new Set([...inside, ...outside.map(({ step }) => step)]);
      expect(reports.filter((step) => !kept.has(step))).toEqual([]);
    }
  }); // prettier-ignore
});
