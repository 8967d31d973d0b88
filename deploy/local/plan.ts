import type { Mandate, Membership, Rec, ReleaseRule } from "../../schemas/index.ts";
import type { EpochMs } from "../../schemas/ground/index.ts";
import region from "./region.json" with { type: "json" };

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
const financial = ["ml", "tf", "corr", "fraud"];

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

interface Right {
  readonly action: "PUBLISH" | "READ";
  readonly scope: string;
  readonly types: readonly string[];
  readonly crimes?: readonly string[];
  readonly handlingUpTo: string;
}

const feedTypes = ["maritime.incident", "bulletin.red_flag", "alert.incident"];

function rightsIn(scope: string, kind: string): readonly Right[] {
  const all: Readonly<Record<string, readonly Right[]>> = {
    MOC: [
      { action: "PUBLISH", scope, types: ["maritime.*", "bulletin.*"], handlingUpTo: "H1" },
      { action: "READ", scope, types: ["maritime.*", "bulletin.*"], handlingUpTo: "H1" },
    ],
    TCU: [
      { action: "PUBLISH", scope, types: ["alert.*", "bulletin.*"], handlingUpTo: "H2" },
      { action: "READ", scope, types: feedTypes, handlingUpTo: "H2" },
    ],
    FIU: [{ action: "READ", scope, types: ["bulletin.*"], crimes: financial, handlingUpTo: "H1" }],
    REGIONAL_CENTRE: [
      { action: "PUBLISH", scope, types: ["bulletin.*"], handlingUpTo: "H1" },
      { action: "READ", scope, types: feedTypes, handlingUpTo: "H1" },
    ],
  };
  return all[kind] ?? [];
}

function directRights(kind: string): readonly Right[] {
  if (kind !== "FIU") return [];
  const right = { scope: "direct", types: ["fiu.*"], crimes: financial, handlingUpTo: "H3" };
  return [
    { ...right, action: "PUBLISH" },
    { ...right, action: "READ" },
  ];
}

function planMandates(agencies: readonly PlannedAgency[], from: EpochMs): readonly Mandate[] {
  return agencies.flatMap(({ agency, authority, kind }) => {
    const rights = [
      ...recsOf(authority).flatMap((rec) => rightsIn(rec, kind)),
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
  const rule = { effect: "ALLOW", originators: [], agencies: [], crimes: [], from };
  const authorities = partnersOf(authority);
  return [
    {
      ...rule,
      authorities,
      kinds: ["MOC", "TCU", "REGIONAL_CENTRE"],
      types: ["maritime.*", "bulletin.*"],
    },
    { ...rule, authorities, kinds: ["FIU"], types: ["bulletin.*"] },
    {
      ...rule,
      authorities,
      kinds: ["TCU", "REGIONAL_CENTRE"],
      types: ["alert.*"],
      handlingUpTo: "H2",
    },
    { ...rule, authorities, kinds: ["FIU"], types: ["fiu.*"] },
  ];
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
      names: Object.entries(names).map(([lang, text]) => ({ text, lang })),
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
