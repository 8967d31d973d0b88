import { type EpochMs, renderUuid } from "../../ground/index.ts";
import type { Lane, Marks } from "../lane.ts";
import { type Awaited, move, type Move } from "../workflow.ts";
import { stays } from "./feedback-days.ts";

/** What is published, for the acts of its owner and against it. */
export interface Standing {
  /** The states in which it stands, or is looked at. */
  readonly from: readonly string[];
  /** Where it is again when a block or a challenge is over. */
  readonly back: string;
}

/** Whether a cancellation names the opening itself, and not only an update or a hit of it. */
function isCancelled({ opening }: Lane, ids: readonly Uint8Array[]): boolean {
  return ids.some((id) => renderUuid(id) === opening.id);
}

/** Who published something takes it back. Copies that must go are a matter of their own; see the purge. */
export function cancelled(from: readonly string[]): Move {
  return move({
    on: "alert.cancel",
    by: "OPENER",
    from,
    to: ({ targetId, alsoIds }, lane) =>
      isCancelled(lane, [targetId, ...alsoIds]) ? "WITHDRAWN" : lane.state,
  });
}

/** Who published something says what is new of it, or takes it back. */
export function published(from: readonly string[]): readonly Move[] {
  return [move({ on: "alert.update", by: "OPENER", from, to: stays }), cancelled(from)];
}

const afterBlock: Readonly<Record<string, (back: string) => string>> = {
  LIFTED_CONFIRMED: (back) => back,
  LIFTED_CORRECTED: (back) => back,
  LIFTED_WITHDRAWN: () => "WITHDRAWN",
};

/** Until when what is blocked is verified; what is lifted has no such day any more. */
export function blockTerm(body: { readonly blockAct: string; readonly verifyBy?: EpochMs | undefined }): Partial<Marks> {
  return { answerBy: body.blockAct.startsWith("LIFTED") ? undefined : body.verifyBy };
} // prettier-ignore

/** Its owner has it neither searched nor acted upon while he verifies it (domain W3, contest). */
export function blocked({ from, back }: Standing): Move {
  return move({
    on: "data.block",
    by: "OPENER",
    from: [...from, "BLOCKED"],
    to: ({ blockAct }) => afterBlock[blockAct]?.(back) ?? "BLOCKED",
    unless: ({ blockAct }, { lane }) =>
      lane.state !== "BLOCKED" && blockAct !== "BLOCKED" ? "OUT_OF_TURN" : undefined,
    marks: blockTerm,
  });
}

/** Nobody stays contested for ever: the owner lifts, corrects or withdraws by the day he named. */
export const verification: Awaited = {
  closing: "DECISION",
  of: "OPENER",
  by: ({ marks }) => marks.answerBy,
};
