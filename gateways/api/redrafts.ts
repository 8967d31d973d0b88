import { Fault, isFault } from "../../schemas/ground/index.ts";
import type { DraftDesk } from "../drafts/index.ts";
import type { Call, Desk } from "./call.ts";
import { renderDraft } from "./drafts.ts";
import { checkMayHold, checkMayWrite, readMessage } from "./visible.ts";

function draftsOf({ services }: Desk): DraftDesk {
  if (services?.drafts !== undefined) return services.drafts;
  throw new Fault("NOT_FOUND", "this gateway keeps no drafts");
}

function tryGet(find: () => ReturnType<DraftDesk["get"]>): ReturnType<DraftDesk["get"]> | undefined {
  try {
    return find();
  } catch (error) {
    if (isFault(error, "NOT_FOUND")) return undefined;
    throw error;
  }
} // prettier-ignore

/**
 * Makes a draft of a message of ours that was refused, stopped or ran out, for who may read and write it: 201; 200 where he
 * has one already, as it stands. It is judged like any other when it is sent.
 *
 * @throws {Fault} as `readMessage`, `checkMayWrite`, `checkMayHold` and the exchange's `redraft`; DRAFT_SENT once it was sent
 */
export async function postRedraft(desk: Desk, call: Call): Promise<Response> {
  const { exchange } = desk;
  const { caller, params, record } = call;
  const drafts = draftsOf(desk);
  const { id: named } = readMessage(desk, call, params["id"] ?? "");
  if (exchange.redraft === undefined) throw new Fault("NOT_FOUND", "this gateway writes no message anew");
  const { draft: id, submission } = exchange.redraft(named, caller.id);
  checkMayWrite(caller, submission);
  checkMayHold(desk, submission);
  const before = tryGet(() => drafts.get(caller, id));
  if (before?.message !== undefined) throw new Fault("DRAFT_SENT", `it is message ${before.message}; correct or withdraw that`);
  if (before !== undefined) return renderDraft(before, 200);
  const { problems } = await exchange.validate(submission);
  const text = { message: { ...submission }, isShared: false, missing: problems.length };
  const match = { is: null, isNone: "*" };
  const { draft } = await drafts.put({ caller, id, match, also: (kept) => record.keep(kept) }, text);
  return renderDraft(draft, 201);
} // prettier-ignore
