import type { Bodies } from "../../gen/index.ts";
import { type EpochMs, renderUuid } from "../../ground/index.ts";
import type { Lane, Refusal } from "../lane.ts";
import type { Step } from "../step.ts";
import { type Awaited, move, type MoveAt, type Workflow } from "../workflow.ts";
import { acknowledgement } from "./awaited.ts";
import { movesBySteps, type StepRow } from "./spoken-steps.ts";
import { told, toldBy } from "./what-came.ts";
import { isWithheld, standingAssurances } from "./withheld.ts";

type Handover = Bodies["suspect.handover"];
type Row = StepRow<"suspect.handover">;

const held = ["DETAINED", "OFFERED", "READY_TO_TAKE", "REFUSED", "ALL_REFUSED"] as const;
/** Who was asked may say no until the persons are on the way, though he was chosen. */
const refusing = ["DETAINED", "OFFERED", "READY_TO_TAKE", "ACCEPTED"] as const;
const given: ReadonlySet<string> = new Set(["ACCEPTED", "IN_TRANSFER", "HANDED_OVER", "CLOSED", "CLOSED_WITHOUT_FEEDBACK"]); // prettier-ignore

/** What an agency says about itself in a list of those asked. */
function ownAnswer({ offeredTo }: Handover, agency: string): string | undefined {
  const [country] = agency.split("/");
  const own = offeredTo.find((one) => one.agency === agency);
  const ofState = offeredTo.find((one) => one.agency === undefined && one.country.toLowerCase() === country);
  return (own ?? ofState)?.answer;
} // prettier-ignore

function othersOf({ lane, lanes }: MoveAt): readonly Lane[] {
  return lanes.filter(
    (one) => one !== lane && one.workflow === "HANDOVER" && one.opener === lane.opener,
  );
}

/** Nobody is handed over while an assurance is owed, nor on one that does not stand. */
function withheld(body: Handover, { step: { at }, lane, lanes }: MoveAt): Refusal | undefined {
  const standing = standingAssurances({ lane, lanes, at });
  const isNamedWell = body.assurances.every(({ id }) => standing.has(renderUuid(id)));
  const isOwed = isWithheld({ lane, lanes, at, offences: body.offences });
  return isOwed || !isNamedWell ? "INCOMPLETE" : undefined;
}

/** There is one taker, and everybody who was asked hears who: nobody prepares in vain. */
function choice(body: Handover, at: MoveAt): Refusal | undefined {
  const others = othersOf(at);
  if (others.some(({ state, other }) => given.has(state) && other !== body.acceptedBy)) return "OUT_OF_TURN";
  if (!others.every(({ other }) => at.step.to.includes(other))) return "INCOMPLETE";
  if (body.acceptedBy !== at.lane.other) return undefined;
  return at.lane.state === "READY_TO_TAKE" ? withheld(body, at) : "OUT_OF_TURN";
} // prettier-ignore

const byTaker: readonly Row[] = [
  {
    says: ["ACCEPTED"],
    by: "OTHER",
    from: ["DETAINED", "OFFERED", "REFUSED"],
    to: "READY_TO_TAKE",
    // nobody says yes for another
    unless: ({ acceptedBy }, { step }) => (acceptedBy === step.from ? undefined : "NOT_THEIRS"),
  },
  {
    says: ["OFFERED", "ALL_REFUSED"],
    by: "OTHER",
    from: refusing,
    to: "REFUSED",
    unless: (body, { step }) => (ownAnswer(body, step.from) === "REFUSED" ? undefined : "NOT_THEIRS"),
  },
  { says: ["HANDED_OVER"], by: "OTHER", from: ["IN_TRANSFER"], to: "HANDED_OVER" },
]; // prettier-ignore

const byHolder: readonly Row[] = [
  { says: ["DETAINED"], by: "OPENER", from: held, to: (_, { state }) => state },
  {
    says: ["OFFERED"],
    by: "OPENER",
    from: ["DETAINED", "REFUSED", "ALL_REFUSED", "GIVEN_TO_ANOTHER"],
    to: "OFFERED",
    unless: (_, at) => (othersOf(at).some(({ state }) => given.has(state)) ? "OUT_OF_TURN" : undefined),
  },
  {
    says: ["ALL_REFUSED"],
    by: "OPENER",
    from: ["OFFERED", "READY_TO_TAKE", "REFUSED"],
    to: "ALL_REFUSED",
    unless: (_, { lane: { state } }) => {
      if (state === "READY_TO_TAKE") return "OUT_OF_TURN";
      return state === "REFUSED" ? undefined : "INCOMPLETE";
    },
  },
  {
    says: ["ACCEPTED"],
    by: "OPENER",
    from: held,
    to: ({ acceptedBy }, { other }) => (acceptedBy === other ? "ACCEPTED" : "GIVEN_TO_ANOTHER"),
    unless: choice,
  },
  { says: ["IN_TRANSFER"], by: "OPENER", from: ["ACCEPTED"], to: "IN_TRANSFER", unless: withheld },
  { says: ["RELEASED"], by: "OPENER", from: [...held, "ACCEPTED", "IN_TRANSFER"], to: "RELEASED" },
]; // prettier-ignore

