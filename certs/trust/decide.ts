import type { Mandate } from "../../schemas/index.ts";
import { isKnownCode, typeOptions } from "../../schemas/index.ts";
import type { EpochMs } from "../../schemas/ground/index.ts";
import { isInForce } from "./period.ts";
import type { RegisterView, RegisteredAgency } from "./register.ts";
import { coversCrime, coversType, isReleased, isWithinHandling } from "./release.ts";

/** What an agency wants to do with one message in one place. */
export interface Question {
  readonly action: "PUBLISH" | "READ";
  /** Who wants it: the originator for PUBLISH, the reader for READ. */
  readonly agency: string;
  readonly originator: string;
  /** A REC, or "direct". */
  readonly scope: string;
  /** Absent where it is sealed from whoever asks; then every mandate of the scope counts. */
  readonly type?: string | undefined;
  readonly crime?: string | undefined;
  readonly handling: string;
}

/** Why a question was answered with no. The order is the order of asking. */
export type DenialReason =
  | "AGENCY_UNKNOWN"
  | "AGENCY_SUSPENDED"
  | "STATE_SUSPENDED"
  | "STATE_NOT_MEMBER"
  | "KIND_MAY_NOT_SEND"
  | "NO_MANDATE"
  | "OWN_MESSAGE"
  | "NOT_RELEASED";

/** The answer, with the mandate that allowed it or the reason that did not. */
export type Decision =
  | { readonly allow: true; readonly mandate: Mandate }
  | { readonly allow: false; readonly reason: DenialReason };

function deny(reason: DenialReason): Decision {
  return { allow: false, reason };
}

function decideStanding(
  register: RegisterView,
  question: Question,
  at: EpochMs,
): DenialReason | undefined {
  const agency = register.agency(question.agency);
  if (agency === undefined) return "AGENCY_UNKNOWN";
  if (agency.suspendedFrom !== undefined && agency.suspendedFrom <= at) return "AGENCY_SUSPENDED";
  if (question.scope === "direct" || agency.authority === question.scope) return undefined;
  const standing = register.membership(question.scope, agency.authority, at);
  if (standing === "suspended") return "STATE_SUSPENDED";
  if (standing === "none" && question.action === "PUBLISH") return "STATE_NOT_MEMBER";
  return undefined;
}

/** A crime that is in no list is in no mandate, "*" or not: the hub has no reader for its channel. */
function findMandate(register: RegisterView, question: Question, at: EpochMs): Mandate | undefined {
  const { action, agency, scope, type, crime, handling } = question;
  return register
    .mandates(agency, action, scope)
    .find(
      (mandate) =>
        isInForce(mandate, at) &&
        isWithinHandling(handling, mandate.handlingUpTo) &&
        (type === undefined || coversType(mandate.types, type)) &&
        (crime === undefined ||
          (isKnownCode("CRIME", crime) && coversCrime(mandate.crimes, crime))),
    );
}

function maySend(agency: RegisteredAgency | undefined, type: string | undefined): boolean {
  const signers = type === undefined ? [] : (typeOptions(type)?.signers ?? []);
  return signers.length === 0 || (agency !== undefined && signers.includes(agency.kind));
}

function isReaderReleased(register: RegisterView, question: Question, at: EpochMs): boolean {
  const reader = register.agency(question.agency);
  const originator = register.agency(question.originator);
  if (reader === undefined || originator === undefined) return false;
  if (reader.authority === originator.authority) return true;
  const rules = register.authority(originator.authority)?.release ?? [];
  return isReleased(rules, { ...question, reader, at });
}

/**
 * Answers whether an agency may publish or read, by the register alone. Denies what nothing allows. Pure:
 * the same question at the same time has the same answer everywhere, so preview, NATS permissions,
 * admission and audience cannot differ (design §5).
 *
 * @param at when the act happens (EpochMs)
 */
export function decide(register: RegisterView, question: Question, at: EpochMs): Decision {
  const unfit = decideStanding(register, question, at);
  if (unfit !== undefined) return deny(unfit);
  if (question.action === "PUBLISH" && !maySend(register.agency(question.agency), question.type)) {
    return deny("KIND_MAY_NOT_SEND");
  }
  const mandate = findMandate(register, question, at);
  if (mandate === undefined) return deny("NO_MANDATE");
  if (question.action === "PUBLISH") return { allow: true, mandate };
  if (question.agency === question.originator) return deny("OWN_MESSAGE");
  return isReaderReleased(register, question, at) ? { allow: true, mandate } : deny("NOT_RELEASED");
}
