import type { MessageType } from "../../body/index.ts";
import type { Bodies } from "../../gen/index.ts";
import { type EpochMs, renderUuid } from "../../ground/index.ts";
import { type Grant, isGranting, namesRecipient, findGiven } from "../grants.ts";
import type { Lane } from "../lane.ts";
import type { Step } from "../step.ts";
import { type Awaited, move, type Move, type Workflow } from "../workflow.ts";

type OnwardEntry = Bodies["data.onward_log"]["entries"][number];

const states = ["PENDING", "GRANTED", "REFUSED", "REVOKED"] as const;

/** The owner decides until when he was asked to, or else by the urgency's clock. */
const decision: Awaited = {
  closing: "DECISION",
  of: "OTHER",
  by: ({ opening: { urgency }, other, marks }, terms) => {
    const { answerBy, deliveredAt: from } = marks;
    if (answerBy !== undefined || from === undefined) return answerBy;
    return terms.due("REPLY", { urgency, from, agency: other });
  },
};

function revokedBy(step: Step): string | undefined {
  const body = step.read("dissemination.consent_decision");
  return body?.revokedId === undefined ? undefined : renderUuid(body.revokedId);
}

/** What was granted in a lane and not taken back until a moment. */
function standing({ applied }: Lane, at: EpochMs): readonly Grant[] {
  const taken = new Set<string>();
  applied.forEach((step, i) => {
    if (step.at > at) return;
    const one = revokedBy(step);
    if (one !== undefined) taken.add(one);
    // a unit names the message and not the decision: all that it granted before ends
    if (step.read("fiu.consent_decision")?.decision === "REVOKED") {
      for (const { id } of applied.slice(0, i)) taken.add(id);
    }
  });
  return applied.flatMap((step) => (taken.has(step.id) ? [] : findGiven(step, undefined)));
}

/** What was asked for, by its UUIDs. */
function askedFor({ opening }: Lane): readonly string[] {
  const unit = opening.read("fiu.consent_request");
  if (unit !== undefined) return [renderUuid(unit.targetId)];
  return opening.read("dissemination.consent_request")?.targetIds.map(renderUuid) ?? [];
}

function isRight(entry: OnwardEntry, grants: readonly Grant[]): boolean {
  const { consentId, legalDuty, givenAt, givenTo, givenOutside, purpose } = entry;
  if (consentId === undefined) return legalDuty !== undefined;
  const grant = grants.find(({ step }) => step.id === renderUuid(consentId));
  if (grant === undefined || !grant.purposes.includes(purpose)) return false;
  const { step, until, recipients } = grant;
  if (givenAt < step.at || until === undefined || givenAt >= until) return false;
  // an entry has no kind: which agency it is, whoever holds the register has looked up before he gave it on
  return recipients.some(({ agency, agencyKind, country, bodyName }) =>
    agency === undefined && bodyName === undefined
      ? givenTo?.split("/", 1)[0]?.toUpperCase() === country && agencyKind !== undefined
      : namesRecipient({ recipients: [{ agency, country, bodyName }] }, { agency: givenTo, country, bodyName: givenOutside?.text }),
  );
} // prettier-ignore

/** Each use is told to the owner, and what no consent of his covers is seen as that. */
const uses: Move = move({
  on: "data.onward_log",
  by: "OPENER",
  from: states,
  to: (_, { state }) => state,
  unless: ({ entries }, { lane }) => {
    const asked = askedFor(lane);
    const own = entries.filter(({ targetId }) => asked.includes(renderUuid(targetId)));
    const isAllRight = own.every((entry) => isRight(entry, standing(lane, entry.givenAt)));
    return isAllRight ? undefined : "UNCONSENTED";
  },
});

function stateAfter(code: string): string {
  if (isGranting(code)) return "GRANTED";
  return code === "REFUSED" ? "REFUSED" : "REVOKED";
}

/** What is refused was asked, and what is revoked was granted. */
function isOutOfTurn(code: string, { state }: Lane): boolean {
  if (code === "REVOKED") return state !== "GRANTED";
  return code === "REFUSED" && state !== "PENDING";
}

const generalDecision: Move = move({
  on: "dissemination.consent_decision",
  by: "OTHER",
  from: states,
  to: ({ consentDecision, revokedId }, lane) => {
    if (consentDecision !== "REVOKED" || revokedId === undefined) return stateAfter(consentDecision);
    const left = standing(lane, Infinity).filter(({ step }) => step.id !== renderUuid(revokedId));
    return left.length > 0 ? "GRANTED" : "REVOKED";
  },
  unless: ({ consentDecision, revokedId, targetIds }, { lane }) => {
    const asked = askedFor(lane);
    if (!targetIds.map(renderUuid).some((id) => asked.includes(id))) return "OUT_OF_TURN";
    if (isOutOfTurn(consentDecision, lane)) return "OUT_OF_TURN";
    const isNamed = revokedId === undefined || lane.applied.some(({ id }) => id === renderUuid(revokedId));
    return isNamed ? undefined : "OUT_OF_TURN";
  },
}); // prettier-ignore

const unitsDecision: Move = move({
  on: "fiu.consent_decision",
  by: "OTHER",
  from: states,
  to: ({ decision: code }) => stateAfter(code),
  unless: ({ decision: code, targetId }, { lane }) =>
    isOutOfTurn(code, lane) || !askedFor(lane).includes(renderUuid(targetId))
      ? "OUT_OF_TURN"
      : undefined,
});

function makeConsent(name: string, opens: MessageType, decides: Move): Workflow {
  return {
    name,
    opens: [opens],
    first: "PENDING",
    opened: (step) => ({ answerBy: step.read("dissemination.consent_request")?.decideBy }),
    moves: [
      decides,
      uses,
      move({ on: "request.remind", by: "OPENER", from: ["PENDING"], to: "PENDING" }),
      move({ on: "request.withdraw", by: "OPENER", from: ["PENDING"], to: "WITHDRAWN" }),
    ],
    awaits: { PENDING: [decision] },
  };
}

/**
 * Consent to pass on, to use in court or for another purpose (domain W5): who holds a message asks its owner, and he
 * decides. Nothing is given until his decision says so: silence past the clock is a refusal. A grant names recipients,
 * purposes and offences and ends by itself; he may take it back. Each use is logged to him, and one without a grant of
 * his that stood then is not taken for a use.
 */
export const consent: Workflow = makeConsent(
  "CONSENT",
  "dissemination.consent_request",
  generalDecision,
);

/** The same between financial intelligence units (domain W4), beside the disclosure that it is about. */
export const fiuConsent: Workflow = makeConsent(
  "FIU_CONSENT",
  "fiu.consent_request",
  unitsDecision,
);
