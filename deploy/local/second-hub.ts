import type { RelayAgreement, ReleaseRule } from "../../schemas/index.ts";
import { type EpochMs, Fault } from "../../schemas/ground/index.ts";
import type { RegionPlan } from "./plan.ts";

/** A second hub of the fictional region: which communities it serves instead of the first, and who relays between the two. */
export interface SecondHub {
  readonly hub: string;
  readonly recs: readonly string[];
  readonly agreement: RelayAgreement;
}

/** East Africa has a hub of its own; its centre relays between Lagos and Nairobi under an agreement of both states. */
const east = {
  hub: "au/hub-two",
  rec: "eac",
  relay: "eac/centre",
  parties: ["ng", "ke"],
  types: ["data.*", "reply.*", "request.*"],
  handlingUpTo: "H2",
  ref: "NG-KE relay 1 (exercise)",
} as const;

/** The parties let each other's units read what the agreement lets pass. */
function releaseTo(from: EpochMs): ReleaseRule {
  const { parties, types } = east;
  const whoever = { originators: [], agencies: [], crimes: [], askedAssurances: [] };
  return { ...whoever, effect: "ALLOW", authorities: [...parties], kinds: ["TCU"], types: [...types], from };
} // prettier-ignore

/**
 * The region with a second hub in it.
 *
 * @param from since when the agreement counts
 * @throws {Fault} CONFIG_INVALID when the region has not both parties and the relay
 */
export function withSecondHub(plan: RegionPlan, from: EpochMs): RegionPlan {
  const { hub, rec, relay, parties, types, handlingUpTo, ref: agreementRef } = east;
  const needed = [relay, ...parties.map((state) => `${state}/tcu`)];
  const missing = needed.filter((name) => plan.agencies.every(({ agency }) => agency !== name));
  if (missing.length > 0) {
    throw new Fault("CONFIG_INVALID", `--hubs 2 needs ${missing.join(", ")}, which ATUMPAN_STATES leaves out`);
  }
  const hubs = [plan.hub, hub];
  const agreement = { agreementRef, relay, hubs, parties: [...parties], types: [...types], handlingUpTo, from };
  const rule = releaseTo(from);
  return {
    ...plan,
    second: { hub, recs: [rec], agreement },
    releaseOf: (authority) => {
      const isParty = parties.some((one) => one === authority);
      return isParty ? [...plan.releaseOf(authority), rule] : plan.releaseOf(authority);
    },
  };
} // prettier-ignore
