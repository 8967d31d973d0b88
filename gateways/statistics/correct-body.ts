import type { Bodies } from "../../schemas/gen/index.ts";
import {
  bodyMessageName,
  encodeBody,
  parseBody,
  parseJsonText,
  renderJson,
} from "../../schemas/index.ts";
import { Fault } from "../../schemas/ground/index.ts";
import { makeStep, type Step } from "../../schemas/work/index.ts"; // prettier-ignore

type Change = Bodies["data.correct"]["changes"][number];

/** As much as a field's new value may have: 4,000 characters of up to four octets. */
const maxValue = 16_000;

/** The names and places that a JSON Pointer (RFC 6901) leads through. */
function stepsOf(pointer: string): readonly string[] {
  return pointer.split("/").slice(1).map((one) => one.replaceAll("~1", "/").replaceAll("~0", "~"));
} // prettier-ignore

function refuse(): never {
  throw new Fault("NOT_FOUND", "a pointer of the correction leads to nothing in its target");
}

function placeIn(list: readonly unknown[], step: string, isNew: boolean): number {
  if (step === "-" && isNew) return list.length;
  const at = /^(?:0|[1-9]\d{0,5})$/.test(step) ? Number(step) : list.length + 1;
  return at < list.length || (isNew && at === list.length) ? at : refuse();
}

/** What a change makes of the last field of its pointer. */
interface Last {
  readonly change: string;
  readonly value: unknown;
}

function changeList(list: readonly unknown[], [step = "", ...more]: readonly string[], last: Last): readonly unknown[] {
  if (more.length > 0) {
    const at = placeIn(list, step, false);
    return list.with(at, changeValue(list[at], more, last));
  }
  const at = placeIn(list, step, last.change === "ADDED");
  if (last.change === "ADDED") return list.toSpliced(at, 0, last.value);
  return last.change === "REMOVED" ? list.toSpliced(at, 1) : list.with(at, last.value);
} // prettier-ignore

function changeObject(fields: object, [step = "", ...more]: readonly string[], last: Last): object {
  const entries = new Map<string, unknown>(Object.entries(fields));
  if (more.length > 0) {
    if (!entries.has(step)) refuse();
    entries.set(step, changeValue(entries.get(step), more, last));
  } else if (last.change === "REMOVED") {
    if (!entries.delete(step)) refuse();
  } else entries.set(step, last.value);
  return Object.fromEntries(entries);
}

function changeValue(value: unknown, steps: readonly string[], last: Last): unknown {
  if (Array.isArray(value)) return changeList(value, steps, last);
  return typeof value === "object" && value !== null ? changeObject(value, steps, last) : refuse();
}

function changed(json: unknown, { pointer, change, newValue }: Change): unknown {
  const value = newValue === undefined ? undefined : parseJsonText(newValue, maxValue);
  return changeValue(json, stepsOf(pointer), { change, value });
}

/**
 * A message as its sender's correction makes it, all of its changes or none: what leads to nothing in it, or would leave a
 * body that nobody could send, changes nothing.
 */
export function correctStep(step: Step, changes: readonly Change[]): Step {
  const body = step.read(step.type);
  if (body === undefined || changes.length === 0) return step;
  try {
    const json = changes.reduce<unknown>(changed, renderJson(bodyMessageName(step.type), body));
    return makeStep({ ...step, body: encodeBody(step.type, parseBody(step.type, json)) });
  } catch (error) {
    if (error instanceof Fault) return step;
    throw error;
  }
}
