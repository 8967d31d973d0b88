import { describe, expect, it } from "vitest";
import { type MessageType } from "../../body/index.ts";
import { descriptors } from "../../gen/index.ts";
import { refusals, type Edits } from "../../../test/kit/edited-example.ts";

const past = "2026-11-21T11:00:00Z";
const someId = "019aa000-0000-7000-8000-000000000001";

type Case = readonly [says: string, type: MessageType, edits: Edits, broken: readonly string[]];

// prettier-ignore
const consenting: readonly Case[] = [
  ["a change of handling changes something", "handling.change", { "/body": { targetIds: [someId], direction: "TIGHTER", effectiveAt: "2026-11-21T12:00:00Z", handlingReason: "LEAK" } }, ["RULE_HANDLING_UNCHANGED /newHandling"]],
  ["taking it away from somebody is a change", "handling.change", { "/body": { targetIds: [someId], direction: "TIGHTER", withdrawnFrom: ["ng/ncb"], effectiveAt: "2026-11-21T12:00:00Z", handlingReason: "LEAK" } }, []],
  ["H3 says what it restricts (T26)", "handling.change", { "/body/restriction": null }, ["RULE_H3_TEXT_MISSING /restriction"]],
  ["H2 needs no words (T26)", "handling.change", { "/body/restriction": null, "/body/newHandling": "H2" }, []],
  ["a loosening takes it from nobody", "handling.change", { "/body/direction": "LOOSER" }, ["RULE_LOOSER_BUT_WITHDRAWN /direction"]],
  ["another reason of a change is explained", "handling.change", { "/body/handlingReason": "OTHER", "/body/explanation": null }, ["RULE_OTHER_UNEXPLAINED /explanation"]],
  ["use in court names the court (T26)", "dissemination.consent_request", { "/body/court": null }, ["RULE_COURT_UNNAMED /court"]],
  ["without use in court no court is named", "dissemination.consent_request", { "/body/court": null, "/body/uses": ["ONWARD_LE"] }, []],
  ["an offence that can cost a life is told", "dissemination.consent_request", { "/body/offences/0/deathPenalty": true }, ["RULE_CAPITAL_USE_UNTOLD /uses"]],
  ["a capital case that is told passes", "dissemination.consent_request", { "/body/offences/0/deathPenalty": true, "/body/uses": ["COURT_USE", "DEATH_PENALTY_CASE"] }, []],
  ["consent is asked for a recipient (T17)", "dissemination.consent_request", { "/body/intendedRecipients": [] }, ["SCHEMA_FIELD_ITEMS /intendedRecipients"]],
  ["consent is asked for a purpose (T17)", "dissemination.consent_request", { "/body/intendedPurposes": [] }, ["SCHEMA_FIELD_ITEMS /intendedPurposes"]],
  ["consent is asked for an offence (T17)", "dissemination.consent_request", { "/body/offences": [] }, ["SCHEMA_FIELD_ITEMS /offences"]],
  ["a recipient of no country is nobody (T17)", "dissemination.consent_request", { "/body/intendedRecipients/0": { agencyKind: "POLICE" } }, ["RULE_RECIPIENT_NOT_NAMED /intendedRecipients/0"]],
  ["a decision is asked for in time", "dissemination.consent_request", { "/body/decideBy": past }, ["RULE_DEADLINE_PAST /decideBy"]],
  ["a use that is over needs no consent", "dissemination.consent_request", { "/body/useUntil": past }, ["RULE_DEADLINE_PAST /useUntil"]],
  ["a grant names its recipients (T17)", "dissemination.consent_decision", { "/body/grant/recipients": [] }, ["RULE_GRANT_INCOMPLETE /grant/recipients"]],
  ["each recipient of a grant is somebody (T17)", "dissemination.consent_decision", { "/body/grant/recipients/0/country": null }, ["RULE_GRANT_INCOMPLETE /grant/recipients/0"]],
  ["a grant names its purposes (T17)", "dissemination.consent_decision", { "/body/grant/purposes": [] }, ["RULE_GRANT_INCOMPLETE /grant/purposes"]],
  ["a grant names its offences (T17)", "dissemination.consent_decision", { "/body/grant/crimes": [] }, ["RULE_GRANT_INCOMPLETE /grant/crimes"]],
  ["nobody is held to any other crime (T17)", "dissemination.consent_decision", { "/body/grant/crimes": ["other"] }, ["RULE_GRANT_INCOMPLETE /grant/crimes"]],
  ["a grant names its uses (T17)", "dissemination.consent_decision", { "/body/grant/uses": [] }, ["RULE_GRANT_INCOMPLETE /grant/uses"]],
  ["a grant ends (T17)", "dissemination.consent_decision", { "/body/grant/validUntil": null }, ["RULE_GRANT_INCOMPLETE /grant/validUntil"]],
  ["a grant ends ahead (T17)", "dissemination.consent_decision", { "/body/grant/validUntil": past }, ["RULE_DEADLINE_PAST /grant/validUntil"]],
  ["a grant with conditions has some", "dissemination.consent_decision", { "/body/grant/consentConditions": [], "/body/grant/conditionText": null }, ["RULE_GRANT_INCOMPLETE /grant/consentConditions"]],
  ["a grant without conditions needs none", "dissemination.consent_decision", { "/body/consentDecision": "GRANTED", "/body/grant/consentConditions": [], "/body/grant/conditionText": null }, []],
  ["another condition stands in words", "dissemination.consent_decision", { "/body/grant/consentConditions": ["OTHER"], "/body/grant/conditionText": null }, ["RULE_GRANT_INCOMPLETE /grant/conditionText"]],
  ["consent without a grant is none", "dissemination.consent_decision", { "/body/grant": null }, ["RULE_CONSENT_CONTRADICTS /grant"]],
  ["a refusal grants nothing", "dissemination.consent_decision", { "/body/consentDecision": "REFUSED", "/body/refusals": ["DISPROPORTIONATE"] }, ["RULE_CONSENT_CONTRADICTS /grant"]],
  ["a refusal has a ground", "dissemination.consent_decision", { "/body/consentDecision": "REFUSED", "/body/grant": null }, ["RULE_CONSENT_REFUSED_WITHOUT_GROUND /refusals"]],
  ["a refusal with a ground passes", "dissemination.consent_decision", { "/body/consentDecision": "REFUSED", "/body/grant": null, "/body/refusals": ["DISPROPORTIONATE"] }, []],
  ["a revocation names what ends", "dissemination.consent_decision", { "/body/consentDecision": "REVOKED", "/body/grant": null }, ["RULE_REVOCATION_UNNAMED /revokedId"]],
  ["another ground is explained", "dissemination.consent_decision", { "/body/consentDecision": "REFUSED", "/body/grant": null, "/body/refusals": ["OTHER"], "/body/explanation": null }, ["RULE_OTHER_UNEXPLAINED /explanation"]],
];

