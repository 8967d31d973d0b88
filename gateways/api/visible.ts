import { Fault, parseUuid } from "../../schemas/ground/index.ts";
import type { MessageDetail, MessageSummary } from "../exchange/index.ts";
import { type Caller, type Handling, handlings, visibleTo } from "../people/index.ts";
import type { Call, Desk } from "./call.ts";
import { findPurposeOf } from "./purpose.ts";
import { checkWordsAccepted } from "./words-first.ts";

/** What gateways tell each other about keys is nobody's to read, as it stands in no list. */
function isSystem({ type, state }: MessageSummary): boolean {
  return type.startsWith("key.") && state !== "QUARANTINED";
}

/**
 * A message as this caller may see it. One that is not for him and one that is not there are answered alike, after the same
 * work: nothing of a message is read before it is known to be for him.
 *
 * @throws {Fault} NOT_FOUND, ID_INVALID
 */
export function findVisible(
  { exchange }: Pick<Desk, "exchange">,
  { caller }: Pick<Call, "caller">,
  id: string,
): MessageDetail {
  parseUuid(id);
  const seen = exchange.glance(id);
  const isSeen = seen !== undefined && !isSystem(seen) && visibleTo(caller, seen);
  const message = isSeen ? exchange.find(id) : undefined;
  if (message !== undefined) return message;
  throw new Fault("NOT_FOUND", "no message here has this id");
}

/**
 * A message whose content this caller is about to be given: in his sight, for a purpose that its sender allows, its words of use
 * accepted. Its sender is told that it was opened. Whoever gives content of a message away asks here first.
 *
 * @throws {Fault} NOT_FOUND, ID_INVALID, PURPOSE_NOT_ALLOWED, WORDS_NOT_ACCEPTED
 */
export function readMessage(desk: Desk, call: Call, id: string): MessageDetail {
  const message = findVisible(desk, call, id);
  call.record.readFor(findPurposeOf(desk, call, message));
  checkWordsAccepted(desk, message);
  call.record.about(message.id);
  if (message.body !== undefined) call.record.opened(message.id);
  return message;
}

function isHandling(value: unknown): value is Handling {
  return handlings.some((one) => one === value);
}

function handlingOf(json: unknown): unknown {
  if (typeof json !== "object" || json === null) return undefined;
  return Object.entries(json).find(([name]) => name === "handling")?.[1];
}

/**
 * Refuses a message that its writer himself could not read, before anything of it is kept. What is no handling at all is
 * for the check of the message to refuse.
 *
 * @throws {Fault} CEILING_EXCEEDED
 */
export function checkMayWrite({ handlingUpTo }: Pick<Caller, "handlingUpTo">, json: unknown): void {
  const handling = handlingOf(json) ?? "H0";
  if (!isHandling(handling)) return;
  if (handlings.indexOf(handling) <= handlings.indexOf(handlingUpTo)) return;
  throw new Fault(
    "CEILING_EXCEEDED",
    `you write up to ${handlingUpTo}; somebody else must send this`,
  );
}

/**
 * Refuses what is being written above what this machine may hold, before anything of it is kept or given out.
 *
 * @throws {Fault} DEPLOYMENT_CEILING
 */
export function checkMayHold({ exchange }: Pick<Desk, "exchange">, json: unknown): void {
  const violations = exchange.findAbove(json);
  const [first] = violations;
  if (first !== undefined) throw new Fault("DEPLOYMENT_CEILING", first.message, { violations });
}
