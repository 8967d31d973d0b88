import type { RegionPlan } from "../../deploy/local/plan.ts";
import type { RelayAgreement } from "../../schemas/index.ts";
import type { RegisterEdit } from "./register-edit.ts";
import { startTwoHubs, type TwoHubs } from "./two-hubs.ts";

/** Since when the rights count. */
const from = Date.UTC(2025, 0, 29);

/** Two agencies that share no hub, and the centre of the one's community. */
export const relayCast = { west: "cm/moc", south: "za/moc", relay: "eccas/centre" } as const;

/** What the two write to each other: requests, and that something is taken back. */
const types = ["request.*", "data.*"];

/** The two may write to each other, by the region's mandates and each state's release. */
function writeToEachOther(usual: RegionPlan): RegionPlan {
  const { west, south } = relayCast;
  const authorities = usual.authorities.map(({ authority }) => authority);
  const rights = [west, south].flatMap((agency) =>
    ["PUBLISH", "READ"].map((action) => ({ agency, action, scope: "direct", types, crimes: ["*"], handlingUpTo: "H2", from })),
  );
  return {
    ...usual,
    mandates: [...usual.mandates, ...rights],
    releaseOf: (authority) =>
      usual.releaseOf(authority).flatMap((rule, at) => (at > 0 ? [rule] : [rule, { ...rule, authorities, kinds: ["MOC"], types }])),
  };
} // prettier-ignore

/** A region whose two communities have a hub each. */
export async function startRelayRegion(): Promise<TwoHubs> {
  return await startTwoHubs({
    states: ["cm", "za"],
    recs: ["eccas", "sadc"],
    secondRecs: ["sadc"],
    plan: writeToEachOther,
  });
}

/** The agreement of the tests, as it differs. */
export function relayAgreement(
  { first, second }: Pick<TwoHubs, "first" | "second">,
  differs: Partial<RelayAgreement> = {},
): RelayAgreement {
  return {
    agreementRef: "MoU relay 1",
    relay: relayCast.relay,
    hubs: [first, second.hub],
    parties: [],
    types: ["request.*"],
    handlingUpTo: "H1",
    from,
    ...differs,
  };
}

/** The register with these agreements in both parts that have to hold them; of the relay's own part, others when given. */
export function withRelays(
  agreements: readonly RelayAgreement[],
  own: readonly RelayAgreement[] = agreements,
): RegisterEdit {
  const relaying = agreements.length === 0 ? undefined : { agreements };
  const held = own.length === 0 ? undefined : { agreements: own };
  return {
    region: (now) => ({ ...now, relaying }),
    states: { eccas: (now) => ({ ...now, relaying: held }) },
  };
}
