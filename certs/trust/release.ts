import type { ReleaseRule } from "../../schemas/index.ts";
import type { EpochMs } from "../../schemas/ground/index.ts";
import { isInForce } from "./period.ts";

/** Who would read what of whom. An absent type or crime is one that is sealed from whoever asks. */
export interface ReleaseQuestion {
  readonly originator: string;
  readonly reader: { readonly agency: string; readonly authority: string; readonly kind: string };
  readonly type?: string | undefined;
  readonly crime?: string | undefined;
  readonly handling: string;
  readonly at: EpochMs;
}

/** Whether a list of types names `type`: itself, its family as `family.*`, or all as `*`. */
export function coversType(types: readonly string[], type: string): boolean {
  return types.some(
    (one) => one === "*" || one === type || one === `${type.split(".")[0] ?? ""}.*`,
  );
}

/** Whether a list of crimes names `crime`, or all as `*`. */
export function coversCrime(crimes: readonly string[], crime: string): boolean {
  return crimes.includes("*") || crimes.includes(crime);
}

/** Whether handling code `code` is no stricter than `most`; codes run from H0 to H3. */
export function isWithinHandling(code: string, most: string): boolean {
  return code <= most;
}

function listed(list: readonly string[], value: string): boolean {
  return list.length === 0 || list.includes(value);
}

function namesReader(rule: ReleaseRule, { reader, originator }: ReleaseQuestion): boolean {
  return (
    listed(rule.originators, originator) &&
    listed(rule.authorities, reader.authority) &&
    listed(rule.kinds, reader.kind) &&
    listed(rule.agencies, reader.agency)
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

/** Whether an originating state's release policy lets a reader read this. What no line allows is denied; a denial wins. */
export function isReleased(rules: readonly ReleaseRule[], question: ReleaseQuestion): boolean {
  const speaking = rules.filter(
    (rule) => isInForce(rule, question.at) && namesReader(rule, question),
  );
  if (speaking.some((rule) => rule.effect === "DENY" && deniesFor(rule, question))) return false;
  return speaking.some((rule) => rule.effect === "ALLOW" && namesContent(rule, question));
}
