import { type AuthorityWish, findAuthorities, type Nearness } from "./find.ts";
import { type FlaggedEntry, partyOf } from "./judge.ts";

/** Whose contact point is looked for: that of a state for police matters, and of a financial intelligence unit its own. */
export interface ContactWish {
  readonly agency: string;
  /** Code of AGENCY_KIND, as the register says it; undefined for one that is not in it. */
  readonly kind?: string | undefined;
  /** What the matter is about; an entry that is for other offences alone is passed over. */
  readonly crimes: readonly string[];
}

/** The contact point of one side of a matter. */
export interface ContactPoint {
  /** ISO 3166-1 alpha-2 of its state; another body's own name in capitals. */
  readonly country: string;
  /** Code of AUTHORITY_FUNCTION that was looked for. */
  readonly function: "POLICE_SPOC" | "FIU";
  /** What that state itself published, whom to call first at the front; empty where nothing is known. */
  readonly entries: readonly FlaggedEntry[];
}

function isFor(crimes: readonly string[]): (entry: FlaggedEntry) => boolean {
  return ({ held: { body } }) =>
    body.crimes.length === 0 || crimes.some((one) => body.crimes.includes(one));
}

/**
 * Whom those who lead one side of a matter are reached by. Only what the state itself signed counts: nobody else says who
 * speaks for it. What has a flag is there too, behind what has none.
 */
export function findContactPoint(
  entries: readonly FlaggedEntry[],
  { agency, kind, crimes }: ContactWish,
  near: Nearness,
): ContactPoint {
  const isUnit = kind === "FIU";
  const wish = { country: partyOf(agency).toUpperCase(), function: isUnit ? "FIU" : "POLICE_SPOC" } as const satisfies AuthorityWish;
  const found = findAuthorities(entries, wish, near).filter((entry) => entry.isSignedByState && isFor(crimes)(entry));
  // a unit speaks for itself alone: of two in one state the other has nothing to do with it
  const own = found.filter(({ held }) => held.body.agency === agency);
  return { ...wish, entries: isUnit ? own : found };
} // prettier-ignore
