import { readFileSync } from "node:fs";
import { join } from "node:path";

import { exampleInstant, exampleOf, shiftInstants } from "../../schemas/examples/index.ts";
import type { MessageType } from "../../schemas/index.ts";

const folder = join(import.meta.dirname, "../../deploy/local/examples");

/** An example that newcomers are given, by its file's name, changed at the top level. */
export function example(name: string, change: object = {}): Record<string, unknown> {
  const text = readFileSync(join(folder, `${name}.json`), "utf8");
  return { ...(JSON.parse(text) as Record<string, unknown>), ...change };
}

/** What a message of a type says, as if its example were sent now. */
export function exampleNow(type: MessageType, now: number): Readonly<Record<"crimes" | "handling" | "inner" | "body", object>> {
  const shifted = shiftInstants(exampleOf(type), now - exampleInstant);
  const { crimes, handling, inner, body } = shifted as Record<string, object>;
  return { crimes: crimes!, handling: handling!, inner: inner ?? {}, body: body! };
} // prettier-ignore
