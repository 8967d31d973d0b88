/** Rules of alerts, notices, records, hits, bulletins and assurances. */
export const alertsRuleFaults = {
  RULE_WANTED_WITHOUT_WARRANT: "A wanted notice names the act of a court and its number",
  RULE_WANTED_WITHOUT_OFFENCE: "A warrant names the offences it is for",
  RULE_WANTED_WITHOUT_FACTS: "A wanted notice says what the person is said to have done",
  RULE_WANTED_NOT_IDENTIFIED: "A wanted person is told from others",
  RULE_WANTED_ARREST_WITHOUT_EXTRADITION:
    "An arrest is asked for only with a promise to ask for extradition",
  RULE_WANTED_CAPITAL_WITHOUT_ASSURANCE:
    "A capital offence comes with an assurance against the death penalty",
  RULE_ACT_WITHOUT_LEGAL_SYSTEM: "A procedural act says of which legal system it is",
  RULE_NOTICE_REVIEW_MISSING: "A notice says when it will be reviewed",
  RULE_NOTICE_REVIEW_TOO_LATE: "A notice is reviewed within five years",
  RULE_ARREST_WITHOUT_WANTED_NOTICE: "Only a wanted notice asks for an arrest",
  RULE_INFORMATION_ASKS_ARREST: "A notice that seeks information does not ask for an arrest",
  RULE_WARNING_WITHOUT_CONVICTION: "A warning about a person stands on a conviction",
  RULE_SANCTIONS_WITHOUT_UN_REFERENCE: "A sanctions notice gives the United Nations list number",
  RULE_SANCTIONS_SUBJECT_NOT_ONE:
    "A sanctions notice is about one person, one organisation or one ship",
  RULE_MISSING_PUBLISHED_WITHOUT_CONSENT:
    "A missing person is shown to the public only with consent",
  RULE_PUBLIC_EDITION_RESTRICTED: "What the public may see carries no restriction",
  RULE_BULLETIN_TLP_TOO_HIGH: "A bulletin travels open and is not marked above GREEN",
  RULE_RECORD_NOT_BY_ISSUER: "A document is recorded by the country that issued it",
  RULE_RECORD_NOT_BY_REGISTRAR: "A vehicle is recorded by the country that registered it",
  RULE_RECORD_FIREARM_NOT_BY_KEEPER: "A firearm is recorded by the country that keeps its record",
  RULE_RECORD_PERSON_NOT_BY_KEEPER: "A person's record is sent by the country that keeps it",
  RULE_RECORD_OBJECT_NOT_BY_KEEPER: "An object is recorded by the country that keeps its record",
  RULE_RECORD_DOCUMENT_VALID: "A valid document is not recorded as stolen or lost",
  RULE_RECORD_VEHICLE_NOT_IDENTIFIED: "A vehicle has a plate, a chassis number or an engine number",
  RULE_RECORD_FIREARM_NOT_IDENTIFIED:
    "A firearm has a serial number, a removed one, or other marks",
  RULE_CANCEL_WITHOUT_PURGE_DECISION: "A withdrawal says whether the copies are deleted",
  RULE_CANCEL_PURGE_WITHOUT_DATE: "A duty to delete says until when",
  RULE_CANCEL_PURGE_PAST: "The day to delete by lies ahead",
  RULE_CANCEL_KEEPS_UNLAWFUL: "What was wrong or unlawful is not kept by anyone",
  RULE_CANCEL_GROUND_MISSING:
    "A withdrawal names what replaces the message, or the order behind it",
  RULE_HIT_WITHOUT_CONFIRM_BY: "A hit says until when it must be confirmed",
  RULE_HIT_CONFIRM_BY_PAST: "The time to confirm a hit by lies ahead",
  RULE_HIT_HELD_WITHOUT_LIMIT: "Who is held on a hit is held until a time the law sets",
  RULE_HIT_FUZZY_WITHOUT_SCORE: "A match by likeness says how like",
  RULE_HIT_CONFIRMED_WITHOUT_ACTION: "A confirmed hit says what to do now",
  RULE_CHALLENGE_WITHOUT_REASONS: "A challenge to a notice, and its answer, give reasons",
  RULE_CHALLENGE_ANSWER_UNLINKED: "The answer to a challenge names it",
  RULE_ASSURANCE_INCOMPLETE: "An assurance says what is promised and in which words, a refusal why",
} as const;
