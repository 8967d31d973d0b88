import { Fault } from "../../schemas/ground/index.ts";
import { hubLimits } from "../nats/index.ts";
import type { Arrived, Step } from "./verdict.ts";

/** Bytes that count as one publication: ours have two kilobytes, and one of the largest size costs as much as 64. */
const unitBytes = 4096;

/** How many usual publications one of so many bytes counts as. */
export function unitsOf(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / unitBytes));
}

/** Holds back what an agency sends beyond its quota; nothing is refused, it only waits. */
export const quotaStep: Step<Arrived> = {
  name: "quota",
  run: ({ bytes, place }, { quota }) => {
    if (quota.take(place.origin, unitsOf(bytes.length))) return undefined;
    const fault = new Fault("QUOTA_EXCEEDED", "more than the agency's quota; it waits");
    return { kind: "later", fault, delayMs: hubLimits.holdDelayMs };
  },
};
