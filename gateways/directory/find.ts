import type { DirectoryAuthority } from "../../schemas/index.ts";
import type { FlaggedEntry } from "./judge.ts";

/** For what an authority is looked for. */
export interface AuthorityWish {
  /** ISO 3166-1 alpha-2. */
  readonly country?: string | undefined;
  /** A code of AUTHORITY_FUNCTION. */
  readonly function?: string | undefined;
  /** A code of CRIME. */
  readonly crime?: string | undefined;
}

/** How near a country is to who asks: 0 his own, 1 one that shares a community with him, 2 any other. */
export type Nearness = (country: string) => number;

function fits({ country, functions, crimes }: DirectoryAuthority, wish: AuthorityWish): boolean {
  return (
    (wish.country === undefined || country === wish.country) &&
    (wish.function === undefined || functions.includes(wish.function)) &&
    // an entry without crimes is for all of them
    (wish.crime === undefined || crimes.length === 0 || crimes.includes(wish.crime))
  );
}

/** What an entry is sorted by, the most telling first; less is nearer the front. */
function ranks({ held, flags, verifiedAt }: FlaggedEntry, wish: AuthorityWish, near: Nearness): readonly number[] {
  const { country, crimes, channels } = held.body;
  const isNamed = wish.crime !== undefined && crimes.includes(wish.crime);
  return [
    flags.length === 0 ? 0 : 1,
    near(country),
    isNamed ? 0 : 1,
    channels.includes("BROKER") ? 0 : 1,
    flags.length,
    -verifiedAt,
  ];
} // prettier-ignore

function compare(one: readonly number[], other: readonly number[]): number {
  const at = one.findIndex((rank, i) => rank !== other[i]);
  return at < 0 ? 0 : (one[at] ?? 0) - (other[at] ?? 0);
}

/**
 * The authorities that are competent, whom to ask first at the front: good ones before those with flags, near ones before far
 * ones, one that names the crime before one that is for all, one on this network before one that is not, and then the one that
 * was verified last.
 */
export function findAuthorities(
  entries: readonly FlaggedEntry[],
  wish: AuthorityWish,
  near: Nearness,
): readonly FlaggedEntry[] {
  return entries
    .filter(({ held }) => fits(held.body, wish))
    .map((entry) => ({ entry, rank: ranks(entry, wish, near) }))
    .toSorted((a, b) => compare(a.rank, b.rank))
    .map(({ entry }) => entry);
}
