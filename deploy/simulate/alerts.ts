import { readFileSync } from "node:fs";
import { join } from "node:path";

import { z } from "zod";

import type { Submission } from "./replies.ts";

const folder = join(import.meta.dirname, "../local/examples");
const shape = z.looseObject({
  type: z.string(),
  inner: z.record(z.string(), z.unknown()).optional(),
});

/** What each kind of agency tells everybody, in turns; of other kinds nothing. */
const files: Readonly<Record<string, readonly string[]>> = {
  tcu: ["red-flag.json", "lagos-alert.json"],
  moc: ["maritime.json"],
  centre: ["red-flag.json"],
};

/** An alert of an agency, an exercise; undefined for one that sends none. */
export function makeAlert(agency: string, turn: number): Submission | undefined {
  const own = files[agency.split("/")[1] ?? ""] ?? [];
  const file = own[turn % own.length];
  if (file === undefined) return undefined;
  const example = shape.parse(JSON.parse(readFileSync(join(folder, file), "utf8")));
  const inner = { ...example.inner, caseRef: `EX-SIM-ALERT-${turn}` };
  return { ...example, status: "EXERCISE", inner };
}
