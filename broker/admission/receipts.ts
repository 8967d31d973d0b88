import {
  type Accepted,
  type Admission,
  encodeReceipt,
  encodeSignedReceipt,
  type Erasures,
  type Head,
  type HubStop,
  limits,
  type Receipt,
  receiptSubject,
  type Refused,
} from "../../schemas/index.ts";
import {
  type Bytes,
  type Clock,
  type Log,
  type Timer,
  toFault,
} from "../../schemas/ground/index.ts";
import type { Signer } from "../../certs/keys/index.ts";
import { type FairPublisher, hubLimits } from "../nats/index.ts";

/** Called once a line's receipt is stored (true), or was not (false). */
export type LineDone = (isStored: boolean) => void;

/** What receipts are made and stored with. */
export interface ReceiptOptions {
  readonly signer: Signer;
  readonly publisher: FairPublisher;
  readonly clock: Clock;
  readonly log: Log;
  /** The epoch the hub judges by. */
  readonly epoch: () => number;
  /** The newest of the hub's log: all that is accepted stands in it. */
  readonly checkpoint?: () => Bytes | undefined;
  /** Since when the hub takes in nothing new. */
  readonly stopped?: (() => HubStop | undefined) | undefined;
}

/** Collects lines for each sender and stores them, many under one signature and in one write. */
export interface Receipts {
  accepted(recipient: string, line: Accepted, done: LineDone): void;
  refused(recipient: string, line: Refused, done: LineDone): void;
  /** Signs at once where the hub's streams stand, for an answer that is not stored. */
  heads(recipient: string, heads: readonly Head[]): Bytes;
  /** Signs at once what was taken out of the streams, for an answer that is not stored. */
  erasures(recipient: string, erasures: Erasures): Bytes;
  /** Signs at once when a message was taken, for an answer that is not stored; without one, that none is known. */
  admission(recipient: string, admission: Admission | undefined): Bytes;
  /** Tells agencies which register is judged by now. One that is not reached hears it with its next receipt. */
  notice(recipients: readonly string[]): void;
  stop(): void;
}

interface Batch {
  readonly accepted: Accepted[];
  readonly refused: Refused[];
  readonly dones: LineDone[];
  readonly timer: Timer;
}

/** Starts with nothing collected. */
export function startReceipts(options: ReceiptOptions): Receipts {
  const { signer, publisher, clock, log, epoch, checkpoint } = options;
  const batches = new Map<string, Batch>();

  const sign = (recipient: string, lines: Partial<Receipt>): Bytes => {
    const receipt = encodeReceipt({
      version: 1,
      issuer: signer.signer,
      recipient,
      issuedAt: clock.now(),
      accepted: [],
      refused: [],
      held: [],
      heads: [],
      opened: [],
      registerEpoch: epoch(),
      stop: options.stopped?.(),
      ...lines,
    });
    return encodeSignedReceipt({ receipt, signature: signer.sign("atumpan-receipt", receipt) });
  };

  const flush = (recipient: string): void => {
    const batch = batches.get(recipient);
    if (batch === undefined) return;
    batches.delete(recipient);
    batch.timer.stop();
    const { accepted, refused, dones } = batch;
    const conclude = (isStored: boolean): void => {
      for (const done of dones) done(isStored);
    };
    let payload: Bytes;
    try {
      payload = sign(recipient, { accepted, refused, checkpoint: checkpoint?.() });
    } catch (error) {
      // The messages are given back, and their lines come again.
      log.error("a receipt could not be signed", { code: toFault(error, "KEY_UNUSABLE").code });
      return conclude(false);
    }
    return publisher.send(
      { by: recipient, subject: receiptSubject(recipient), payload },
      ({ kind }) => conclude(kind === "stored"),
    );
  };

  const batchOf = (recipient: string): Batch => {
    const held = batches.get(recipient);
    if (held !== undefined) return held;
    const { receiptDelayMs, receiptShareMs } = hubLimits;
    const delayMs = Math.max(receiptDelayMs, receiptShareMs * (batches.size + 1));
    const timer = clock.after(delayMs, () => flush(recipient));
    const made: Batch = { accepted: [], refused: [], dones: [], timer };
    batches.set(recipient, made);
    return made;
  };

  const flushFull = (recipient: string, { accepted, refused }: Batch): void => {
    if (Math.max(accepted.length, refused.length) >= limits.maxReceiptLines) flush(recipient);
  };

  return {
    accepted: (recipient, line, done) => {
      const batch = batchOf(recipient);
      batch.accepted.push(line);
      batch.dones.push(done);
      flushFull(recipient, batch);
    },
    refused: (recipient, line, done) => {
      const batch = batchOf(recipient);
      batch.refused.push(line);
      batch.dones.push(done);
      flushFull(recipient, batch);
    },
    heads: (recipient, heads) => sign(recipient, { heads }),
    erasures: (recipient, erasures) => sign(recipient, { erasures }),
    admission: (recipient, admission) => sign(recipient, { admission }),
    notice: (recipients) => {
      try {
        for (const recipient of recipients) {
          const payload = sign(recipient, {});
          publisher.send(
            { by: recipient, subject: receiptSubject(recipient), payload },
            () => undefined,
          );
        }
      } catch (error) {
        log.error("a notice could not be signed", { code: toFault(error, "KEY_UNUSABLE").code });
      }
    },
    stop: () => {
      for (const recipient of batches.keys()) flush(recipient);
    },
  };
}
