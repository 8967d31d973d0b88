import {
  type Agreement,
  type Mandate,
  type ReleaseRule,
  typeOptions,
} from "../../schemas/index.ts";
import type { EpochMs } from "../../schemas/ground/index.ts";
import type { DenialReason } from "./denial.ts";
import { isCovered } from "./lines.ts";
import type { Decision, Question } from "./question.ts";
import type { RegisteredAgency, RegisterView } from "./register.ts";
import { decideRelease, isKeptWithin } from "./release.ts";

/** One question with who asks it, as the steps below need it. */
interface Asked {
  readonly register: RegisterView;
  readonly question: Question;
  readonly agency: RegisteredAgency;
  readonly at: EpochMs;
}

/** Whether agencies of this kind may send this type. Where the type is sealed from whoever asks, any may. */
export function maySend(kind: string, type: string | undefined): boolean {
  const signers = type === undefined ? [] : (typeOptions(type)?.signers ?? []);
  return signers.length === 0 || signers.includes(kind);
}

/**
 * An agency that its own state suspended is out altogether. A suspended state's feeds stop, but not what may never
 * stop: recalls, victims, lives at risk, as the schema says of each type.
 */
function findStanding({ register, question, agency, at }: Asked): readonly DenialReason[] {
  if (agency.suspendedFrom !== undefined && agency.suspendedFrom <= at) return ["AGENCY_SUSPENDED"];
  const { scope, type = "", action } = question;
  if (scope === "direct" || agency.authority === scope) return [];
  const standing = register.membership(scope, agency.authority, at);
  if (standing === "suspended" && typeOptions(type)?.goesOn !== true) return ["STATE_SUSPENDED"];
  return standing === "none" && action === "PUBLISH" ? ["STATE_NOT_MEMBER"] : [];
}

function isFor({ allowedPurposes }: Agreement, purposes: readonly string[] | undefined): boolean {
  if (allowedPurposes.length === 0 || purposes === undefined) return true;
  return purposes.length > 0 && purposes.every((purpose) => allowedPurposes.includes(purpose));
}

/** Agreements bind two authorities for what their agencies say to each other by name. */
function findAgreement({ register, question, agency, at }: Asked): Agreement | undefined {
  const { action, originator, recipient, purposes, scope } = question;
  if (scope !== "direct") return undefined;
  const other = action === "READ" ? originator : recipient;
  const binds = ({ parties, partyAgencies }: Agreement): boolean => {
    const isParty = (name: string): boolean =>
      partyAgencies.length === 0 || partyAgencies.includes(name);
    if (other === undefined) return isParty(agency.agency);
    const authority = register.agency(other)?.authority;
    return (
      authority !== undefined &&
      authority !== agency.authority &&
      parties.includes(authority) &&
      isParty(other) &&
      isParty(agency.agency)
    );
  };
  return register
    .agreements(agency.authority)
    .find((one) => isCovered(one, question, at) && binds(one) && isFor(one, purposes));
}

/** Whom the sender keeps it from is kept from it, in the same state or another. */
function findExclusions({ register, question }: Asked): readonly DenialReason[] {
  const { kept, action, agency, recipient } = question;
  const reader = action === "READ" ? agency : recipient;
  if (kept === undefined || reader === undefined) return [];
  const state = register.agency(reader)?.authority.toUpperCase() ?? "";
  return [
    ...(kept.states.includes(state) ? (["PROTECTED_FROM"] as const) : []),
    ...(kept.agencies.includes(reader) ? (["EXCLUDED_BY_ORIGINATOR"] as const) : []),
  ];
}

/** Whether the originator's state admits the reader; its own agencies need no admission, but it may deny them. */
function findRelease({ register, question, agency, at }: Asked): {
  readonly release?: ReleaseRule;
  readonly missing: readonly DenialReason[];
} {
  const originator = register.agency(question.originator);
  if (originator === undefined) return { missing: ["NOT_RELEASED"] };
  if (originator.agency === agency.agency) return { missing: [] };
  const release = register.releaseTo(originator.authority, agency.authority);
  const { givenAssurances: given = [] } = register.authority(agency.authority) ?? {};
  const toReader = { ...question, reader: agency, given, at };
  if (originator.authority === agency.authority) {
    return { missing: isKeptWithin(release, toReader) ? ["NOT_RELEASED"] : [] };
  }
  const admission = decideRelease(release, toReader);
  if ("missing" in admission) return { missing: [admission.missing] };
  return { release: admission.rule, missing: [] };
}

function deny(
  before: readonly DenialReason[],
  sure: DenialReason,
  ...after: readonly DenialReason[]
): Decision {
  return { allow: false, reason: before[0] ?? sure, reasons: [...before, sure, ...after] };
}

function decideAsked(asked: Asked): Decision {
  const { register, question, agency, at } = asked;
  const { action, scope, type, originator } = question;
  const isCovering = (line: Mandate): boolean => isCovered(line, question, at);
  const mandate = register.mandates(agency.agency, action, scope).find(isCovering);
  const agreement = mandate === undefined ? findAgreement(asked) : undefined;
  const nomination = register.nominations(agency.agency, action, scope).find(isCovering);
  const { release, missing } = action === "READ" ? findRelease(asked) : { missing: [] };
  const isUnfit = action === "PUBLISH" && !maySend(agency.kind, type);
  const before: readonly DenialReason[] = [
    ...findStanding(asked),
    ...(isUnfit ? (["KIND_MAY_NOT_SEND"] as const) : []),
    ...(mandate === undefined && agreement === undefined ? (["NO_MANDATE"] as const) : []),
  ];
  const after: readonly DenialReason[] = [
    ...(action === "READ" && agency.agency === originator ? (["OWN_MESSAGE"] as const) : []),
    ...findExclusions(asked),
    ...missing,
  ];
  if (nomination === undefined) return deny(before, "NOT_NOMINATED", ...after);
  const [first, ...more] = [...before, ...after];
  if (first !== undefined) return deny([], first, ...more);
  return { allow: true, basis: { mandate, agreement, nomination, release } };
}

/**
 * Answers whether an agency may publish or read, by the register alone. Denies what nothing allows; a yes needs both
 * sides: a line of the region's part or, by name, an agreement of the two authorities; a line of its own authority's
 * part; and for reading another's message the release policy of the originator's authority, which must admit a stranger
 * and must not deny one of its own. Pure: the same question at the same time has the same answer everywhere, so
 * preview, NATS permissions, admission and audience cannot differ (design §5).
 *
 * @param at when the act happens (EpochMs)
 */
export function decide(register: RegisterView, question: Question, at: EpochMs): Decision {
  const agency = register.agency(question.agency);
  if (agency === undefined) return deny([], "AGENCY_UNKNOWN");
  return decideAsked({ register, question, agency, at });
}

/**
 * Whether both sides have some line for an agency to do this here, be it in force or not. While it is false `decide`
 * says no to every such question, so nothing need be prepared for a yes.
 */
export function hasRight(
  register: RegisterView,
  { agency, action, scope }: Pick<Question, "agency" | "action" | "scope">,
): boolean {
  if (register.nominations(agency, action, scope).length === 0) return false;
  if (register.mandates(agency, action, scope).length > 0) return true;
  const found = register.agency(agency);
  return (
    scope === "direct" && found !== undefined && register.agreements(found.authority).length > 0
  );
}
