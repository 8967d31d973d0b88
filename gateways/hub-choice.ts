import { type Hub, storedSubject } from "../schemas/index.ts";
import type { EpochMs } from "../schemas/ground/index.ts";
import { hasRight, hubsOf, isRelayAt, type RegisterView } from "../certs/trust/index.ts";
import { findReadingHub, type SenderChannel } from "./exchange/index.ts";

/** The hub an agency's own acts go to, such as its entries in a log: the first of those it is linked to. */
export function hubOf(register: RegisterView, agency: string): Hub | undefined {
  return hubsOf(register, agency)[0];
}

/** The streams of a hub that an agency has a right to read from, receipts aside; a relay takes mail from it whoever it is for. */
export function streamsOf(
  register: RegisterView,
  agency: string,
  { hub, recs }: Hub,
): readonly string[] {
  const feeds = recs
    .filter((scope) => hasRight(register, { agency, action: "READ", scope }))
    .map((rec) => `FEED_${rec.toUpperCase()}`);
  const hasDirect = hasRight(register, { agency, action: "READ", scope: "direct" });
  return hasDirect || isRelayAt(register, agency, hub) ? [...feeds, "DIRECT"] : feeds;
}

/** Among which hubs a line is chosen, and when. */
export interface LineChoice {
  readonly hubs: readonly string[];
  readonly at: EpochMs;
}

/** Whose line tells of a sender's channel, among the hubs that are linked: where it is read, else the first. */
export function chooseLine(register: RegisterView, of: SenderChannel, { hubs, at }: LineChoice): string | undefined {
  const found = findReadingHub(register, of, at);
  return found !== undefined && hubs.includes(found) ? found : hubs[0];
} // prettier-ignore

export { makeHubTrust } from "./link/index.ts";

/**
 * Whether something in a feed stands under our own name: what we published ourselves, which a hub may hand us where that makes its
 * filters fewer. It is left aside: we hold it, and told nobody that we read it. A hub that puts another's there could as well have
 * withheld it, and the gap in its sender's numbers shows.
 */
export function isOwnInFeed(subject: string, agency: string): boolean {
  const own = storedSubject("*.*.*.*.*", agency, "*").split(".");
  const tokens = subject.split(".");
  return tokens.length === own.length && own.every((token, at) => token === "*" || token === tokens[at]);
} // prettier-ignore

/** What of a batch others sent. */
export function withoutOwn<T extends { readonly subject: string }>(batch: readonly T[], agency: string): readonly T[] {
  return batch.filter(({ subject }) => !isOwnInFeed(subject, agency));
} // prettier-ignore
