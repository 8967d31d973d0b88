import type { MessageType } from "../../body/index.ts";
import type { Bodies } from "../../gen/index.ts";
import { type Bytes, type EpochMs, renderUuid } from "../../ground/index.ts";
import type { Lane, Party, Refusal } from "../lane.ts";
import type { Step } from "../step.ts";
import { type Awaited, move, type Move, type MoveAt, type Workflow } from "../workflow.ts";
import { acknowledgement } from "./awaited.ts";
import { movesBySteps, type StepRow } from "./spoken-steps.ts";
import { told, toldBy } from "./what-came.ts";
import { isWithheld, type Release } from "./withheld.ts";

/** The families in which one side proposes and both change, accept or refuse, with codes of PROPOSAL_STEP. */
export type ProposalType =
  | "evidence.transfer"
  | "jit.proposal"
  | "casefile.transfer"
  | "sentenced.transfer"
  | "asset.sharing_agreement"
  | "protection.request";

/** What one such family has of its own. */
export interface Proposal<T extends ProposalType> {
  readonly name: string;
  readonly type: T;
  /** Until when what was agreed is to be done. */
  readonly doneBy: (body: Bodies[T]) => EpochMs | undefined;
  /** Until when the other side is to decide, where the proposal says it. */
  readonly decideBy?: (body: Bodies[T]) => EpochMs | undefined;
  /** Who says that it is done; it is awaited of this side. */
  readonly completer: Party;
  /** The states in which it can be done; AGREED alone unless it is said. */
  readonly completeFrom?: readonly string[];
  /** What must not leave before an assurance is signed: the offences it is about, by the text on the table. */
  readonly heldFor?: (body: Bodies[T]) => Release["offences"];
  /** Who may still take back what was agreed. */
  readonly leaver: Party | "EITHER";
  /** Who tells what came of it in the end; undefined where nothing is told. */
  readonly teller?: Party;
  readonly more?: readonly Move[];
  readonly moreAwaits?: Workflow["awaits"];
}

const open = ["PROPOSED", "RECEIVED"] as const;
const undecided = [...open, "COUNTER_PROPOSED"] as const;
const changing = ["CHANGE_PROPOSED", "CHANGE_COUNTER_PROPOSED"] as const;
const proposing: ReadonlySet<string> = new Set(["PROPOSED", "AMENDED"]);

interface Said {
  readonly step: string;
  readonly targetId?: Bytes | undefined;
}

function proposalOf(step: Step, type: ProposalType): Said | undefined {
  const body: Said | undefined = step.read(type);
  return body !== undefined && proposing.has(body.step) ? body : undefined;
}

/** The text on the table: the proposal, or the last change of it that took effect. */
function onTable({ opening, applied }: Lane, type: ProposalType): Step {
  return applied.findLast((step) => proposalOf(step, type) !== undefined) ?? opening;
}

/** Nothing is done while an assurance is owed that it waits for. */
function owed<T extends ProposalType>({ type, heldFor }: Proposal<T>, { lane, lanes, step: { at } }: MoveAt): Refusal | undefined {
  const body = onTable(lane, type).read(type);
  if (heldFor === undefined || body === undefined) return undefined;
  return isWithheld({ lane, lanes, at, offences: heldFor(body) }) ? "INCOMPLETE" : undefined;
} // prettier-ignore

