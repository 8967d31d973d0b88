import { type EpochMs, renderUuid } from "../ground/index.ts";
import { type Grant, namesRecipient, findGiven, type Recipient } from "./grants.ts";
import { orderSteps } from "./order.ts";
import type { Step } from "./step.ts";

/** A use of somebody else's message that needs his consent. */
export interface IntendedUse {
  /** The message that would be passed on, exported or shown in court, by its UUID. */
  readonly message: string;
  /** The agency that would do it: consent given to another is none. */
  readonly holder: string;
  readonly recipient: Recipient;
  /** A code of PURPOSE. */
  readonly purpose: string;
  /** A code of CRIME. */
  readonly crime: string;
  /** A code of CONSENT_FOR. */
  readonly use: string;
  /**
   * What of it would be given: WHOLE, or one of its redacted copies (a code of COPY). Left out where the holder puts it in
   * his own words: then it is his to keep to the parts that were given.
   */
  readonly given?: string | undefined;
  readonly at: EpochMs;
}

/** Conditions that forbid the very use that is asked for. */
const forbidding: Readonly<Record<string, readonly string[]>> = {
  COURT_USE: ["NO_COURT_USE", "VIA_MLA_FOR_COURT"],
  DEATH_PENALTY_CASE: ["NO_DEATH_PENALTY"],
};

function isForbidden({ conditions }: Grant, use: string): boolean {
  return (forbidding[use] ?? []).some((condition) => conditions.includes(condition));
}

/** A consent for some parts, or for one kind of copy, is none for the whole. */
function isPartGiven({ pointers, copy }: Grant, given: string | undefined): boolean {
  if (given === undefined) return true;
  return pointers.length === 0 && (copy === undefined || copy === given);
}

function covers(given: Grant, wanted: IntendedUse): boolean {
  const { step, messages, uses, purposes, crimes, until } = given;
  const { message, holder, purpose, crime, use, at } = wanted;
  const isOfIt = messages.includes(message) && step.to.includes(holder);
  const isInTime = step.at <= at && until !== undefined && at < until;
  // "other" names no offence: what is given for any crime is given for none
  const isNamed = purposes.includes(purpose) && crime !== "other" && crimes.includes(crime);
  const isUse = uses.includes(use) && !isForbidden(given, use);
  if (!isPartGiven(given, wanted.given)) return false;
  return isOfIt && isInTime && isNamed && isUse && namesRecipient(given, wanted.recipient);
}

function isTakenByDecision(step: Step, given: Grant): boolean {
  const decision = step.read("dissemination.consent_decision");
  const { consentDecision, revokedId } = decision ?? {};
  return consentDecision === "REVOKED" && revokedId !== undefined && renderUuid(revokedId) === given.step.id;
} // prettier-ignore

/** A unit revokes by naming the message: whatever it had given for it before ends. */
function isTakenByUnit(step: Step, { message }: IntendedUse): boolean {
  const decision = step.read("fiu.consent_decision");
  return decision?.decision === "REVOKED" && renderUuid(decision.targetId) === message;
}

/** Tighter handling ends what was given before it, as far as it is tighter. */
function isTakenByHandling(step: Step, wanted: IntendedUse): boolean {
  const change = step.read("handling.change");
  if (change === undefined || change.effectiveAt > wanted.at) return false;
  if (!change.targetIds.some((id) => renderUuid(id) === wanted.message)) return false;
  const { withdrawnFrom, newPurposes, newCourtUse } = change;
  const { holder, recipient, purpose, use } = wanted;
  return (
    withdrawnFrom.includes(holder) ||
    withdrawnFrom.includes(recipient.agency ?? "") ||
    (newPurposes.length > 0 && !newPurposes.includes(purpose)) ||
    (newCourtUse === "NO" && use === "COURT_USE")
  );
}

/** Whether its owner has taken back, by then, what he had given. */
function isTaken(given: Grant, wanted: IntendedUse, steps: readonly Step[]): boolean {
  const owner = given.step.from;
  const own = steps.filter(({ from, at }) => from === owner && at <= wanted.at);
  if (own.some((step) => isTakenByDecision(step, given))) return true;
  const later = own.filter((step) => steps.indexOf(step) > steps.indexOf(given.step));
  return later.some((step) => isTakenByUnit(step, wanted) || isTakenByHandling(step, wanted));
}

/**
 * The consent that covers a use, if there is one; its `step.id` is what the onward log names, and its conditions and
 * parts bind who uses it. It is signed by the owner of the message, given to who would use it, naming
 * recipient, purpose and offence, begun and not ended, and not taken back. Undefined in every other case: silence, a
 * refusal, a message whose owner is not known here, a field that was left open. It is asked before anything is passed
 * on, exported or used in court (the third-party rule, domain W4, W5 and T17), and the same messages give the same answer
 * in whatever order they came. It does not say whether consent is needed: handling says that.
 */
export function findGrant(all: Iterable<Step>, wanted: IntendedUse): Grant | undefined {
  const { steps } = orderSteps(all);
  const byId = new Map(steps.map((step) => [step.id, step]));
  const owners = new Set(steps.filter(({ id }) => id === wanted.message).map(({ from }) => from));
  // an id that two agencies gave their messages would let one consent for the other
  if (owners.size !== 1) return undefined;
  for (const step of steps) {
    if (!owners.has(step.from)) continue;
    const answered = step.about === undefined ? undefined : byId.get(step.about);
    const found = findGiven(step, answered).find(
      (given) => covers(given, wanted) && !isTaken(given, wanted, steps),
    );
    if (found !== undefined) return found;
  }
  return undefined;
}
