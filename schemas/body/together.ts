import type { Bodies, InnerHeader } from "../gen/index.ts";
import type { EpochMs, Violation } from "../ground/index.ts";
import { findBroken, headerRules, messageRulesOf } from "../rules/index.ts";
import { findMissingNominal } from "./editions.ts";
import { bodyMessage, type MessageType } from "./message-type.ts";

/** What the headers of one message say together. */
export interface Headers {
  readonly type: MessageType;
  readonly urgency: string;
  readonly handling: string;
  readonly inner: InnerHeader;
}

/** A whole message, for the rules that need its headers and its body together. */
export interface WholeMessage<T extends MessageType> extends Headers {
  readonly type: T;
  readonly scope: string;
  readonly originator: string;
  readonly createdAt: EpochMs;
  readonly expiresAt: EpochMs;
  /** Checked by `parseBody` or `checkBody`, or as `readBody` gives it for rules. */
  readonly body: Bodies[T];
}

/** What breaks the rules over both headers. Pointers are into the inner header. @throws {Fault} SCHEMA_UNKNOWN_TYPE */
export function findBrokenHeaders(headers: Headers): readonly Violation[] {
  const { type, urgency, handling, inner } = headers;
  const { form } = bodyMessage(type).body;
  return findBroken(headerRules, { type, form, urgency, handling, inner });
}

/** What breaks the rules over headers and body together. Pointers are into the body. @throws {Fault} SCHEMA_UNKNOWN_TYPE */
export function findBrokenWhole<T extends MessageType>(
  whole: WholeMessage<T>,
): readonly Violation[] {
  const { type, scope, body } = whole;
  const message = bodyMessage(type);
  // who is named is given the nominal edition, and not the region's
  const missing = scope === "DIRECT" ? findMissingNominal(type, body, true) : [];
  const rules = findBroken(messageRulesOf(type), { ...whole, message, form: message.body.form });
  return [...missing, ...rules];
}
