import {
  decodeInnerHeader,
  decodeParts,
  type Envelope,
  joinParts,
  type MessageType,
} from "../../schemas/index.ts";
import type { Bytes } from "../../schemas/ground/index.ts";
import type { Store } from "../store/index.ts";
import { findKeys } from "./keys.ts";
import { findStops } from "./stops.ts";

/** A message that is being stored, proved and open. */
export interface NotedMessage {
  /** Its place in the store. */
  readonly message: number;
  readonly envelope: Pick<Envelope, "originator" | "createdAt" | "status" | "supersedes">;
  readonly type: MessageType;
  /** Its encoded parts. */
  readonly parts: Bytes;
}

/**
 * Remembers by what a message can be found, and what it takes back of its sender's others. Runs inside the write that
 * stores it: a lookup never answers for less than lists show. Exercises and tests are never found.
 */
export function noteLookups(
  { lookups }: Pick<Store, "lookups">,
  { message, envelope, type, parts }: NotedMessage,
): void {
  if (envelope.status !== "ACTUAL") return;
  const { innerHeader, body } = joinParts(decodeParts(parts).parts);
  const supersedes = envelope.supersedes ?? decodeInnerHeader(innerHeader).supersedes;
  lookups.add(message, findKeys(type, body));
  lookups.stop(message, findStops({ type, body, envelope, supersedes }));
}
