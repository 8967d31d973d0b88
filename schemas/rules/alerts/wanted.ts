import type { NoticeWanted } from "../../gen/index.ts";
import type { BodyContext, Rule } from "../rule.ts";

type Wanted = Rule<BodyContext<NoticeWanted>>;

/** A wanted notice stands on the act of a court, and the act has its number. */
export const warrantIsThere: Wanted = {
  code: "RULE_WANTED_WITHOUT_WARRANT",
  says: "name in warrants the act of a court on which the notice stands, each with its reference",
  find: ({ body }) =>
    body.warrants.length === 0
      ? ["/warrants"]
      : body.warrants.flatMap(({ reference }, at) =>
          reference === undefined || reference.trim() === "" ? [`/warrants/${at}/reference`] : [],
        ),
};

/** Each warrant says for which offences: the receiving state examines whether they are offences there too. */
export const offenceIsThere: Wanted = {
  code: "RULE_WANTED_WITHOUT_OFFENCE",
  says: "a warrant names at least one offence with its crime and summary; add it",
  find: ({ body }) =>
    body.warrants.flatMap(({ offences }, at) =>
      offences.length === 0 ? [`/warrants/${at}/offences`] : [],
    ),
};

/** What the person is said to have done, so that a magistrate elsewhere can judge it. */
export const factsAreThere: Wanted = {
  code: "RULE_WANTED_WITHOUT_FACTS",
  says: "facts is missing; say what the person is said to have done, when and where",
  find: ({ body }) => (body.facts === undefined ? ["/facts"] : []),
};

/** Nobody is arrested for a state that does not ask for him afterwards (INTERPOL RPD, article 84). */
export const arrestMeansExtradition: Wanted = {
  code: "RULE_WANTED_ARREST_WITHOUT_EXTRADITION",
  says:
    "onFinding asks for an arrest, so extraditionAssured must be true; promise to ask for extradition or ask " +
    "for another action",
  find: ({ body }) =>
    body.onFinding === "ARREST_PROVISIONAL" && body.extraditionAssured !== true
      ? ["/extraditionAssured"]
      : [],
};

/**
 * Where the law of the asking state allows death, the notice carries that state's promise that it will not be
 * carried out. The header's `consentRequiredFor` cannot stand in for it: that binds those who read, this binds the
 * state that asks.
 */
export const capitalHasAssurance: Wanted = {
  code: "RULE_WANTED_CAPITAL_WITHOUT_ASSURANCE",
  says:
    "an offence allows the death penalty; add to assurances one of kind DEATH_PENALTY with its reference or the " +
    "messageId of the assurance given",
  find: ({ body }) => {
    const capital = body.warrants.some(({ offences }) =>
      offences.some(({ deathPenalty }) => deathPenalty === true),
    );
    const promised = body.assurances.some(
      ({ kind, reference, messageId }) =>
        kind === "DEATH_PENALTY" && (reference !== undefined || messageId !== undefined),
    );
    return capital && !promised ? ["/assurances"] : [];
  },
};
