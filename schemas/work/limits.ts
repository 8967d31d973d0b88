import type { Envelope, InnerHeader, LocalizedText } from "../gen/index.ts";
import { renderUuid } from "../ground/index.ts";
import type { IntendedUse } from "./consent.ts";
import { orderSteps } from "./order.ts";
import type { Step } from "./step.ts";

/** What the owner of a message says of its further use, in its headers and in what he said of it later. */
export interface Limits {
  readonly owner: string;
  readonly type: string;
  readonly handling: string;
  /** What H3 restricts. */
  readonly words?: LocalizedText | undefined;
  readonly releaseLevel: string;
  readonly tlp?: string | undefined;
  readonly courtUse?: string | undefined;
  readonly originatorControlled: boolean;
  /** Codes of PURPOSE; none limits nothing. */
  readonly purposes: readonly string[];
  /** Codes of CONSENT_FOR. */
  readonly consentRequiredFor: readonly string[];
  /** Agencies that may no longer use it. */
  readonly withdrawnFrom: readonly string[];
}

/** The headers of a message as far as they limit its use. */
export interface LimitingHeaders {
  readonly envelope: Pick<Envelope, "originator" | "handling" | "releaseLevel">;
  readonly type: string;
  readonly inner: Pick<
    InnerHeader,
    "h3Text" | "tlp" | "courtUse" | "originatorControlled" | "purposes" | "consentRequiredFor"
  >;
}

/** The limits that a message was signed with. */
export function findLimits({ envelope, type, inner }: LimitingHeaders): Limits {
  const { originator: owner, handling, releaseLevel } = envelope;
  const { h3Text: words, tlp, courtUse, originatorControlled = false } = inner;
  const { purposes, consentRequiredFor } = inner;
  const said = { words, tlp, courtUse, originatorControlled, purposes, consentRequiredFor };
  return { owner, type, handling, releaseLevel, ...said, withdrawnFrom: [] };
}

/** Tighter at once, looser on its day: who hears of a tightening does not use the time until then. */
function beginOf(step: Step): number | undefined {
  const change = step.read("handling.change");
  if (change === undefined) return undefined;
  return change.direction === "TIGHTER" ? Math.min(step.at, change.effectiveAt) : change.effectiveAt;
} // prettier-ignore

function changedBy(limits: Limits, step: Step): Limits {
  const change = step.read("handling.change");
  if (change === undefined) return limits;
  const { newPurposes, newConsentRequiredFor, withdrawnFrom } = change;
  return {
    ...limits,
    handling: change.newHandling ?? limits.handling,
    words: change.restriction ?? limits.words,
    releaseLevel: change.newReleaseLevel ?? limits.releaseLevel,
    tlp: change.newTlp ?? limits.tlp,
    courtUse: change.newCourtUse ?? limits.courtUse,
    purposes: newPurposes.length > 0 ? newPurposes : limits.purposes,
    consentRequiredFor: newConsentRequiredFor.length > 0 ? newConsentRequiredFor : limits.consentRequiredFor,
    withdrawnFrom: [...limits.withdrawnFrom, ...withdrawnFrom],
  };
} // prettier-ignore

/** The limits of a message at a moment: as signed, and as its owner, and nobody else, changed them since. */
export function limitsAt(
  signed: Limits,
  all: Iterable<Step>,
  { message, at }: Pick<IntendedUse, "message" | "at">,
): Limits {
  const changes = orderSteps(all).steps.filter((step) => {
    const begin = beginOf(step);
    if (begin === undefined || begin > at || step.from !== signed.owner) return false;
    return step.read("handling.change")?.targetIds.some((id) => renderUuid(id) === message) === true;
  });
  return changes.reduce(changedBy, signed);
} // prettier-ignore

const reserved = new Set(["H2", "H3"]);
const forFew = new Set(["AMBER", "AMBER_STRICT", "RED"]);
const courtIsReserved = new Set(["NO", "ASK"]);

/**
 * Whether its owner wants to be asked before anybody has it whom he did not address: he said so, or its handling, its
 * colour or the rule of financial intelligence units says so.
 */
export function isOwnersToGive(limits: Limits): boolean {
  const { originatorControlled, handling, tlp = "", type } = limits;
  if (originatorControlled || type.startsWith("fiu.")) return true;
  return reserved.has(handling) || forFew.has(tlp);
}

function stateOf(agency: string): string {
  return agency.split("/", 1)[0] ?? "";
}

/** The state of a receiver, as agencies are named; "" of one that says none. */
function receiversState({ agency, country }: IntendedUse["recipient"]): string {
  return agency === undefined ? (country ?? "").toLowerCase() : stateOf(agency);
}

function isBeyondLevel({ owner, releaseLevel }: Limits, { holder, recipient }: IntendedUse): boolean {
  const state = receiversState(recipient);
  if (releaseLevel === "NATIONAL") return state !== stateOf(owner);
  return releaseLevel === "BILATERAL" && state !== stateOf(owner) && state !== stateOf(holder);
} // prettier-ignore

function isReservedUse({ consentRequiredFor, handling, courtUse = "" }: Limits, use: string): boolean {
  if (consentRequiredFor.includes(use)) return true;
  return use === "COURT_USE" && (handling !== "H0" || courtIsReserved.has(courtUse));
} // prettier-ignore

/** Whether a use of a message needs its owner's consent, by its limits at that moment. */
export function needsConsent(limits: Limits, wanted: IntendedUse): boolean {
  const { purposes, withdrawnFrom } = limits;
  const { holder, recipient, purpose, use } = wanted;
  const isWithdrawn = [holder, recipient.agency ?? ""].some((one) => withdrawnFrom.includes(one));
  const isOtherPurpose = purposes.length > 0 && !purposes.includes(purpose);
  if (isWithdrawn || isOtherPurpose || isOwnersToGive(limits)) return true;
  return isBeyondLevel(limits, wanted) || isReservedUse(limits, use);
}

/** What a passing on is in terms of consent: every use of CONSENT_FOR that it is, each of which may have to be asked for. */
export function usesOf(
  { agencyKind, ...recipient }: IntendedUse["recipient"],
  { owner, holder, purpose }: { readonly owner: string; readonly holder: string; readonly purpose: string },
): readonly string[] {
  const kinds: Readonly<Record<string, string>> = { FIU: "ONWARD_FIU", COURT: "COURT_USE", IMMIGRATION: "IMMIGRATION" };
  const isThird = ![stateOf(owner), stateOf(holder)].includes(receiversState(recipient));
  return [
    kinds[agencyKind ?? ""] ?? "ONWARD_LE",
    ...(isThird ? ["ONWARD_THIRD_STATE"] : []),
    ...(purpose === "SECURITY_CHECK" ? ["SECURITY_CLEARANCE"] : []),
  ];
} // prettier-ignore
