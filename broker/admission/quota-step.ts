import { Fault } from "../../schemas/ground/index.ts";
import { hubLimits } from "../nats/index.ts";
import type { Arrived, Step } from "./verdict.ts";

/** Holds back what an agency sends beyond its quota; nothing is refused, it only waits. */
export const quotaStep: Step<Arrived> = {
  name: "quota",
  run: ({ place }, { quota }) => {
    if (quota.take(place.origin)) return undefined;
    const fault = new Fault("QUOTA_EXCEEDED", "more than the agency's quota; it waits");
    return { kind: "later", fault, delayMs: hubLimits.holdDelayMs };
  },
};
