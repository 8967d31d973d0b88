import type { DirectoryAuthority } from "../../schemas/index.ts";
import { type EpochMs, parseUuid } from "../../schemas/ground/index.ts";
import type { Store } from "../store/index.ts";
import { partyOf } from "./judge.ts";
import type { Held } from "./read.ts";

type Entry = Held<DirectoryAuthority>;

/** What tells one authority's entries for one task from others: a state may have several for one authority. */
function keyOf({ originator, body }: Entry): string {
  const { country, agency, kind, names, functions } = body;
  const who = agency ?? `${kind} ${names[0]?.text.toLowerCase() ?? ""}`;
  return JSON.stringify([partyOf(originator), country, who, functions.toSorted()]);
}

/** Whether its own publisher took it back or put another in its place. */
function isWithdrawn({ lookups }: Pick<Store, "lookups">, entry: Entry, now: EpochMs): boolean {
  const said = lookups.said(parseUuid(entry.id), entry.originator);
  return said.some(({ word, at }) => word === "WITHDRAWN" && at <= now);
}

function isInTime({ body: { validFrom = 0, validUntil = Infinity } }: Entry, now: EpochMs): boolean {
  return validFrom <= now && now < validUntil;
} // prettier-ignore

/** Of all entries those that count: a later one of the same state replaces the earlier, and what was withdrawn is gone. */
export function findNewest(
  store: Pick<Store, "lookups">,
  entries: readonly Entry[],
  now: EpochMs,
): readonly Entry[] {
  const standing = entries.filter(
    (entry) => isInTime(entry, now) && !isWithdrawn(store, entry, now),
  );
  const newest = new Map<string, Entry>();
  for (const entry of standing) {
    const key = keyOf(entry);
    const known = newest.get(key);
    if (known === undefined || known.at < entry.at) newest.set(key, entry);
  }
  return [...newest.values()];
}
