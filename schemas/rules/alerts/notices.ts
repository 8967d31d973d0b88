import type {
  NoticeInformation,
  NoticeMissing,
  NoticeSanctions,
  NoticeWarningPerson,
} from "../../gen/index.ts";
import type { BodyContext, Rule } from "../rule.ts";

/** Who only is to be known better is not arrested for it: that needs a wanted notice and its warrant. */
export const informationNeedsNoArrest: Rule<BodyContext<NoticeInformation>> = {
  code: "RULE_INFORMATION_ASKS_ARREST",
  says: "a notice that seeks information cannot ask for an arrest; choose another onFinding or send notice.wanted",
  find: ({ body }) => (body.onFinding === "ARREST_PROVISIONAL" ? ["/onFinding"] : []),
};

/**
 * An arrest is asked for by a wanted notice only, with its warrant, facts and assurances. A record, another notice or
 * an update that asked for one would go round all of them.
 */
export const arrestNeedsWantedNotice: Rule<
  BodyContext<{ readonly onFinding?: string | undefined }>
> = {
  code: "RULE_ARREST_WITHOUT_WANTED_NOTICE",
  says: "onFinding asks for an arrest, which notice.wanted alone can; choose another action or send that notice",
  find: ({ body }) => (body.onFinding === "ARREST_PROVISIONAL" ? ["/onFinding"] : []),
};

/** A person is warned of for what a court found, not for what someone fears. */
export const warningHasConvictions: Rule<BodyContext<NoticeWarningPerson>> = {
  code: "RULE_WARNING_WITHOUT_CONVICTION",
  says: "convictions is empty; name the judgments on which the warning stands, or send notice.information",
  find: ({ body }) => (body.convictions.length === 0 ? ["/convictions"] : []),
};

/** Sanctions are the Security Council's: its list and number are the only proof of them. */
export const sanctionsNameUnReference: Rule<BodyContext<NoticeSanctions>> = {
  code: "RULE_SANCTIONS_WITHOUT_UN_REFERENCE",
  says: "unReference is missing; give the permanent number of the entry on the United Nations list",
  find: ({ body: { unReference } }) =>
    unReference === undefined || unReference.trim() === "" ? ["/unReference"] : [],
};

/** One entry, one subject: with two nobody knows whose assets to freeze. */
export const sanctionsSubjectIsOne: Rule<BodyContext<NoticeSanctions>> = {
  code: "RULE_SANCTIONS_SUBJECT_NOT_ONE",
  says: "give exactly one of person, organisation and vessel; send one notice for each",
  find: ({ body: { person, organisation, vessel } }) =>
    [person, organisation, vessel].filter((one) => one !== undefined).length === 1 ? [] : [""],
};

/** Who is missing may be hiding: the face goes to the public only when someone entitled agreed. */
export const missingPublishedByConsent: Rule<BodyContext<NoticeMissing>> = {
  code: "RULE_MISSING_PUBLISHED_WITHOUT_CONSENT",
  says: "publicEdition needs publicationConsented by the family, the guardian or a court; ask them or leave it out",
  find: ({ body }) =>
    body.publicEdition === true && body.publicationConsented !== true
      ? ["/publicationConsented"]
      : [],
};
