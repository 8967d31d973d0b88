import type { TranslationProduct, TranslationRequest } from "../../gen/index.ts";
import type { BodyContext, MessageContext, Rule } from "../rule.ts";

type Product = Rule<BodyContext<TranslationProduct>>;
type Request = Rule<BodyContext<TranslationRequest>>;

const byMachine = new Set(["MT_RAW", "MT_POST_EDITED"]);
const byPerson = new Set(["HUMAN", "HUMAN_SWORN"]);

// names and indexes only: no field of ours is named with "~" or "/", so nothing needs escaping (RFC 6901)
const pointer =
  /^\/[A-Za-z][A-Za-z0-9]{0,59}(?:\/(?:[A-Za-z][A-Za-z0-9]{0,59}|0|[1-9][0-9]{0,3})){0,20}$/;

/** A machine's words name the machine: its mistakes are known by its name. */
export const machineNamesEngine: Product = {
  code: "RULE_TRANSLATION_ENGINE_MISSING",
  says: "engine is missing; name the engine that made this translation",
  find: ({ body }) => (byMachine.has(body.method) && body.engine === undefined ? ["/engine"] : []),
};

/** A person's translation names no engine: where a machine helped, the method says so. */
export const personNamesNoEngine: Product = {
  code: "RULE_TRANSLATION_ENGINE_NAMED",
  says: "engine is given for a translation by a person; choose MT_POST_EDITED or leave it out",
  find: ({ body }) => (byPerson.has(body.method) && body.engine !== undefined ? ["/engine"] : []),
};

/** An oath is somebody's: a sworn translation says whose, by a pseudonymous reference. */
export const swornNamesTranslator: Product = {
  code: "RULE_TRANSLATION_TRANSLATOR_MISSING",
  says: "translatorRef is missing; a sworn translation names its translator by reference",
  find: ({ body }) =>
    body.method === "HUMAN_SWORN" && body.translatorRef === undefined ? ["/translatorRef"] : [],
};

/** Checked means that somebody checked. */
export const checkedNamesReviewer: Product = {
  code: "RULE_TRANSLATION_REVIEWER_MISSING",
  says: "reviewerRef is missing; name who checked it by reference, or choose MT_RAW",
  find: ({ body }) =>
    body.method === "MT_POST_EDITED" && body.reviewerRef === undefined ? ["/reviewerRef"] : [],
};

/** A translation is into another language; another script or region is another tag. */
export const productChangesLanguage: Product = {
  code: "RULE_TRANSLATION_SAME_LANGUAGE",
  says: "text has the language of the original; name the language it was translated into",
  find: ({ body }) => (body.text.lang === body.sourceLanguage ? ["/text/lang"] : []),
};

/** Likewise for what is asked, where the original is sent along. */
export const requestChangesLanguage: Request = {
  code: "RULE_TRANSLATION_SAME_LANGUAGE",
  says: "the source is in the language asked for already; leave the field out",
  find: ({ body }) =>
    body.segments.flatMap(({ source }, at) =>
      source?.lang === body.language ? [`/segments/${at}/source/lang`] : [],
    ),
};

/** The place of the original is a pointer to a field of a body. */
export const productPointer: Product = {
  code: "RULE_TRANSLATION_POINTER",
  says: "pointer is not a JSON Pointer to a field, such as /narrative or /segments/0/text",
  find: ({ body }) => (pointer.test(body.pointer) ? [] : ["/pointer"]),
};

/** Likewise for every field that is asked for. */
export const requestPointers: Request = {
  code: "RULE_TRANSLATION_POINTER",
  says: "pointer is not a JSON Pointer to a field, such as /narrative or /segments/0/text",
  find: ({ body }) =>
    body.segments.flatMap((segment, at) =>
      pointer.test(segment.pointer) ? [] : [`/segments/${at}/pointer`],
    ),
};

/** Two answers for one field would leave the reader to choose. */
export const fieldsAskedOnce: Request = {
  code: "RULE_TRANSLATION_FIELD_TWICE",
  says: "the field is asked for already; name each field once",
  find: ({ body }) => {
    const pointers = body.segments.map((segment) => segment.pointer);
    return pointers.flatMap((one, at) =>
      pointers.indexOf(one) === at ? [] : [`/segments/${at}/pointer`],
    );
  },
};

/** Before a court a person answers for every word. */
export const courtAsksPerson: Request = {
  code: "RULE_TRANSLATION_COURT_QUALITY",
  says: "a machine translation cannot be asked for court; choose SWORN or HUMAN",
  find: ({ body }) => (body.forCourt === true && body.quality === "MACHINE_OK" ? ["/quality"] : []),
};

/** A raw machine translation is never court text, whatever its original is (domain.md §3.11). */
export const rawIsNoCourtText: Rule<MessageContext<TranslationProduct>> = {
  code: "RULE_TRANSLATION_COURT_RAW",
  says: "an unchecked machine translation is not for court; set courtUse to NO or have it checked",
  find: ({ inner, body }) =>
    body.method === "MT_RAW" && inner.courtUse !== undefined && inner.courtUse !== "NO"
      ? ["/method"]
      : [],
};

/** A deadline that is over when it is set was set wrong. */
export const deadlineIsAhead: Rule<MessageContext<TranslationRequest>> = {
  code: "RULE_TRANSLATION_DEADLINE_PAST",
  says: "deadline is not after the request; correct it or leave it out",
  find: ({ createdAt, body }) =>
    body.deadline !== undefined && body.deadline <= createdAt ? ["/deadline"] : [],
};
