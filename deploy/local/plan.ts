import type { Mandate, Membership, Rec, ReleaseRule } from "../../schemas/index.ts";
import type { EpochMs } from "../../schemas/ground/index.ts";
import region from "./region.json" with { type: "json" };
import { directRights, feedRights, openings } from "./rights.ts";
import type { SecondHub } from "./second-hub.ts";

/** One agency of the fictional region. */
export interface PlannedAgency {
  readonly agency: string;
  readonly authority: string;
  /** Code of AGENCY_KIND. */
  readonly kind: string;
  readonly name: string;
  readonly languages: readonly string[];
}

/** The fictional region: who there is, and what each may do. */
export interface RegionPlan {
  readonly authorities: readonly { readonly authority: string; readonly name: string }[];
  readonly agencies: readonly PlannedAgency[];
  readonly recs: readonly Rec[];
  readonly memberships: readonly Membership[];
  readonly mandates: readonly Mandate[];
  readonly hub: string;
  /** One hub serves all where it is left out. */
  readonly second?: SecondHub | undefined;
  /** What an authority's agencies let others read. */
  releaseOf(authority: string): readonly ReleaseRule[];
}

const states: Readonly<Record<string, string>> = region.states;
const recs = Object.entries(region.recs);

/** A smaller region: only these states and communities. */
export interface RegionChoice {
  readonly states?: readonly string[];
  readonly recs?: readonly string[];
}

function languageOf(state: string): string {
  const found = Object.entries(region.languages).find(([, list]) => list.includes(state));
  return found?.[0] ?? "en";
}

function recsOf(authority: string): readonly string[] {
  return recs
    .filter(([rec, { members }]) => rec === authority || members.includes(authority))
    .map(([rec]) => rec);
}

function planState(state: string): readonly PlannedAgency[] {
  const name = states[state] ?? state;
  const make = (short: string, kind: string, title: string): PlannedAgency => ({
    agency: `${state}/${short}`,
    authority: state,
    kind,
    name: `${title} of ${name}`,
    languages: [languageOf(state)],
  });
  return [
    ...(region.coastal.includes(state) ? [make("moc", "MOC", "Maritime operations centre")] : []),
    ...(region.tcu.includes(state) ? [make("tcu", "TCU", "Transnational crime unit")] : []),
    ...(region.fiu.includes(state) ? [make("fiu", "FIU", "Financial intelligence unit")] : []),
  ];
}

function planCentres(chosen: typeof recs): readonly PlannedAgency[] {
  return chosen.map(([rec, { names, languages }]) => ({
    agency: `${rec}/centre`,
    authority: rec,
    kind: "REGIONAL_CENTRE",
    name: `Regional centre of the ${names.en}`,
    languages,
  }));
}

function planMandates(agencies: readonly PlannedAgency[], from: EpochMs): readonly Mandate[] {
  return agencies.flatMap(({ agency, authority, kind }) => {
    const rights = [
      ...recsOf(authority).flatMap((rec) => feedRights(rec, kind)),
      ...directRights(kind),
    ];
    return rights.map((right) => ({ agency, from, ...right, crimes: right.crimes ?? ["*"] }));
  });
}

/** Partners of an authority: the members of its communities, and the communities themselves. */
function partnersOf(authority: string): readonly string[] {
  const shared = recs.filter(
    ([rec, { members }]) => rec === authority || members.includes(authority),
  );
  return [...new Set(shared.flatMap(([rec, { members }]) => [rec, ...members]))];
}

function planRelease(authority: string, from: EpochMs): readonly ReleaseRule[] {
  const rule = {
    effect: "ALLOW",
    originators: [],
    agencies: [],
    crimes: [],
    askedAssurances: [],
    from,
  };
  const authorities = partnersOf(authority);
  return openings.map((opening) => ({ ...rule, authorities, ...opening }));
}

/**
 * Plans the fictional region: four communities, a maritime centre for every coastal member state, six
 * transnational crime units, three financial intelligence units, a centre per community, and one hub.
 *
 * @param from since when memberships, mandates and policies count
 * @param choice what to keep of it; everything when left out
 */
export function planRegion(from: EpochMs, choice: RegionChoice = {}): RegionPlan {
  const chosen = recs.filter(([rec]) => choice.recs?.includes(rec) ?? true);
  const members = Object.entries(states).filter(
    ([state]) => choice.states?.includes(state) ?? true,
  );
  const agencies = [...members.flatMap(([state]) => planState(state)), ...planCentres(chosen)];
  const served = new Set(chosen.map(([rec]) => rec));
  const present = new Set(members.map(([state]) => state));
  const communities = chosen.map(([rec, { names }]) => ({ authority: rec, name: names.en }));
  return {
    authorities: [
      ...members.map(([authority, name]) => ({ authority, name })),
      ...communities,
      { authority: "au", name: "African Union" },
    ],
    agencies,
    recs: chosen.map(([rec, { names, languages }]) => ({
      rec,
      languages,
      names: Object.entries(names).map(([lang, text]) => ({ text, lang, marks: [] })),
    })),
    memberships: chosen.flatMap(([rec, { members: all }]) =>
      all.filter((state) => present.has(state)).map((authority) => ({ rec, authority, from })),
    ),
    mandates: planMandates(agencies, from).filter(
      ({ scope }) => scope === "direct" || served.has(scope),
    ),
    hub: `${region.hub.authority}/${region.hub.name}`,
    releaseOf: (authority) => planRelease(authority, from),
  };
}
