import type { OperationClose, OperationCount, OperationOpen } from "../../gen/index.ts";
import type { BodyContext, MessageContext, Rule } from "../rule.ts";

type Open = BodyContext<OperationOpen>;
type Close = BodyContext<OperationClose>;

/** Longer than a year, an operation is an arrangement and needs an agreement of its own. */
const maxDays = 366;
const dayMs = 86_400_000;

/** An operation is boxed in time. */
const operationIsShort: Rule<Open> = {
  code: "RULE_OPERATION_TOO_LONG",
  says: `validUntil is more than ${maxDays} days after validFrom; shorten the operation or open another after it`,
  find: ({ body: { validFrom, validUntil } }) =>
    validUntil - validFrom > maxDays * dayMs ? ["/validUntil"] : [],
};

/** Who takes part is said once for each, so that rights and figures are counted once. */
const operationMembersDiffer: Rule<Open> = {
  code: "RULE_OPERATION_MEMBER_TWICE",
  says: "an agency stands among the members twice; leave one of the entries out",
  find: ({ body: { members } }) => {
    const agencies = members.map(({ agency }) => agency);
    return agencies.flatMap((agency, at) =>
      agencies.indexOf(agency) === at ? [] : [`/members/${at}/agency`],
    );
  },
};

/** One answers for the operation. */
const operationHasCoordinator: Rule<Open> = {
  code: "RULE_OPERATION_COORDINATOR",
  says: "the members have exactly one COORDINATOR; choose one",
  find: ({ body: { members } }) =>
    members.filter(({ role }) => role === "COORDINATOR").length === 1 ? [] : ["/members"],
};

/** A phase lies within its operation and ends after it begins. */
const operationPhasesInside: Rule<Open> = {
  code: "RULE_OPERATION_PHASE_OUTSIDE",
  says: "the phase begins before the operation, ends after it, or ends before it begins; correct its times",
  find: ({ body: { phases, validFrom, validUntil } }) =>
    phases.flatMap((phase, at) =>
      phase.validFrom < validFrom ||
      phase.validUntil > validUntil ||
      phase.validUntil < phase.validFrom
        ? [`/phases/${at}`]
        : [],
    ),
};

type DataPlan = Pick<OperationOpen, "dataAtEnd" | "dataKeeper">;

/** An archive has a keeper, whom everybody knows before data flows. */
const operationArchiveHasKeeper: Rule<BodyContext<DataPlan>> = {
  code: "RULE_OPERATION_KEEPER_MISSING",
  says: "dataKeeper is missing; an archive names the one agency that keeps it",
  find: ({ body: { dataAtEnd, dataKeeper } }) =>
    dataAtEnd === "ARCHIVE" && dataKeeper === undefined ? ["/dataKeeper"] : [],
};

/** What is destroyed or given back is so by a day that was said beforehand. */
const operationDataHasTerm: Rule<Open> = {
  code: "RULE_OPERATION_DATA_TERM_MISSING",
  says: "the time after which the operation's data is gone is missing; add dataDays at the opening, dataUntil at the close",
  find: ({ body: { dataAtEnd, dataDays } }) =>
    dataAtEnd !== "ARCHIVE" && dataDays === undefined ? ["/dataDays"] : [],
};

/** At the close the term is a date, and lies ahead. */
const operationDataHasEnd: Rule<Close> = {
  code: "RULE_OPERATION_DATA_TERM_MISSING",
  says: operationDataHasTerm.says,
  find: ({ body: { dataAtEnd, dataUntil } }) =>
    dataAtEnd !== "ARCHIVE" && dataUntil === undefined ? ["/dataUntil"] : [],
};

/** Data is not gone before the operation is over. */
const operationDataEndsLater: Rule<Close> = {
  code: "RULE_OPERATION_DATA_TERM_EARLY",
  says: "dataUntil is before closedAt; correct one of them",
  find: ({ body: { dataUntil, closedAt } }) =>
    dataUntil !== undefined && dataUntil < closedAt ? ["/dataUntil"] : [],
};

function findUnmeasured(name: string, counts: readonly OperationCount[]): readonly string[] {
  return counts.flatMap(({ measure, commodity, quantity }, at) =>
    measure === "GOODS_SEIZED" && (commodity === undefined || quantity === undefined)
      ? [`/${name}/${at}`]
      : [],
  );
}

/** Kilograms of cocaine and pieces of ivory are not one figure. */
const operationGoodsAreMeasured: Rule<
  BodyContext<{
    readonly goals?: readonly OperationCount[];
    readonly results?: readonly OperationCount[];
  }>
> = {
  code: "RULE_OPERATION_GOODS_UNMEASURED",
  says: "a figure of GOODS_SEIZED names commodity and quantity; add them",
  find: ({ body: { goals = [], results = [] } }) => [
    ...findUnmeasured("goals", goals),
    ...findUnmeasured("results", results),
  ],
};

/** The circle is closed: only members open it and only members are told. */
const operationStaysInside: Rule<MessageContext<OperationOpen>> = {
  code: "RULE_OPERATION_OUTSIDER",
  says: "the sender and every recipient are members; add them to members or leave them out",
  find: ({ body: { members }, originator, inner }) => {
    const agencies = new Set(members.map(({ agency }) => agency));
    return [originator, ...inner.recipients].every((agency) => agencies.has(agency))
      ? []
      : ["/members"];
  },
};

/** The rules over the opening of an operation. */
export const openingRules: readonly Rule<Open>[] = [
  operationIsShort,
  operationMembersDiffer,
  operationHasCoordinator,
  operationPhasesInside,
  operationDataHasTerm,
  operationArchiveHasKeeper,
  operationGoodsAreMeasured,
];

/** The rule over the opening of an operation and its headers. */
export const openingMessageRules: readonly Rule<MessageContext<OperationOpen>>[] = [
  operationStaysInside,
];

/** The rules over the close of an operation. */
export const closingRules: readonly Rule<Close>[] = [
  operationDataHasEnd,
  operationDataEndsLater,
  operationArchiveHasKeeper,
  operationGoodsAreMeasured,
];
