import { z } from "zod";

import { Fault } from "../../../schemas/ground/index.ts";
import { type Handler, renderAnswer } from "../call.ts";
import type { Route } from "../route.ts";

const state = z.strictObject({
  dir: z.string(),
  as: z.string(),
  working: z.number(),
  sent: z.number(),
  partly: z.number(),
  rejected: z.number(),
  written: z.number(),
  withheld: z.number(),
  code: z.string().optional(),
  outCode: z.string().optional(),
});

/** How the drop folder stands. */
function getDrop(...[{ services }]: Parameters<Handler>): Response {
  const drop = services?.drop;
  if (drop === undefined)
    throw new Fault("NOT_FOUND", "this gateway has no drop folder; gateway.json sets drop");
  return renderAnswer(drop.state());
}

/** The folder that another system puts files into. */
export const dropRoutes: readonly Route[] = [
  { method: "GET", path: "/v1/drop", summary: "how the drop folder stands", for: ["officer", "integrator", "administrator"], answers: { 200: { says: "counts since the start, and what keeps files waiting", shape: state } }, handle: getDrop },
]; // prettier-ignore
