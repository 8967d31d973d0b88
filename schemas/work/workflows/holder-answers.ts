import type { Bodies } from "../../gen/index.ts";
import { renderUuid } from "../../ground/index.ts";
import type { Lane, Refusal } from "../lane.ts";
import { type Awaited, move, type Move } from "../workflow.ts";

type PurgedCopy = Bodies["data.purge_ack"]["purged"][number];

/** What an owner orders of those who hold his message, and which results carry it out. */
export interface Order {
  readonly from: readonly string[];
  /** The messages whose copies it is about, by their UUIDs. */
  readonly targets: (lane: Lane) => readonly string[];
  /** Codes of PURGE_RESULT. */
  readonly fulfils: ReadonlySet<string>;
  readonly done: string;
  readonly refused: string;
}

/** Results after which a holder has no more to do. */
const kept: ReadonlySet<string> = new Set(["LEGAL_HOLD", "REFUSED"]);

function ownCopies(order: Order, lane: Lane, purged: readonly PurgedCopy[]): readonly PurgedCopy[] {
  const targets = order.targets(lane);
  return purged.filter(({ targetId }) => targets.includes(renderUuid(targetId)));
}

/** The latest that a holder said of each copy, this answer included. */
function latest(order: Order, lane: Lane, now: readonly PurgedCopy[]): ReadonlyMap<string, PurgedCopy> {
  const said = lane.applied.flatMap((step) => step.read("data.purge_ack")?.purged ?? []);
  return new Map(ownCopies(order, lane, [...said, ...now]).map((copy) => [renderUuid(copy.targetId), copy]));
} // prettier-ignore

function stateAfter(order: Order, lane: Lane, now: readonly PurgedCopy[]): string {
  const copies = latest(order, lane, now);
  const results = order.targets(lane).map((id) => copies.get(id)?.done ?? "UNDER_WAY");
  if (results.some((one) => !order.fulfils.has(one) && !kept.has(one))) return "UNDER_WAY";
  if (results.includes("REFUSED")) return order.refused;
  return results.includes("LEGAL_HOLD") ? "KEPT_BY_ORDER" : order.done;
}

/** Whom a holder has said, in this matter, that he gave a copy to. */
function givenOn({ applied }: Lane, target: string): readonly string[] {
  const entries = applied.flatMap((step) => step.read("data.onward_log")?.entries ?? []);
  return entries.flatMap(({ targetId, givenTo }) =>
    givenTo !== undefined && renderUuid(targetId) === target ? [givenTo] : [],
  );
}

/** Whom a holder has named in this matter as given a copy, done or pending. */
function namedOn({ applied }: Lane, target: string): readonly string[] {
  const copies = applied.flatMap((step) => step.read("data.purge_ack")?.purged ?? []);
  const own = copies.filter(({ targetId }) => renderUuid(targetId) === target);
  return own.flatMap(({ onwardDone, onwardPending }) => [...onwardDone, ...onwardPending]);
}

/** Nobody is done before those he passed it on to: whom he named and what his log names has confirmed, and nothing is pending. */
function isIncomplete(order: Order, lane: Lane, copy: PurgedCopy): boolean {
  if (kept.has(copy.done) || copy.done === "UNDER_WAY") return false;
  if (!order.fulfils.has(copy.done) || copy.onwardPending.length > 0) return true;
  const target = renderUuid(copy.targetId);
  return [...givenOn(lane, target), ...namedOn(lane, target)].some((agency) => !copy.onwardDone.includes(agency));
} // prettier-ignore

function whyNot(order: Order, lane: Lane, purged: readonly PurgedCopy[]): Refusal | undefined {
  const own = ownCopies(order, lane, purged);
  if (own.length === 0) return "OUT_OF_TURN";
  return own.some((copy) => isIncomplete(order, lane, copy)) ? "INCOMPLETE" : undefined;
}

function earliestReview(copies: ReadonlyMap<string, PurgedCopy>): number | undefined {
  const reviews = [...copies.values()].flatMap(({ done, holdReviewAt }) =>
    done === "LEGAL_HOLD" && holdReviewAt !== undefined ? [holdReviewAt] : [],
  );
  return reviews.length === 0 ? undefined : Math.min(...reviews);
}

/** What a holder answers, and the owner's pressing: each copy is gone, kept by an order, refused with a ground, or under way. */
export function holderAnswers(order: Order): readonly Move[] {
  const { from } = order;
  return [
    move({
      on: "data.purge_ack",
      by: "OTHER",
      from,
      to: ({ purged }, lane) => stateAfter(order, lane, purged),
      unless: ({ purged }, { lane }) => whyNot(order, lane, purged),
      marks: ({ purged }, { lane }) => {
        const review = earliestReview(latest(order, lane, purged));
        return review === undefined ? {} : { answerBy: review };
      },
    }),
    move({ on: "data.onward_log", by: "OTHER", from, to: (_, { state }) => state }),
    move({ on: "request.remind", by: "OPENER", from, to: (_, { state }) => state }),
    move({
      on: "request.escalate",
      by: "OPENER",
      from,
      to: (_, { state }) => state,
      unless: ({ dueAt }, { step }) => (step.at < dueAt ? "NOT_DUE_YET" : undefined),
    }),
  ];
}

/** The holder is to have done it by the owner's deadline, or else by the urgency's clock. */
export const carriedOut: Awaited = {
  closing: "PURGE",
  of: "OTHER",
  by: ({ opening: { urgency }, other, marks }, terms) => {
    const { resultBy, deliveredAt: from } = marks;
    if (resultBy !== undefined || from === undefined) return resultBy;
    return terms.due("REPLY", { urgency, from, agency: other });
  },
};

/** The order that keeps a copy is looked at again. */
export const holdReview: Awaited = {
  closing: "DECISION",
  of: "OTHER",
  by: ({ marks }) => marks.answerBy,
};
