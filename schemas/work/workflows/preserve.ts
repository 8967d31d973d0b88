import type { Lane } from "../lane.ts";
import { type Awaited, move, type Workflow } from "../workflow.ts";
import { acknowledgement, result } from "./awaited.ts";
import { movesBySteps, type StepRow } from "./spoken-steps.ts";
import { patienceIn, toldBy } from "./what-came.ts";

type Row = StepRow<"preserve.data">;

const open = ["SENT", "ACKNOWLEDGED"] as const;
const kept = ["PRESERVED", "LONGER_ASKED", "FORMALLY_ASKED"] as const;

/** Until when it is kept stands in `resultBy`; until when it was asked for, in the opening. */
const keeps: Row["marks"] = ({ preserveUntil }, { lane }) => ({
  resultBy: preserveUntil ?? lane.opening.read("preserve.data")?.preserveUntil,
});

const rows: readonly Row[] = [
  { says: ["CONFIRMED"], by: "OTHER", from: open, to: "PRESERVED", marks: keeps },
  { says: ["REFUSED"], by: "OTHER", from: open, to: "REFUSED" },
  { says: ["EXTENDED"], by: "OPENER", from: ["PRESERVED"], to: "LONGER_ASKED" },
  { says: ["EXTENDED", "CONFIRMED"], by: "OTHER", from: ["PRESERVED", "LONGER_ASKED"], to: "PRESERVED", marks: keeps },
  // the old day still holds
  { says: ["REFUSED"], by: "OTHER", from: ["LONGER_ASKED"], to: "PRESERVED" },
  { says: ["RELEASED"], by: "OPENER", from: [...open, ...kept], to: "RELEASED" },
  {
    says: ["RELEASED"],
    by: "OTHER",
    from: ["PRESERVED", "LONGER_ASKED"],
    to: "RELEASED",
    unless: (_, { step, lane: { marks } }) =>
      marks.resultBy !== undefined && step.at < marks.resultBy ? "NOT_DUE_YET" : undefined,
  },
]; // prettier-ignore

function formalBy({ opening, marks }: Lane): number | undefined {
  const { mlaBy } = opening.read("preserve.data") ?? {};
  return mlaBy === undefined || marks.resultBy === undefined ? (mlaBy ?? marks.resultBy) : Math.min(mlaBy, marks.resultBy);
} // prettier-ignore

/** The formal request, a longer time or the release is to come before the data is gone. */
const beforeItIsGone: Awaited = { closing: "DECISION", of: "OPENER", by: formalBy };

/** Who asked has to say what came of it, or that the data may go. */
const untilReleased: Awaited = {
  closing: "FEEDBACK",
  of: "OPENER",
  by: ({ marks }) => marks.resultBy,
};

/**
 * Data that may vanish is kept until the formal request for it comes (domain W8). Who keeps it may let it go only when its
 * day is over; who asked may at any time. A longer time is asked for, and refusing it leaves the old day.
 */
export const preserve: Workflow = {
  name: "PRESERVATION",
  opens: ["preserve.data"],
  opensFor: (step) => step.read("preserve.data")?.step === "REQUEST",
  first: "SENT",
  moves: [
    move({ on: "request.acknowledge", by: "OTHER", from: ["SENT"], to: "ACKNOWLEDGED" }),
    ...movesBySteps({ on: "preserve.data", stepOf: ({ step }) => step, rows }),
    move({ on: "mla.request", by: "OPENER", from: ["PRESERVED", "LONGER_ASKED"], to: "FORMALLY_ASKED" }),
    ...patienceIn(open),
    ...toldBy("OPENER", kept),
  ],
  awaits: {
    SENT: [acknowledgement, result],
    ACKNOWLEDGED: [result],
    PRESERVED: [beforeItIsGone],
    LONGER_ASKED: [{ closing: "DECISION", of: "OTHER", by: ({ marks }) => marks.resultBy }],
    FORMALLY_ASKED: [untilReleased],
  },
}; // prettier-ignore
