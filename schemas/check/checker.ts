import { z } from "zod";

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
  return base.check((payload) => {
    const { value, issues } = payload;
    const complaint = find(value);
    if (complaint === undefined) return;
    const { code, says } = complaint;
    issues.push({ code: "custom", input: value, continue: true, message: code, params: { says } });
  });
}
