import {
  type Accepted,
  type IntakeSubject,
  parseIntakeSubject,
  receiptSubject,
  type Refused,
  renderAgencyTokens,
} from "../../schemas/index.ts";
import {
  Fault,
  type FaultCode,
  faults,
  type Log,
  renderUuid,
  sha256,
  toFault,
} from "../../schemas/ground/index.ts";
import { lastUse } from "../../certs/trust/index.ts";
import { ackMessage, type FairPublisher, hubLimits, type Msg, nakMessage } from "../nats/index.ts";
import { checkHeldReceipt } from "./held.ts";
import { codeHeader } from "./notes.ts";
import type { Place } from "./known.ts";
import type { LogEntries } from "./log-entries.ts";
import type { Quota } from "./quota.ts";
import { unitsOf } from "./quota-step.ts";
import type { Receipts } from "./receipts.ts";
import type { Store } from "./store.ts";
import { judge } from "./steps.ts";
import type { Bench, Shaped, Verdict } from "./verdict.ts";

/** What handles the messages of the intake. */
export interface IntakeOptions {
  readonly log: Log;
  readonly publisher: FairPublisher;
  readonly receipts: Receipts;
  readonly store: Store;
  /** Nothing is told to be accepted before it stands there. */
  readonly entries?: LogEntries | undefined;
  /** Refusals that cost their sender nothing; none do when it is left out. */
  readonly refusals?: Quota | undefined;
  /** What to judge by at this moment. */
  readonly bench: () => Bench;
  /** Called when a message was acknowledged or given back. */
  readonly onDone: (message: Msg) => void;
  /** Called before that of what is beyond its sender's quota. */
  readonly onBeyond?: (message: Msg, origin: string) => void;
}

/** How many messages ended how, since the start. */
export interface IntakeCounts {
  accepted: number;
  repeated: number;
  refused: number;
  heldBack: number;
  receipts: number;
  /** Of the refused and the held back, how many with which code. */
  readonly refusedBy: Partial<Record<FaultCode, number>>;
  readonly heldBackBy: Partial<Record<FaultCode, number>>;
}

/** Handles one message after another; the answers of the streams come while others are judged. */
export interface Intake {
  /** Takes a message to its end: acknowledged once its receipt is stored, or given back. Never throws. */
  handle(message: Msg): void;
  readonly counts: Readonly<IntakeCounts>;
}

const maxDetailChars = 500;

/**
 * What a refusal costs its sender of his quota once he is refused too often, for each unit it has: a signature is checked, two
 * entries are written and synced, one of them its copy, and a receipt is signed for it. Whoever sends nothing else is then judged
 * ten times a second beyond what is free.
 */
const refusalCost = 999;

function acceptedLine(
  { envelope, digest, channel }: Shaped,
  place: Place,
  logIndex: number | undefined,
): Accepted {
  const { stream, instance, sequence: streamSequence } = place;
  return {
    messageId: envelope.id,
    envelopeDigest: digest,
    channel,
    stream,
    instance,
    streamSequence,
    logIndex,
  };
}

function refusedLine(message: Msg, fault: Fault, item: Shaped | undefined): Refused {
  const isForCaller = faults[fault.code].audience === "caller";
  return {
    messageId: item?.envelope.id,
    publicationDigest: sha256(message.data),
    // the slip's: what stands in the subject is the sender's own spelling, and a receipt has to be readable
    channel: item?.slip.channel,
    code: fault.code,
    detail: isForCaller ? fault.detail.slice(0, maxDetailChars) : undefined,
  };
}

function placeOf(message: Msg, log: Log): IntakeSubject | undefined {
  try {
    return parseIntakeSubject(message.subject);
  } catch (error) {
    log.error("an intake subject is not ours", { code: toFault(error, "INTERNAL").code });
    return undefined;
  }
}

