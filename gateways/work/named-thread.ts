import type { MessageType } from "../../schemas/index.ts";
import type { Bytes } from "../../schemas/ground/index.ts";
import { findSubjects } from "../../schemas/work/index.ts";
import type { Store, StoredMessage } from "../store/index.ts";
import { isSeenBy } from "./note-step.ts";

/** A message that is being made and says of no thread that it belongs to it. */
export interface Unthreaded {
  readonly type: MessageType;
  readonly body: object;
  /** None for a feed. */
  readonly recipients: readonly string[];
}

type Place = Pick<Store, "messages" | "threads">;

function isFeed({ recs }: StoredMessage): boolean {
  return recs.length > 0;
}

/** Whether everybody who reads the new message may know the thread of one it names: a feed says its threads to all. */
function mayBeTold(held: StoredMessage, recipients: readonly string[]): boolean {
  if (held.parts === undefined || ["REFUSED", "STOPPED"].includes(held.state)) return false;
  return isFeed(held) || (recipients.length > 0 && recipients.every((one) => isSeenBy(held, one)));
}

/**
 * The thread a message belongs to by what its body says it is about: that of the messages which the first of its fields names
 * that names any we hold. Undefined where these stand in several threads, or where a reader could not know of one.
 */
export function namedThread({ messages, threads }: Place, { type, body, recipients }: Unthreaded): Bytes | undefined {
  for (const ids of findSubjects(type, body)) {
    const held = ids.flatMap((id) => messages.find(id) ?? []);
    if (held.length === 0) continue;
    if (!held.every((one) => mayBeTold(one, recipients))) return undefined;
    const found = held.map(({ seq }) => threads.of(seq));
    const [first] = found;
    return first !== undefined && found.every((one) => one !== undefined && Buffer.compare(one, first) === 0) ? first : undefined;
  }
  return undefined;
} // prettier-ignore
