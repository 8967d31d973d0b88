import { move, type Workflow } from "../workflow.ts";
import { challenge, challengeAwaits } from "./challenge.ts";
import { blocked, published, verification } from "./owner-acts.ts";
import { feedbackAfter, feedbackCloses } from "./feedback-days.ts";

const standing = { from: ["PUBLISHED"], back: "PUBLISHED" } as const;
const live = ["PUBLISHED", "CHALLENGED", "HELD_BY_OWNER", "BLOCKED"] as const;

/**
 * A notice that asks for no arrest (domain W3): it stands until its owner takes it back. Meanwhile he may say what is
 * new, any reader may challenge it, and it may be blocked while it is verified. A hit on it is a matter of its own.
 */
export const notice: Workflow = {
  name: "NOTICE",
  opens: [
    "notice.missing",
    "notice.information",
    "notice.warning_person",
    "notice.unidentified_body",
    "notice.modus_operandi",
    "notice.sanctions",
  ],
  first: "PUBLISHED",
  moves: [...published(live), blocked(standing), ...challenge(standing)],
  awaits: { PUBLISHED: [], BLOCKED: [verification], ...challengeAwaits },
};

/** A notice of a near danger (domain W3): like the others, and who was told of it says what came of it. */
export const threatNotice: Workflow = {
  ...notice,
  name: "THREAT_NOTICE",
  opens: ["notice.threat"],
  moves: [...notice.moves, ...feedbackCloses("OTHER", ["PUBLISHED"])],
  awaits: { ...notice.awaits, PUBLISHED: [feedbackAfter("DELIVERY", "OTHER")] },
};

const recorded = { from: ["RECORDED"], back: "RECORDED" } as const;
const known = ["RECORDED", "BLOCKED"] as const;

/**
 * A record of a thing or a person that a state keeps (domain W3, T9): it stands until its owner takes it back, or a
 * firearm is destroyed. Hits on it are matters of their own.
 */
export const record: Workflow = {
  name: "RECORD",
  opens: [
    "record.stolen_document",
    "record.stolen_vehicle",
    "record.firearm",
    "record.person",
    "record.object",
  ],
  first: "RECORDED",
  moves: [
    ...published(known),
    blocked(recorded),
    move({
      on: "firearm.destroyed",
      by: "EITHER",
      from: known,
      to: "DESTROYED",
      unless: (_, { lane: { opening } }) =>
        opening.type === "record.firearm" ? undefined : "OUT_OF_TURN",
    }),
  ],
  awaits: { RECORDED: [], BLOCKED: [verification] },
};
