import type { AlgorithmRule, Hub, Membership, RegionalPart } from "../../../schemas/index.ts";
import { renderFingerprint } from "../ceremony/fingerprint.ts";
import { compare, countLines, periodOf } from "./compare.ts";
import type { RegionContent } from "./content.ts";
import type { Delegations } from "./delegations.ts";
import { describeCas } from "./describe-certificates.ts";
import { describeDeadlines } from "./describe-clocks.ts";
import { describeLogs } from "./describe-logs.ts";
import { describeRelays } from "./describe-relays.ts";
import { remark, type Remark } from "./sentences.ts";

type Part = RegionalPart | undefined;

function describeSuspension(before: Membership | undefined, after: Membership): readonly Remark[] {
  const { rec, authority, suspendedFrom: from, suspendedUntil: until } = after;
  if (from === before?.suspendedFrom && until === before?.suspendedUntil) return [];
  if (from === undefined) return [remark("MEMBER_RESTORED", { rec, authority })];
  return [remark("MEMBER_SUSPENDED", { rec, authority, period: periodOf({ from, until }) })];
}

function describeMember(before: Membership | undefined, after: Membership): readonly Remark[] {
  const { rec, authority, from, until } = after;
  const isSame = before !== undefined && before.from === from && before.until === until;
  const member = remark("MEMBER_FROM", { rec, authority, period: periodOf(after) });
  return [...(isSame ? [] : [member]), ...describeSuspension(before, after)];
}

function nameOf({ rec, authority, from }: Membership): string {
  return `${rec} ${authority} ${from}`;
}

function describeMembers(before: Part, after: RegionalPart): readonly Remark[] {
  const { added, removed, changed } = compare(before?.memberships, after.memberships, nameOf);
  return [
    ...added.flatMap((one) => describeMember(undefined, one)),
    ...removed.map(({ rec, authority }) => remark("MEMBER_ENDED", { rec, authority })),
    ...changed.flatMap(([old, young]) => describeMember(old, young)),
  ];
}

function describeAuthorities(before: Part, after: RegionalPart): readonly Remark[] {
  const { added, removed, changed } = compare(before?.authorities, after.authorities, (one) => one.authority);
  return [
    ...added.flatMap(({ authority, roots }) => [
      remark("AUTHORITY_ADDED", { authority }),
      ...describeCas(authority, "ROOT", { before: [], after: roots }),
    ]),
    ...removed.map(({ authority }) => remark("AUTHORITY_REMOVED", { authority })),
    ...changed.flatMap(([old, { authority, roots }]) =>
      describeCas(authority, "ROOT", { before: old.roots, after: roots }),
    ),
  ];
} // prettier-ignore

function describeAlgorithm(rule: AlgorithmRule): Remark {
  const { name, use } = rule;
  const key = rule.isRequired === true ? "ALGORITHM_REQUIRED" : "ALGORITHM_FROM";
  return remark(key, { name, use, period: periodOf(rule) });
}

/** A hub without its log, which is told apart. */
function placeOf({ hub, urls, recs }: Hub): Hub {
  return { hub, urls, recs };
}

/** Hubs, algorithms, keys of mailboxes, staleness, regions. */
function describeMachinery(before: Part, after: RegionalPart): readonly Remark[] {
  const recs = compare(before?.recs, after.recs, ({ rec }) => rec);
  const hubs = compare(before?.hubs.map(placeOf), after.hubs.map(placeOf), ({ hub }) => hub);
  const algorithms = compare(before?.algorithms, after.algorithms);
  const staleness = compare(before?.staleness, after.staleness, ({ handling }) => handling);
  return [
    ...recs.added.map(({ rec }) => remark("REC_ADDED", { rec })),
    ...recs.removed.map(({ rec }) => remark("REC_REMOVED", { rec })),
    ...recs.changed.map(([, { rec }]) => remark("NAMES_CHANGED", { authority: rec })),
    ...[...hubs.added, ...hubs.changed.map(([, one]) => one)].map((one) =>
      remark("HUB", { hub: one.hub, recs: one.recs, urls: one.urls }),
    ),
    ...hubs.removed.map(({ hub }) => remark("HUB_REMOVED", { hub })),
    ...algorithms.removed.map(({ name, use }) => remark("ALGORITHM_REMOVED", { name, use })),
    ...algorithms.added.map(describeAlgorithm),
    ...[...staleness.added, ...staleness.changed.map(([, one]) => one)].map((one) =>
      remark("STALENESS", { handling: one.handling, minutes: one.minutes }),
    ),
    ...staleness.removed.map(({ handling }) => remark("STALENESS_REMOVED", { handling })),
    ...countLines("MAILBOX_KEYS", before?.mailboxKeys, after.mailboxKeys),
  ];
}

function describeDelegations(
  before: Delegations | undefined,
  after: Delegations,
): readonly Remark[] {
  const { added, removed, changed } = compare([...(before ?? [])], [...after], ([name]) => name);
  return [
    ...[...added, ...changed.map(([, one]) => one)].map(([authority, { keys, threshold }]) => {
      const values = { threshold, count: keys.length, keys: keys.map(renderFingerprint) };
      return remark("DELEGATED", { authority, ...values });
    }),
    ...removed.map(([authority]) => remark("UNDELEGATED", { authority })),
  ];
}

/** What a change of the region's part says, line by line; who gains and loses is told elsewhere. */
export function describeRegion(
  before: RegionContent | undefined,
  { region: after, delegations }: RegionContent,
): readonly Remark[] {
  const region = before?.region;
  return [
    ...describeAuthorities(region, after),
    ...describeDelegations(before?.delegations, delegations),
    ...describeMembers(region, after),
    ...describeMachinery(region, after),
    ...describeLogs(region, after),
    ...describeDeadlines(region, after),
    ...describeRelays(region, after),
    ...countLines("MANDATES", region?.mandates, after.mandates),
  ];
}
