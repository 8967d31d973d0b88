import { type Checker, checkMessage, refuseViolations } from "../check/index.ts";
import {
  type Bodies,
  bodyChecks,
  bodyCodecs,
  checkInnerHeader,
  type InnerHeader,
} from "../gen/index.ts";
import type { Bytes } from "../ground/index.ts";
import { bodyRulesOf, findBroken } from "../rules/index.ts";
import { findMissingNominal } from "./editions.ts";
import { bodyMessage, type MessageType } from "./message-type.ts";
import { readChecked } from "./read-checked.ts";
import { readBody } from "./readable.ts";
import { findBrokenHeaders, findBrokenWhole, type Headers, type WholeMessage } from "./together.ts";

function checkBodyRules<T extends MessageType>(type: T, body: Bodies[T]): void {
  const message = bodyMessage(type);
  const broken = findBroken(bodyRulesOf(type), { message, form: message.body.form, body });
  const missing = findMissingNominal(type, body);
  if (broken.length + missing.length > 0) refuseViolations([...missing, ...broken]);
}

/**
 * Reads the JSON form of a body that is being made: structure, lengths, formats, codes and the rules over
 * the body's own fields all hold. The rules that need the headers are `checkHeaders`'.
 *
 * @throws {Fault} SCHEMA_INVALID with every violation, and with those of every rule that looks at nothing wrong;
 * SCHEMA_UNKNOWN_TYPE
 */
export function parseBody<T extends MessageType>(type: T, json: unknown): Bodies[T] {
  const { whole, violations } = readBody(type, json);
  return whole ?? refuseViolations(violations);
}

/**
 * Checks a body that was received: lengths, formats and rules. A code of a newer edition is carried.
 *
 * @throws {Fault} SCHEMA_INVALID with every violation, rules apart; SCHEMA_UNKNOWN_TYPE
 */
export function checkBody<T extends MessageType>(type: T, body: Bodies[T]): void {
  bodyMessage(type);
  const checker: Checker<Bodies[T]> = bodyChecks[type];
  checkMessage(checker, body);
  checkBodyRules(type, body);
}

/**
 * Reads the JSON form of an inner header that is being made.
 *
 * @throws {Fault} SCHEMA_INVALID with every violation
 */
export function parseInnerHeader(json: unknown): InnerHeader {
  return readChecked("InnerHeader", checkInnerHeader, json);
}

/**
 * Checks an inner header, made or received, and the rules that need both headers and the type. Pointers
 * are into the inner header.
 *
 * @throws {Fault} SCHEMA_INVALID with every violation, rules apart; SCHEMA_UNKNOWN_TYPE
 */
export function checkHeaders({ type, urgency, handling, inner }: Headers): void {
  bodyMessage(type);
  checkMessage(checkInnerHeader, inner);
  const broken = findBrokenHeaders({ type, urgency, handling, inner });
  if (broken.length > 0) refuseViolations(broken);
}

/**
 * Checks the rules that need the headers and the body together; each was checked alone before. Pointers are
 * into the body.
 *
 * @throws {Fault} SCHEMA_INVALID with every violation; SCHEMA_UNKNOWN_TYPE
 */
export function checkWhole<T extends MessageType>(whole: WholeMessage<T>): void {
  const broken = findBrokenWhole(whole);
  if (broken.length > 0) refuseViolations(broken);
}

/** The bytes of a body that was checked. */
export function encodeBody<T extends MessageType>(type: T, body: Bodies[T]): Bytes {
  return bodyCodecs[type].encode(body);
}

/** What of an envelope the checks of content need. */
export type ContentHeader = Pick<
  WholeMessage<MessageType>,
  "scope" | "originator" | "urgency" | "handling" | "createdAt" | "expiresAt"
>;

/**
 * Decodes and checks all the content of a received message: the body, the inner header, and both together. The
 * one way in for everything that was signed elsewhere.
 *
 * @throws {Fault} CODEC_*, SCHEMA_*
 */
export function checkContent<T extends MessageType>(
  type: T,
  { header, inner, bytes }: { header: ContentHeader; inner: InnerHeader; bytes: Bytes },
): Bodies[T] {
  const body = bodyCodecs[type].decode(bytes);
  checkBody(type, body);
  const { scope, originator, urgency, handling, createdAt, expiresAt } = header;
  checkHeaders({ type, urgency, handling, inner });
  checkWhole({ type, scope, originator, urgency, handling, createdAt, expiresAt, inner, body });
  return body;
}

/** The name of the message that is a type's body, for its JSON form. */
export function bodyMessageName(type: MessageType): string {
  return bodyCodecs[type].message;
}
