import { readFileSync } from "node:fs";
import { join } from "node:path";

const folder = join(import.meta.dirname, "../../deploy/local/examples");

/** An example that newcomers are given, by its file's name, changed at the top level. */
export function example(name: string, change: object = {}): Record<string, unknown> {
  const text = readFileSync(join(folder, `${name}.json`), "utf8");
  return { ...(JSON.parse(text) as Record<string, unknown>), ...change };
}
