import type { EpochMs } from "../ground/index.ts";
import { findGiven } from "./grants.ts";
import type { Lane } from "./lane.ts";
import { findDues } from "./next-acts.ts";
import type { Terms } from "./terms.ts";

/** How a question for consent stands at a moment. */
export type ConsentStanding =
  | "PENDING"
  | "GRANTED"
  | "REFUSED"
  | "NO_ANSWER" // the clock ran out: the same as refused
  | "EXPIRED" // what was granted has ended
  | "REVOKED"
  | "WITHDRAWN";

const settled = { REFUSED: "REFUSED", REVOKED: "REVOKED", WITHDRAWN: "WITHDRAWN" } as const;

/**
 * How a question for consent stands at a moment: its state with what only time says, that nobody answered and that a grant
 * has ended. For people; whether a use is covered says `findGrant` alone.
 */
export function consentStanding(lane: Lane, terms: Terms, at: EpochMs): ConsentStanding {
  if (lane.state === "GRANTED") {
    const ends = lane.applied.flatMap((step) => findGiven(step, undefined)).map(({ until }) => until ?? 0);
    return ends.some((end) => at < end) ? "GRANTED" : "EXPIRED";
  }
  const entry = Object.entries(settled).find(([state]) => state === lane.state);
  if (entry !== undefined) return entry[1];
  const [due] = findDues(lane, terms);
  return due?.by !== undefined && due.by <= at ? "NO_ANSWER" : "PENDING";
} // prettier-ignore
