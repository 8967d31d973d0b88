import type { FiuReport, GoamlParty, GoamlTransaction } from "../../gen/index.ts";
import type { BodyContext, Rule } from "../rule.ts";
import { fieldIn, findMessages } from "../walk.ts";

type ReportRule = Rule<BodyContext<FiuReport>>;

/** The kinds that say "we suspect". */
const suspicionKinds = new Set(["STR", "SAR"]);

interface Placed<T> {
  readonly path: string;
  readonly value: T;
}

function partiesOf(transaction: GoamlTransaction, path: string): readonly Placed<GoamlParty>[] {
  const { parties, from, to } = transaction;
  return [
    ...parties.map((value, at) => ({ path: `${path}/parties/${at}`, value })),
    ...(from === undefined ? [] : [{ path: `${path}/from`, value: from }]),
    ...(to === undefined ? [] : [{ path: `${path}/to`, value: to }]),
  ];
}

function allParties({ transactions, activity }: FiuReport): readonly Placed<GoamlParty>[] {
  const inActivity = activity?.parties ?? [];
  return [
    ...transactions.flatMap((transaction, at) => partiesOf(transaction, `/transactions/${at}`)),
    ...inActivity.map((value, at) => ({ path: `/activity/parties/${at}`, value })),
  ];
}

/** Kinds that carry facts carry them somewhere: in transactions, or in what was noticed. */
export const reportHasContent: ReportRule = {
  code: "RULE_REPORT_EMPTY",
  says: "neither transactions nor activity is given; say what was done or noticed",
  find: ({ body }) =>
    body.transactions.length === 0 && body.activity === undefined ? ["/transactions"] : [],
};

/** goAML's choice: involved parties with their roles, or one who gives and one who takes. */
export const transactionHasSides: ReportRule = {
  code: "RULE_TRANSACTION_SIDES",
  says: "a transaction has either parties, or both from and to; leave out the one, or complete the other",
  find: ({ body }) =>
    body.transactions.flatMap(({ parties, from, to }, at) => {
      const hasBoth = from !== undefined && to !== undefined;
      const hasNone = from === undefined && to === undefined;
      const good = parties.length > 0 ? hasNone : hasBoth;
      return good ? [] : [`/transactions/${at}`];
    }),
};

/** With two in one party, nobody knows whose the money was. */
export const partyIsOne: ReportRule = {
  code: "RULE_PARTY_NOT_ONE",
  says: "a party has exactly one of person, organisation and account; split it or complete it",
  find: ({ body }) =>
    allParties(body)
      .filter(({ value: { person, organisation, account } }) => {
        const given = [person, organisation, account].filter((one) => one !== undefined);
        return given.length !== 1;
      })
      .map(({ path }) => path),
};

/** The receiving unit cannot judge a suspicion that is not told. */
export const suspicionHasReason: ReportRule = {
  code: "RULE_REPORT_REASON_MISSING",
  says: "reason is missing; a report of suspicion says why there is one",
  find: ({ body }) =>
    suspicionKinds.has(body.kind) && body.reason.length === 0 ? ["/reason"] : [],
};

/** Old editions cannot mark anybody; then the report says so, and nobody is invented. */
export const suspicionHasSuspects: ReportRule = {
  code: "RULE_REPORT_NOBODY_SUSPECTED",
  says: "no party is suspected; set suspected for those who are, or suspectsNotMarked if the source cannot",
  find: ({ body }) =>
    suspicionKinds.has(body.kind) &&
    body.suspectsNotMarked !== true &&
    !allParties(body).some(
      ({ value }) => value.suspected === true || value.conductorSuspected === true,
    )
      ? ["/suspectsNotMarked"]
      : [],
};

/** A number is how a bank finds the transaction again. */
export const transactionStandsOnce: ReportRule = {
  code: "RULE_TRANSACTION_NUMBER_TWICE",
  says: "the number of the transaction stands in the report already; leave it out or correct the number",
  find: ({ body }) => {
    const seen = new Set<string>();
    return body.transactions.flatMap(({ number }, at) => {
      const isTwice = seen.has(number);
      seen.add(number);
      return isTwice ? [`/transactions/${at}/number`] : [];
    });
  },
};

/** goAML has one local currency for a report; what was in another stands with the party. */
export const amountIsLocal: ReportRule = {
  code: "RULE_TRANSACTION_CURRENCY",
  says: "the amount's currency is not the report's; put the foreign amount with the party",
  find: ({ body }) =>
    body.transactions.flatMap(({ amount }, at) =>
      amount.currency === body.currency ? [] : [`/transactions/${at}/amount/currency`],
    ),
};

/** The direction is in from and to, never in a sign. */
export const amountNotNegative: ReportRule = {
  code: "RULE_TRANSACTION_AMOUNT",
  says: "the amount is below zero; exchange from and to instead",
  find: ({ body }) => [
    ...body.transactions.flatMap(({ amount }, at) =>
      amount.amount.startsWith("-") ? [`/transactions/${at}/amount/amount`] : [],
    ),
    ...allParties(body).flatMap(({ path, value }) =>
      value.amount?.amount.startsWith("-") === true ? [`${path}/amount/amount`] : [],
    ),
  ],
};

const named = ["Person", "Organisation", "Account"] as const;
const naming = ["AccountRole", "OrganisationRole", "Relation"] as const;

interface Ref {
  readonly path: string;
  readonly ref: string;
}

function refsOf(body: FiuReport, messages: readonly string[]): readonly Ref[] {
  return messages
    .flatMap((wanted) => findMessages(wanted, { name: "FiuReport", value: body }))
    .flatMap(({ path, value }) => {
      const ref: unknown = fieldIn(value, "ref");
      return typeof ref === "string" ? [{ path: `${path}/ref`, ref }] : [];
    });
}

/** Owners, directors and relatives stand in persons and organisations, and are pointed at from elsewhere. */
export const refsAreKnown: ReportRule = {
  code: "RULE_REPORT_REF_UNKNOWN",
  says: "ref names nobody in the report; give the one it means that ref, or correct it",
  find: ({ body }) => {
    const known = new Set(refsOf(body, named).map(({ ref }) => ref));
    return refsOf(body, naming).flatMap(({ path, ref }) => (known.has(ref) ? [] : [path]));
  },
};

/** Two with one ref would make owners of strangers. */
export const refsAreUnique: ReportRule = {
  code: "RULE_REPORT_REF_TWICE",
  says: "another person, organisation or account of the report has this ref; give it one of its own",
  find: ({ body }) => {
    const seen = new Set<string>();
    return refsOf(body, named).flatMap(({ path, ref }) => {
      const isTwice = seen.has(ref);
      seen.add(ref);
      return isTwice ? [path] : [];
    });
  },
};
