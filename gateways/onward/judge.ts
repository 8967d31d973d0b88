import { audienceOf } from "../../certs/trust/index.ts";
import { type EpochMs, parseUuid } from "../../schemas/ground/index.ts";
import { findRight, type IntendedUse, type Recipient, usesOf } from "../../schemas/work/index.ts";
import type { OnwardKind, OnwardUse } from "../store/index.ts";
import { type OnwardPlace, recipientOf } from "./place.ts";
import type { Source } from "./source.ts";

/** A use of a message that somebody means to make, for every purpose and offence it names. */
export interface Wish {
  readonly kind: OnwardKind;
  readonly recipient: Recipient;
  readonly purposes: readonly string[];
  readonly crimes: readonly string[];
  /** Codes of CONSENT_FOR; what the receiver and the purpose make of it when left out. */
  readonly uses?: readonly string[] | undefined;
  /** What the use is besides: a release to the public, a case that can cost a life. */
  readonly also?: readonly string[] | undefined;
  /** As in `IntendedUse`. */
  readonly given?: string | undefined;
}

/** A use that is allowed, before it is known what carries it. */
export type AllowedUse = Omit<OnwardUse, "carrier" | "at" | "by">;

/** A use for which nothing speaks; `use` is one code that consent would have to name. */
export interface DeniedUse {
  readonly wish: Wish;
  readonly purpose: string;
  readonly crime: string;
  readonly use: string;
}

/** The agencies that its owner himself gave a message to. */
function readersOf(place: OnwardPlace, { stored, inner, limits }: Source): readonly string[] {
  const { originator, type, recs, crimes } = stored;
  const { protectedFrom: states, excludedRecipients: agencies } = inner;
  const header = { originator, type, recs, crimes, handling: limits.handling, kept: { states, agencies } };
  const readers = recs.length > 0 ? audienceOf(place.register(), header, place.clock.now()) : inner.recipients;
  return [originator, ...readers.filter((agency) => !limits.withdrawnFrom.includes(agency))];
} // prettier-ignore

function intended(place: OnwardPlace, source: Source, wish: Wish): readonly IntendedUse[] {
  const { agency: holder } = place;
  const { recipient, given } = wish;
  const at: EpochMs = place.clock.now();
  return wish.purposes.flatMap((purpose) => {
    const about = { owner: source.stored.originator, holder, purpose };
    const uses = [...(wish.uses ?? usesOf(recipient, about)), ...(wish.also ?? [])];
    return wish.crimes.flatMap((crime) =>
      uses.map((use) => ({ message: source.id, holder, recipient, purpose, crime, use, given, at })),
    );
  });
} // prettier-ignore

function allowedUse(source: Source, wish: Wish, uses: readonly string[]): AllowedUse {
  const { kind, recipient, purposes, crimes } = wish;
  const { agency, country, bodyName } = recipient;
  const whom = agency === undefined ? { country, bodyName } : { agency };
  const { bytes, stored } = source;
  const what = { source: bytes, owner: stored.originator, kind, uses, purposes, crimes };
  return { ...what, ...whom, ground: "NOT_ASKED" };
}

/** Whether its owner himself gave it to this receiver: what he has told there is not told anew. */
function isHeldAlready(place: OnwardPlace, source: Source, { recipient, kind, also = [] }: Wish): boolean {
  const { agency } = recipient;
  if (kind === "COURT" || agency === undefined) return false;
  if (agency === place.agency || agency === source.stored.originator) return true;
  return also.length === 0 && readersOf(place, source).includes(agency);
} // prettier-ignore

/** Whom its owner keeps it from, in any copy, reply or consent: nothing lifts that. */
function isKeptFrom({ store }: OnwardPlace, { bytes, stored }: Source, { agency, country = "" }: Recipient): boolean {
  const thread = store.threads.of(stored.seq);
  const kept = [bytes, ...(thread === undefined ? [] : [thread])].flatMap((id) => store.keptMessages.of(id));
  const state = agency === undefined ? country : (agency.split("/", 1)[0] ?? "").toUpperCase();
  return kept.some(({ states, agencies }) => states.includes(state) || agencies.includes(agency ?? ""));
} // prettier-ignore

/** Whether its owner took it back: it may lie here still because somebody holds it, and goes nowhere from here. */
function isTakenBack({ store }: OnwardPlace, { bytes, stored }: Source, { kind }: Wish): boolean {
  if (kind === "COURT" || stored.box !== "in") return false;
  return store.recalls.of(bytes, stored.originator).some((order) => order.kind === "PURGE");
}

/**
 * Judges one use of one message. What is allowed is so for every purpose and offence of the wish, and for all that it is
 * in terms of consent; one line for each consent that it rests on. What is denied says the first thing that is missing.
 */
export function judgeUse(place: OnwardPlace, source: Source, wish: Wish): readonly AllowedUse[] | DeniedUse {
  const wanted = intended(place, source, wish);
  const uses = [...new Set(wanted.map(({ use }) => use))];
  const allowed = allowedUse(source, wish, uses);
  const isGone = isTakenBack(place, source, wish);
  if (!isGone && isHeldAlready(place, source, wish)) return [{ ...allowed, ground: "HELD_ALREADY" }];
  const [first] = wanted;
  // without a purpose or an offence nothing could cover it
  if (first === undefined) return { wish, purpose: "", crime: "", use: "" };
  if (isGone || isKeptFrom(place, source, wish.recipient)) return { wish, purpose: first.purpose, crime: first.crime, use: first.use };
  const consents = new Set<string>();
  for (const one of wanted) {
    const right = findRight(source.steps, source.limits, one);
    if (right === undefined) return { wish, purpose: one.purpose, crime: one.crime, use: one.use };
    if (right.ground === "CONSENT") consents.add(right.grant.step.id);
  }
  if (consents.size === 0) return [allowed];
  return [...consents].map((id) => ({ ...allowed, ground: "CONSENT", consent: parseUuid(id) }));
} // prettier-ignore

/** The use of a message by giving it to an agency of the network. */
export function wishFor(place: OnwardPlace, agency: string, wish: Omit<Wish, "recipient">): Wish {
  return { ...wish, recipient: recipientOf(place, agency) };
}
