import type { MessageType } from "../../schemas/index.ts";

/** A message that was taken by its sender's gateway. */
export interface Entry {
  readonly id: string;
  readonly type: MessageType;
  readonly from: string;
  readonly audience: readonly string[];
  readonly thread: string;
  /** The hour of the week. */
  readonly hour: number;
}

/** What was said in the week, as those who said it wrote it down: what everybody's counts are compared with. */
export interface Ledger {
  readonly entries: Entry[];
  /** Submissions that were refused, by their code. */
  readonly refused: Map<string, number>;
  /** What happened beside messages, in words. */
  readonly events: string[];
}

/** An empty ledger. */
export function openLedger(): Ledger {
  return { entries: [], refused: new Map(), events: [] };
}

/** Counts one more under a name. */
export function countOne(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
