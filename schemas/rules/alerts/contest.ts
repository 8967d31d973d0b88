import type { AssuranceGiven, NoticeChallenge } from "../../gen/index.ts";
import type { BodyContext, MessageContext, Rule } from "../rule.ts";

/** Who contests a notice, and who upholds it, says why; a code alone cannot be examined. */
export const challengeHasReasons: Rule<BodyContext<NoticeChallenge>> = {
  code: "RULE_CHALLENGE_WITHOUT_REASONS",
  says: "reasons is missing; say why the notice is contested, or why it stands",
  find: ({ body }) => (body.reasons === undefined ? ["/reasons"] : []),
};

/** The answer to a challenge names it, or both sides' clocks run on. */
export const challengeAnswerIsLinked: Rule<MessageContext<NoticeChallenge>> = {
  code: "RULE_CHALLENGE_ANSWER_UNLINKED",
  says: "step answers a challenge; name that challenge in inReplyTo of the inner header",
  find: ({ body, inner }) =>
    body.step !== "RAISED" && inner.inReplyTo === undefined ? ["/step"] : [],
};

function missingOf({
  decision,
  assurances,
  wording,
  explanation,
}: AssuranceGiven): readonly string[] {
  const gives = decision !== "REFUSED";
  return [
    ...(gives && assurances.length === 0 ? ["/assurances"] : []),
    ...(gives && wording === undefined ? ["/wording"] : []),
    ...(decision !== "GIVEN" && explanation === undefined ? ["/explanation"] : []),
  ];
}

/** A promise says what is promised and in which words; a refusal, also in part, says why. */
export const assuranceIsComplete: Rule<BodyContext<AssuranceGiven>> = {
  code: "RULE_ASSURANCE_INCOMPLETE",
  says: "the answer is incomplete: what is given names assurances and wording, what is refused is explained in explanation",
  find: ({ body }) => missingOf(body),
};
