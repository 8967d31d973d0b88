import { createHmac, createSecretKey, type KeyObject } from "node:crypto";

import type { MailboxKey } from "../../schemas/index.ts";
import { type Bytes, type EpochMs, Fault, utf8 } from "../../schemas/ground/index.ts";
import { isInForce } from "./period.ts";

const alphabet = "abcdefghijklmnopqrstuvwxyz234567";
const nameChars = 26;

/** The first 130 bits in base 32, RFC 4648 §6, lower case. */
function renderBase32(bytes: Bytes): string {
  let bits = 0n;
  for (const byte of bytes.subarray(0, 17)) bits = (bits << 8n) | BigInt(byte);
  bits >>= 6n;
  let text = "";
  for (let i = 0; i < nameChars; i += 1) {
    text = alphabet.charAt(Number(bits & 31n)) + text;
    bits >>= 5n;
  }
  return text;
}

/** One key object for each key of a register: the runtime takes ten times as long to make it as to use it. */
const keyObjects = new WeakMap<MailboxKey, KeyObject>();

function keyObjectOf(key: MailboxKey): KeyObject {
  const held = keyObjects.get(key);
  if (held !== undefined) return held;
  const made = createSecretKey(key.key);
  keyObjects.set(key, made);
  return made;
}

/**
 * The opaque name of an agency's mailbox in one period: HMAC-SHA-256 of the agency under the period's key.
 * Who lacks the register cannot tell whose it is, nor that two periods' names are one agency's.
 */
export function mailboxOf(key: MailboxKey, agency: string): string {
  return renderBase32(createHmac("sha256", keyObjectOf(key)).update(utf8(agency)).digest());
}

/**
 * The mailbox key in force.
 *
 * @throws {Fault} REGISTER_INVALID when the register has none for this time
 */
export function currentMailboxKey(keys: readonly MailboxKey[], at: EpochMs): MailboxKey {
  const key = keys.findLast((one) => isInForce(one, at));
  if (key === undefined) throw new Fault("REGISTER_INVALID", "no mailbox key is in force");
  return key;
}
