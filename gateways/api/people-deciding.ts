import { z } from "zod";

import { renderInstant } from "../../schemas/index.ts";
import { type Call, type Desk, renderAnswer } from "./call.ts";
import { idOf, renderOutcome, renderTrial } from "./people-asking.ts";
import { peopleOf, readShape } from "./people-body.ts";
import { isTrial } from "./trial.ts";

/** Yes or no to what another asked for. */
export const decisionShape = z.strictObject({ agrees: z.boolean() });

/** What waits for a second word. */
export function getChanges(desk: Desk): Response {
  const items = peopleOf(desk).changes().map(({ id, by, madeAt, endsAt, change }) => ({
    id,
    by,
    madeAt: renderInstant(madeAt),
    endsAt: renderInstant(endsAt),
    change,
  }));
  return renderAnswer({ items });
} // prettier-ignore

/** Says yes or no to what another asked for. */
export async function postDecision(desk: Desk, call: Call): Promise<Response> {
  const { agrees } = await readShape(decisionShape, call.request);
  const given = { id: idOf(call), agrees, isTrial: isTrial(call) };
  const outcome = await peopleOf(desk).decide(call.caller, given);
  return given.isTrial ? renderTrial(outcome) : renderOutcome(outcome, 200);
}
