import {
  decodeInnerHeader,
  decodeMessage,
  decodeParts,
  isKnownType,
  joinParts,
  parseEnvelope,
} from "../../schemas/index.ts";
import { type Bytes, type EpochMs, renderHex, renderUuid } from "../../schemas/ground/index.ts";
import {
  makeStep,
  readThread,
  type Step,
  type Thread,
  type ThreadState,
} from "../../schemas/work/index.ts";
import type { Store, StoredMessage } from "../store/index.ts"; // prettier-ignore

/** Where threads are read. */
export interface ThreadPlace {
  readonly agency: string;
  readonly store: Store;
}

/** A message of the store as the state machines read it; undefined for what is not open to us, or is of no type we know. */
export function stepOf(message: StoredMessage): Step | undefined {
  const { type, parts, raw, originator } = message;
  if (parts === undefined || !isKnownType(type)) return undefined;
  const { innerHeader, body } = joinParts(decodeParts(parts).parts);
  const inner = decodeInnerHeader(innerHeader);
  const { inReplyTo } = parseEnvelope(decodeMessage(raw).envelope);
  const about = inReplyTo ?? inner.inReplyTo;
  return makeStep({
    id: renderUuid(message.id),
    digest: renderHex(message.digest),
    type,
    from: originator,
    to: inner.recipients,
    at: message.createdAt,
    urgency: message.urgency,
    about: about === undefined ? undefined : renderUuid(about),
    follows: inner.follows.map(renderHex),
    body,
  });
}

/** When a message reached an agency: ours by its receipt, others' when we stored it. */
function deliveredTo({ agency, store }: ThreadPlace, { seq, box, storedAt }: StoredMessage, reader: string): EpochMs | undefined {
  if (box === "in") return reader === agency ? storedAt : undefined;
  const rungs = store.ladder.rungs(seq).filter(({ kind, issuer }) => kind === "DELIVERED" && issuer === reader);
  return rungs.length === 0 ? undefined : Math.min(...rungs.map(({ at }) => at));
} // prettier-ignore

/** The messages of a thread that this gateway holds, and some more. */
export function threadWith(place: ThreadPlace, thread: Bytes, more: readonly Step[] = []): Thread {
  const { messages, threads } = place.store;
  const held = threads.steps(thread).flatMap(({ message }) => messages.get(message) ?? []);
  const byId = new Map(held.map((message) => [renderUuid(message.id), message]));
  // what the hub refused, or was stopped here, reached nobody
  const standing = held.filter(({ state }) => state !== "REFUSED" && state !== "STOPPED");
  return {
    steps: [...standing.flatMap((message) => stepOf(message) ?? []), ...more],
    delivered: (id, reader) => {
      const message = byId.get(id);
      return message === undefined ? undefined : deliveredTo(place, message, reader);
    },
  };
}

/** How a thread stands, by all of its messages that this gateway holds. */
export function loadThread(place: ThreadPlace, thread: Bytes): ThreadState {
  const { missing, ...state } = readThread(threadWith(place, thread));
  if (missing.length === 0) return { missing, ...state };
  // what was erased is not missing: it was here, and its digest stays
  const digests = new Set(place.store.threads.steps(thread).map(({ digest }) => digest));
  return { ...state, missing: missing.filter((digest) => !digests.has(digest)) };
}
