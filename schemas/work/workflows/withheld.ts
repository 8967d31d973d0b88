import type { EpochMs } from "../../ground/index.ts";
import type { Lane } from "../lane.ts";

/** What would leave a state: between whom, when, and for which offences. */
export interface Release {
  readonly lane: Lane;
  readonly lanes: readonly Lane[];
  readonly at: EpochMs;
  readonly offences: readonly { readonly deathPenalty?: boolean | undefined }[];
}

/** Promises that stand, by the messages that gave them: not refused, not out of their time, not broken. */
export function standingAssurances({ lane: { opener, other }, lanes, at }: Omit<Release, "offences">): ReadonlyMap<string, readonly string[]> {
  const between = lanes.filter((one) => one.workflow === "ASSURANCE" && one.opener === opener && one.other === other);
  const standing = new Map<string, readonly string[]>();
  for (const { applied, state } of between) {
    if (state !== "GIVEN" && state !== "GIVEN_IN_PART") continue;
    for (const step of applied) {
      const body = step.read("assurance.given");
      if (body === undefined || body.decision === "REFUSED") continue;
      const { validFrom = at, validUntil = Infinity, assurances } = body;
      if (validFrom <= at && at < validUntil) standing.set(step.id, assurances);
    }
  }
  return standing;
} // prettier-ignore

const unanswered: ReadonlySet<string> = new Set(["ASKED", "ACKNOWLEDGED"]);

/**
 * Whether a person, a case or evidence must stay until an assurance is signed: one was asked for and is not answered, or an
 * offence may be punished with death and no standing promise says that it will not be. Both are read of the same thread, so
 * both sides see why.
 */
export function isWithheld(release: Release): boolean {
  const { lane, lanes, offences } = release;
  const isAsked = lanes.some(
    (one) =>
      one.workflow === "ASSURANCE" &&
      one.opener === lane.opener &&
      one.other === lane.other &&
      unanswered.has(one.state),
  );
  if (isAsked) return true;
  if (!offences.some(({ deathPenalty }) => deathPenalty === true)) return false;
  return ![...standingAssurances(release).values()].some((kinds) =>
    kinds.includes("DEATH_PENALTY"),
  );
}
