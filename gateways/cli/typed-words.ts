import { InvalidArgumentError } from "commander";

import { parseInstant } from "../../schemas/index.ts";

/** Reads a moment that was typed. @throws {InvalidArgumentError} */
export function momentText(text: string): string {
  if (text.length <= 40 && parseInstant(text) !== undefined) return text;
  throw new InvalidArgumentError("It is a moment, such as 2026-12-01T12:00:00Z.");
}

/** Reads the name of an agency that was typed. @throws {InvalidArgumentError} */
export function agencyText(text: string): string {
  if (/^[a-z]{2,10}\/[a-z][a-z0-9-]{0,30}$/.test(text)) return text;
  throw new InvalidArgumentError("It is an agency, such as ng/tcu.");
}
