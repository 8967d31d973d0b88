import type { PlannedAgency, RegionPlan } from "../../deploy/local/plan.ts";
import { directRights, feedRights, type Right } from "../../deploy/local/rights.ts";

/** The community that all of them belong to. */
export const rec = "ecowas";

/** What central authorities write to each other; the local region has none. */
const centralMail = [
  "asset.*", "casefile.*", "data.*", "feedback.*", "key.*", "mla.*", "reply.*", "request.*", "sentenced.*",
]; // prettier-ignore

/** How many states there are, and which of them have a financial unit, a centre for the sea and a central authority. */
export interface Size {
  readonly states: readonly string[];
  readonly fiu: readonly string[];
  readonly moc: readonly string[];
  readonly central: readonly string[];
}

function planAgencies({ states, fiu, moc, central }: Size): readonly PlannedAgency[] {
  const make = (state: string, [short, kind]: readonly [string, string]): PlannedAgency => ({
    agency: `${state}/${short}`,
    authority: state,
    kind,
    name: `${kind} of ${state.toUpperCase()}`,
    languages: ["en"],
  });
  return [
    ...states.map((state) => make(state, ["tcu", "TCU"])),
    ...fiu.map((state) => make(state, ["fiu", "FIU"])),
    ...moc.map((state) => make(state, ["moc", "MOC"])),
    ...central.map((state) => make(state, ["central", "CENTRAL_AUTHORITY_MLA"])),
    make(rec, ["centre", "REGIONAL_CENTRE"]),
  ];
}

function rightsOf(kind: string): readonly Right[] {
  if (kind !== "CENTRAL_AUTHORITY_MLA") return [...feedRights(rec, kind), ...directRights(kind)];
  const right = { scope: "direct", types: centralMail, handlingUpTo: "H3" };
  return [
    { ...right, action: "PUBLISH" },
    { ...right, action: "READ" },
  ];
}

/** The region of the week, of the usual one: its agencies, what each may do, and central authorities let read by all. */
export function planWeek(usual: RegionPlan, size: Size): RegionPlan {
  const agencies = planAgencies(size);
  const [from = 0] = usual.memberships.map((one) => one.from);
  return {
    ...usual,
    agencies,
    mandates: agencies.flatMap(({ agency, kind }) =>
      rightsOf(kind).map((right) => ({ agency, from, ...right, crimes: right.crimes ?? ["*"] })),
    ),
    releaseOf: (authority) => {
      const rules = usual.releaseOf(authority);
      const central = { kinds: ["CENTRAL_AUTHORITY_MLA"], types: centralMail };
      const { handlingUpTo: _, ...rule } = rules[0] ?? { kinds: [], types: [] };
      return [...rules, { ...rule, ...central } as (typeof rules)[number]];
    },
  };
}
