export { bindTo, findRight, isLooser, type Right } from "./bound.ts";
export { type Breach, readWatched, type Watched } from "./breaches.ts";
export { type ConsentStanding, consentStanding } from "./consent-standing.ts";
export { findGrant, type IntendedUse } from "./consent.ts";
export { type Grant, findGiven, type Recipient } from "./grants.ts";
export {
  isOwnersToGive,
  type LimitingHeaders,
  type Limits,
  limitsAt,
  needsConsent,
  findLimits,
  usesOf,
} from "./limits.ts";
export type { Lane, Marks, Party, Refusal } from "./lane.ts";
export {
  type Act,
  type Due,
  findActs,
  findDues,
  findNextActs,
  isBarred,
  mayAct,
  type NextActs,
} from "./next-acts.ts";
export {
  type OperationStanding,
  type OperationView,
  operationOf,
  readOperation,
  standingAt,
} from "./operation-view.ts";
export { figuresOf, type OperationTarget, targetsOf } from "./operation-counts.ts";
export { partyOf, readThread, type Thread, type ThreadState } from "./read-thread.ts";
export { findSubjects, makeStep, type Step, type StepParts } from "./step.ts";
export {
  isOnDuty,
  makeTerms,
  standingTerms,
  type Term,
  type Terms,
  type TermSource,
} from "./terms.ts";
export { readTipCase, type TipCaseView, type TipPerson, type TipSubStream } from "./tip-view.ts";
export { isDelegated } from "./workflows/delegation.ts";
export { type NextTrace, draftNextTrace, isNextHop } from "./workflows/firearm-trace.ts";
export { findReleaseDue, type ReleaseDue } from "./workflows/handover.ts";
export { findPoliceLeads, type PoliceLead } from "./workflows/mla.ts";
