import { hubLimits } from "../../broker/index.ts";

/** Limits of the hub that a test sets otherwise, so that it need not wait half an hour. */
export type LimitChange = Partial<Record<keyof typeof hubLimits, number>>;

/** The hub's own, whoever changed them for a while. */
export const usualHubLimits: Readonly<typeof hubLimits> = { ...hubLimits };

/** Sets limits for this process alone; returns how to set them back. */
export function changeHubLimits(change: LimitChange): () => void {
  const before = { ...hubLimits };
  Object.assign(hubLimits, change);
  return () => void Object.assign(hubLimits, before);
}
