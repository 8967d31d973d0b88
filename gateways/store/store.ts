import { type Clock, systemClock } from "../../schemas/ground/index.ts";
import { type Admissions, makeAdmissions } from "./admissions.ts";
import { type Attachments, makeAttachments } from "./attachments.ts";
import { type AudienceKeys, makeAudienceKeys } from "./audience-keys.ts";
import { type AuditTable, makeAuditTable } from "./audit.ts";
import { type Breaches, makeBreaches } from "./breaches.ts";
import { type Carried, makeCarried } from "./carried.ts";
import { type Chains, makeChains } from "./chains.ts";
import { type Changes, makeChanges } from "./changes.ts";
import { type Claims, makeClaims } from "./claims.ts";
import type { FileAccess } from "./database.ts";
import { type Drafts, makeDrafts } from "./drafts.ts";
import { type Erasures, makeErasures } from "./erasures.ts";
import { type Editions, makeEditions } from "./editions.ts";
import { type Exports, makeExports } from "./exports.ts";
import { type Handovers, makeHandovers } from "./handovers.ts";
import { type HeldKeys, makeHeldKeys } from "./held-keys.ts";
import { type Answers, makeAnswers } from "./idempotency.ts";
import { type KeptMessages, makeKeptMessages } from "./kept.ts";
import { type KeyWaits, makeKeyWaits } from "./key-waits.ts";
import { type Ladder, makeLadder } from "./ladder.ts";
import { type LegalHolds, makeLegalHolds } from "./legal-holds.ts";
import { type Inspections, makeInspections } from "./inspections.ts";
import { type LogActs, makeLogActs } from "./log-acts.ts";
import { type LogAlarms, makeLogAlarms } from "./log-alarms.ts";
import { type LogHeads, makeLogHeads } from "./log-heads.ts";
import { type LogProofs, makeLogProofs } from "./log-proofs.ts";
import { type LogWatch, makeLogWatch } from "./log-watch.ts";
import { type Lookups, makeLookups } from "./lookups.ts";
import { type Machines, makeMachines } from "./machines.ts";
import { makeMessages, type Messages } from "./messages.ts";
import { makeOnwardLog, type OnwardLog } from "./onward.ts";
import { makeOpened, type Opened } from "./opened.ts";
import { makeOperations, type Operations } from "./operations.ts";
import { makeOutbox, type Outbox } from "./outbox.ts";
import { makeOversightCounts, type OversightCounts } from "./oversight.ts";
import { makePeople, type People } from "./people.ts";
import { makeRecalls, type Recalls } from "./recalls.ts";
import { makeRechecks, type Rechecks } from "./rechecks.ts";
import { type FarErasures, makeFarErasures } from "./far-erasures.ts";
import { makeRelayedErasures, type RelayedErasures } from "./relayed-erasures.ts";
import { makeRelayedReceipts, type RelayedReceipts } from "./relayed-receipts.ts";
import { makeRelayedMails, type RelayedMails } from "./relayed.ts";
import { makeReleases, type Releases } from "./releases.ts";
import { makeRestored, type Restored } from "./restore.ts";
import { openStoreFile, type StoreFile } from "./restore-open.ts";
import { makeRetention, type Retention } from "./retention.ts";
import { makeSealingPins, type SealingPins } from "./sealing-pins.ts";
import { makeSessions, type Sessions } from "./sessions.ts";
import { makeSettings, type Settings } from "./settings.ts";
import { makeTables, type Tables } from "./statistics.ts";
import { makeThreads, type Threads } from "./threads.ts";
import { makeTrends, type Trends } from "./trends.ts";
import { makeViews, type Views } from "./views.ts";
import { makeWebhooks, type Webhooks } from "./webhooks.ts";
import { makeWordsOfUse, type WordsOfUse } from "./words-of-use.ts";

/**
 * Everything a gateway keeps, in one file. Reads see what is committed, and inside `write` what the act
 * did so far. Survives a power cut at any moment with all that `write` resolved.
 */
