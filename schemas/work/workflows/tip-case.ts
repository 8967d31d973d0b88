import type { Lane, Refusal } from "../lane.ts";
import { move, type MoveAt, type Workflow } from "../workflow.ts";

const live = ["ACTIVE", "FOLLOW_UP"] as const;

function branchOf({ opening }: Lane): string | undefined {
  return opening.read("tip.case")?.branch;
}

const stateOf: Readonly<Record<string, string>> = {
  ACTIVE: "ACTIVE",
  FOLLOW_UP: "FOLLOW_UP",
  CLOSED: "CLOSED",
  CLOSED_REFERRED: "CLOSED_REFERRED",
  UNKNOWN: "ACTIVE",
};

function unless({ caseRef, branch }: { readonly caseRef: string; readonly branch: string }, { lane }: MoveAt): Refusal | undefined {
  if (lane.opening.read("tip.case")?.caseRef !== caseRef) return "OUT_OF_TURN";
  return branch === branchOf(lane) ? undefined : "NOT_THEIRS";
} // prettier-ignore

/**
 * A case of trafficking, as one of its owners tells it (domain W10). Police, prosecution and welfare write one sub-stream each:
 * nobody writes in another's, and a case closed by one is open for the others. {@link readTipCase} puts them together. A closed
 * sub-stream can be opened again, for courts do that.
 */
export const tipCase: Workflow = {
  name: "TIP_CASE",
  opens: ["tip.case"],
  opensFor: () => true,
  first: "ACTIVE",
  begins: (step) => stateOf[step.read("tip.case")?.caseStatus ?? "ACTIVE"],
  moves: [
    move({
      on: "tip.case",
      by: "OPENER",
      from: [...live, "CLOSED", "CLOSED_REFERRED"],
      to: ({ caseStatus }) => stateOf[caseStatus] ?? "ACTIVE",
      unless,
    }),
    move({ on: "feedback.report", by: "OTHER", from: live, to: (_, { state }) => state }),
  ],
  awaits: { ACTIVE: [], FOLLOW_UP: [] },
};
