import type { z } from "zod";

import { Fault, type FaultCode, isFault } from "../schemas/ground/index.ts";

/** One thing that keeps a hub from starting. */
export interface ConfigFlaw {
  /** Where in the file, as a JSON Pointer; empty of the file itself. */
  readonly path: string;
  readonly code: FaultCode;
  /** What is wrong, with the limit; never what stands there. */
  readonly says: string;
  readonly fix: string;
}

/** A part of a configuration, by its JSON Pointer, and what reads the files it names. */
export type ConfigPart = readonly [path: string, load: () => unknown];

function fixOf(issue: z.core.$ZodIssue): string {
  if (issue.code === "too_big") return `make it ${String(issue.maximum)} at most`;
  if (issue.code === "too_small") return `make it ${String(issue.minimum)} at least`;
  if (issue.code === "invalid_value") return `write one of: ${issue.values.map(String).join(", ")}`;
  if (issue.code === "invalid_type") return `write a value of the kind ${issue.expected}`;
  if (issue.code === "unrecognized_keys") return "take it out, or spell it right";
  return "write it as the example deploy/systemd/broker.json does";
}

/** What is wrong with the fields. */
export function flawsOf(issues: readonly z.core.$ZodIssue[]): readonly ConfigFlaw[] {
  return issues.map((issue) => ({
    path: issue.path.length === 0 ? "" : `/${issue.path.map(String).join("/")}`,
    code: "CONFIG_INVALID",
    says: issue.message,
    fix: fixOf(issue),
  }));
}

/** What is wrong with the files that fields name: each is read alone, so that one that is wrong hides no other. */
export function flawsOfParts(parts: readonly ConfigPart[]): readonly ConfigFlaw[] {
  return parts.flatMap(([path, load]) => {
    try {
      load();
      return [];
    } catch (error) {
      const { code, detail: says } = isFault(error)
        ? error
        : { code: "CONFIG_INVALID" as const, detail: "what it names cannot be read" };
      return [{ path, code, says, fix: "mend or replace what is named, or name another" }];
    }
  });
}

/** Refuses with all of it at once, the way out with each. Returns when there is nothing. @throws {Fault} CONFIG_INVALID, KEY_* */
export function refuseFlaws(flaws: readonly ConfigFlaw[]): void {
  const [first, ...others] = flaws;
  if (first === undefined) return;
  const told = flaws.map(({ path, says, fix }) => `${path === "" ? "/" : path}: ${says} → ${fix}`);
  const violations = flaws.map(({ path, code, says }) => ({ path, code, message: says }));
  throw new Fault(others.length === 0 ? first.code : "CONFIG_INVALID", told.join("; "), { violations });
} // prettier-ignore
