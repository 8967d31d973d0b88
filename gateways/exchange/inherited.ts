import {
  bodyCodecs,
  decodeInnerHeader,
  decodeMessage,
  decodeParts,
  type Envelope,
  type InnerHeader,
  joinParts,
  type MessageType,
  parseEnvelope,
} from "../../schemas/index.ts";
import { type Bytes, bytesKey } from "../../schemas/ground/index.ts";
import type { Kept } from "../../certs/trust/index.ts";
import type { Store } from "../store/index.ts";

type Header = Pick<Envelope, "id" | "originator" | "threadId" | "supersedes">;

/** What a message says inside: its parts in the clear, and of which type its body is. */
export interface Inside {
  readonly type: MessageType;
  readonly parts: Bytes;
}

/** The messages a body is about, by the field that says so in every type that has one. */
function targetsOf({ type, parts }: Inside): readonly Bytes[] {
  const body: object = bodyCodecs[type].decode(joinParts(decodeParts(parts).parts).body);
  return ["targetId", "targetIds"].flatMap((name) => {
    const named: unknown = Reflect.get(body, name);
    const all: readonly unknown[] = Array.isArray(named) ? named : [named];
    return all.filter((id) => id instanceof Uint8Array);
  });
}

/** Whether an agency may speak of a message as its own: nobody binds what another said. */
function isOwn({ messages }: Store, id: Bytes, originator: string): boolean {
  const held = messages.find(id);
  return held?.parts === undefined || held.originator === originator;
}

/**
 * Remembers whom a message is kept from, for all that will refer to it. What it replaces, corrects or decides about is
 * kept likewise from then on, where that is its sender's own: often it shows only later that somebody is to be protected.
 * Runs inside the write that stores it.
 */
export function noteKept(store: Store, header: Header, inside: Inside): void {
  const inner = innerOf(inside.parts);
  const { protectedFrom: states, excludedRecipients: agencies } = inner;
  if (states.length + agencies.length === 0) return;
  const { keptMessages } = store;
  const { id, originator, threadId = inner.threadId, supersedes = inner.supersedes } = header;
  keptMessages.add({ id, originator, threadId, states, agencies });
  const earlier = [...(supersedes === undefined ? [] : [supersedes]), ...targetsOf(inside)];
  for (const one of earlier) {
    if (isOwn(store, one, originator)) keptMessages.add({ id: one, originator, states, agencies });
  }
}

/** The inner header in the encoded parts of a message of ours. */
export function innerOf(parts: Bytes): InnerHeader {
  return decodeInnerHeader(joinParts(decodeParts(parts).parts).innerHeader);
}

/** The thread of a message that we hold and that was proved. */
function threadOf({ messages }: Store, id: Bytes): readonly Bytes[] {
  const held = messages.find(id);
  if (held?.parts === undefined) return [];
  const thread = parseEnvelope(decodeMessage(held.raw).envelope).threadId ?? innerOf(held.parts).threadId; // prettier-ignore
  return thread === undefined ? [] : [thread];
}

/**
 * Whom a message has to be kept from because of those it refers to: what any of them, or any message of their
 * threads, was kept from. Of what we do not hold nothing is known.
 *
 * @param ids of messages or threads
 */
export function keptByReference(store: Store, ids: readonly Bytes[]): Kept {
  const named = ids.flatMap((id) => [id, ...threadOf(store, id)]);
  const distinct = new Map(named.map((id) => [bytesKey(id), id]));
  const found = [...distinct.values()].flatMap((id) => store.keptMessages.of(id));
  return {
    states: [...new Set(found.flatMap(({ states }) => states))],
    agencies: [...new Set(found.flatMap(({ agencies }) => agencies))],
  };
}
