import type { Hub } from "../schemas/index.ts";
import { hasRight, hubsOf, type RegisterView } from "../certs/trust/index.ts";
import { findHub, type SenderChannel } from "./exchange/index.ts";

/** The hub an agency's own acts go to, such as its entries in a log: the first of those it is linked to. */
export function hubOf(register: RegisterView, agency: string): Hub | undefined {
  return hubsOf(register, agency)[0];
}

/** The streams of a hub that an agency has a right to read from, receipts aside. */
export function streamsOf(
  register: RegisterView,
  agency: string,
  { recs }: Hub,
): readonly string[] {
  const feeds = recs
    .filter((scope) => hasRight(register, { agency, action: "READ", scope }))
    .map((rec) => `FEED_${rec.toUpperCase()}`);
  const hasDirect = hasRight(register, { agency, action: "READ", scope: "direct" });
  return hasDirect ? [...feeds, "DIRECT"] : feeds;
}

/** Whose line tells of a sender's channel, among the hubs that are linked: where it is carried, else the first. */
export function chooseLine(register: RegisterView, of: SenderChannel, hubs: readonly string[]): string | undefined {
  const found = findHub(register, of);
  return found !== undefined && hubs.includes(found) ? found : hubs[0];
} // prettier-ignore

export { makeHubTrust } from "./link/index.ts";
