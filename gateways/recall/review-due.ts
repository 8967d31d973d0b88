import { type Bytes, type EpochMs, renderUuid, toFault } from "../../schemas/ground/index.ts";
import { renderInstant } from "../../schemas/index.ts";
import type { KeptUntil, StoredMessage } from "../store/index.ts";
import type { RecallParts } from "./parts.ts";

const minuteMs = 60_000;
/** More waits until some of it was looked at. */
const maxDue = 2_000;

/** Tells holders that the day has come to look at a message of ours again. */
export interface Reviews {
  /** Looks at most once a minute. What is told once is not told again. */
  tend(): Promise<void>;
}

/** A word to one holder: which message, and when it goes if nobody looks. No holder learns of another by it. */
function wordTo(
  holder: string,
  { id, handling, crimes }: StoredMessage,
  { reviewAt, deleteAt }: { readonly reviewAt: EpochMs; readonly deleteAt: EpochMs },
): object {
  const said = { reviewAt: renderInstant(reviewAt), deletionAt: renderInstant(deleteAt) };
  return {
    type: "data.review_due",
    crimes,
    // an id and two days; nothing of the content
    handling: handling === "H0" ? "H0" : "H1",
    recipients: [holder],
    body: { targetIds: [renderUuid(id)], ...said },
  };
}

/** @returns whether nobody is left who could be told later */
async function tell(parts: RecallParts, message: StoredMessage, kept: KeptUntil): Promise<boolean> {
  const { store, exchange, log } = parts;
  const { reviewAt = kept.deleteAt, deleteAt } = kept;
  const days = { reviewAt: Math.min(reviewAt, deleteAt), deleteAt };
  let isDone = true;
  for (const { reader } of store.ladder.readers(message.seq)) {
    try {
      await exchange.submit(wordTo(reader, message, days), keyOf(message.id, reader, days.reviewAt));
    } catch (error) {
      // who cannot be written to finds the day in the message itself
      const fault = toFault(error, "INTERNAL");
      if (fault.retry === "later") isDone = false;
      log.warn("a holder was not told that a review is due", { agency: reader, code: fault.code });
    }
  }
  return isDone;
} // prettier-ignore

/** The same word is sent once, also by a gateway that begins anew. */
function keyOf(id: Bytes, reader: string, reviewAt: EpochMs): string {
  return `review ${renderUuid(id)} ${reader} ${reviewAt}`;
}

/** Builds it over a gateway's own parts. */
export function makeReviews(parts: RecallParts): Reviews {
  const { store, clock } = parts;
  const told = new Set<string>();
  let lookedAt = Number.NEGATIVE_INFINITY;
  const look = async (kept: KeptUntil): Promise<void> => {
    const name = `${kept.message} ${kept.reviewAt ?? 0}`;
    const message = told.has(name) ? undefined : store.messages.get(kept.message);
    if (message === undefined) return;
    const isOurs = message.box === "out" && message.originator === parts.agency;
    const isOpen = isOurs && !["ERASED", "REFUSED", "STOPPED"].includes(message.state);
    const isDue = isOpen && kept.deleteAt > clock.now();
    if (!isDue || (await tell(parts, message, kept))) told.add(name);
  };
  return {
    tend: async () => {
      const now = clock.now();
      if (!parts.isClockRight() || Math.abs(now - lookedAt) < minuteMs) return;
      lookedAt = now;
      const due = store.retention.due({ reviewBefore: now, deleteBefore: 0, limit: maxDue });
      for (const kept of due) await look(kept);
    },
  };
}
