import { type Held, outReceiptSubject } from "../../schemas/index.ts";
import { type Bytes, toFault } from "../../schemas/ground/index.ts";
import { type Line, scatterMs } from "../link/index.ts";
import { heldLines, signHeld } from "./held-lines.ts";
import type { StoredChain } from "../store/index.ts";
import type { Office } from "./office.ts";

/** Tells senders what we hold of theirs. */
export interface HeldReceipts {
  /** These chains (by place in the store) moved. */
  note(chains: readonly number[]): void;
  /** Everything that moved since `since` is told again. */
  repeatSince(since: number): void;
  /** A connection stands: what the one before may not have carried is told again, and now and then all of a day. */
  rise(): void;
  /** Call about once a second. */
  tick(): void;
}

/** Where receipts for a sender go out; false when they could not. */
export type PublishReceipt = (subject: string, bytes: Bytes, sender: string) => boolean;

/** The line by which receipts go. */
export interface ReceiptLine {
  /** How far what is published has been carried; without it every line is told twice. */
  readonly line?: () => Pick<Line, "handed" | "proven"> | undefined;
  /** Whether a chain is told of by this line; every one is when left out. */
  readonly isOurs?: (chain: StoredChain) => boolean;
}

/** A receipt goes out when this many chains moved, else with the next tick. */
const dueChains = 128;
/**
 * A line that the hub's server is known to have had, and that no break followed for this long, has been taken from the
 * server by the hub; any other is told once more after it.
 */
const settledMs = 60_000;
/** What moved in this time is told again when a connection stands, but not at each of a link that comes and goes. */
const dayMs = 86_400_000;
const wholeEveryMs = 600_000;

/** A chain that was told. */
interface Told {
  readonly at: number;
  /** Where the line stood after it; undefined where nobody says how far the line carried. */
  readonly mark: number | undefined;
  readonly isRepeat: boolean;
}

/**
 * Builds the writer of held receipts. Lines say where a chain stands, so telling one twice changes nothing.
 */
export function makeHeldReceipts(
  office: Office,
  publish: PublishReceipt,
  { line = () => undefined, isOurs = () => true }: ReceiptLine = {},
): HeldReceipts {
  const { store, clock, chance, log } = office;
  const dirty = new Set<number>();
  const told = new Map<number, Told>();
  let wholeDueAt = 0;

  const send = (sender: string, held: readonly Held[]): boolean => {
    let receipt: Bytes;
    try {
      receipt = signHeld(office, sender, held);
    } catch (error) {
      // the chains stay noted and are told when there is a key again; what came in is held all the same
      log.error("a receipt could not be signed", { code: toFault(error, "KEY_UNUSABLE").code });
      return false;
    }
    return publish(outReceiptSubject(sender), receipt, sender);
  };

  const flush = (isRepeat: boolean): void => {
    const chains = [...dirty].flatMap((seq) => store.chains.get(seq) ?? []).filter(isOurs);
    const bySender = Map.groupBy(chains, ({ originator }) => originator);
    for (const [sender, own] of bySender) {
      const isSent = heldLines(own).every((lines) => send(sender, lines));
      if (!isSent) return log.debug("held receipts wait", { count: dirty.size });
      const one = { at: clock.elapsed(), mark: line()?.handed, isRepeat };
      for (const { seq } of own) {
        dirty.delete(seq);
        told.set(seq, one);
      }
    }
    dirty.clear();
  };

  const isProven = ({ mark }: Told): boolean =>
    mark !== undefined && mark <= (line()?.proven ?? -1);

  const repeat = (isDue: (one: Told) => boolean): void => {
    for (const [seq, one] of told) {
      if (!isDue(one)) continue;
      told.delete(seq);
      dirty.add(seq);
    }
    if (dirty.size > 0) flush(true);
  };

  const settle = (): void => {
    const before = clock.elapsed() - settledMs;
    for (const [seq, one] of told) {
      if (one.at <= before && (one.isRepeat || isProven(one))) told.delete(seq);
    }
    if ([...told.values()].some(({ at }) => at <= before)) repeat(({ at }) => at <= before);
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
    rise: () => {
      const now = clock.elapsed();
      if (now >= wholeDueAt) {
        wholeDueAt = now + scatterMs(wholeEveryMs, chance);
        for (const { seq } of store.chains.changedSince(clock.now() - dayMs)) dirty.add(seq);
      }
      repeat((one) => !one.isRepeat || !isProven(one));
    },
    tick: () => {
      if (dirty.size > 0) flush(false);
      settle();
    },
  };
}
