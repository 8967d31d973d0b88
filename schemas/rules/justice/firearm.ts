import type { FirearmDestroyed, FirearmDiversion, FirearmTraceReply } from "../../gen/index.ts";
import type { BodyContext, Rule } from "../rule.ts";

type ReplyRule = Rule<BodyContext<FirearmTraceReply>>;

/** Exported firearms are traced on: where to, when, to whom, and whom to ask next. */
const exportIsComplete: ReplyRule = {
  code: "RULE_TRACE_EXPORT_INCOMPLETE",
  says: "an export gives export with its consignee and date, and nextCountry; add what is missing",
  find: ({ body }) => {
    if (body.outcome !== "EXPORTED_TO") return [];
    if (body.export === undefined) return ["/export"];
    return [
      ...(body.export.consignee === undefined ? ["/export/consignee"] : []),
      ...(body.export.date === undefined ? ["/export/date"] : []),
      ...(body.nextCountry === undefined ? ["/nextCountry"] : []),
    ];
  },
};

/** "Not sufficient" is of use only with what is missing. */
const traceGapIsNamed: ReplyRule = {
  code: "RULE_TRACE_ITEMS_UNNAMED",
  says: "missingItems is empty; say what the trace needs",
  find: ({ body }) =>
    body.outcome === "INSUFFICIENT_DATA" && body.missingItems.length === 0 ? ["/missingItems"] : [],
};

const withHolder = new Set([
  "MANUFACTURER_ID",
  "IMPORTER",
  "DEALER",
  "FIRST_PURCHASER",
  "STATE_STOCK",
]);

/** A trace that reached a holder lists the way to him. */
const chainIsGiven: ReplyRule = {
  code: "RULE_TRACE_CHAIN_MISSING",
  says: "chain is empty; list the holders that the records show",
  find: ({ body }) => (withHolder.has(body.outcome) && body.chain.length === 0 ? ["/chain"] : []),
};

/** A diversion is of something. */
const diversionHasGoods: Rule<BodyContext<FirearmDiversion>> = {
  code: "RULE_DIVERSION_WITHOUT_GOODS",
  says: "firearms and lots are empty; list what was diverted, one by one or counted",
  find: ({ body }) => (body.firearms.length === 0 && body.lots.length === 0 ? ["/firearms"] : []),
};

/** A false end-user certificate is the trace to its maker. */
const falsePaperIsNamed: Rule<BodyContext<FirearmDiversion>> = {
  code: "RULE_DIVERSION_PAPER_MISSING",
  says: "endUserCertificate is missing; give the number that the false certificate bears",
  find: ({ body }) =>
    body.methods.includes("FALSE_END_USER") && body.export?.endUserCertificate === undefined
      ? ["/export/endUserCertificate"]
      : [],
};

interface Lots {
  readonly lots: readonly {
    readonly serialFrom?: string | undefined;
    readonly serialTo?: string | undefined;
  }[];
}

/** A run of serial numbers has both ends. */
const serialsHaveBothEnds: Rule<BodyContext<Lots>> = {
  code: "RULE_LOT_SERIALS_OPEN",
  says: "the run of serial numbers lacks an end; give serialFrom and serialTo or neither",
  find: ({ body }) =>
    body.lots.flatMap(({ serialFrom, serialTo }, at) =>
      (serialFrom === undefined) === (serialTo === undefined) ? [] : [`/lots/${at}`],
    ),
};

/** What is listed cannot be more than what was destroyed; lots of rounds have no kind and are not counted. */
const destroyedAddsUp: Rule<BodyContext<FirearmDestroyed>> = {
  code: "RULE_DESTROYED_COUNT",
  says: "count is less than the firearms and lots listed; correct it",
  find: ({ body: { firearms, lots, count } }) => {
    const counted = lots.filter(({ kind }) => kind !== undefined);
    return counted.reduce((sum, lot) => sum + lot.count, firearms.length) > count ? ["/count"] : [];
  },
};

/** Destruction is believed when somebody else saw it or a certificate says so. */
const destructionIsWitnessed: Rule<BodyContext<FirearmDestroyed>> = {
  code: "RULE_DESTROYED_UNWITNESSED",
  says: "witnesses and certificates are empty; name who saw it or attach the certificate",
  find: ({ body }) =>
    body.witnesses.length === 0 && body.certificates.length === 0 ? ["/witnesses"] : [],
};

/** Every rule over a trace reply. */
export const traceReplyRules: readonly ReplyRule[] = [
  exportIsComplete,
  traceGapIsNamed,
  chainIsGiven,
];

/** Every rule over a diversion. */
export const diversionRules: readonly Rule<BodyContext<FirearmDiversion>>[] = [
  diversionHasGoods,
  falsePaperIsNamed,
  serialsHaveBothEnds,
];

/** Every rule over a destruction. */
export const destroyedRules: readonly Rule<BodyContext<FirearmDestroyed>>[] = [
  serialsHaveBothEnds,
  destroyedAddsUp,
  destructionIsWitnessed,
];
