import { renderInstant } from "../../schemas/index.ts";
import type { Change, ChangeDone, ChangeWaiting } from "../people/index.ts";
import { type Call, type Desk, renderAnswer } from "./call.ts";
import { peopleOf } from "./people-body.ts";
import { isTrial } from "./trial.ts";

/** What a change came to. Codes and secrets are said here once. */
export function renderOutcome(outcome: ChangeDone | ChangeWaiting, status: number): Response {
  if (!outcome.done) {
    const { change, endsAt } = outcome;
    const says = "another administrator, or the owner of the token, decides this";
    return renderAnswer({ done: false, change, endsAt: renderInstant(endsAt), says }, { status: 202 });
  }
  const { id, code, proof } = outcome;
  const given = code === undefined ? {} : { code: code.code, endsAt: renderInstant(code.endsAt) };
  return renderAnswer({ done: true, id, ...given, ...(proof === undefined ? {} : { proof }) }, { status });
} // prettier-ignore

/** What a trial says: whether it would be done at once. No code, secret or id: there is none. */
export function renderTrial({ done }: ChangeDone | ChangeWaiting): Response {
  return renderAnswer({ tried: true, done });
}

/** Asks for a change, and says what came of it: done, or waiting for a second word. */
export async function askChange(desk: Desk, call: Call, change: Change): Promise<Response> {
  const isNew = change.kind === "INVITE" || change.kind === "MACHINE";
  const asked = { change, isTrial: isTrial(call) };
  const outcome = await peopleOf(desk).ask(call.caller, asked);
  return asked.isTrial ? renderTrial(outcome) : renderOutcome(outcome, isNew ? 201 : 200);
}

/** The id in the path of a call. */
export function idOf({ params }: Call): string {
  return params["id"] ?? "";
}
