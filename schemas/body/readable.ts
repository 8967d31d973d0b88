import type { Checker } from "../check/index.ts";
import { type Bodies, bodyChecks, checkInnerHeader, type InnerHeader } from "../gen/index.ts";
import type { Violation } from "../ground/index.ts";
import { bodyRulesOf, findBroken, withoutRefused } from "../rules/index.ts";
import { findMissingNominal } from "./editions.ts";
import { bodyMessage, type MessageType } from "./message-type.ts";
import { examineJson, newOnly } from "./read-checked.ts";

/** What could be read of a body or an inner header that is being made, and everything that is wrong with it alone. */
export interface Readable<T> {
  /** All of it; undefined when anything is wrong. */
  readonly whole: T | undefined;
  /**
   * For rules alone: what was found wrong in it stops the rule that looks at it. Undefined when there is nothing to
   * look at.
   */
  readonly forRules: T | undefined;
  readonly violations: readonly Violation[];
}

/** Whatever can be looked at in it passed the checker, and the rest cannot be looked at: to a rule it is the whole. */
function standsFor<T>(_checker: Checker<T>, value: object): value is T & object {
  return !Array.isArray(value);
}

function readOne<T>(name: string, checker: Checker<T>, json: unknown): Readable<T> {
  const examined = examineJson(name, checker, json);
  if (examined.ok) return { whole: examined.value, forRules: examined.value, violations: [] };
  const { part, violations } = examined;
  const places = violations.map(({ path }) => path);
  const seen = part === undefined ? undefined : withoutRefused(part, places);
  const forRules = seen !== undefined && standsFor(checker, seen) ? seen : undefined;
  return { whole: undefined, forRules, violations };
}

/** Reads the JSON form of a body: its fields, and those rules over it that look at nothing wrong. */
export function readBody<T extends MessageType>(type: T, json: unknown): Readable<Bodies[T]> {
  const message = bodyMessage(type);
  const checker: Checker<Bodies[T]> = bodyChecks[type];
  const read = readOne(message.name, checker, json);
  const { forRules: body, violations } = read;
  if (body === undefined) return read;
  const rules = findBroken(bodyRulesOf(type), { message, form: message.body.form, body });
  const broken = [...findMissingNominal(type, body), ...rules];
  if (broken.length === 0) return read;
  return { ...read, whole: undefined, violations: [...violations, ...newOnly(violations, broken)] };
}

/** Reads the JSON form of an inner header: its fields alone. */
export function readInner(json: unknown): Readable<InnerHeader> {
  return readOne("InnerHeader", checkInnerHeader, json);
}
