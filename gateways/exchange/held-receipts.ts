import {
  encodeReceipt,
  encodeSignedReceipt,
  type Held,
  limits,
  outReceiptSubject,
} from "../../schemas/index.ts";
import { type Bytes, toFault } from "../../schemas/ground/index.ts";
import type { StoredChain } from "../store/index.ts";
import type { Office } from "./office.ts";

/** Tells senders what we hold of theirs. */
export interface HeldReceipts {
  /** These chains (by place in the store) moved. */
  note(chains: readonly number[]): void;
  /** Everything that moved since `since` is told again. */
  repeatSince(since: number): void;
  /** Call about once a second. */
  tick(): void;
}

/** Where receipts go out; false when they could not. */
export type PublishReceipt = (subject: string, bytes: Bytes) => boolean;

/** A receipt goes out when this many chains moved, else with the next tick. */
const dueChains = 128;
/** Each line is told once more after this time, in case the hub lost it on its way. */
const repeatAfterMs = 60_000;
/** Bytes of lines in one receipt; far enough under the receipt's own limit. */
const maxLineBytes = 128 * 1024;

function lineOf({ channel, series, highest, digest, missing, first }: StoredChain): Held {
  const line = { channel, series, sequence: highest, slipDigest: digest, missing };
  return first === 1 ? line : { ...line, from: first };
}

function sizeOf({ channel, missing }: Held): number {
  return channel.length + 64 + missing.length * 6;
}

/** Cuts lines into receipts that fit. */
function batches(lines: readonly Held[]): readonly (readonly Held[])[] {
  const made: Held[][] = [];
  let bytes = 0;
  for (const line of lines) {
    bytes += sizeOf(line);
    const last = made.at(-1);
    if (last === undefined || last.length >= limits.maxReceiptLines || bytes > maxLineBytes) {
      made.push([line]);
      bytes = sizeOf(line);
    } else last.push(line);
  }
  return made;
}

/** Builds the writer of held receipts. Lines say where a chain stands, so telling one twice changes nothing. */
export function makeHeldReceipts(office: Office, publish: PublishReceipt): HeldReceipts {
  const { store, signer, agency, clock, log } = office;
  const dirty = new Set<number>();
  const repeats = new Map<number, number>();

  const send = (sender: string, held: readonly Held[]): boolean => {
    const receipt = encodeReceipt({
      version: 1,
      issuer: agency,
      recipient: sender,
      issuedAt: clock.now(),
      accepted: [],
      refused: [],
      held,
      heads: [],
      registerEpoch: office.register().epoch,
    });
    let signature: string;
    try {
      signature = signer.sign("atumpan-receipt", receipt);
    } catch (error) {
      // the chains stay noted and are told when there is a key again; what came in is held all the same
      log.error("a receipt could not be signed", { code: toFault(error, "KEY_UNUSABLE").code });
      return false;
    }
    return publish(outReceiptSubject(sender), encodeSignedReceipt({ receipt, signature }));
  };

  const flush = (isRepeat: boolean): void => {
    const chains = [...dirty].flatMap((seq) => store.chains.get(seq) ?? []);
    const bySender = Map.groupBy(chains, ({ originator }) => originator);
    for (const [sender, own] of bySender) {
      const isSent = batches(own.map(lineOf)).every((lines) => send(sender, lines));
      if (!isSent) return log.debug("held receipts wait", { count: dirty.size });
      for (const { seq } of own) {
        dirty.delete(seq);
        if (!isRepeat) repeats.set(seq, clock.elapsed() + repeatAfterMs);
      }
    }
    dirty.clear();
  };

  const repeatDue = (): void => {
    const now = clock.elapsed();
    const due = [...repeats].filter(([, at]) => at <= now).map(([seq]) => seq);
    if (due.length === 0) return;
    for (const seq of due) {
      repeats.delete(seq);
      dirty.add(seq);
    }
    flush(true);
  };

  return {
    note: (chains) => {
      for (const seq of chains) dirty.add(seq);
      if (dirty.size >= dueChains) flush(false);
    },
    repeatSince: (since) => {
      for (const { seq } of store.chains.changedSince(since)) dirty.add(seq);
      if (dirty.size > 0) flush(true);
    },
    tick: () => {
      if (dirty.size > 0) flush(false);
      repeatDue();
    },
  };
}
