import type { Language } from "../../../schemas/index.ts";
import type { EpochMs } from "../../../schemas/ground/index.ts";
import { proveCandidate } from "./candidate.ts";
import { compare } from "./compare.ts";
import type { RegisterContent } from "./content.ts";
import { type AgencyCounts, describeEffect, describeRadius } from "./describe-effect.ts";
import { describeRegion } from "./describe-region.ts";
import { describeState } from "./describe-state.ts";
import { findEffect, type RegisterPair } from "./effect.ts";
import type { Effect } from "./effect-rows.ts";
import { remark, type Remark, renderMoment, renderRemark } from "./sentences.ts";

/** What a change does at one moment, and from then on until the next. */
export interface EffectAt {
  readonly at: EpochMs;
  readonly effects: readonly Effect[];
}

/** A change in plain words, and the same for machines. */
export interface ChangeWords {
  readonly lines: readonly string[];
  readonly effects: readonly EffectAt[];
  /** Agencies that gain or lose a right, now or later. */
  readonly touched: readonly string[];
}

/** How many later moments are looked at; a change that needs more is one that nobody can oversee. */
const maxMoments = 8;

/** Moments named anywhere in what differs at which a line begins or ends. */
function findMoments(value: unknown, at: EpochMs): readonly EpochMs[] {
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return [];
  const inner = Object.values(value).flatMap((one) => findMoments(one, at));
  const own = Object.entries(value).flatMap(([name, one]) => {
    const isMoment = ["from", "until", "suspendedFrom", "suspendedUntil"].includes(name);
    return isMoment && typeof one === "number" && one > at ? [one] : [];
  });
  return [...own, ...inner];
}

/** Every line of a register whose beginning or end changes what is decided. */
function datedLines({ region, states }: RegisterContent): readonly unknown[] {
  const parts = [...states.values()].flatMap((state) => [
    ...state.nominations,
    ...state.release,
    ...state.agreements,
    ...state.givenAssurances,
    ...state.agencies.map(({ agency, suspendedFrom }) => ({ agency, suspendedFrom })),
  ]);
  if (region === undefined) return parts;
  return [...parts, ...region.region.mandates, ...region.region.memberships];
}

function laterMoments(
  before: RegisterContent,
  after: RegisterContent,
  at: EpochMs,
): readonly EpochMs[] {
  const { added, removed } = compare(datedLines(before), datedLines(after));
  return [...new Set(findMoments([added, removed], at))].toSorted((a, b) => a - b);
}

function findEffects(pair: RegisterPair, moments: readonly EpochMs[]): readonly EffectAt[] {
  const found: EffectAt[] = [];
  for (const at of moments) {
    const effects = findEffect(pair, at);
    const isNew = JSON.stringify(found.at(-1)?.effects ?? []) !== JSON.stringify(effects);
    if (isNew) found.push({ at, effects });
  }
  return found;
}

function countAgencies({ before, after }: RegisterPair): AgencyCounts {
  const all = [before, after].flatMap((view) => view?.agencies ?? []);
  const names = new Map(all.map(({ agency, authority }) => [agency, authority]));
  const groups = Map.groupBy(names.values(), (authority) => authority);
  return new Map([...groups].map(([authority, own]) => [authority, own.length]));
}

/** Parts that stop counting because they are delegated to other keys than those that signed them. */
function describeLoss(before: RegisterContent, after: RegisterContent): readonly Remark[] {
  return [...before.states.keys()]
    .filter((name) => !after.states.has(name) && after.region?.delegations.has(name) === true)
    .map((authority) => remark("SIGN_ANEW", { authority }));
}

function describeFacts(before: RegisterContent, after: RegisterContent): readonly Remark[] {
  const states = [...after.states].flatMap(([name, state]) =>
    before.states.get(name) === state ? [] : describeState(before.states.get(name), state),
  );
  const region = after.region === undefined ? [] : describeRegion(before.region, after.region);
  return [...region, ...describeLoss(before, after), ...states];
}

/**
 * What a change means, in plain words: what it says anew, then who gains and who loses what right now, and again at
 * each later moment at which a line of it begins or ends. Told of both registers as everybody will read them.
 *
 * @throws {Fault} CHANGE_INVALID when readers would refuse one of them
 */
export function describeChange(
  { before, after }: { readonly before: RegisterContent; readonly after: RegisterContent },
  at: EpochMs,
  lang: Language,
): ChangeWords {
  const pair = { before: proveCandidate(before, at), after: proveCandidate(after, at) };
  const later = laterMoments(before, after, at);
  const effects = findEffects(pair, [at, ...later.slice(0, maxMoments)]);
  const all = effects.flatMap((one) => one.effects);
  const counts = countAgencies(pair);
  const told = effects.flatMap((one) => [
    ...(one.at === at ? [] : [remark("MOMENT", { at: renderMoment(one.at) })]),
    ...(one.effects.length === 0 ? [remark("NO_EFFECT")] : []),
    ...one.effects.map((effect) => describeEffect(effect, counts)),
  ]);
  const unseen = later.slice(maxMoments).map(renderMoment);
  const remarks = [
    ...describeFacts(before, after),
    ...told,
    ...(unseen.length === 0 ? [] : [remark("UNSEEN", { moments: unseen })]),
    describeRadius(all),
  ];
  return {
    lines: remarks.map((one) => renderRemark(one, lang)),
    effects,
    touched: [...new Set(all.flatMap(({ agencies }) => agencies))].toSorted(),
  };
}
