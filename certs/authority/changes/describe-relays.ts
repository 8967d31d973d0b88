import type { RelayAgreement, Relaying } from "../../../schemas/index.ts";
import { compare, periodOf } from "./compare.ts";
import { remark, type Remark } from "./sentences.ts";

interface Holding {
  readonly relaying?: Relaying | undefined;
}

function aboutOf({ agreementRef: ref, relay, hubs, types, handlingUpTo: handling }: RelayAgreement): Remark["values"] {
  return { ref, relay, hubs, types, handling };
} // prettier-ignore

/** Each relay agreement that a part begins to hold, or holds no more; one that was changed is both. */
export function describeRelays(before: Holding | undefined, after: Holding): readonly Remark[] {
  const held = compare(before?.relaying?.agreements, after.relaying?.agreements ?? []);
  return [
    ...held.added.map((one) => {
      const { suspendedFrom: from, suspendedUntil: until } = one;
      const added = remark("RELAY_ADDED", { ...aboutOf(one), period: periodOf(one) });
      if (from === undefined) return [added];
      const { agreementRef: ref } = one;
      return [added, remark("RELAY_SUSPENDED", { ref, period: periodOf({ from, until }) })];
    }),
    ...held.removed.map((one) => [remark("RELAY_REMOVED", aboutOf(one))]),
  ].flat();
}
