import type { BodyContext, MessageContext, Rule } from "../rule.ts";
import { fieldIn, findMessages } from "../walk.ts";

const nameable = ["Person", "Organisation", "Account"] as const;

/** Every name that a person, organisation or account of this body goes by inside it. */
function namesIn({ message, body }: BodyContext<object>): ReadonlySet<unknown> {
  return new Set(
    nameable.flatMap((wanted) =>
      findMessages(wanted, { name: message.name, value: body }).map(({ value }) =>
        fieldIn(value, "ref"),
      ),
    ),
  );
}

/** What points at persons and things of the same body points at something that is there. */
export function refsAreThere<B extends object>(
  refsOf: (body: B) => Readonly<Record<string, readonly string[]>>,
): Rule<BodyContext<B>> {
  return {
    code: "RULE_REF_NOT_IN_MESSAGE",
    says: "no person, organisation or account of this message has this ref; correct it or add who is meant",
    find: (context) => {
      const names = namesIn(context);
      return Object.entries(refsOf(context.body)).flatMap(([path, refs]) =>
        refs.flatMap((ref, at) => (names.has(ref) ? [] : [`${path}/${at}`])),
      );
    },
  };
}

/** A body's codes OTHER, each with whether words stand beside it: `[pointer of the words, code, words]`. */
export type OtherCodes<B> = (
  body: B,
) => readonly (readonly [path: string, codes: readonly string[], words: object | undefined])[];

/** OTHER says nothing by itself: words say what is meant. */
export function otherExplained<B>(codesOf: OtherCodes<B>): Rule<BodyContext<B>> {
  return {
    code: "RULE_OTHER_UNEXPLAINED",
    says: "the code is OTHER and the words that say what is meant are missing; add them or choose a code",
    find: ({ body }) =>
      codesOf(body).flatMap(([path, codes, words]) =>
        codes.includes("OTHER") && words === undefined ? [path] : [],
      ),
  };
}

/** Personal data is asked for a purpose that is named. */
export const purposeIsNamed: Rule<MessageContext<object>> = {
  code: "RULE_PURPOSE_MISSING",
  says: "purposes of the inner header is empty; name at least one purpose",
  find: ({ inner }) => (inner.purposes.length === 0 ? [""] : []),
};

/** What was found cannot be weighed without a grade for its source and its content. */
export function foundIsEvaluated<B>(
  isFound: (body: B) => string | undefined,
): Rule<MessageContext<B>> {
  return {
    code: "RULE_REPLY_WITHOUT_EVALUATION",
    says: "evaluation of the inner header is missing; say how far the source and its word are believed",
    find: ({ inner, body }) => {
      const path = isFound(body);
      return path !== undefined && inner.evaluation === undefined ? [path] : [];
    },
  };
}
