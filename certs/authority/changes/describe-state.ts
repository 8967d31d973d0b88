import type { Agency, Agreement, StatePart } from "../../../schemas/index.ts";
import { compare, countLines, periodOf, textOf } from "./compare.ts";
import {
  describeCas,
  describeCertificates,
  describeKeys,
  describeLists,
} from "./describe-certificates.ts";
import { describeStateClocks } from "./describe-clocks.ts";
import { describeRelays } from "./describe-relays.ts";
import { remark, type Remark, renderMoment } from "./sentences.ts";

function describeStanding(before: Agency | undefined, { agency, suspendedFrom }: Agency): readonly Remark[] {
  if (before?.suspendedFrom === suspendedFrom) return [];
  if (suspendedFrom === undefined) return [remark("AGENCY_RESTORED", { agency })];
  return [remark("AGENCY_SUSPENDED", { agency, from: renderMoment(suspendedFrom) })];
} // prettier-ignore

function describeAgency(before: Agency | undefined, after: Agency): readonly Remark[] {
  const { agency, kind, names, languages } = after;
  const isSame =
    before === undefined ||
    textOf([kind, names, languages]) === textOf([before.kind, before.names, before.languages]);
  return [
    ...(before === undefined ? [remark("AGENCY_ADDED", { agency, kind })] : []),
    ...(isSame ? [] : [remark("AGENCY_CHANGED", { agency, kind })]),
    ...describeStanding(before, after),
    ...describeCertificates(agency, before?.certificates ?? [], after.certificates),
    ...describeKeys(agency, before?.keys ?? [], after.keys),
  ];
}

function describeAgencies(before: StatePart | undefined, after: StatePart): readonly Remark[] {
  const { added, removed, changed } = compare(before?.agencies, after.agencies, (one) => one.agency);
  return [
    ...added.flatMap((one) => describeAgency(undefined, one)),
    ...removed.map(({ agency }) => remark("AGENCY_REMOVED", { agency })),
    ...changed.flatMap(([old, young]) => describeAgency(old, young)),
  ];
} // prettier-ignore

function aboutOf({ agreementRef: ref, parties }: Agreement): Remark["values"] {
  return { ref, parties };
}

function describeAgreements(before: StatePart | undefined, after: StatePart): readonly Remark[] {
  const { added, removed } = compare(before?.agreements, after.agreements);
  return [
    ...added.map((one) => remark("AGREEMENT_ADDED", { ...aboutOf(one), period: periodOf(one) })),
    ...removed.map((one) => remark("AGREEMENT_REMOVED", aboutOf(one))),
  ];
}

function describeAssurances(before: StatePart | undefined, after: StatePart): readonly Remark[] {
  const { authority } = after;
  const { added, removed } = compare(before?.givenAssurances, after.givenAssurances);
  return [
    ...added.map((one) =>
      remark("ASSURANCE_GIVEN", { authority, assurance: one.assurance, period: periodOf(one) }),
    ),
    ...removed.map(({ assurance }) => remark("ASSURANCE_TAKEN", { authority, assurance })),
  ];
}

/** What a change of an authority's part says, line by line; who gains and loses is told elsewhere. */
export function describeState(before: StatePart | undefined, after: StatePart): readonly Remark[] {
  const { authority } = after;
  const cas = { before: before?.intermediates ?? [], after: after.intermediates };
  const isNamed = textOf(before?.names ?? []) === textOf(after.names);
  return [
    ...(isNamed ? [] : [remark("NAMES_CHANGED", { authority })]),
    ...describeAgencies(before, after),
    ...describeCas(authority, "ISSUING", cas),
    ...describeLists(authority, before?.crls, after.crls),
    ...describeAgreements(before, after),
    ...describeAssurances(before, after),
    ...describeStateClocks(before, after),
    ...describeRelays(before, after),
    ...countLines("NOMINATIONS", before?.nominations, after.nominations),
    ...countLines("RELEASE", before?.release, after.release),
  ];
}
