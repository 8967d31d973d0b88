import type { QueryCheck, QueryPlain, QueryResult } from "../../gen/index.ts";
import type { BodyRules, MessageRules } from "../rule-tables.ts";
import type { BodyContext, Rule } from "../rule.ts";
import { eventsBefore } from "./moments.ts";
import { purposeIsNamed } from "./named-parts.ts";

/** A subject is asked about in plain or as a hash: with both, the hash protects nobody. */
const formIsOne: Rule<BodyContext<QueryCheck>> = {
  code: "RULE_QUERY_FORM_NOT_ONE",
  says: "a subject has exactly one of plain and hashed; leave one out",
  find: ({ body: { querySubjects } }) =>
    querySubjects.flatMap(({ plain, hashed }, at) =>
      (plain === undefined) === (hashed === undefined) ? [`/querySubjects/${at}`] : [],
    ),
};

function isEnough(kind: string, plain: QueryPlain): boolean {
  if (kind !== "PERSON") return plain.identifier !== undefined;
  const byName = plain.name !== undefined && plain.birth !== undefined;
  const byDocument =
    plain.identifier !== undefined &&
    plain.documentType !== undefined &&
    plain.issuerCountry !== undefined;
  return byName || byDocument;
}

/** A name alone hits half a town; a query says enough to mean one person or one thing. */
const plainIsEnough: Rule<BodyContext<QueryCheck>> = {
  code: "RULE_QUERY_PLAIN_THIN",
  says:
    "a person is asked about by name and birth, or by a document's number, type and issuer; " +
    "anything else by its identifier; complete it",
  find: ({ body: { querySubjects } }) =>
    querySubjects.flatMap(({ kind, plain }, at) =>
      plain === undefined || isEnough(kind, plain) ? [] : [`/querySubjects/${at}/plain`],
    ),
};

/** An answer finds its question by the ref, so each is there once. */
const refsAreUnique: Rule<BodyContext<QueryCheck>> = {
  code: "RULE_QUERY_REF_TWICE",
  says: "another subject of this query has the same ref; give each its own",
  find: ({ body: { querySubjects } }) => {
    const refs = querySubjects.map(({ ref }) => ref);
    return refs.flatMap((ref, at) =>
      refs.indexOf(ref) === at ? [] : [`/querySubjects/${at}/ref`],
    );
  },
};

/** A joint patrol asks for its operation; who takes part stands there. */
const patrolHasOperation: Rule<BodyContext<QueryCheck>> = {
  code: "RULE_PATROL_WITHOUT_OPERATION",
  says: "the situation is JOINT_PATROL and operationId is missing; name the operation",
  find: ({ body: { situation, operationId } }) =>
    situation === "JOINT_PATROL" && operationId === undefined ? ["/operationId"] : [],
};

/** A hit has a reference to ask by, and nothing else has one. */
const hitsFitAnswer: Rule<BodyContext<QueryResult>> = {
  code: "RULE_QUERY_HITS_CONTRADICT",
  says: "an answer HIT has at least one hit and every other answer has none; correct one of them",
  find: ({ body: { queryAnswers } }) =>
    queryAnswers.flatMap(({ answer, hits }, at) =>
      (answer === "HIT") === hits.length > 0 ? [] : [`/queryAnswers/${at}/hits`],
    ),
};

/** "Call us" says where. */
const callHasNumber: Rule<BodyContext<QueryResult>> = {
  code: "RULE_CALL_US_WITHOUT_CONTACT",
  says: "an answer is CALL_US and contact has no phone; add the number of those on duty",
  find: ({ body: { queryAnswers, contact } }) =>
    queryAnswers.some(({ answer }) => answer === "CALL_US") && contact?.phone === undefined
      ? ["/contact"]
      : [],
};

/** Rules over the bodies of queries. */
export const queryBodyRules = {
  "query.check": [formIsOne, plainIsEnough, refsAreUnique, patrolHasOperation],
  "query.result": [hitsFitAnswer, callHasNumber],
} satisfies BodyRules;

/** Rules over the whole of queries. */
export const queryMessageRules = {
  "query.check": [purposeIsNamed],
  "query.result": [
    eventsBefore(({ searchedAt, dataAsOf }) => ({
      "/searchedAt": searchedAt,
      "/dataAsOf": dataAsOf,
    })),
  ],
} satisfies MessageRules;
