import type { BodyContext, Rule } from "../rule.ts";
import { fieldIn, type Found, findMessages } from "../walk.ts";

const holders = ["NoticeWarrant", "AlertProceeding"];

function lacksLegalSystem({ value }: Found): boolean {
  return fieldIn(value, "act") !== undefined && fieldIn(value, "legalSystem") === undefined;
}

/**
 * A procedural act says of which legal system it is: a warrant is not a mandat d'amener, de dépôt or d'arrêt, and
 * the reader must know which law to look it up in (domain.md §10).
 */
export const actsNameLegalSystem: Rule<BodyContext<object>> = {
  code: "RULE_ACT_WITHOUT_LEGAL_SYSTEM",
  says: "legalSystem is missing beside act; say of which legal system the procedural act is",
  find: ({ message, body }) =>
    holders.flatMap((holder) =>
      findMessages(holder, { name: message.name, value: body })
        .filter(lacksLegalSystem)
        .map(({ path }) => `${path}/legalSystem`),
    ),
};
