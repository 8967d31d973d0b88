import { type Bytes, renderUuid } from "../../ground/index.ts";
import type { Lane } from "../lane.ts";
import { type Awaited, move, type Move, type Workflow } from "../workflow.ts";
import { acknowledgement } from "./awaited.ts";
import { holderAnswers, type Order } from "./holder-answers.ts";

const live = ["BLOCK_ASKED", "UNDER_WAY", "BLOCKED", "NOT_BLOCKED"] as const;

function targetsOf({ opening }: Lane): readonly string[] {
  return opening.read("data.block")?.targetIds.map(renderUuid) ?? [];
}

const order: Order = {
  from: live,
  targets: targetsOf,
  fulfils: new Set(["BLOCKED", "DELETED", "CORRECTED", "ALREADY_GONE", "NEVER_HELD"]),
  done: "BLOCKED",
  refused: "NOT_BLOCKED",
};

/** The owner verifies, and lifts, mends or withdraws: nobody stays contested for ever. */
const verification: Awaited = {
  closing: "DECISION",
  of: "OPENER",
  by: ({ marks }) => marks.resultBy,
};

function afterAct(act: string, state: string): string {
  if (act === "LIFTED_CONFIRMED") return "LIFTED";
  if (act === "LIFTED_CORRECTED") return "CORRECTED";
  return act === "LIFTED_WITHDRAWN" ? "WITHDRAWN" : state;
}

function isOfBlock(lane: Lane, targets: readonly Bytes[]): boolean {
  const blocked = targetsOf(lane);
  return targets.some((id) => blocked.includes(renderUuid(id)));
}

const lifting: readonly Move[] = [
  move({
    on: "data.block",
    by: "OPENER",
    from: live,
    to: ({ blockAct }, { state }) => afterAct(blockAct, state),
    unless: ({ blockId }, { lane: { opening, applied } }) =>
      blockId === undefined || [opening, ...applied].some(({ id }) => id === renderUuid(blockId))
        ? undefined
        : "OUT_OF_TURN",
    marks: ({ verifyBy }) => (verifyBy === undefined ? {} : { resultBy: verifyBy }),
  }),
  move({
    on: "data.purge",
    by: "OPENER",
    from: live,
    ofSubject: true,
    to: "WITHDRAWN",
    unless: ({ targetIds }, { lane }) => (isOfBlock(lane, targetIds) ? undefined : "OUT_OF_TURN"),
  }),
  move({
    on: "data.correct",
    by: "OPENER",
    from: live,
    ofSubject: true,
    to: "CORRECTED",
    unless: ({ targetId }, { lane }) => (isOfBlock(lane, [targetId]) ? undefined : "OUT_OF_TURN"),
  }),
];

/**
 * Contested: not to be searched or acted upon until it is verified (domain W3 and W6). Each holder says that he has
 * blocked his copy, after those he passed it on to; the owner lifts the block, corrects or withdraws by the day he
 * named, or prolongs it with a new one.
 */
export const block: Workflow = {
  name: "BLOCK",
  opens: ["data.block"],
  opensFor: (step) => {
    const { blockAct, blockReason } = step.read("data.block") ?? {};
    // to lift what is not here begins nothing; a state's own legal review blocks its own copy and asks nobody
    return blockAct === "BLOCKED" && blockReason !== "LEGAL_REVIEW";
  },
  first: "BLOCK_ASKED",
  opened: (step) => ({ resultBy: step.read("data.block")?.verifyBy }),
  moves: [...holderAnswers(order), ...lifting],
  awaits: {
    BLOCK_ASKED: [acknowledgement, verification],
    UNDER_WAY: [acknowledgement, verification],
    BLOCKED: [verification],
    NOT_BLOCKED: [verification],
  },
}; // prettier-ignore
