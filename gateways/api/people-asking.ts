import { renderInstant } from "../../schemas/index.ts";
import type { Change, ChangeDone, ChangeWaiting } from "../people/index.ts";
import { type Call, type Desk, renderAnswer } from "./call.ts";
import { peopleOf } from "./people-body.ts";

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

/** Asks for a change, and says what came of it: done, or waiting for a second word. */
export async function askChange(desk: Desk, call: Call, change: Change): Promise<Response> {
  const isNew = change.kind === "INVITE" || change.kind === "MACHINE";
  return renderOutcome(await peopleOf(desk).ask(call.caller, change), isNew ? 201 : 200);
}

/** The id in the path of a call. */
export function idOf({ params }: Call): string {
  return params["id"] ?? "";
}
