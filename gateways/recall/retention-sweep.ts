import type { KeptUntil } from "../store/index.ts";
import { lastDayOf } from "../work/index.ts";
import { type Erased, eraseMessage, joinErased, nothingErased } from "./erase.ts";
import { findHold } from "./holds.ts";
import type { RecallParts } from "./parts.ts";

const dayMs = 86_400_000;
const atOnce = 50;
/** What may not go yet is looked at again after this. */
const againMs = dayMs;

/** One message whose day has come: it goes, unless a hold keeps it or its day is a later one after all. */
function sweepOne(parts: RecallParts, kept: KeptUntil): Erased {
  const { store, clock } = parts;
  const message = store.messages.get(kept.message);
  if (message === undefined) return nothingErased;
  const now = clock.now();
  const isHeld = findHold(parts, message.id) !== undefined;
  const deleteAt = isHeld ? now + againMs : (lastDayOf(parts, kept, message) ?? now + againMs);
  if (deleteAt > now || message.state === "ERASED") {
    const isGone = message.state === "ERASED";
    store.retention.put({ ...kept, deleteAt: isGone ? Number.MAX_SAFE_INTEGER : deleteAt });
    return nothingErased;
  }
  const erased = eraseMessage(parts, message, { why: "RETENTION" });
  store.retention.put({ ...kept, reviewAt: undefined, deleteAt: Number.MAX_SAFE_INTEGER });
  return erased;
}

/** Erases what is past its day, some at a time, each with its line of the record. By a clock that is wrong nothing goes. */
export async function sweepRetention(parts: RecallParts): Promise<Erased> {
  const { store, clock } = parts;
  if (!parts.isClockRight() || store.retention.over(clock.now(), 1).length === 0) return nothingErased;
  return joinErased(
    await store.write(() => store.retention.over(clock.now(), atOnce).map((kept) => sweepOne(parts, kept))),
  );
} // prettier-ignore
