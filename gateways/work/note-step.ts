import {
  decodeInnerHeader,
  decodeParts,
  type Envelope,
  joinParts,
  type MessageType,
} from "../../schemas/index.ts";
import { type Bytes, renderHex } from "../../schemas/ground/index.ts";
import type { Store, StoredMessage } from "../store/index.ts";
import { noteRecall } from "./note-recall.ts";

/** A message that is being stored, ours or proved and open. */
export interface NotedStep {
  /** Its place in the store. */
  readonly message: number;
  readonly envelope: Pick<Envelope, "id" | "threadId" | "inReplyTo">;
  readonly envelopeDigest: Bytes;
  readonly type: MessageType;
  /** Its encoded parts. */
  readonly parts: Bytes;
}

type Place = Pick<Store, "messages" | "threads">;
type NotePlace = Pick<Store, "messages" | "threads" | "recalls" | "retention">;

/** What a message says of its thread. A direct one says it inside. */
export interface ThreadWords {
  readonly threadId?: Bytes | undefined;
  readonly inReplyTo?: Bytes | undefined;
}

/**
 * The thread a message belongs to: the one it names, or that of the message it answers, or else its own. Who answers an
 * opening names the opening's id, so both sides call the thread alike.
 */
export function threadOf({ messages, threads }: Place, own: Bytes, { threadId, inReplyTo }: ThreadWords): Bytes {
  if (threadId !== undefined) return threadId;
  if (inReplyTo === undefined) return own;
  const answered = messages.find(inReplyTo);
  return (answered === undefined ? undefined : threads.of(answered.seq)) ?? inReplyTo;
} // prettier-ignore

/** Puts a message into its thread. Runs inside the write that stores it: no state ever lacks a message that lists show. */
export function noteStep(store: NotePlace, { message, envelope, envelopeDigest, type, parts }: NotedStep): void {
  // what gateways tell each other about keys is no matter of anybody's
  if (type.startsWith("key.")) return;
  const { innerHeader, body } = joinParts(decodeParts(parts).parts);
  const inner = decodeInnerHeader(innerHeader);
  noteRecall(store, { message, type, inner, body });
  const words = {
    threadId: envelope.threadId ?? inner.threadId,
    inReplyTo: envelope.inReplyTo ?? inner.inReplyTo,
  };
  store.threads.add({
    message,
    thread: threadOf(store, envelope.id, words),
    digest: renderHex(envelopeDigest),
    follows: inner.follows.map(renderHex),
  });
} // prettier-ignore

/** What became of a message moves the clocks of its thread, or takes it out of it. Runs inside a write. */
export function touchThread({ threads }: Pick<Store, "threads">, message: number): void {
  const thread = threads.of(message);
  if (thread !== undefined) threads.touch(thread);
}

/** As many as an inner header may name; older heads were followed by somebody long before there are more. */
const maxHeads = 8;

/** Whether an agency sent a message or was to read it. */
export function isSeenBy({ originator, audience }: StoredMessage, reader: string): boolean {
  return originator === reader || audience.includes(reader);
}

/**
 * The last messages of a thread that we hold and that all of these readers could read too: what the next one of ours
 * follows. What others were told beside them is not even counted to them.
 */
export function headsOf(store: Place, words: ThreadWords, readers: readonly string[]): readonly Bytes[] {
  if (words.threadId === undefined && words.inReplyTo === undefined) return [];
  const steps = store.threads.steps(threadOf(store, new Uint8Array(), words)).filter(({ message }) => {
    const held = store.messages.get(message);
    return held !== undefined && !["REFUSED", "STOPPED"].includes(held.state) && readers.every((reader) => isSeenBy(held, reader));
  });
  const followed = new Set(steps.flatMap(({ follows }) => follows));
  const heads = steps.map(({ digest }) => digest).filter((digest) => !followed.has(digest));
  return heads.slice(-maxHeads).map((digest) => Buffer.from(digest, "hex"));
} // prettier-ignore
