import type { PlannedAgency, RegionPlan } from "../../deploy/local/plan.ts";
import { directRights, feedRights, openings } from "../../deploy/local/rights.ts";

/** How large a slice is. */
export interface SliceSize {
  /** Agencies, each with its NATS account. */
  readonly accounts: number;
  /** Ways of reading: of each account two for its mail, and one for each feed it reads. */
  readonly consumers: number;
  readonly feeds: number;
  /** Agencies of one state; ten when left out. */
  readonly perState?: number;
}

const usualPerState = 10;
const from = Date.UTC(2025, 0, 29);
const letters = "abcdefghijklmnopqrstuvwxyz";
/** Of each account: direct mail and receipts. */
const mailConsumers = 2;

/** Consumers of a slice as they come out: whole feeds for each account. */
export function feedsOfEach({ accounts, consumers, feeds }: SliceSize): readonly number[] {
  const wanted = Math.max(accounts, consumers - mailConsumers * accounts);
  return Array.from({ length: accounts }, (_, at) => {
    const own = Math.floor((wanted * (at + 1)) / accounts) - Math.floor((wanted * at) / accounts);
    return Math.min(feeds, Math.max(1, own));
  });
}

function nameOf(prefix: string, at: number): string {
  return `${prefix}${letters[Math.floor(at / 26)] ?? "z"}${letters[at % 26] ?? "z"}`;
}

/** The first is the one that examples of the kit are sent in. */
function recOf(at: number): string {
  return at === 0 ? "ecowas" : nameOf("rec", at);
}

function planAgency(at: number, perState: number): PlannedAgency {
  const authority = nameOf("s", Math.floor(at / perState));
  const agency = `${authority}/tcu${at % perState}`;
  return { agency, authority, kind: "TCU", name: agency, languages: ["en"] };
}

/**
 * Plans a region of so many agencies and so many communities under one hub. States are members of every community;
 * what each agency reads is its own mandate, so that accounts, feeds and consumers are chosen one by one.
 */
export function planSlice(size: SliceSize, hub: string): RegionPlan {
  const agencies = Array.from({ length: size.accounts }, (_, at) => planAgency(at, size.perState ?? usualPerState));
  const states = [...new Set(agencies.map(({ authority }) => authority))];
  const recs = Array.from({ length: size.feeds }, (_, at) => recOf(at));
  const reads = feedsOfEach(size);
  const mandates = agencies.flatMap(({ agency, kind }, at) => {
    // each begins at another feed, so that all are read alike; everybody is in the first
    const own = Array.from({ length: reads[at] ?? 1 }, (_, n) => recs[n === 0 ? 0 : 1 + ((at + n - 1) % Math.max(1, recs.length - 1))] ?? "ecowas");
    const rights = [...[...new Set(own)].flatMap((rec) => feedRights(rec, kind)), ...directRights(kind)];
    return rights.map((right) => ({ agency, from, ...right, crimes: right.crimes ?? ["*"] }));
  });
  const authorities = [...states, ...recs];
  return {
    authorities: [...authorities.map((authority) => ({ authority, name: authority })), { authority: "au", name: "African Union" }],
    agencies,
    recs: recs.map((rec) => ({ rec, languages: ["en"], names: [{ text: rec, lang: "en", marks: [] }] })),
    memberships: recs.flatMap((rec) => states.map((authority) => ({ rec, authority, from }))),
    mandates,
    hub,
    releaseOf: () => openings.map((opening) => ({
      effect: "ALLOW", originators: [], agencies: [], crimes: [], askedAssurances: [], from, authorities, ...opening,
    })),
  };
} // prettier-ignore
