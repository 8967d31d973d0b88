import { codeList, messageTypes } from "../../../schemas/index.ts";
import type { Effect } from "./effect-rows.ts";
import { remark, type Remark, type Value } from "./sentences.ts";

const { codes: handlings = [] } = codeList("HANDLING") ?? {};
const crimeCount = codeList("CRIME")?.codes.length ?? 0;

function familyOf(type: string): string {
  return type.slice(0, type.indexOf("."));
}

/** Types by their families: `alert.*` where all of it is meant. */
function nameTypes(types: readonly string[]): Value {
  if (types.length === messageTypes.length) return remark("ALL_TYPES");
  const families = Map.groupBy(messageTypes, familyOf);
  return [...Map.groupBy(types, familyOf)].flatMap(([family, own]) =>
    own.length === families.get(family)?.length ? [`${family}.*`] : own,
  );
}

/** Handling codes: up to the highest, when none below it is left out. */
function nameHandlings(own: readonly string[]): Value {
  const isRun = own.every((code, at) => code === handlings[at]);
  return isRun ? remark("UP_TO", { handling: own.at(-1) ?? "" }) : own;
}

/** How many agencies each authority has, before a change or after it. */
export type AgencyCounts = ReadonlyMap<string, number>;

/** Agencies by their authorities: `gh/*` where every one of its agencies is meant. */
function nameAgencies(agencies: readonly string[], counts: AgencyCounts): Value {
  const byAuthority = Map.groupBy(agencies, (one) => one.slice(0, one.indexOf("/")));
  return [...byAuthority].flatMap(([authority, own]) =>
    own.length > 1 && own.length === counts.get(authority) ? [`${authority}/*`] : own,
  );
}

/** What an effect says, ready to be put into words. */
export function describeEffect(effect: Effect, counts: AgencyCounts): Remark {
  const { change, action, agencies, scopes, types, crimes, originators } = effect;
  return remark(`${change}_${action}`, {
    agencies: nameAgencies(agencies, counts),
    types: nameTypes(types),
    crimes: crimes.length === crimeCount ? remark("ALL_CRIMES") : crimes,
    handling: nameHandlings(effect.handlings),
    scopes: scopes.map((scope) => (scope === "direct" ? remark("DIRECT") : scope)),
    originators,
  });
}

function countTouched(own: readonly Effect[]): number {
  return new Set(own.flatMap(({ agencies }) => agencies)).size;
}

/** How many agencies a change touches: those that gain or lose, counted once each. */
export function describeRadius(effects: readonly Effect[]): Remark {
  if (effects.length === 0) return remark("NO_EFFECT");
  return remark("RADIUS", {
    count: countTouched(effects),
    gain: countTouched(effects.filter(({ change }) => change === "GAIN")),
    lose: countTouched(effects.filter(({ change }) => change === "LOSE")),
  });
}
