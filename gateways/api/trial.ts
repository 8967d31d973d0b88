import { z } from "zod";

import { Fault } from "../../schemas/ground/index.ts";
import type { Call } from "./call.ts";

/** Whether a change is only tried: what would come of it is told, and nothing is changed. */
export const trialQueryShape = z.strictObject({ dryRun: z.literal("true").optional() });

/** Whether it is only tried. @throws {Fault} REQUEST_INVALID for a word that says neither */
export function isTrial({ url }: Call): boolean {
  const said = url.searchParams.getAll("dryRun");
  if (said.length === 0) return false;
  if (said.length === 1 && said[0] === "true") return true;
  throw new Fault("REQUEST_INVALID", "dryRun is true, or left out");
}