/** Builds the handling of the intake. */
export function makeIntake(options: IntakeOptions): Intake {
  const { log, publisher, receipts, refusals, store, entries, bench, onDone, onBeyond } = options;
  const counts: IntakeCounts = {
    accepted: 0,
    repeated: 0,
    refused: 0,
    heldBack: 0,
    receipts: 0,
    refusedBy: {},
    heldBackBy: {},
  };
  const countBy = (by: IntakeCounts["refusedBy"], code: FaultCode): void => {
    by[code] = (by[code] ?? 0) + 1;
  };

  const finish = (message: Msg, isDone: boolean): void => {
    if (isDone) ackMessage(message);
    else nakMessage(message, hubLimits.holdDelayMs);
    onDone(message);
  };

  const hold = (message: Msg, fault: Fault, delayMs: number): void => {
    counts.heldBack += 1;
    countBy(counts.heldBackBy, fault.code);
    if (fault.code === "INTERNAL") log.error("a message is held back", { code: fault.code });
    else log.debug("a message is held back", { code: fault.code });
    nakMessage(message, delayMs);
    onDone(message);
  };

  /**
   * Forgets what is beyond an agency's quota: it stays in its sender's custody and comes again. Given back it would come round
   * every second.
   */
  const drop = (message: Msg, origin: string): void => {
    counts.heldBack += 1;
    countBy(counts.heldBackBy, "QUOTA_EXCEEDED");
    log.debug("a message is dropped", { code: "QUOTA_EXCEEDED" });
    onBeyond?.(message, origin);
    finish(message, true);
  };

  const accept = (message: Msg, item: Shaped, place: Place): void => {
    const tell = (index?: number): void =>
      receipts.accepted(item.place.origin, acceptedLine(item, place, index), (isStored) =>
        finish(message, isStored),
      );
    if (entries === undefined) return tell();
    // what is in no log is not accepted: its sender keeps it, and it comes again
    return void entries.positionOf(place).then(tell, (error: unknown) => {
      const fault = toFault(error, "HUB_STREAM_WRITE_FAILED");
      hold(message, fault, hubLimits.staleDelayMs);
    });
  };

  /** Keeps the refused message for its sender's inquiry, and tells him; both must stand before it is done. */
  const refuse = (
    message: Msg,
    origin: string,
    { fault, item }: { fault: Fault; item?: Shaped },
  ): void => {
    counts.refused += 1;
    countBy(counts.refusedBy, fault.code);
    const units = unitsOf(message.data.length);
    if (refusals?.take(origin, units) === false) {
      bench().quota.spend?.(origin, refusalCost * units);
    }
    const messageId = item === undefined ? undefined : renderUuid(item.envelope.id);
    log.info("refused", {
      agency: origin,
      code: fault.code,
      ...(messageId === undefined ? {} : { messageId }),
    });
    const headers = { [codeHeader]: fault.code };
    const subject = `quarantine.${renderAgencyTokens(origin)}`;
    publisher.send({ by: origin, subject, payload: message.data, headers }, ({ kind }) => {
      if (kind !== "stored") return finish(message, false);
      return receipts.refused(origin, refusedLine(message, fault, item), (isStored) =>
        finish(message, isStored),
      );
    });
  };

  const storeAdmitted = async (
    message: Msg,
    { item }: Verdict & { kind: "admitted" },
  ): Promise<void> => {
    const stored = await store.put(item);
    if (stored.kind === "stands") {
      counts.accepted += 1;
      accept(message, item, stored.place);
    } else if (stored.kind === "refused") {
      refuse(message, item.place.origin, { fault: stored.fault, item });
    } else hold(message, stored.fault, hubLimits.holdDelayMs);
  };

  const judgePublication = (message: Msg, place: IntakeSubject): void => {
    const verdict = judge({ bytes: message.data, place }, bench());
    switch (verdict.kind) {
      case "admitted":
        return void storeAdmitted(message, verdict).catch((error: unknown) =>
          hold(message, toFault(error, "INTERNAL"), hubLimits.staleDelayMs),
        );
      case "again":
        counts.repeated += 1;
        return accept(message, verdict.item, verdict.place);
      case "storing":
        // The copy that is being stored has not been acknowledged: it will have its receipt or come again.
        return finish(message, true);
      case "later":
        if (verdict.fault.code === "QUOTA_EXCEEDED") return drop(message, place.origin);
        return hold(message, verdict.fault, verdict.delayMs);
      case "refused":
        return refuse(message, place.origin, verdict);
    }
  };

  const passReceipt = (message: Msg, place: IntakeSubject): void => {
    const { register, quota, now, hub } = bench();
    if (lastUse(register) <= now) {
      const fault = new Fault(
        "REGISTER_STALE",
        "the register is past its time; all waits for a newer",
      );
      return hold(message, fault, hubLimits.holdDelayMs);
    }
    // readers say again what they hold
    if (!quota.take(place.origin)) return drop(message, place.origin);
    checkHeldReceipt(message.data, place, { register, now, hub });
    counts.receipts += 1;
    const { origin: by, target } = place;
    const item = { by, subject: receiptSubject(target), payload: message.data };
    return publisher.send(item, ({ kind }) => finish(message, kind === "stored"));
  };

  return {
    counts,
    handle: (message) => {
      const place = placeOf(message, log);
      // Without an origin there is nobody to answer, and trying again would change nothing.
      if (place === undefined) return finish(message, true);
      try {
        return place.kind === "receipt"
          ? passReceipt(message, place)
          : judgePublication(message, place);
      } catch (error) {
        const fault = toFault(error, "INTERNAL");
        return fault.code === "INTERNAL" || fault.code.startsWith("REGISTER_")
          ? hold(message, fault, hubLimits.staleDelayMs)
          : refuse(message, place.origin, { fault });
      }
    },
  };
}
