import type { PartialDate } from "../../schemas/index.ts";
import type { EpochMs } from "../../schemas/ground/index.ts";
import type { LookupFound, LookupSaid, Store, StoredSummary } from "../store/index.ts";
import { lookupLimits } from "./limits.ts";
import { spellAddress, spellDate, spellIdentifier, spellName, spellPhone } from "./spelling.ts";

/** A thing, or a person by name and birth, that is asked about. */
export interface LookupSubject {
  /** A code of QUERY_KIND. */
  readonly kind: string;
  /** Of things. */
  readonly identifier?: string | undefined;
  readonly issuerCountry?: string | undefined;
  readonly documentType?: string | undefined;
  /** Of persons; both. */
  readonly name?: string | undefined;
  readonly birth?: PartialDate | undefined;
}

/** A record or notice that matches, before anybody asked whether the caller may see it. */
export interface LookupMatch {
  readonly stored: StoredSummary;
  /** A code of MATCH_BASIS. */
  readonly basis: string;
  /** Messages by which the owner corrected it since. */
  readonly corrections: readonly StoredSummary[];
}

/** Telephones have numbers of both kinds, and a serial number is often all that is known. */
const alsoIn: Readonly<Record<string, readonly string[]>> = {
  OBJECT: ["OBJECT", "ONLINE"],
  ONLINE: ["ONLINE", "OBJECT"],
};

function spell({ kind, identifier = "", name = "" }: LookupSubject): string {
  if (kind === "PERSON") return spellName({ full: name }) ?? "";
  if (kind === "PHONE") return spellPhone(identifier);
  return kind === "ONLINE" ? spellAddress(identifier) : spellIdentifier(identifier);
}

/** Two that are both known and differ cannot be the same. */
function mayBe(one: string | undefined, other: string | undefined): boolean {
  return one === undefined || other === undefined || one === other;
}

/** What makes a person's match: a whole date that is the same, or less when one of them is known in part. */
function basisOf({ kind, birth }: LookupSubject, found: LookupFound): string | undefined {
  if (kind !== "PERSON") return found.basis;
  const [asked, held] = [birth === undefined ? "" : spellDate(birth), found.detail ?? ""];
  if (asked === "" || !(asked.startsWith(held) || held.startsWith(asked))) return undefined;
  return asked === held && asked.length === 8 ? found.basis : "FUZZY";
}

/** Whether a message counts: what lies in quarantine, was refused or is past its time does not. */
function stands({ box, state }: StoredSummary): boolean {
  return box === "in" ? state === "VERIFIED" : !["REFUSED", "EXPIRED", "STOPPED"].includes(state);
}

interface Words {
  readonly isStopped: boolean;
  readonly corrections: readonly StoredSummary[];
}

/** What the owner said of a message since; only his own words, and only those that stand themselves. */
function wordsOf({ lookups, messages }: Store, stored: StoredSummary, now: EpochMs): Words {
  const said = lookups
    .said(stored.id, stored.originator)
    .filter(({ at }) => at <= now)
    .map((one) => ({ ...one, by: messages.summary(one.message) }))
    .filter((one): one is LookupSaid & { by: StoredSummary } => one.by !== undefined && stands(one.by)); // prettier-ignore
  const blocks = said.filter(({ word }) => word === "BLOCKED" || word === "LIFTED");
  const isWithdrawn = said.some(({ word }) => word === "WITHDRAWN");
  const corrections = said.flatMap(({ word, by }) => (word === "CORRECTED" ? [by] : []));
  return { isStopped: isWithdrawn || blocks.at(-1)?.word === "BLOCKED", corrections };
}

function matchOf(
  store: Store,
  found: LookupFound,
  { basis, now }: { basis: string; now: EpochMs },
): readonly LookupMatch[] {
  const stored = store.messages.summary(found.message);
  if (stored === undefined || !stands(stored) || stored.expiresAt <= now) return [];
  const { isStopped, corrections } = wordsOf(store, stored, now);
  return isStopped ? [] : [{ stored, basis, corrections }];
}

/**
 * Records and notices that match what is asked about, the newest first, each once: those that stand, are in their time and
 * were not withdrawn, replaced or blocked by their owner.
 */
export function findMatches(
  store: Store,
  subject: LookupSubject,
  now: EpochMs,
): readonly LookupMatch[] {
  const value = spell(subject);
  if (value === "") return [];
  const { kind, issuerCountry, documentType } = subject;
  const kinds = alsoIn[kind] ?? [kind];
  const found = kinds.flatMap((one) => store.lookups.find(one, value, lookupLimits.maxKeys));
  const seen = new Set<number>();
  return found
    .toSorted((a, b) => b.message - a.message)
    .flatMap((key) => {
      const basis = basisOf(subject, key);
      const isSame =
        mayBe(issuerCountry, key.country) &&
        (kind !== "DOCUMENT" || mayBe(documentType, key.detail));
      if (basis === undefined || !isSame || seen.has(key.message)) return [];
      seen.add(key.message);
      return matchOf(store, key, { basis, now });
    });
}
