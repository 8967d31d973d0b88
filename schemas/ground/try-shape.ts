import type { z } from "zod";

import { isFault } from "./fault.ts";

/** What came of looking at a value: it, as the shape says, or what is wrong with it. */
export type TriedShape<T> =
  | { readonly success: true; readonly data: T; readonly error?: undefined }
  | {
      readonly success: false;
      readonly data?: undefined;
      /** No issues of a value that only pretends to be a list or a text. */
      readonly error: { readonly issues: readonly z.core.$ZodIssue[] };
    };

/**
 * Looks whether a value from outside has a shape; the only place that asks the library. It compares the length of whatever
 * says that it has one, and fails on a length that is itself an object without a value: a stranger's few bytes would be an
 * inner failure of ours.
 *
 * @throws {Fault} what the shape itself refuses with
 */
export function tryShape<S extends z.ZodType>(shape: S, value: unknown): TriedShape<z.output<S>> {
  try {
    return shape.safeParse(value);
  } catch (cause) {
    if (isFault(cause)) throw cause;
    return { success: false, error: { issues: [] } };
  }
}
