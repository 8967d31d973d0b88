import { type Bytes, type EpochMs, Fault, renderHex, sha256 } from "../../schemas/ground/index.ts";
import type { JournalEvent } from "./journal-events.ts";
import type { Journal } from "./journal.ts";

/** What is about to be done, as a refusal is recorded. */
export interface RecordedAct {
  readonly journal: Journal;
  readonly now: EpochMs;
  readonly act: Extract<JournalEvent, { event: "refused" }>["act"];
  /** What was asked with: the request, or who asks. */
  readonly asked: Bytes;
}

/** A broken journal must not hide what it was that was refused. */
function record({ journal, now, act, asked }: RecordedAct, { code }: Fault): void {
  const digest = renderHex(sha256(asked));
  if (code === "STORE_WRITE_FAILED" || journal.ledger.hasRefused(digest, code)) return;
  journal.append({ event: "refused", at: now, act, code, asked: digest });
}

/**
 * Does `work`; when it refuses, the refusal is in the journal before it is told. The same refusal of the same
 * request is recorded once, so that asking again and again cannot fill the journal.
 *
 * @throws {Fault} what `work` throws
 */
export async function recordingRefusal<T>(act: RecordedAct, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Fault) record(act, error);
    throw error;
  }
}
