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

/** What an effect says, ready to be put into words. */
export function describeEffect(effect: Effect): Remark {
  const { change, action, agencies, scopes, types, crimes, originators } = effect;
  return remark(`${change}_${action}`, {
    agencies,
    types: nameTypes(types),
    crimes: crimes.length === crimeCount ? remark("ALL_CRIMES") : crimes,
    handling: nameHandlings(effect.handlings),
    scopes: scopes.map((scope) => (scope === "direct" ? remark("DIRECT") : scope)),
    originators,
  });
}

/** How many agencies a change touches: those that gain or lose, counted once each. */
export function describeRadius(effects: readonly Effect[]): Remark {
  if (effects.length === 0) return remark("NO_EFFECT");
  const touched = (own: readonly Effect[]): number =>
    new Set(own.flatMap(({ agencies }) => agencies)).size;
  return remark("RADIUS", {
    count: touched(effects),
    gain: touched(effects.filter(({ change }) => change === "GAIN")),
    lose: touched(effects.filter(({ change }) => change === "LOSE")),
  });
}
