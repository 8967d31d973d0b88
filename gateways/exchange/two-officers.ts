import { Fault } from "../../schemas/ground/index.ts";
import type { Draft } from "../release/index.ts";
import type { SubmitWays } from "./exchange.ts";
import type { Office } from "./office.ts";

/** What of a draft says whether it takes two officers. */
export type TwoOfficersCase = Pick<Draft, "type"> & {
  readonly header: Pick<Draft["header"], "handling">;
  readonly inner: Pick<Draft["inner"], "sensitiveCategories">;
};

/** Why a draft takes two officers; empty when one is enough. */
export function findTwoOfficers(
  { fourEyes }: Pick<Office, "fourEyes">,
  draft: TwoOfficersCase,
): readonly string[] {
  return fourEyes?.(draft) ?? [];
}

/**
 * Refuses what takes two officers and has the word of one: whichever way it came in.
 *
 * @throws {Fault} RELEASE_NEEDED
 */
export function checkTwoOfficers(
  office: Pick<Office, "fourEyes">,
  draft: TwoOfficersCase,
  released: SubmitWays["released"],
): void {
  const reasons = released === undefined ? findTwoOfficers(office, draft) : [];
  if (reasons.length === 0) return;
  const way = "hand it in as a message or a draft; it waits there for an approver";
  throw new Fault("RELEASE_NEEDED", `it takes two officers (${reasons.join(", ")}): ${way}`);
}

/** An absent edition has no readers. */
function isSame(shown: readonly string[] = [], audience: readonly string[] = []): boolean {
  const all = new Set(shown);
  return all.size === audience.length && audience.every((agency) => all.has(agency));
}

/**
 * Refuses to send to others than the second officer was shown.
 *
 * @param projected who would read the regional edition, where there is one
 * @throws {Fault} PRECONDITION_FAILED
 */
export function checkAsShown(
  released: SubmitWays["released"],
  audience: readonly string[],
  projected: readonly string[] | undefined,
): void {
  if (released === undefined) return;
  if (isSame(released.audience, audience) && isSame(released.projected, projected)) return;
  throw new Fault(
    "PRECONDITION_FAILED",
    "who would read it is not who was shown; look at it again, and release that",
  );
}
