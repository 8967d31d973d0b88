import type { InnerHeader } from "../gen/index.ts";
import type { IntendedUse } from "./consent.ts";
import { findGrant } from "./consent.ts";
import type { Grant } from "./grants.ts";
import { isOwnersToGive, type Limits, needsConsent } from "./limits.ts";
import type { Step } from "./step.ts";

/** Codes with the loosest first; what is not said is looser than all. */
const handlings = ["H0", "H1", "H2", "H3"];
const colours = ["CLEAR", "GREEN", "AMBER", "AMBER_STRICT", "RED"];
const courtUses = ["YES_VIA_MLA", "ASK", "NO"];

function strictest(codes: readonly string[], said: readonly (string | undefined)[]): string | undefined {
  return codes.findLast((code) => said.includes(code));
} // prettier-ignore

function isBelow(codes: readonly string[], mine: string | undefined, theirs: string | undefined): boolean {
  return codes.indexOf(mine ?? "") < codes.indexOf(theirs ?? "");
} // prettier-ignore

/** What of a message's limits its further holders must ask for, wherever they are: states that its level leaves out are asked for by name. */
function reservedBy({ consentRequiredFor, releaseLevel }: Limits): readonly string[] {
  const isForTwo = releaseLevel === "NATIONAL" || releaseLevel === "BILATERAL";
  return isForTwo ? [...consentRequiredFor, "ONWARD_THIRD_STATE"] : consentRequiredFor;
}

type Binding = Pick<
  InnerHeader,
  "originatorControlled" | "consentRequiredFor" | "courtUse" | "tlp"
>;

/**
 * What a message that passes others on says of its own use: all that they say and all that it said itself, so that the
 * next holder is bound as this one is. Its handling and its audience are its sender's to choose; see {@link isLooser}.
 */
export function bindTo(own: Binding, sources: readonly Limits[]): Binding {
  if (sources.length === 0) return own;
  const isReserved = sources.some((one) => isOwnersToGive(one) || one.releaseLevel === "NATIONAL");
  const reserved = sources.flatMap(reservedBy);
  return {
    originatorControlled: isReserved ? true : own.originatorControlled,
    consentRequiredFor: [...new Set([...own.consentRequiredFor, ...reserved])],
    courtUse: strictest(courtUses, [own.courtUse, ...sources.map(({ courtUse }) => courtUse)]) ?? own.courtUse,
    tlp: strictest(colours, [own.tlp, ...sources.map(({ tlp }) => tlp)]) ?? own.tlp,
  };
} // prettier-ignore

/** Whether a message lets more be done with what it passes on than its owner does. */
export function isLooser(mine: Limits, theirs: Limits): boolean {
  const [asked, wanted] = [new Set(mine.consentRequiredFor), reservedBy(theirs)];
  if (isBelow(handlings, mine.handling, theirs.handling)) return true;
  if (isOwnersToGive(mine)) return isBelow(colours, mine.tlp, theirs.tlp);
  const isReserved = isOwnersToGive(theirs) || wanted.some((use) => !asked.has(use));
  return isReserved || isBelow(courtUses, mine.courtUse, theirs.courtUse);
}

/** On what a use of somebody's message rests. */
export type Right =
  { readonly ground: "NOT_ASKED" } | { readonly ground: "CONSENT"; readonly grant: Grant };

/**
 * The right to one use of a message: its limits ask for no consent, or a consent covers it. Undefined when there is none:
 * then it is not done. `limits` are those of the moment of the use.
 */
export function findRight(steps: Iterable<Step>, limits: Limits, wanted: IntendedUse): Right | undefined {
  if (!needsConsent(limits, wanted)) return { ground: "NOT_ASKED" };
  const grant = findGrant(steps, wanted);
  return grant === undefined ? undefined : { ground: "CONSENT", grant };
} // prettier-ignore