function rowsOf<T extends ProposalType>(of: Proposal<T>): readonly StepRow<T>[] {
  const { type, doneBy, completer, completeFrom = ["AGREED"], leaver } = of;
  // nobody accepts or refuses a text that was changed meanwhile: he may not have seen the change
  const unless = ({ targetId }: Said, { lane }: MoveAt): Refusal | undefined =>
    targetId === undefined || renderUuid(targetId) === onTable(lane, type).id ? undefined : "OUT_OF_TURN";
  const marks: StepRow<T>["marks"] = (_, { lane }) => {
    const agreed = onTable(lane, type).read(type);
    return { resultBy: (agreed === undefined ? undefined : doneBy(agreed)) ?? lane.marks.resultBy, answerBy: undefined };
  };
  const answers = (by: Party, from: readonly string[], refused: string): readonly StepRow<T>[] => [
    { says: ["ACCEPTED"], by, from, to: "AGREED", unless, marks },
    { says: ["REFUSED"], by, from, to: refused, unless },
  ];
  return [
    ...answers("OTHER", open, "REFUSED"),
    ...answers("OPENER", ["COUNTER_PROPOSED"], "REFUSED"),
    ...answers("OTHER", ["CHANGE_PROPOSED"], "AGREED"),
    ...answers("OPENER", ["CHANGE_COUNTER_PROPOSED"], "AGREED"),
    { says: ["AMENDED"], by: "OPENER", from: undecided, to: (_, { state }) => (state === "PROPOSED" ? "PROPOSED" : "RECEIVED") },
    { says: ["AMENDED"], by: "OTHER", from: undecided, to: "COUNTER_PROPOSED" },
    { says: ["AMENDED"], by: "OPENER", from: ["AGREED", ...changing], to: "CHANGE_PROPOSED" },
    { says: ["AMENDED"], by: "OTHER", from: ["AGREED", ...changing], to: "CHANGE_COUNTER_PROPOSED" },
    { says: ["WITHDRAWN"], by: "OPENER", from: undecided, to: "WITHDRAWN" },
    { says: ["WITHDRAWN"], by: leaver, from: ["AGREED", ...changing], to: "WITHDRAWN" },
    { says: ["COMPLETED"], by: completer, from: completeFrom, to: "COMPLETED", unless: (_, at) => owed(of, at) },
  ];
} // prettier-ignore

/** A side is to say yes, no or otherwise: by the day the proposal names, or in the clock of its urgency. */
function decision(of: Party): Awaited {
  return {
    closing: "DECISION",
    of,
    by: ({ opening, opener, other, state, marks }, terms) => {
      const isFirst = state === "PROPOSED" || state === "RECEIVED";
      if (isFirst && marks.answerBy !== undefined) return marks.answerBy;
      const from = isFirst ? marks.deliveredAt : marks.since;
      if (from === undefined) return undefined;
      const agency = of === "OPENER" ? opener : other;
      return terms.due("REPLY", { urgency: opening.urgency, from, agency });
    },
  };
}

/** What was agreed is to be done by its day. */
export function agreedResult(of: Party): Awaited {
  return { closing: "RESULT", of, by: ({ marks }) => marks.resultBy };
}

/**
 * A matter that one side proposes and both must agree on. Either may change the text; who accepts or refuses names the text,
 * and only the one on the table counts, so nobody is bound to words he had not seen. What is agreed stands while a change
 * of it is looked at, and when that change is refused. Each agency asked has a matter of its own.
 */
export function makeProposal<T extends ProposalType>(of: Proposal<T>): Workflow {
  const { name, type, decideBy, completer, teller, more = [], moreAwaits } = of;
  const stepOf = (body: Bodies[T]): string => body.step;
  const ends = teller === undefined ? [] : toldBy(teller, ["COMPLETED"]);
  const opens: readonly MessageType[] = [type];
  return {
    name,
    opens,
    opensFor: (step) => step.read(type)?.step === "PROPOSED",
    first: "PROPOSED",
    opened: (step) => {
      const body = step.read(type);
      return { answerBy: body === undefined ? undefined : decideBy?.(body) };
    },
    moves: [
      move({ on: "request.acknowledge", by: "OTHER", from: ["PROPOSED"], to: "RECEIVED" }),
      move({ on: "request.remind", by: "OPENER", from: open, to: (_, { state }) => state }),
      ...movesBySteps({ on: type, stepOf, rows: rowsOf(of) }),
      ...more,
      ...ends,
    ],
    awaits: {
      PROPOSED: [acknowledgement, decision("OTHER")],
      RECEIVED: [decision("OTHER")],
      COUNTER_PROPOSED: [decision("OPENER")],
      AGREED: [agreedResult(completer)],
      CHANGE_PROPOSED: [decision("OTHER"), agreedResult(completer)],
      CHANGE_COUNTER_PROPOSED: [decision("OPENER"), agreedResult(completer)],
      ...(teller === undefined ? {} : { COMPLETED: [told(teller)] }),
      ...moreAwaits,
    },
  };
}
