import type { z } from "zod";

import { glanceOf, withGlance } from "./glance.ts";
import type { Complaint } from "./text-faults.ts";

/** A check of one value in its in-memory form; made of the vocabulary of this room only. */
export type Checker<T> = z.ZodType<T>;

/** The code of a value that is absent or of another kind: zod shows it as the issue's message. */
export function kindFault({ input }: { readonly input?: unknown }): string {
  return input === undefined ? "SCHEMA_FIELD_MISSING" : "SCHEMA_FIELD_TYPE";
}

/** Turns a function that looks for one complaint into a check on `base`. */
export function checked<T>(
  base: Checker<T>,
  find: (value: T) => Complaint | undefined,
): z.ZodType<T> {
  // `check` and not `superRefine`, which makes a function for every value it looks at
  const checker = base.check((payload) => {
    const { value, issues } = payload;
    const complaint = find(value);
    if (complaint === undefined) return;
    const { code, says } = complaint;
    issues.push({ code: "custom", input: value, continue: true, message: code, params: { says } });
  });
  const glance = glanceOf(base);
  if (glance === undefined) return checker;
  const holds = (value: unknown): value is T => glance(value);
  return withGlance(checker, (value) => holds(value) && find(value) === undefined);
}
