import type { FaultCode } from "../../schemas/ground/index.ts";

/** Why a question was answered with no, in the order of asking. The same as the code list DENIAL_REASON. */
export const denialReasons = [
  "AGENCY_UNKNOWN",
  "AGENCY_SUSPENDED",
  "STATE_SUSPENDED",
  "STATE_NOT_MEMBER",
  "KIND_MAY_NOT_SEND",
  "NO_MANDATE",
  "NOT_NOMINATED",
  "OWN_MESSAGE",
  "PROTECTED_FROM",
  "EXCLUDED_BY_ORIGINATOR",
  "NOT_RELEASED",
  "ASSURANCE_MISSING",
] as const;

/** One reason for a no. */
export type DenialReason = (typeof denialReasons)[number];

/** Reasons that hang on whose message it is; every other is the same for all who say the same thing. */
const ofOriginator: ReadonlySet<DenialReason> = new Set([
  "OWN_MESSAGE",
  "PROTECTED_FROM",
  "EXCLUDED_BY_ORIGINATOR",
  "NOT_RELEASED",
  "ASSURANCE_MISSING",
]);

/** Whether a reader denied for these reasons would be allowed the same words of another originator, perhaps. */
export function isForOriginatorAlone(reasons: readonly DenialReason[]): boolean {
  return reasons.every((reason) => ofOriginator.has(reason));
}

/** The fault that a denial becomes: a suspension passes, everything else needs a change. */
export function denialCode(reason: DenialReason): FaultCode {
  const isSuspended = reason === "AGENCY_SUSPENDED" || reason === "STATE_SUSPENDED";
  return isSuspended ? "MANDATE_SUSPENDED" : "MANDATE_MISSING";
}