// prettier-ignore
const binding: readonly Case[] = [
  ["an agreement has two parties", "register.agreement", { "/body/parties": ["ao", "ao"], "/body/partyAgencies": [] }, ["RULE_AGREEMENT_PARTIES /parties"]],
  ["an agency of an agreement is a party's", "register.agreement", { "/body/partyAgencies": ["na/police"] }, ["RULE_AGREEMENT_PARTIES /partyAgencies/0"]],
  ["an agreement has an end", "register.agreement", { "/body/validUntil": null }, ["RULE_AGREEMENT_WITHOUT_END /validUntil"]],
  ["a treaty ends by notice", "register.agreement", { "/body/validUntil": null, "/body/instrumentKind": "TREATY" }, []],
  ["a treaty without notice never ends", "register.agreement", { "/body/validUntil": null, "/body/instrumentKind": "TREATY", "/body/noticeDays": null }, ["RULE_AGREEMENT_WITHOUT_END /validUntil"]],
  ["an agreement ends after it begins", "register.agreement", { "/body/validUntil": "2026-12-01T00:00:00Z" }, ["RULE_PERIOD_REVERSED /validUntil"]],
  ["who is no party says nothing of an agreement", "register.agreement", { "/originator": "na/pg" }, ["RULE_AGREEMENT_NOT_PARTY /parties"]],
  ["accepting names the proposal", "register.agreement", { "/body/pactAct": "ACCEPTED" }, ["RULE_PACT_WITHOUT_PROPOSAL /proposalId"]],
  ["a line that allows everybody is refused", "release.policy", { "/body/lines/0/authorities": [], "/body/lines/0/kinds": [] }, ["RULE_RELEASE_ALLOWS_ALL /lines/0"]],
  ["a line that denies may deny everybody", "release.policy", { "/body/lines/1/kinds": [] }, []],
  ["a policy without a line denies everything", "release.policy", { "/body/lines": [] }, []],
  ["a line ends after it begins", "release.policy", { "/body/lines/0/until": "2026-12-31T00:00:00Z" }, ["RULE_RELEASE_LINE_REVERSED /lines/0/until"]],
  ["a state sets its own policy", "release.policy", { "/originator": "sn/tcu" }, ["RULE_RELEASE_NOT_OWN /policyOf"]],
  ["a state does not release what another's agency sends", "release.policy", { "/body/lines/0/originators": ["gm/tcu", "sn/tcu"] }, ["RULE_RELEASE_NOT_OWN /lines/0/originators"]],
  ["an audience key lives a day", "key.share", { "/body/usableUntil": "2026-11-22T12:00:00.001Z" }, ["RULE_KEY_LIFE /usableUntil"]],
  ["a key ends after it begins", "key.share", { "/body/usableFrom": "2026-11-23T12:00:00Z" }, ["RULE_KEY_LIFE /usableUntil"]],
  ["a key that has ended opens nothing", "key.share", { "/body/usableFrom": "2026-11-20T12:00:00Z", "/body/usableUntil": past }, ["RULE_DEADLINE_PAST /usableUntil"]],
  ["an audience key has no bounds but its audience", "key.share", { "/body/recs": ["ecowas"], "/body/crimes": ["drugs"], "/body/messageTypes": ["alert.incident"], "/body/handlingUpTo": "H2" }, ["RULE_KEY_BOUNDS /recs", "RULE_KEY_BOUNDS /crimes", "RULE_KEY_BOUNDS /messageTypes", "RULE_KEY_BOUNDS /handlingUpTo"]],
  ["an audience key rests on no agreement", "key.share", { "/body/agreementRef": "X-1" }, ["RULE_KEY_BOUNDS /agreementRef"]],
  ["a query key names its agreement (T24)", "key.share", { "/body/keyUse": "QUERY" }, ["RULE_KEY_BOUNDS /agreementRef"]],
  ["a query key lives ninety days (T24)", "key.share", { "/body/keyUse": "QUERY", "/body/agreementRef": "IGAD-BORDER-2025-3", "/body/usableUntil": "2027-02-19T12:00:00Z" }, []],
  ["a key goes to one alone", "key.share", { "/inner/recipients": ["sl/tcu", "gn/tcu"] }, ["RULE_KEY_TO_SEVERAL "]],
  ["the keys of messages go to one alone", "key.message", { "/inner/recipients": ["sl/tcu", "gn/tcu"] }, ["RULE_KEY_TO_SEVERAL "]],
  ["keys are asked of who has them", "key.request", { "/inner/recipients": ["sl/tcu", "gn/tcu"] }, ["RULE_KEY_TO_SEVERAL "]],
  ["a message has one key", "key.message", { "/body/messageKeys/1/messageId": "019aa6bc-a000-7000-8000-0000000000a1" }, ["RULE_KEY_TWICE /messageKeys/1/messageId"]],
  ["a liaison officer works abroad", "liaison.delegation", { "/body/hostAgency": "bj/police", "/originator": "bj/police" }, ["RULE_DELEGATION_AT_HOME /hostAgency"]],
  ["a delegation without an end is refused", "liaison.delegation", { "/body/validUntil": null }, ["SCHEMA_FIELD_MISSING /validUntil"]],
  ["a delegation ends after it begins", "liaison.delegation", { "/body/validUntil": "2026-11-30T00:00:00Z" }, ["RULE_PERIOD_REVERSED /validUntil"]],
  ["an accepted delegation names the officer's key", "liaison.delegation", { "/body/officerKey": null }, ["RULE_DELEGATION_WITHOUT_KEY /officerKey"]],
  ["home does not accept its own proposal", "liaison.delegation", { "/originator": "bj/tcu" }, ["RULE_DELEGATION_NOT_ITS_SIGNER /pactAct"]],
  ["the host does not propose", "liaison.delegation", { "/body/pactAct": "PROPOSED" }, ["RULE_DELEGATION_NOT_ITS_SIGNER /pactAct"]],
  ["home proposes, without the host's proposal", "liaison.delegation", { "/originator": "bj/tcu", "/body/pactAct": "PROPOSED", "/body/proposalId": null, "/body/officerKey": null }, []],
  ["a third agency does not end it", "liaison.delegation", { "/originator": "gh/tcu", "/body/pactAct": "ENDED" }, ["RULE_DELEGATION_NOT_ITS_SIGNER /pactAct"]],
  ["either side ends it", "liaison.delegation", { "/originator": "bj/tcu", "/body/pactAct": "ENDED" }, []],
  ["accepting a delegation names the proposal", "liaison.delegation", { "/body/proposalId": null }, ["RULE_PACT_WITHOUT_PROPOSAL /proposalId"]],
  ["protection ends after it begins", "protection.request", { "/body/neededUntil": "2026-12-01T00:00:00Z" }, ["RULE_PERIOD_REVERSED /neededUntil"]],
  ["protection is asked for with consent", "protection.request", { "/body/consentGiven": false }, ["RULE_PROTECTION_WITHOUT_CONSENT /consentGiven"]],
  ["in immediate danger consent may follow", "protection.request", { "/body/consentGiven": false, "/body/danger": "IMMEDIATE" }, []],
  ["threatened by a state, a person is kept from one", "protection.request", { "/body/keptFrom": [] }, ["RULE_PROTECTION_NOT_SHIELDED /keptFrom"]],
  ["whom it is kept from stands in the header too", "protection.request", { "/inner/protectedFrom": ["ET"] }, ["RULE_PROTECTION_NOT_SHIELDED /keptFrom"]],
  ["the answer on protection names the request", "protection.request", { "/body/step": "ACCEPTED" }, ["RULE_STEP_WITHOUT_TARGET /targetId"]],
  ["an answer that names it passes", "protection.request", { "/body/step": "ACCEPTED", "/body/targetId": someId }, []],
  ["refused protection names its ground", "protection.request", { "/body/step": "REFUSED", "/body/targetId": someId }, ["RULE_REFUSAL_WITHOUT_GROUND /refusalGround"]],
  ["protection does not travel as H1", "protection.request", { "/handling": "H1" }, ["RULE_PROTECTION_HANDLING "]],
  ["protection travels as H2", "protection.request", { "/handling": "H2" }, []],
  ["a decision on protection is asked for in time", "protection.request", { "/body/decideBy": past }, ["RULE_DEADLINE_PAST /decideBy"]],
];

describe("handling and consent", () => {
  it.each(consenting)("%s", (...[, type, edits, broken]) => {
    expect(refusals(type, edits)).toEqual(broken);
  });
});

describe("agreements, policies, keys, delegations and protection", () => {
  it.each(binding)("%s", (...[, type, edits, broken]) => {
    expect(refusals(type, edits)).toEqual(broken);
  });

  it("a release policy has no field that could allow by default", () => {
    const names = descriptors["ReleasePolicy"]!.fields.map(({ name }) => name);
    expect(names).toEqual(["policyOf", "edition", "lines", "effectiveAt", "legalSource"]);
  });

  it("a request for protection has no field that can hold a name, a document or a place (T14)", () => {
    const held = descriptors["ProtectionRequest"]!.fields.map(({ message }) => message);
    const telling = [
      "Person",
      "PersonName",
      "IdentityDocument",
      "Address",
      "GeoPoint",
      "Phone",
      "Attachment",
    ];
    expect(held.filter((name) => name !== undefined && telling.includes(name))).toEqual([]);
  });
});
