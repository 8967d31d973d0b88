import { typeOptions } from "../../schemas/index.ts";
import type { EpochMs } from "../../schemas/ground/index.ts";
import type { KeptUntil, Store, StoredMessage } from "../store/index.ts";

type Place = { readonly store: Pick<Store, "messages" | "retention" | "threads"> };

const dayMs = 86_400_000;

/** How long messages of a type are kept, from whatever their time counts from. */
export function keptMs(type: string): number {
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
  // what is gone keeps nothing here any more
  if (store.messages.summary(first.message)?.state === "ERASED") return 0;
  return store.retention.of(first.message)?.deleteAt ?? 0;
}

/** The day a message goes by what its type's time counts from; undefined while that has not begun: its matter is open. */
export function lastDayOf(place: Place, { keep, deleteAt }: KeptUntil, message: StoredMessage): EpochMs | undefined {
  if (keep === "FROM_CLOSE") {
    const thread = place.store.threads.of(message.seq);
    // what is still awaited is not closed
    const isOpen = thread !== undefined && place.store.threads.isOpen(thread);
    return isOpen ? undefined : lastOfThread(place, message) + keptMs(message.type);
  }
  return keep === "FROM_PARENT" ? Math.max(deleteAt, parentUntil(place, message)) : deleteAt;
} // prettier-ignore
