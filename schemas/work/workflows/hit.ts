import { type Bytes, type EpochMs, renderUuid, sameBytes } from "../../ground/index.ts";
import type { Lane, Refusal } from "../lane.ts";
import { type Awaited, move, type Move, type Workflow } from "../workflow.ts";
import { acknowledgement } from "./awaited.ts";
import { feedbackAfter, feedbackCloses } from "./feedback-days.ts";

const unconfirmed = ["HIT", "TAKEN_UP", "MORE_ASKED", "IDENTITY_OPEN"] as const;

/** By the hour the finder named; no later than the law lets him hold whom he found. */
function neededBy({ opening }: Lane): EpochMs | undefined {
  const { confirmBy, heldUntil } = opening.read("hit.notice") ?? {};
  if (confirmBy === undefined || heldUntil === undefined) return confirmBy ?? heldUntil;
  return Math.min(confirmBy, heldUntil);
}

const confirmation: Awaited = { closing: "DECISION", of: "OTHER", by: neededBy };

/** The finder answers what the owner must know, while he still may hold. */
const finding: Awaited = {
  closing: "ANSWER",
  of: "OPENER",
  by: (lane) => lane.opening.read("hit.notice")?.heldUntil,
};

const decided: Readonly<Record<string, string>> = {
  CONFIRMED: "CONFIRMED",
  NOT_SAME: "NOT_SAME",
  WITHDRAWN: "RECORD_WITHDRAWN",
  STILL_VALID: "IDENTITY_OPEN",
  NEEDS_MORE: "MORE_ASKED",
};

const decisions: readonly Move[] = [
  move({ on: "request.acknowledge", by: "OTHER", from: ["HIT"], to: "TAKEN_UP" }),
  move({
    on: "hit.confirmation",
    by: "OTHER",
    from: [...unconfirmed, "CONFIRMED"],
    to: ({ decision }, { state }) => decided[decision] ?? state,
    unless: ({ recordId, decision }, { lane: { opening, state } }) => {
      const hit = opening.read("hit.notice")?.recordId;
      if (hit === undefined || !sameBytes(hit, recordId)) return "OUT_OF_TURN";
      // what was confirmed can only be taken back: whoever is held because of it is let go at once
      const takesBack = decision === "NOT_SAME" || decision === "WITHDRAWN";
      return state === "CONFIRMED" && !takesBack ? "OUT_OF_TURN" : undefined;
    },
  }),
  move({
    on: "request.answer",
    by: "OPENER",
    from: ["MORE_ASKED", "IDENTITY_OPEN"],
    to: "TAKEN_UP",
  }),
];

/** Why a record is gone: the person or thing was found, so what was confirmed still has to be told of. */
const ended: ReadonlySet<string> = new Set(["ARRESTED", "FOUND", "RESOLVED", "SUPERSEDED"]);

/** Whether what was taken back is the record that was hit, or the hit with it. */
function whyNotGone(targets: readonly Bytes[], { opening }: Lane): Refusal | undefined {
  const gone = targets.map(renderUuid);
  const isOfIt = [opening.id, ...opening.names].some((id) => gone.includes(id));
  return isOfIt ? undefined : "OUT_OF_TURN";
}

/** The owner took the record back for everybody: nobody may be held because of it any more, asked or not. */
const withdrawals: readonly Move[] = [
  move({
    on: "alert.cancel",
    by: "OTHER",
    from: [...unconfirmed, "CONFIRMED"],
    ofSubject: true,
    to: ({ reason }, { state }) =>
      state === "CONFIRMED" && ended.has(reason) ? state : "RECORD_WITHDRAWN",
    unless: ({ targetId, alsoIds }, { lane }) => whyNotGone([targetId, ...alsoIds], lane),
  }),
  move({
    on: "data.purge",
    by: "OTHER",
    from: [...unconfirmed, "CONFIRMED"],
    ofSubject: true,
    to: "RECORD_WITHDRAWN",
    unless: ({ targetIds }, { lane }) => whyNotGone(targetIds, lane),
  }),
  move({
    on: "data.block",
    by: "OTHER",
    from: [...unconfirmed, "CONFIRMED"],
    ofSubject: true,
    to: "RECORD_WITHDRAWN",
    unless: ({ targetIds, blockAct }, { lane }) =>
      blockAct === "LIFTED_WITHDRAWN" ? whyNotGone(targetIds, lane) : "OUT_OF_TURN",
  }),
];

/**
 * A hit (domain W3, T11): a lead only. The finder tells the owner of the record, and nobody acts against the person or
 * the thing before that owner, and nobody else, has confirmed it for the record that was hit. Each hit is a matter of its
 * own with its own clock; what was confirmed ends with feedback, and can still be taken back. Whether a confirmed
 * hit on a wanted notice may be acted on is also the finder's own legal review; see the wanted notice. Where the owner
 * withdraws the record itself, every hit on it ends.
 */
export const hit: Workflow = {
  name: "HIT",
  opens: ["hit.notice"],
  first: "HIT",
  moves: [...decisions, ...withdrawals, ...feedbackCloses("OPENER", ["CONFIRMED"])],
  awaits: {
    HIT: [acknowledgement, confirmation],
    TAKEN_UP: [confirmation],
    MORE_ASKED: [finding, confirmation],
    IDENTITY_OPEN: [finding, confirmation],
    CONFIRMED: [feedbackAfter("ACT", "OPENER")],
  },
};
