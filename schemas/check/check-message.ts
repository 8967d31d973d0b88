import type { z } from "zod";

import { Fault, isFaultCode, type Violation } from "../ground/index.ts";
import type { Checker } from "./checker.ts";
import { glanceOf } from "./glance.ts";
import { fieldOf, renderPointer } from "./pointer.ts";

/** Violations one fault tells at most: enough to mend a message by, too few to be worth provoking. */
const maxTold = 100;

function saysOf(issue: z.core.$ZodIssue): string {
  if (issue.code === "custom" && typeof issue.params?.["says"] === "string") {
    return issue.params["says"];
  }
  return issue.message === "SCHEMA_FIELD_MISSING"
    ? "is missing; it is required"
    : "has the wrong kind of value";
}

function violationsOfIssue(issue: z.core.$ZodIssue): readonly Violation[] {
  const code = isFaultCode(issue.message) ? issue.message : "SCHEMA_INVALID";
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => {
      const path = [...issue.path, key];
      return {
        path: renderPointer(path),
        code,
        message: `${fieldOf(path)} is not a field here; leave it out`,
      };
    });
  }
  const message = `${fieldOf(issue.path)} ${saysOf(issue)}`;
  return [{ path: renderPointer(issue.path), code, message }];
}

/** Whether a glance is enough: nearly every message is good, and only a bad one needs words for what is wrong. */
function isSeenGood<T>(checker: Checker<T>, value: unknown): value is T {
  return glanceOf(checker)?.(value) ?? false;
}

/** What became of a value: checked and typed, or everything that is wrong with it. */
export type Examined<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly violations: readonly Violation[] };

/** Looks at a value in its in-memory form: fields, kinds, lengths, formats, shapes of codes. */
export function examine<T>(checker: Checker<T>, value: unknown): Examined<T> {
  if (isSeenGood(checker, value)) return { ok: true, value };
  const result = checker.safeParse(value);
  if (result.success) return { ok: true, value: result.data };
  return { ok: false, violations: result.error.issues.flatMap(violationsOfIssue) };
}

/**
 * Throws one fault that names every violation; `violations` has at least one.
 *
 * @throws {Fault} SCHEMA_INVALID with at most 100 violations; the detail says how many there are
 */
export function refuseViolations(violations: readonly Violation[]): never {
  const more = violations.length <= 1 ? "" : `, and ${violations.length - 1} more`;
  throw new Fault("SCHEMA_INVALID", `${violations[0]?.message ?? "the message is wrong"}${more}`, {
    violations: violations.slice(0, maxTold),
  });
}

/**
 * Checks a message in its in-memory form, as `examine` does.
 *
 * @throws {Fault} SCHEMA_INVALID whose violations carry the specific codes
 */
export function checkMessage(checker: Checker<unknown>, value: unknown): void {
  const examined = examine(checker, value);
  if (!examined.ok) refuseViolations(examined.violations);
}
