import { describe, expect, it } from "vitest";

import { tellCourse } from "../../test/kit/course.ts";
import { courses } from "../../test/kit/courses.ts";
import { makeDice, pick } from "../../test/kit/dice.ts";
import { drawChange } from "../../test/kit/drawn-body.ts";
import { pickSaying } from "../../test/kit/sayings.ts";
import { shuffled, stateText, type Saying, type Story, tellStory } from "../../test/kit/story.ts";
import type { MessageType } from "../body/index.ts";
import { findNextActs, mayAct, type Step } from "./index.ts";
import { standingTerms } from "./terms.ts";
import type { Workflow } from "./workflow.ts";
import { workflows } from "./workflows/index.ts";

const agencies = ["gh/tcu", "sn/tcu", "ml/tcu"];
const stories = 8;
const sayings = 14;
/** How many stories are told at most to reach every state; most tables need a few. */
const manyStories = 150;

/** Somebody opens a matter, and then anybody says anything that the workflow knows, in turn or not, having seen some of it. */
function tellAnything(workflow: Workflow, seed: string): Story {
  const dice = makeDice(seed);
  const story = tellStory();
  const types: readonly MessageType[] = [...workflow.opens, ...workflow.moves.map(({ on }) => on)];
  story.say({ from: "gh/tcu", to: ["sn/tcu", "ml/tcu"], type: pick(dice, workflow.opens), at: 0 });
  for (let i = 1; i <= sayings; i += 1) {
    const from = pick(dice, agencies);
    const to = agencies.filter((agency) => agency !== from && dice(3) > 0);
    const seen = story.steps.filter(() => dice(2) === 0).slice(-2);
    const about = pick(dice, story.steps);
    const at = i * 12 + dice(30);
    story.say({ from, to, type: pick(dice, types), at, follows: seen, about });
  }
  return story;
}

/** Ids that messages of a story may name beside each other's. */
const namedIds = ["01a1f7fd-ae40-7e27-8bc8-617fc88b99ee", "01a1f802-4220-7c87-8eab-109c4c4c2cf3"];

/** What a message says, and of which other, drawn from all that its type can say. */
function drawSaid(story: Story, type: MessageType, dice: (below: number) => number): Pick<Saying, "body" | "about"> {
  const ids = [...namedIds, ...story.steps.slice(-2).map(({ id }) => id)];
  const body = pickSaying(type, dice) ?? drawChange(type, dice, ids);
  return story.steps.length === 0 || dice(2) === 0 ? { body } : { body, about: pick(dice, story.steps) };
} // prettier-ignore

/**
 * Each says what the one function says he may, until nothing is left or all was said: as the examples say it, or, to see
 * which states are reached, in every way.
 */
function tellInTurn(workflow: Workflow, seed: string, reached?: Set<string>): Story {
  const dice = makeDice(seed);
  const story = tellStory();
  const said = (type: MessageType): Pick<Saying, "type" | "body" | "about"> =>
    reached === undefined ? { type } : { type, ...drawSaid(story, type, dice) };
  story.say({ from: "gh/tcu", to: ["sn/tcu"], at: 0, ...said(pick(dice, workflow.opens)) });
  for (let i = 1; i <= sayings; i += 1) {
    const lanes = story.read().lanes.filter((one) => one.workflow === workflow.name);
    for (const { state } of lanes) reached?.add(state);
    const possible = lanes.flatMap((lane) => findNextActs(lane, standingTerms).acts);
    if (possible.length === 0) break;
    const { agency, type } = pick(dice, possible);
    const from = agency === "" ? "sn/tcu" : agency;
    const to = agencies.slice(0, 2).filter((one) => one !== from);
    story.say({ from, to, at: i * 20, ...said(type) });
  }
  return story;
}

/** Types that both open and move, and a status that both sides give. */
const saysAll: ReadonlySet<string> = new Set([
  "mla.status",
  ...workflows.flatMap(({ opens }) => opens),
]);

