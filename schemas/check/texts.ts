import { z } from "zod";

import { checked, type Checker, kindFault } from "./checker.ts";
import { type FormatName, formats, type TextFormat } from "./formats.ts";
import { withGlance } from "./glance.ts";
import { once } from "./once.ts";
import { findCharacterFault, findLengthFault } from "./text-faults.ts";

/** Characters of a text whose schema names no limit. */
export const defaultMaxCharacters = 100;

/** The spelling of a code in memory. */
export const codePattern = /^[A-Z][A-Z0-9_]{0,59}$/;

const anyText = withGlance(z.string({ error: kindFault }), (value) => typeof value === "string");

const textOf = once((limits: string): Checker<string> => {
  const [min = 0, max = 0] = limits.split(" ").map(Number);
  return checked(anyText, (value) => findLengthFault(value, min, max) ?? findCharacterFault(value));
});

/** A text of `min` to `max` characters, NFC, without controls. */
export function text(min: number, max: number): Checker<string> {
  return textOf(`${min} ${max}`);
}

/** The names of the formats that texts have. */
export type TextFormatName = {
  [N in FormatName]: (typeof formats)[N] extends TextFormat ? N : never;
}[FormatName];

/** A text spelt as the format says. */
export const format: (name: TextFormatName) => Checker<string> = once((name) => {
  const { pattern, max, says, holds }: TextFormat = formats[name];
  return checked(anyText, (value) => {
    if (value.length <= max && pattern.test(value) && (holds?.(value) ?? true)) return undefined;
    return { code: "SCHEMA_FIELD_PATTERN", says: `is not ${says}` };
  });
});

/**
 * A code, by its shape only. Whether `list` has it is asked where a message is made; in a received one a
 * code of a newer edition is carried, not dropped.
 */
export const code: (list: string) => Checker<string> = once((list) =>
  checked(anyText, (value) =>
    value.length <= 60 && codePattern.test(value)
      ? undefined
      : {
          code: "SCHEMA_FIELD_PATTERN",
          says: `is not a code of the list ${list}: capitals, digits, _`,
        },
  ),
);
