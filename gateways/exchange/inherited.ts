import {
  decodeInnerHeader,
  decodeMessage,
  decodeParts,
  type Envelope,
  type InnerHeader,
  joinParts,
  parseEnvelope,
} from "../../schemas/index.ts";
import { type Bytes, bytesKey } from "../../schemas/ground/index.ts";
import type { Kept } from "../../certs/trust/index.ts";
import type { Store } from "../store/index.ts";

type Header = Pick<Envelope, "id" | "originator" | "threadId">;

/** Remembers whom a message is kept from, for all that will refer to it. Runs inside the write that stores it. */
export function noteKept({ keptMessages }: Store, header: Header, inner: InnerHeader): void {
  const { protectedFrom: states, excludedRecipients: agencies } = inner;
  if (states.length + agencies.length === 0) return;
  const { id, originator, threadId = inner.threadId } = header;
  keptMessages.add({ id, originator, threadId, states, agencies });
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