const named = workflows.map((workflow) => [workflow.name, workflow] as const);

describe.each(named)("the state of %s", (name, workflow) => {
  it("is one, whatever order its messages came in, however often, and after loss and resending", () => {
    for (let i = 0; i < stories; i += 1) {
      const story = tellAnything(workflow, `${name} ${i}`);
      const whole = stateText(story.read());
      for (const seed of ["first", "second", "third"]) {
        const came = shuffled(story.steps, `${seed} ${i}`);
        expect(stateText(story.read(came)), seed).toBe(whole);
        const part = came.slice(0, came.length / 2);
        const rest: readonly Step[] = [...part, ...came];
        expect(stateText(story.read(rest))).toBe(whole);
      }
    }
  });

  it("is one along the courses that its own steps can take", () => {
    for (const [i, lines] of (courses[name] ?? []).entries()) {
      const story = tellCourse(lines);
      const whole = stateText(story.read());
      for (const seed of ["first", "second"]) {
        expect(stateText(story.read(shuffled(story.steps, `${seed} ${name} ${i}`)))).toBe(whole);
      }
    }
  });

  it("loses no message: each changed something, was refused with a reason, or stands beside every matter", () => {
    for (let i = 0; i < stories; i += 1) {
      const story = tellAnything(workflow, `whole ${name} ${i}`);
      const { lanes, beside } = story.read();
      const kept = new Set<string>(beside.map(({ id }) => id));
      for (const { opening, applied, refused } of lanes) {
        for (const { id } of [opening, ...applied, ...refused.map(({ step }) => step)]) kept.add(id);
      }
      expect([...kept].toSorted()).toEqual(story.steps.map(({ id }) => id).toSorted());
    }
  });

  it("names as next only what it then takes or refuses for what the message itself says", () => {
    for (let i = 0; i < stories; i += 1) {
      const { lanes } = tellInTurn(workflow, `turn ${name} ${i}`).read();
      // of a type that says every step of the way, only its body says whose the step is
      const judged = lanes.flatMap(({ refused }) => refused.filter(({ step }) => !saysAll.has(step.type)));
      const reasons = judged.map(({ reason }) => reason);
      expect(reasons.filter((one) => one === "NOT_THEIRS")).toEqual([]);
      for (const lane of lanes) {
        for (const { agency, type } of findNextActs(lane, standingTerms).acts) {
          expect(mayAct(lane, agency, type)).toBe(true);
        }
      }
    }
  });

  it("has no state that only a table knows: each that something is awaited in can be reached", () => {
    const reached = new Set<string>([workflow.first]);
    const states = new Set([...Object.keys(workflow.awaits), ...workflow.moves.flatMap(({ from }) => from)]);
    const told = (courses[name] ?? []).map(tellCourse);
    for (const { steps, read } of told) {
      for (const i of steps.keys()) for (const { workflow: of, state } of read(steps.slice(0, i + 1)).lanes) if (of === name) reached.add(state);
    }
    const missed = (): readonly string[] => [...states].filter((state) => !reached.has(state));
    for (let i = 0; i < manyStories && missed().length > 0; i += 1) {
      tellInTurn(workflow, `reach ${name} ${i}`, reached);
    }
    expect(missed()).toEqual([]);
  });
}); // prettier-ignore

describe("the table of workflows", () => {
  it("has no two of one name", () => {
    expect(new Set(workflows.map(({ name }) => name)).size).toBe(workflows.length);
  });

  it("ends nothing silently: what is awaited in a state can also be said there", () => {
    const silent = workflows.flatMap(({ name, moves, awaits }) =>
      Object.entries(awaits).flatMap(([state, awaited]) =>
        awaited
          .filter(({ of }) => !moves.some(({ by, from }) => from.includes(state) && (by === "EITHER" || by === of)))
          .map(({ closing }) => `${name} ${state} ${closing}`),
      ),
    );
    expect(silent).toEqual([]);
  });
}); // prettier-ignore
