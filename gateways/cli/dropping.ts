import { z } from "zod";

import { faultSentence } from "../../schemas/index.ts";
import type { Desk } from "./desk.ts";
import { exitCodes } from "./exit-codes.ts";

const stateShape = z.looseObject({
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

function renderWaiting(folder: string, code: string | undefined): readonly string[] {
  return code === undefined ? [] : [`${folder} waits (${code}): ${faultSentence(code, "en")}`];
}

/** Says how the drop folder of the chosen gateway stands; exit code 10 while something waits for what must be mended. */
export async function runDropStatus(desk: Desk): Promise<number> {
  const state = await desk.client().askFor(stateShape, { path: "/v1/drop" });
  const { dir, as, working, sent, partly, rejected, written, withheld, code, outCode } = state;
  const lines = [
    `${dir}, as ${as}`,
    `since the start: ${sent} files sent, ${partly} in part, ${rejected} rejected; ${working} in work`,
    `out: ${written} written, ${withheld} not to be read by it`,
    ...renderWaiting("in", code),
    ...renderWaiting("out", outCode),
  ];
  desk.result(state, lines.join("\n"));
  return code === undefined && outCode === undefined ? exitCodes.ok : exitCodes.other;
}
