import type { LiaisonDelegation, RegisterAgreement } from "../../gen/index.ts";
import type { BodyRules, MessageRules } from "../rule-tables.ts";
import type { BodyContext, MessageContext, Rule } from "../rule.ts";
import { authorityOf } from "./authority.ts";

/** Nobody agrees with himself. */
const partiesAreTwo: Rule<BodyContext<RegisterAgreement>> = {
  code: "RULE_AGREEMENT_PARTIES",
  says: "an agreement has at least two different parties, and partyAgencies are agencies of theirs; correct them",
  find: ({ body: { parties, partyAgencies } }) => [
    ...(new Set(parties).size < 2 ? ["/parties"] : []),
    ...partyAgencies.flatMap((agency, at) =>
      parties.includes(authorityOf(agency)) ? [] : [`/partyAgencies/${at}`],
    ),
  ],
};

const openEnded = new Set(["TREATY", "REGIONAL_ACT", "PROTOCOL"]);

/** A right that never ends is never looked at again; a treaty ends by notice. */
const agreementEnds: Rule<BodyContext<RegisterAgreement>> = {
  code: "RULE_AGREEMENT_WITHOUT_END",
  says: "validUntil is missing; name the end, or noticeDays for a treaty, protocol or act of a community",
  find: ({ body: { instrumentKind, validUntil, noticeDays } }) => {
    const endsByNotice = openEnded.has(instrumentKind) && noticeDays !== undefined;
    return validUntil === undefined && !endsByNotice ? ["/validUntil"] : [];
  },
};

/** A party speaks for itself. */
const senderIsParty: Rule<MessageContext<RegisterAgreement>> = {
  code: "RULE_AGREEMENT_NOT_PARTY",
  says: "the state of the agency that sends this is not among parties; only a party sends its act",
  find: ({ originator, body: { parties } }) =>
    parties.includes(authorityOf(originator)) ? [] : ["/parties"],
};

/** What an agreement and a delegation have in common: one side proposes, the others act on its proposal. */
interface Pact {
  readonly pactAct: string;
  readonly proposalId?: unknown;
}

/** Both sides sign the same terms: every act but the first names the proposal. */
const proposalIsNamed: Rule<BodyContext<Pact>> = {
  code: "RULE_PACT_WITHOUT_PROPOSAL",
  says: "proposalId is missing; name the proposal that is accepted, declined, changed or ended",
  find: ({ body: { pactAct, proposalId } }) =>
    pactAct !== "PROPOSED" && proposalId === undefined ? ["/proposalId"] : [],
};

/** A liaison officer works abroad. */
const hostIsAbroad: Rule<BodyContext<LiaisonDelegation>> = {
  code: "RULE_DELEGATION_AT_HOME",
  says: "homeAgency and hostAgency are of the same state; a delegation is between two",
  find: ({ body: { homeAgency, hostAgency } }) =>
    authorityOf(homeAgency) === authorityOf(hostAgency) ? ["/hostAgency"] : [],
};

/** The host lets in a key, not a name. */
const keyIsThere: Rule<BodyContext<LiaisonDelegation>> = {
  code: "RULE_DELEGATION_WITHOUT_KEY",
  says: "the delegation is accepted and officerKey is missing; name the key the officer signs in with",
  find: ({ body: { pactAct, officerKey } }) =>
    pactAct === "ACCEPTED" && officerKey === undefined ? ["/officerKey"] : [],
};

/** Home proposes and the host answers; either may end it; nobody else may speak. */
const signerIsItsSide: Rule<MessageContext<LiaisonDelegation>> = {
  code: "RULE_DELEGATION_NOT_ITS_SIGNER",
  says: "homeAgency proposes and changes, hostAgency accepts and declines, and either suspends, resumes and ends",
  find: ({ originator, body: { pactAct, homeAgency, hostAgency } }) => {
    const isHome = originator === homeAgency;
    const isHost = originator === hostAgency;
    if (["PROPOSED", "AMENDED"].includes(pactAct)) return isHome ? [] : ["/pactAct"];
    if (["ACCEPTED", "DECLINED"].includes(pactAct)) return isHost ? [] : ["/pactAct"];
    return isHome || isHost ? [] : ["/pactAct"];
  },
};

/** Rules over the bodies of agreements and delegations. */
export const agreementBodyRules = {
  "register.agreement": [partiesAreTwo, agreementEnds, proposalIsNamed],
  "liaison.delegation": [proposalIsNamed, hostIsAbroad, keyIsThere],
} satisfies BodyRules;

/** Rules over the whole of agreements and delegations. */
export const agreementMessageRules = {
  "register.agreement": [senderIsParty],
  "liaison.delegation": [signerIsItsSide],
} satisfies MessageRules;
