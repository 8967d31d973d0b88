import { decodeParts, joinParts, type MessageType } from "../../schemas/index.ts";
import { type Bytes, parseUuid } from "../../schemas/ground/index.ts";
import { makeStep, operationOf } from "../../schemas/work/index.ts";
import type { Store } from "../store/index.ts";

/** A message that is being stored, ours or proved and open. */
interface NotedMessage {
  /** Its place in the store. */
  readonly message: number;
  readonly type: MessageType;
  /** Its encoded parts. */
  readonly parts: Bytes;
}

/** What of a step is asked when only its body is read. */
const unasked = { id: "", digest: "", from: "", to: [], at: 0, urgency: "", follows: [] } as const;

/** The operation that a body names. */
export function namedOperation(type: MessageType, body: Bytes): string | undefined {
  return operationOf(makeStep({ ...unasked, type, body }));
}

/** Remembers which operation a message names. Runs inside the write that stores it. */
export function noteOperation({ operations }: Pick<Store, "operations">, { message, type, parts }: NotedMessage): void {
  const operation = namedOperation(type, joinParts(decodeParts(parts).parts).body);
  if (operation === undefined) return;
  operations.add({ message, operation: parseUuid(operation), opens: type === "operation.open" });
} // prettier-ignore
