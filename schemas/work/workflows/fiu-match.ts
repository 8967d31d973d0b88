import { type Awaited, move, type Workflow } from "../workflow.ts";

/** Who has a hit looks at it as a person and asks, or says that nobody will, while the filter is still good. */
const validation: Awaited = {
  closing: "DECISION",
  of: "OTHER",
  by: ({ opening }) => opening.read("fiu.match_filter")?.validUntil,
};

/**
 * Matching by filter (domain W4): each tester has a matter of its own. Who finds nothing says nothing, because that too
 * would tell. A hit is a handle and no more; what follows it is a request that a person sends, which is a matter of its
 * own. A filter that has ended gives no hits.
 */
export const fiuMatch: Workflow = {
  name: "FIU_MATCH",
  opens: ["fiu.match_filter"],
  first: "FILTER_SHARED",
  moves: [
    move({
      on: "fiu.match_hit",
      by: "OTHER",
      from: ["FILTER_SHARED", "HIT", "REQUESTED"],
      to: "HIT",
      unless: (_, { step, lane }) => {
        const until = lane.opening.read("fiu.match_filter")?.validUntil;
        return until === undefined || step.at > until ? "OUT_OF_TURN" : undefined;
      },
    }),
    move({
      on: "hit.confirmation",
      by: "OPENER",
      from: ["HIT"],
      to: ({ decision }) => (decision === "NOT_SAME" || decision === "WITHDRAWN" ? "FILTER_SHARED" : "HIT"),
    }),
    move({ on: "fiu.request", by: "EITHER", from: ["HIT"], to: "REQUESTED" }),
    move({
      on: "feedback.waiver",
      by: "OTHER",
      from: ["HIT"],
      // "not yet" leaves the hit to be looked at
      to: ({ feedbackBy }) => (feedbackBy === undefined ? "FILTER_SHARED" : "HIT"),
    }),
  ],
  awaits: { FILTER_SHARED: [], HIT: [validation] },
}; // prettier-ignore
