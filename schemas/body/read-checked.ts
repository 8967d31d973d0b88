import { type Checker, examine, refuseViolations } from "../check/index.ts";
import type { Violation } from "../ground/index.ts";
import { type MessageValue, readJson } from "./json-in.ts";
import { findUnknownCodes } from "./known-codes.ts";

/** Those of `later` that are not at or under a place which is named already: one fault a place is enough. */
export function newOnly(
  earlier: readonly Violation[],
  later: readonly Violation[],
): readonly Violation[] {
  const named = new Set(earlier.map(({ path }) => path));
  const isNamed = (path: string): boolean => {
    for (let at = path.length; at >= 0; at = path.lastIndexOf("/", at - 1)) {
      if (named.has(path.slice(0, at))) return true;
      if (at === 0) break;
    }
    return false;
  };
  return later.filter(({ path }) => !isNamed(path));
}

/** What became of a message's JSON: read and right, or everything wrong with it and as much as could be read. */
export type ExaminedJson<T> =
  | { readonly ok: true; readonly value: T }
  | {
      readonly ok: false;
      readonly violations: readonly Violation[];
      readonly part: MessageValue | undefined;
    };

/** Reads a message that is being made from JSON: structure, then lengths and formats, then codes. */
export function examineJson<T>(
  messageName: string,
  checker: Checker<T>,
  json: unknown,
): ExaminedJson<T> {
  const { value, violations: structure } = readJson(messageName, json);
  const examined = examine(checker, value);
  const shape = examined.ok ? [] : newOnly(structure, examined.violations);
  const earlier = [...structure, ...shape];
  const codes = newOnly(earlier, findUnknownCodes(messageName, value ?? {}));
  if (examined.ok && codes.length + earlier.length === 0) return examined;
  return { ok: false, violations: [...earlier, ...codes], part: value };
}

/**
 * Reads a message as `examineJson` does; the fault tells all three kinds at once.
 *
 * @throws {Fault} SCHEMA_INVALID
 */
export function readChecked<T>(messageName: string, checker: Checker<T>, json: unknown): T {
  const examined = examineJson(messageName, checker, json);
  return examined.ok ? examined.value : refuseViolations(examined.violations);
}
