import { type Checker, checkMessage, refuseViolations } from "../check/index.ts";
import {
  type Bodies,
  bodyChecks,
  bodyCodecs,
  checkInnerHeader,
  type InnerHeader,
} from "../gen/index.ts";
import { bodyRules, findBroken, headerRules } from "../rules/index.ts";
import { bodyMessage, type MessageType } from "./message-type.ts";
import { readChecked } from "./read-checked.ts";

function checkBodyRules<T extends MessageType>(type: T, body: Bodies[T]): void {
  const message = bodyMessage(type);
  const broken = findBroken(bodyRules[type], { message, form: message.body.form, body });
  if (broken.length > 0) refuseViolations(broken);
}

/**
 * Reads the JSON form of a body that is being made: structure, lengths, formats, codes and the rules over
 * the body's own fields all hold. The rules that need the headers are `checkHeaders`'.
 *
 * @throws {Fault} SCHEMA_INVALID with every violation, rules apart; SCHEMA_UNKNOWN_TYPE
 */
export function parseBody<T extends MessageType>(type: T, json: unknown): Bodies[T] {
  const { name } = bodyMessage(type);
  const checker: Checker<Bodies[T]> = bodyChecks[type];
  const body = readChecked(name, checker, json);
  checkBodyRules(type, body);
  return body;
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

/** What the headers of one message say together. */
export interface Headers {
  readonly type: MessageType;
  readonly urgency: string;
  readonly handling: string;
  readonly inner: InnerHeader;
}

/**
 * Checks an inner header, made or received, and the rules that need both headers and the type. Pointers
 * are into the inner header.
 *
 * @throws {Fault} SCHEMA_INVALID with every violation, rules apart; SCHEMA_UNKNOWN_TYPE
 */
export function checkHeaders({ type, urgency, handling, inner }: Headers): void {
  const { form } = bodyMessage(type).body;
  checkMessage(checkInnerHeader, inner);
  const broken = findBroken(headerRules, { type, form, urgency, handling, inner });
  if (broken.length > 0) refuseViolations(broken);
}

/** The name of the message that is a type's body, for its JSON form. */
export function bodyMessageName(type: MessageType): string {
  return bodyCodecs[type].message;
}
