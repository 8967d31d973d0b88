import { typeOptions } from "../../schemas/index.ts";
import type { EpochMs } from "../../schemas/ground/index.ts";
import type { KeptUntil, StoredMessage } from "../store/index.ts";
import { type Erased, eraseMessage, joinErased, nothingErased } from "./erase.ts";
import { findHold } from "./holds.ts";
import type { RecallParts } from "./parts.ts";

const dayMs = 86_400_000;
const atOnce = 50;
/** What may not go yet is looked at again after this. */
const againMs = dayMs;

type Place = Pick<RecallParts, "store" | "clock">;

function daysOf({ type }: StoredMessage): number {
  return (typeOptions(type)?.retentionDays ?? 0) * dayMs;
}

/** When the last message of its thread was made. */
function lastOfThread({ store }: Place, message: StoredMessage): EpochMs {
  const thread = store.threads.of(message.seq);
  const steps = thread === undefined ? [] : store.threads.steps(thread);
  const times = steps.map((step) => store.messages.summary(step.message)?.createdAt ?? 0);
  return Math.max(message.createdAt, ...times);
}

/** The message it belongs to, where that is here and is no message of its own thread's end. */
function parentUntil({ store }: Place, message: StoredMessage): EpochMs {
  const thread = store.threads.of(message.seq);
  const [first] = thread === undefined ? [] : store.threads.steps(thread);
  if (first === undefined || first.message === message.seq) return 0;
  return store.retention.of(first.message)?.deleteAt ?? 0;
}

/** The day a message goes by what its type's time counts from; from now on, for what is not over yet. */
function dayOf(place: Place, { keep, deleteAt }: KeptUntil, message: StoredMessage): EpochMs {
  if (keep === "FROM_CLOSE") {
    const thread = place.store.threads.of(message.seq);
    const isOpen = thread !== undefined && place.store.threads.isAwaited(thread);
    // what is still awaited is not closed
    return isOpen ? place.clock.now() + againMs : lastOfThread(place, message) + daysOf(message);
  }
  if (keep === "FROM_PARENT") return Math.max(deleteAt, parentUntil(place, message));
  return deleteAt;
}

/** One message whose day has come: it goes, unless a hold keeps it or its day is a later one after all. */
function sweepOne(parts: RecallParts, kept: KeptUntil): Erased {
  const { store, clock } = parts;
  const message = store.messages.get(kept.message);
  if (message === undefined) return nothingErased;
  const now = clock.now();
  const isHeld = findHold(parts, message.id) !== undefined;
  const deleteAt = isHeld ? now + againMs : dayOf(parts, kept, message);
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
