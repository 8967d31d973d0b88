import type { z } from "zod";

/**
 * A plain function beside a checker: it says yes only to values that the checker lets through, so what it
 * says yes to needs no second look. It may say no to a good value; then the checker decides.
 */
export type Glance = (value: unknown) => boolean;

const glances = new WeakMap<z.ZodType, Glance>();

/** The glance of a checker, when it has one. */
export function glanceOf(checker: z.ZodType): Glance | undefined {
  return glances.get(checker);
}

/** Gives a checker its glance. With none, the checker alone decides. */
export function withGlance<C extends z.ZodType>(checker: C, glance: Glance | undefined): C {
  if (glance !== undefined) glances.set(checker, glance);
  return checker;
}