export interface Store extends Omit<StoreFile, "database"> {
  readonly messages: Messages;
  readonly outbox: Outbox;
  readonly ladder: Ladder;
  readonly chains: Chains;
  readonly changes: Changes;
  readonly claims: Claims;
  readonly settings: Settings;
  readonly tables: Tables;
  readonly threads: Threads;
  readonly breaches: Breaches;
  readonly onward: OnwardLog;
  readonly sealingPins: SealingPins;
  readonly answers: Answers;
  readonly attachments: Attachments;
  readonly audienceKeys: AudienceKeys;
  readonly heldKeys: HeldKeys;
  readonly keyWaits: KeyWaits;
  readonly keptMessages: KeptMessages;
  readonly admissions: Admissions;
  readonly carried: Carried;
  readonly audit: AuditTable;
  readonly opened: Opened;
  readonly operations: Operations;
  readonly oversight: OversightCounts;
  readonly rechecks: Rechecks;
  readonly relayedMails: RelayedMails;
  readonly relayedReceipts: RelayedReceipts;
  readonly relayedErasures: RelayedErasures;
  readonly inspections: Inspections;
  readonly logActs: LogActs;
  readonly logAlarms: LogAlarms;
  readonly logHeads: LogHeads;
  readonly logProofs: LogProofs;
  readonly logWatch: LogWatch;
  readonly lookups: Lookups;
  readonly people: People;
  readonly sessions: Sessions;
  readonly machines: Machines;
  readonly restored: Restored;
  readonly webhooks: Webhooks;
  readonly drafts: Drafts;
  readonly editions: Editions;
  readonly exports: Exports;
  readonly handovers: Handovers;
  readonly trends: Trends;
  readonly views: Views;
  readonly releases: Releases;
  readonly recalls: Recalls;
  readonly retention: Retention;
  readonly legalHolds: LegalHolds;
  readonly erasures: Erasures;
  readonly farErasures: FarErasures;
  readonly wordsOfUse: WordsOfUse;
}

/** Builds everything over a file that is open. The clock says when things changed. */
export function makeStore({ database, ...file }: StoreFile, clock: Clock = systemClock): Store {
  const changes = makeChanges(database, () => clock.now());
  return {
    messages: makeMessages(database, changes),
    changes,
    claims: makeClaims(database),
    outbox: makeOutbox(database),
    ladder: makeLadder(database),
    chains: makeChains(database),
    settings: makeSettings(database),
    tables: makeTables(database),
    threads: makeThreads(database),
    breaches: makeBreaches(database),
    onward: makeOnwardLog(database),
    sealingPins: makeSealingPins(database),
    answers: makeAnswers(database),
    attachments: makeAttachments(database),
    audienceKeys: makeAudienceKeys(database),
    heldKeys: makeHeldKeys(database),
    keyWaits: makeKeyWaits(database),
    keptMessages: makeKeptMessages(database),
    admissions: makeAdmissions(database),
    carried: makeCarried(database),
    audit: makeAuditTable(database),
    opened: makeOpened(database),
    operations: makeOperations(database),
    oversight: makeOversightCounts(database),
    rechecks: makeRechecks(database),
    relayedMails: makeRelayedMails(database),
    relayedReceipts: makeRelayedReceipts(database),
    relayedErasures: makeRelayedErasures(database),
    inspections: makeInspections(database),
    logActs: makeLogActs(database),
    logAlarms: makeLogAlarms(database),
    logHeads: makeLogHeads(database),
    logProofs: makeLogProofs(database),
    logWatch: makeLogWatch(database),
    lookups: makeLookups(database),
    people: makePeople(database),
    sessions: makeSessions(database),
    machines: makeMachines(database),
    restored: makeRestored(database),
    webhooks: makeWebhooks(database),
    drafts: makeDrafts(database),
    editions: makeEditions(database),
    exports: makeExports(database),
    handovers: makeHandovers(database),
    trends: makeTrends(database),
    views: makeViews(database),
    releases: makeReleases(database, changes),
    recalls: makeRecalls(database),
    retention: makeRetention(database),
    legalHolds: makeLegalHolds(database),
    erasures: makeErasures(database),
    farErasures: makeFarErasures(database),
    wordsOfUse: makeWordsOfUse(database),
    ...file,
  };
}

/**
 * Opens the store of a gateway, plain or under a key; makes it when there is none. The clock says when things changed.
 *
 * @throws {Fault} INTEGRITY_STORE, STORE_KEY_WRONG, STORE_VERSION_UNKNOWN, STORE_WRITE_FAILED, STORE_READ_ONLY
 */
export function openStore(
  path: string,
  access: FileAccess = {},
  clock: Clock = systemClock,
): Store {
  return makeStore(openStoreFile(path, access), clock);
}
