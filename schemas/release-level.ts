import type { Envelope } from "./gen/index.ts";
import { Fault } from "./ground/index.ts";

/**
 * How far its originator lets a message go (the levels of WAPIS, domain.md §1, T2): NATIONAL stays in one state,
 * BILATERAL is for one other party, REGIONAL for communities, CONTINENTAL and GLOBAL for whoever bridges them.
 * Only the originator can say another level, in a message of his own: the level stands in what he signs.
 */
type Level = "NATIONAL" | "BILATERAL" | "REGIONAL" | "CONTINENTAL" | "GLOBAL";

/** The widest level first that each feed wants; a community that stands here bridges others. */
const bridges: Readonly<Record<string, readonly string[]>> = {
  continental: ["CONTINENTAL", "GLOBAL"],
  global: ["GLOBAL"],
};
const feedLevels = ["REGIONAL", "CONTINENTAL", "GLOBAL"];

function refuse(detail: string): never {
  throw new Fault("RELEASE_LEVEL_EXCEEDED", detail);
}

/** `ng` of `ng/tcu`. */
function partyOf(agency: string): string {
  return agency.split("/", 1)[0] ?? "";
}

function otherParties(originator: string, recipients: readonly string[]): number {
  const own = partyOf(originator);
  return new Set(recipients.map(partyOf).filter((party) => party !== own)).size;
}

/** The narrowest level that lets direct mail reach these recipients. */
export function narrowestLevel(originator: string, recipients: readonly string[]): Level {
  const others = otherParties(originator, recipients);
  if (others === 0) return "NATIONAL";
  return others === 1 ? "BILATERAL" : "REGIONAL";
}

/**
 * Refuses a feed that the message's level does not let it into: NATIONAL and BILATERAL into none, REGIONAL into none
 * that bridges regions.
 *
 * @throws {Fault} RELEASE_LEVEL_EXCEEDED
 */
export function checkFeedLevel({
  releaseLevel,
  recs,
}: Pick<Envelope, "releaseLevel" | "recs">): void {
  for (const rec of recs) {
    const wanted = bridges[rec] ?? feedLevels;
    if (wanted.includes(releaseLevel)) continue;
    refuse(
      `releaseLevel ${releaseLevel} does not reach the feed of ${rec}; say ${wanted.join(" or ")}, or write to agencies by name`,
    );
  }
}

/**
 * Refuses direct mail to more parties than its level lets it reach: NATIONAL to none but the originator's own state,
 * BILATERAL to one other.
 *
 * @param recipients all that are known: the hub knows every mailbox, a reader what stands inside the seal
 * @throws {Fault} RELEASE_LEVEL_EXCEEDED
 */
export function checkDirectLevel(
  { releaseLevel, originator }: Pick<Envelope, "releaseLevel" | "originator">,
  recipients: readonly string[],
): void {
  const others = otherParties(originator, recipients);
  if (releaseLevel === "NATIONAL" && others > 0) {
    refuse("releaseLevel NATIONAL does not leave the state; say BILATERAL, or choose recipients at home");
  }
  if (releaseLevel === "BILATERAL" && others > 1) {
    refuse("releaseLevel BILATERAL is for one other state or centre; say REGIONAL, or write to each alone");
  }
} // prettier-ignore
