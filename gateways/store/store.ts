import { type Admissions, makeAdmissions } from "./admissions.ts";
import { type AudienceKeys, makeAudienceKeys } from "./audience-keys.ts";
import { type Chains, makeChains } from "./chains.ts";
import { openDatabase } from "./database.ts";
import { type HeldKeys, makeHeldKeys } from "./held-keys.ts";
import { type Answers, makeAnswers } from "./idempotency.ts";
import { type KeptMessages, makeKeptMessages } from "./kept.ts";
import { type KeyWaits, makeKeyWaits } from "./key-waits.ts";
import { type Ladder, makeLadder } from "./ladder.ts";
import { makeMessages, type Messages } from "./messages.ts";
import { makeOutbox, type Outbox } from "./outbox.ts";
import { makeRechecks, type Rechecks } from "./rechecks.ts";
import { makeSealingPins, type SealingPins } from "./sealing-pins.ts";
import { makeSettings, type Settings } from "./settings.ts";
import { makeWriter, type Writer } from "./writer.ts";

/**
 * Everything a gateway keeps, in one file. Reads see what is committed, and inside `write` what the act
 * did so far. Survives a power cut at any moment with all that `write` resolved.
 */
export interface Store {
  readonly messages: Messages;
  readonly outbox: Outbox;
  readonly ladder: Ladder;
  readonly chains: Chains;
  readonly settings: Settings;
  readonly sealingPins: SealingPins;
  readonly answers: Answers;
  readonly audienceKeys: AudienceKeys;
  readonly heldKeys: HeldKeys;
  readonly keyWaits: KeyWaits;
  readonly keptMessages: KeptMessages;
  readonly admissions: Admissions;
  readonly rechecks: Rechecks;
  readonly write: Writer["write"];
  /** Writes what waits and closes the file; safe to call twice. */
  close(): void;
}

/**
 * Opens the store of a gateway; makes it when there is none.
 *
 * @throws {Fault} INTEGRITY_STORE, STORE_VERSION_UNKNOWN, STORE_WRITE_FAILED
 */
export function openStore(path: string): Store {
  const database = openDatabase(path);
  const writer = makeWriter(database);
  let isOpen = true;
  return {
    messages: makeMessages(database),
    outbox: makeOutbox(database),
    ladder: makeLadder(database),
    chains: makeChains(database),
    settings: makeSettings(database),
    sealingPins: makeSealingPins(database),
    answers: makeAnswers(database),
    audienceKeys: makeAudienceKeys(database),
    heldKeys: makeHeldKeys(database),
    keyWaits: makeKeyWaits(database),
    keptMessages: makeKeptMessages(database),
    admissions: makeAdmissions(database),
    rechecks: makeRechecks(database),
    write: (act) => writer.write(act),
    close: () => {
      if (!isOpen) return;
      isOpen = false;
      writer.stop();
      database.close();
    },
  };
}
