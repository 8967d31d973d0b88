import type { AssessmentJoint, AssessmentJudgement } from "../../gen/index.ts";
import { renderHex } from "../../ground/index.ts";
import type { BodyContext, Rule } from "../rule.ts";

/** Joint means several: two contributions, of two agencies. */
export const contributionsAreSeveral: Rule<BodyContext<AssessmentJoint>> = {
  code: "RULE_ASSESSMENT_CONTRIBUTIONS",
  says: "a joint assessment rests on at least two contributions of two agencies; add them or send your own",
  find: ({ body: { inputs } }) => {
    const messages = new Set(inputs.map(({ messageId }) => renderHex(messageId)));
    const agencies = new Set(inputs.map(({ agency }) => agency));
    return messages.size > 1 && agencies.size > 1 ? [] : ["/inputs"];
  },
};

const dissenting = new Set(["DISSENTS", "AGREES_WITH_RESERVATION"]);

/** Who dissents or has a reservation is heard in the same document. */
export const dissentIsKept: Rule<BodyContext<AssessmentJoint>> = {
  code: "RULE_ASSESSMENT_DISSENT_LOST",
  says: "an agency that dissents or has a reservation has its own words in dissents; add them",
  find: ({ body: { inputs, dissents } }) => {
    const heard = new Set(dissents.map(({ agency }) => agency));
    return inputs.flatMap(({ agency, position }, at) =>
      dissenting.has(position) && !heard.has(agency) ? [`/inputs/${at}/position`] : [],
    );
  },
};

/** Dissent is about something that was said. */
export const dissentHasJudgement: Rule<BodyContext<AssessmentJoint>> = {
  code: "RULE_ASSESSMENT_JUDGEMENT_UNKNOWN",
  says: "the judgement a dissent is about is not in judgements; correct its ref",
  find: ({ body: { judgements, dissents } }) => {
    const known = new Set(judgements.map(({ ref }) => ref));
    return dissents.flatMap(({ judgement }, at) =>
      known.has(judgement) ? [] : [`/dissents/${at}/judgement`],
    );
  },
};

/** Each judgement can be pointed at. */
export const judgementsAreDifferent: Rule<
  BodyContext<{ readonly judgements: readonly AssessmentJudgement[] }>
> = {
  code: "RULE_ASSESSMENT_JUDGEMENT_TWICE",
  says: "two judgements have the same ref; give each its own",
  find: ({ body: { judgements } }) => {
    const refs = judgements.map(({ ref }) => ref);
    return refs.flatMap((ref, at) => (refs.indexOf(ref) === at ? [] : [`/judgements/${at}/ref`]));
  },
};
