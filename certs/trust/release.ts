import type { GivenAssurance, ReleaseRule } from "../../schemas/index.ts";
import type { EpochMs } from "../../schemas/ground/index.ts";
import { type Content, coversCrime, coversType, isWithinHandling } from "./lines.ts";
import { isInForce } from "./period.ts";

/** Who would read what of whom. */
export interface ReleaseQuestion extends Content {
  readonly originator: string;
  readonly reader: { readonly agency: string; readonly authority: string; readonly kind: string };
  /** What the reader's own state has promised. */
  readonly given: readonly GivenAssurance[];
  readonly at: EpochMs;
}

/** The line that admits a reader, or what is missing. */
export type Admission =
  { readonly rule: ReleaseRule } | { readonly missing: "NOT_RELEASED" | "ASSURANCE_MISSING" };

function isListed(list: readonly string[], value: string): boolean {
  return list.length === 0 || list.includes(value);
}

function namesReader(rule: ReleaseRule, { reader, originator }: ReleaseQuestion): boolean {
  return (
    isListed(rule.authorities, reader.authority) &&
    isListed(rule.kinds, reader.kind) &&
    isListed(rule.agencies, reader.agency) &&
    isListed(rule.originators, originator)
  );
}

/** Whether the rule speaks of this content. Hidden content matches a rule of any content. */
function namesContent(rule: ReleaseRule, { type, crime, handling }: ReleaseQuestion): boolean {
  const typeFits = rule.types.length === 0 || type === undefined || coversType(rule.types, type);
  const crimeFits =
    rule.crimes.length === 0 || crime === undefined || coversCrime(rule.crimes, crime);
  const bound = rule.handlingUpTo;
  return typeFits && crimeFits && (bound === undefined || isWithinHandling(handling, bound));
}

/** Whether a denial speaks of this for certain: hidden content is denied only by a rule that names none. */
function deniesFor(rule: ReleaseRule, question: ReleaseQuestion): boolean {
  const hidden =
    (question.type === undefined && rule.types.length > 0) ||
    (question.crime === undefined && rule.crimes.length > 0);
  return !hidden && namesContent(rule, question);
}

/** Whether a line speaks of readers of the originator's own state: it says so itself, by that state or the reader. */
function isMeantWithin({ authorities, agencies }: ReleaseRule, { reader }: ReleaseQuestion): boolean {
  return authorities.includes(reader.authority) || agencies.includes(reader.agency);
} // prettier-ignore

/**
 * Whether a state keeps what one of its agencies sends from another of its own. Within one state mandates and
 * nominations alone decide who reads, unless a line that denies names that very state or that very reader: a line
 * written for strangers ("no agency of this kind") takes nothing from the state's own.
 */
export function isKeptWithin(rules: readonly ReleaseRule[], question: ReleaseQuestion): boolean {
  return rules.some(
    (rule) =>
      rule.effect === "DENY" &&
      isMeantWithin(rule, question) &&
      namesReader(rule, question) &&
      isInForce(rule, question.at) &&
      deniesFor(rule, question),
  );
}

function isAssured(rule: ReleaseRule, { given, at }: ReleaseQuestion): boolean {
  return rule.askedAssurances.every((asked) =>
    given.some((one) => one.assurance === asked && isInForce(one, at)),
  );
}

/**
 * Whether an originating state's release policy lets a reader read this. What no line allows is denied; a denial
 * wins, and no promise of the reader's state lifts it. A line that asks for assurances allows only while the
 * reader's state has given each of them.
 */
export function decideRelease(rules: readonly ReleaseRule[], question: ReleaseQuestion): Admission {
  let admitting: ReleaseRule | undefined;
  let isPromiseMissing = false;
  for (const rule of rules) {
    if (!namesReader(rule, question) || !isInForce(rule, question.at)) continue;
    if (rule.effect === "DENY" && deniesFor(rule, question)) return { missing: "NOT_RELEASED" };
    if (rule.effect !== "ALLOW" || !namesContent(rule, question)) continue;
    if (isAssured(rule, question)) admitting ??= rule;
    else isPromiseMissing = true;
  }
  if (admitting !== undefined) return { rule: admitting };
  return { missing: isPromiseMissing ? "ASSURANCE_MISSING" : "NOT_RELEASED" };
}
