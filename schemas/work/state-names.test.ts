import { expect, it } from "vitest";

import { tellCourse } from "../../test/kit/course.ts";
import { courses } from "../../test/kit/courses.ts";
import { codeList } from "../codes/index.ts";
import type { Closing } from "./workflow.ts";
import { workflows } from "./workflows/index.ts";

const closings: Readonly<Record<Closing, true>> = {
  ACKNOWLEDGEMENT: true,
  RESULT: true,
  FEEDBACK: true,
  ANSWER: true,
  DECISION: true,
  PURGE: true,
};

/** Every state that a table names or that a course of steps comes through. */
function statesOf(): ReadonlySet<string> {
  const states = new Set(workflows.flatMap(({ first, awaits, moves }) => [first, ...Object.keys(awaits), ...moves.flatMap(({ from }) => from)])); // prettier-ignore
  for (const { steps, read } of Object.values(courses).flat().map(tellCourse)) {
    for (const i of steps.keys()) for (const { state } of read(steps.slice(0, i + 1)).lanes) states.add(state); // prettier-ignore
  }
  return states;
}

it("every state and every closing of a matter has a name in each language", () => {
  const named = new Set(codeList("MATTER_STATE")?.codes);
  expect([...statesOf()].filter((state) => !named.has(state)).toSorted()).toEqual([]);
  expect(codeList("AWAITED")?.codes).toEqual(Object.keys(closings));
});