/** A later word of a court on how long they may be held moves the clock; who holds them says it. */
const rows: readonly Row[] = [...byTaker, ...byHolder].map((row) => ({
  ...row,
  marks: ({ legalDeadline }, { step, lane }) =>
    legalDeadline === undefined || step.from !== lane.opener ? {} : { resultBy: legalDeadline },
}));

/** Before the law orders release, who holds the persons has handed them over or found nobody. */
const beforeRelease: Awaited = {
  closing: "DECISION",
  of: "OPENER",
  by: ({ marks }) => marks.resultBy,
};

/** Who was asked says yes or no while there is time. */
const answered: Awaited = {
  closing: "ANSWER",
  of: "OTHER",
  by: ({ opening: { urgency }, other: agency, marks: { deliveredAt, resultBy } }, terms) => {
    const due = deliveredAt === undefined ? undefined : terms.due("REPLY", { urgency, from: deliveredAt, agency }); // prettier-ignore
    if (due === undefined || resultBy === undefined) return due ?? resultBy;
    return Math.min(due, resultBy);
  },
};

/** Who opens: an offer or the word that somebody is held; an answer to one opens nothing. */
function isOpening(step: Step): boolean {
  const body = step.read("suspect.handover");
  if (body?.stage === "DETAINED") return true;
  return body?.stage === "OFFERED" && ownAnswer(body, step.from) === undefined;
}

/**
 * Suspects that one state holds and others are asked to take (domain W7). Each state asked answers for itself; who holds them
 * chooses one of those that are ready, tells all who were asked, and cannot choose a second unless the first says no after all.
 * They move only when every assurance asked for is signed, in a capital case never without one. Who held them says that they
 * are on the way, who took them that he has them. When the law's time is over they are to be released: that clock runs in
 * every state until they are gone; see {@link findReleaseDue}.
 */
export const handover: Workflow = {
  name: "HANDOVER",
  opens: ["suspect.handover"],
  opensFor: isOpening,
  first: "OFFERED",
  begins: (step) => (step.read("suspect.handover")?.stage === "DETAINED" ? "DETAINED" : "OFFERED"),
  opened: (step) => ({ resultBy: step.read("suspect.handover")?.legalDeadline }),
  moves: [
    move({ on: "request.acknowledge", by: "OTHER", from: ["DETAINED", "OFFERED"], to: (_, { state }) => state }),
    move({ on: "request.remind", by: "OPENER", from: ["OFFERED"], to: "OFFERED" }),
    move({ on: "reply.refuse", by: "OTHER", from: refusing, to: "REFUSED" }),
    ...movesBySteps({ on: "suspect.handover", stepOf: ({ stage }) => stage, rows }),
    ...toldBy("OTHER", ["HANDED_OVER"]),
  ],
  awaits: {
    DETAINED: [beforeRelease],
    OFFERED: [acknowledgement, answered, beforeRelease],
    READY_TO_TAKE: [beforeRelease],
    REFUSED: [beforeRelease],
    ALL_REFUSED: [beforeRelease],
    ACCEPTED: [beforeRelease],
    // the taker's word ends it
    IN_TRANSFER: [{ closing: "RESULT", of: "OTHER", by: ({ marks }) => marks.resultBy }],
    HANDED_OVER: [told("OTHER")],
  },
}; // prettier-ignore

const gone: ReadonlySet<string> = new Set(["HANDED_OVER", "RELEASED", "CLOSED", "CLOSED_WITHOUT_FEEDBACK"]); // prettier-ignore

/** Persons who are to be released: by whom, and since when the law orders it. */
export interface ReleaseDue {
  readonly holder: string;
  readonly opening: string;
  readonly since: EpochMs;
}

/**
 * RELEASE_REQUIRED: detentions whose time in law is over and of whom nobody says that they were handed over or released. It
 * looks at all who were asked together, for a detention ends once for all of them. `since` is the latest time a court gave.
 */
export function findReleaseDue(lanes: Iterable<Lane>, now: EpochMs): readonly ReleaseDue[] {
  const due = new Map<string, ReleaseDue>();
  const free = new Set<string>();
  for (const { workflow, opener, opening, state, marks } of lanes) {
    if (workflow !== "HANDOVER") continue;
    if (gone.has(state)) free.add(opener);
    const { resultBy } = marks;
    const known = due.get(opener);
    if (resultBy === undefined || (known !== undefined && known.since >= resultBy)) continue;
    due.set(opener, { holder: opener, opening: opening.id, since: resultBy });
  }
  return [...due.values()].filter(({ holder, since }) => !free.has(holder) && since <= now);
}
