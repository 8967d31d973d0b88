import type { BodyContext, Rule } from "../rule.ts";

/**
 * A name has no digits and a case number has capitals: what is left cannot be taken for a name. The format
 * already bounds it to 40 letters, digits, dots, hyphens and low lines.
 */
function isPseudonym(ref: string): boolean {
  return /^[A-Z0-9-]+$/.test(ref) && (ref.match(/[0-9]/g)?.length ?? 0) >= 2;
}

/** A victim is a pseudonym wherever she is mentioned. */
export const victimIsPseudonym: Rule<BodyContext<{ readonly victimRef: string }>> = {
  code: "RULE_TIP_PSEUDONYM",
  says: "victimRef is a pseudonym: capitals, hyphens and at least two digits, such as SN-V-7K24; never a name",
  find: ({ body }) => (isPseudonym(body.victimRef) ? [] : ["/victimRef"]),
};

/** The same for a list of victims. */
export const victimsArePseudonyms: Rule<BodyContext<{ readonly victimRefs: readonly string[] }>> = {
  code: "RULE_TIP_PSEUDONYM",
  says: "victimRefs are pseudonyms: capitals, hyphens and at least two digits, such as SN-V-7K24; never names",
  find: ({ body }) =>
    body.victimRefs.flatMap((ref, at) => (isPseudonym(ref) ? [] : [`/victimRefs/${at}`])),
};
