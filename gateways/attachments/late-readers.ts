import { parseUuid, sameBytes } from "../../schemas/ground/index.ts";
import type { MessageSummary } from "../exchange/index.ts";
import type { UseRow } from "../store/index.ts";
import { namedBy } from "./named.ts";
import type { AttachmentParts } from "./parts.ts";

/**
 * Readers who come to a message of ours when its files were not asked about for a while. The hub cannot say that it lost a
 * piece, for it lost what it knew of it; and a reader tells nobody that he misses one. But he tells that he has the message, or
 * opened it, and asks for its files after that: so they are asked about then, and what is missing is put again.
 */
export interface LateReaders {
  /** A message moved on. */
  note(message: Pick<MessageSummary, "id" | "box" | "state" | "storedAt">): void;
  /** Our files that are to be asked about for those who came; each once. */
  take(): readonly UseRow[];
}

/** What was asked about within this time is not asked about again. */
const restMs = 10 * 60_000;
/** Of more messages in one second, those that are left over are asked about when their own time comes. */
const most = 256;
const states: readonly string[] = ["ACCEPTED", "DELIVERED"];

function usesOf({ office: { store, clock } }: AttachmentParts, id: string): readonly UseRow[] {
  const message = store.messages.find(parseUuid(id));
  if (message === undefined) return [];
  const latest = clock.now() - restMs;
  return namedBy(message).flatMap(({ carried }) => {
    const uses = carried === undefined ? [] : store.attachments.uses(carried.ref);
    return uses.filter(
      ({ message: of, nextAt, storedAt }) =>
        sameBytes(of, message.id) && nextAt !== undefined && storedAt !== undefined && storedAt <= latest,
    );
  });
} // prettier-ignore

/** Begins with nobody. */
export function makeLateReaders(parts: AttachmentParts): LateReaders {
  const came = new Set<string>();
  return {
    note: ({ id, box, state, storedAt }) => {
      const isLate = parts.office.clock.now() - storedAt >= restMs;
      if (box === "out" && isLate && states.includes(state) && came.size < most) came.add(id);
    },
    take: () => {
      const found = [...came].flatMap((id) => usesOf(parts, id));
      came.clear();
      return found;
    },
  };
}
