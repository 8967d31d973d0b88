import type { EpochMs } from "../../ground/index.ts";
import type { Bodies } from "../../gen/index.ts";
import type { Lane } from "../lane.ts";
import type { Terms } from "../terms.ts";
import { type Awaited, move, type Move, type Workflow } from "../workflow.ts";
import { acknowledgement } from "./awaited.ts";
import { feedbackAfter, feedbackCloses } from "./feedback-days.ts";

/** In seconds: as long as the post waits. */
const inSeconds: Awaited = {
  closing: "RESULT",
  of: "OTHER",
  by: ({ opening, other, marks: { deliveredAt: from } }, terms) => {
    if (from === undefined) return undefined;
    const waitMs = opening.read("query.check")?.waitMs;
    if (waitMs !== undefined) return from + waitMs;
    return terms.due("REPLY", { urgency: opening.urgency, from, agency: other });
  },
};

/** A person calls, and the answer is given anew. */
const call: Awaited = {
  closing: "RESULT",
  of: "OTHER",
  by: ({ opening: { urgency }, other, marks: { since: from } }, terms) =>
    terms.due("REPLY", { urgency, from, agency: other }),
};

/** A person looks at the hit, and asks what is held or lets it go. */
const comparison: Awaited = { ...feedbackAfter("ACT", "OPENER"), closing: "DECISION" };

function stateOf({ queryAnswers }: Bodies["query.result"]): string {
  const said = new Set(queryAnswers.map(({ answer }) => answer));
  if (said.has("HIT")) return "HIT";
  if (said.has("CALL_US")) return "CALL_ASKED";
  // where anything was not searched, nobody may read "no hit"
  return said.has("NOT_SEARCHED") ? "NOT_SEARCHED" : "NO_HIT";
}

/** The references that were given for hits in this matter: nobody asks for what was not hit. */
function hitRefs({ applied }: Lane): ReadonlySet<string> {
  const results = applied.flatMap((step) => step.read("query.result")?.queryAnswers ?? []);
  return new Set(results.flatMap(({ hits }) => hits.map(({ hitRef }) => hitRef)));
}

const core: Move = move({
  on: "core_data.request",
  by: "OPENER",
  // of several hits each may be asked about on its own
  from: ["HIT", "CORE_DATA_ASKED"],
  to: "CORE_DATA_ASKED",
  unless: ({ hitRefs: asked }, { lane }) => {
    const known = hitRefs(lane);
    return asked.every((ref) => known.has(ref)) ? undefined : "OUT_OF_TURN";
  },
});

/**
 * A check at a post (domain §10, T28): hit, no hit, or call us, in seconds, and nothing of what is held. What was
 * not searched is never "no hit". After a hit a person compares, and asks for what is held or lets it go.
 */
export const query: Workflow = {
  name: "QUERY",
  opens: ["query.check"],
  first: "ASKED",
  moves: [
    move({ on: "query.result", by: "OTHER", from: ["ASKED", "CALL_ASKED"], to: stateOf }),
    core,
    move({ on: "feedback.waiver", by: "OPENER", from: ["HIT"], to: "LET_GO" }),
  ],
  awaits: { ASKED: [inSeconds], CALL_ASKED: [call], HIT: [comparison] },
};

/** Within 48 hours after a person confirmed the hit, and before the law lets go whoever is held. */
function coreBy({ opening, other }: Lane, terms: Terms): EpochMs | undefined {
  const asked = opening.read("core_data.request");
  if (asked === undefined) return undefined;
  const { confirmedAt: from, heldUntil } = asked;
  const due = terms.due("REPLY", { urgency: "HIT_CORE", from, agency: other });
  return due === undefined || heldUntil === undefined ? (due ?? heldUntil) : Math.min(due, heldUntil);
} // prettier-ignore

const coreData: Awaited = { closing: "RESULT", of: "OTHER", by: coreBy };
const kept: ReadonlySet<string> = new Set(["WITHHELD", "NOT_SAME", "NO_LONGER_HELD"]);

/** Every hit that was asked about has its answer: a reply that leaves one out is none. */
function isWhole({ opening }: Lane, body: Bodies["core_data.reply"]): boolean {
  const answered = new Set(body.hitAnswers.map(({ hitRef }) => hitRef));
  return opening.read("core_data.request")?.hitRefs.every((ref) => answered.has(ref)) ?? false;
}

/**
 * What is held on a confirmed hit (Prüm; domain §10, T28): given, or kept back with a ground, for each hit asked about,
 * once. The clock runs from the moment a person confirmed the hit. What was given ends with feedback.
 */
export const coreDataRequest: Workflow = {
  name: "CORE_DATA",
  opens: ["core_data.request"],
  opensInTurn: true,
  first: "ASKED",
  moves: [
    move({ on: "request.acknowledge", by: "OTHER", from: ["ASKED"], to: "ACKNOWLEDGED" }),
    move({
      on: "core_data.reply",
      by: "OTHER",
      from: ["ASKED", "ACKNOWLEDGED"],
      to: ({ hitAnswers }) =>
        hitAnswers.every(({ coreDecision }) => kept.has(coreDecision)) ? "NOT_GIVEN" : "GIVEN",
      unless: (body, { lane }) => (isWhole(lane, body) ? undefined : "INCOMPLETE"),
    }),
    move({ on: "request.withdraw", by: "OPENER", from: ["ASKED", "ACKNOWLEDGED"], to: "WITHDRAWN" }),
    ...feedbackCloses("OPENER", ["GIVEN"]),
  ],
  awaits: {
    ASKED: [acknowledgement, coreData],
    ACKNOWLEDGED: [coreData],
    GIVEN: [feedbackAfter("ACT", "OPENER")],
  },
}; // prettier-ignore
