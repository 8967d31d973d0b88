import type { Bodies } from "../gen/index.ts";
import { type EpochMs, renderUuid } from "../ground/index.ts";
import type { Step } from "./step.ts";

/** Who is to have something, as far as it must be recognised; a body outside the network by its name and country. */
export interface Recipient {
  readonly agency?: string | undefined;
  readonly agencyKind?: string | undefined;
  readonly country?: string | undefined;
  readonly bodyName?: string | undefined;
}

/** Consent that was given, of whatever message it stands in. What it leaves open it does not give. */
export interface Grant {
  /** The signed message that gives it. */
  readonly step: Step;
  /** The messages that it lets go on, by their UUIDs. */
  readonly messages: readonly string[];
  readonly uses: readonly string[];
  readonly recipients: readonly Recipient[];
  readonly purposes: readonly string[];
  readonly crimes: readonly string[];
  readonly until: EpochMs | undefined;
  /** Codes of CONSENT_CONDITION, and the conditions in words. */
  readonly conditions: readonly string[];
  readonly conditionText?: string | undefined;
  /** Only these parts of the message; none is all. */
  readonly pointers: readonly string[];
  readonly copy?: string | undefined;
}

/** A unit names each receiver, so who it is settles which of these a passing on would be. */
const onwardUses = ["ONWARD_LE", "ONWARD_FIU", "ONWARD_THIRD_STATE"] as const;

type UnitsWord = Bodies["fiu.spontaneous"]["consent"];
type GrantsWord = Bodies["reply.final"]["consents"][number];

/** Whether a decision gives; every other code takes or denies. */
export function isGranting(decision: string): boolean {
  return decision === "GRANTED" || decision === "GRANTED_WITH_CONDITIONS";
}

function givenByUnit(step: Step, word: UnitsWord, of: { readonly messages: readonly string[]; readonly offences: readonly string[] }): readonly Grant[] {
  if (!isGranting(word.decision)) return [];
  return [
    {
      step,
      messages: of.messages,
      uses: word.courtUse === true ? [...onwardUses, "COURT_USE"] : onwardUses,
      recipients: word.recipients.map((agency) => ({ agency })),
      purposes: word.purposes,
      crimes: word.offences.length > 0 ? word.offences : of.offences,
      until: word.expiresAt,
      conditions: [],
      conditionText: word.explanation?.text,
      pointers: [],
    },
  ];
} // prettier-ignore

function givenByGrant(step: Step, word: GrantsWord, of: Pick<Grant, "messages" | "pointers" | "copy">): Grant {
  return {
    step,
    ...of,
    uses: word.uses,
    recipients: word.recipients.map((one) => ({ ...one, bodyName: one.bodyName?.text })),
    purposes: word.purposes,
    crimes: word.crimes,
    until: word.validUntil,
    conditions: word.consentConditions,
    conditionText: word.conditionText?.text,
  };
} // prettier-ignore

function decided(step: Step): readonly Grant[] {
  const unit = step.read("fiu.consent_decision");
  if (unit !== undefined) {
    return givenByUnit(step, unit, { messages: [renderUuid(unit.targetId)], offences: [] });
  }
  const body = step.read("dissemination.consent_decision");
  if (body?.grant === undefined || !isGranting(body.consentDecision)) return [];
  const { targetIds, pointers, copy } = body;
  return [givenByGrant(step, body.grant, { messages: targetIds.map(renderUuid), pointers, copy })];
}

/** Consent that a message gives for itself; without offences it is for those of the request it answers, and no other. */
function givenBeforehand(step: Step, answered: Step | undefined): readonly Grant[] {
  const messages = [step.id];
  const reply = step.read("fiu.reply");
  if (reply !== undefined) {
    const offences = answered?.read("fiu.request")?.offences ?? [];
    return givenByUnit(step, reply.consent, { messages, offences });
  }
  const told = step.read("fiu.spontaneous");
  if (told !== undefined) return givenByUnit(step, told.consent, { messages, offences: told.offences });
  const bulk = step.read("fiu.bulk_cbr");
  // each report of a bulk has offences of its own: none is meant for all
  if (bulk !== undefined) return givenByUnit(step, bulk.consent, { messages, offences: [] });
  const grants = (step.read("reply.final") ?? step.read("core_data.reply"))?.consents ?? [];
  return grants.map((grant) => givenByGrant(step, grant, { messages, pointers: [] }));
} // prettier-ignore

/** What a message gives: a decision for the messages it names, an answer or a disclosure for itself. */
export function findGiven(step: Step, answered: Step | undefined): readonly Grant[] {
  return [...decided(step), ...givenBeforehand(step, answered)];
}

/** Whether a consent names this receiver: its agency, or its country with its kind or its name. */
export function namesRecipient({ recipients }: Pick<Grant, "recipients">, wanted: Recipient): boolean {
  return recipients.some(({ agency, agencyKind, country, bodyName }) => {
    if (agency !== undefined) return agency === wanted.agency;
    if (country === undefined || country !== wanted.country) return false;
    if (agencyKind === undefined && bodyName === undefined) return false;
    const isKind = agencyKind === undefined || agencyKind === wanted.agencyKind;
    return isKind && (bodyName === undefined || bodyName === wanted.bodyName);
  });
} // prettier-ignore
