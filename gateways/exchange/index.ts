/**
 * What a gateway does: takes messages in from its people, proves what comes from others, and keeps the ladder.
 *
 * Promises: what `submit` returned is on the disk; what a list shows as VERIFIED was proved here, whatever
 * the hub says; a receipt counts only when its issuer may say so. Trusts the register, the store and its own
 * keys; never the hub. Start at `exchange.ts` (the contract), then `verify/publication.ts`.
 */
export type { AskAdmission } from "./admitted.ts";
export { type AloneState, aloneState, releaseHeld } from "./alone.ts";
export { findChangePlace, isChangeSeen, showChange, trimChanges } from "./changes.ts";
export * from "./exchange.ts";
export { digestOfJson } from "./canonical.ts";
export { type Departures, leftBefore, makeDepartures } from "./departures.ts";
export { type Leaving, makeLeaving } from "./leaving.ts";
export * from "./expire.ts";
export { listAttachments, mapAttachments } from "./find-attachments.ts";
export { keptByReference } from "./inherited.ts";
export { chunkToken } from "./keyed-id.ts";
export { findHub, findMailOwner, findReadingHub, type SenderChannel } from "./hubs.ts";
export { startIndexRest } from "./index-rest.ts";
export { heldLines, signHeld } from "./held-lines.ts";
export { makeHeldReceipts, type HeldReceipts, type PublishReceipt } from "./held-receipts.ts";
export { type HubStanding, type HubWay, hubWayOf, urgentRank, type WaitingLine, type WaitingView } from "./link-status.ts"; // prettier-ignore
export { type ExchangeDuties, makeExchange } from "./make-exchange.ts";
export type { Office, OfficeTranslation } from "./office.ts";
export { findOwnObjection } from "./objection.ts";
export { makeOpenedReceipts, type OpenedReceipts, signOpened } from "./opened.ts";
export { makePinDesk, type PinDesk } from "./pins.ts";
export * from "./register-desk.ts";
export { type ShownDraft, showPreview, type ShownPreview } from "./preview.ts";
export { makeRecheck, type Recheck } from "./recheck.ts";
export * from "./rejudge.ts";
export {
  findClockFloor,
  type FreshnessWatch,
  makeFreshnessWatch,
  type RegisterUse,
  registerUses,
} from "./staleness.ts";
export { findTaken, keepTaken, readPlace } from "./places.ts";
export { makeResync, type Resync } from "./resync.ts";
export { makeTakeHeads } from "./take-heads.ts";
export type { Arrival } from "./quarantine.ts";
export { makeTakePublications } from "./take-publications.ts";
export { type KeyTender, makeKeyTender } from "./keys/tend.ts";
export { makeTakeReceipts } from "./take-receipts.ts";
export { readHubWord } from "./hub-word.ts";
export { type ProvenOutside, readClaim, verifyOutside } from "./verify/outside.ts";
export { voidSequence } from "./void.ts";
export type { TextAsked, TranslationCheck } from "./translations.ts";
export type { TwoOfficersCase } from "./two-officers.ts";
export { makeWatchers, type Watchers } from "./watchers.ts";
