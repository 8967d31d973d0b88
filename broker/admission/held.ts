import {
  type IntakeSubject,
  parseReceipt,
  type Receipt,
  type UnprovenReceipt,
} from "../../schemas/index.ts";
import { type Bytes, Fault } from "../../schemas/ground/index.ts";
import { isRelayAt, isStatementProven, type RegisterView } from "../../certs/trust/index.ts";
import { isLinking } from "../nats/index.ts";
import { checkRelayed } from "../relay/index.ts";
import type { Bench } from "./verdict.ts";

/** Bytes of a checkpoint with the hub's own signature. */
const maxToldBytes = 512;

/** A line about nothing, by which an agency sees that its own way through the hub works. */
function isCanary({ held, opened, checkpoint }: Receipt): boolean {
  return held.length === 0 && opened.length === 1 && checkpoint === undefined;
}

/** Orders to the hub beyond go to a relay at this hub, and only such a relay brings its answers. */
function checkFar({ register, hub }: Pick<Bench, "register" | "hub">, { farErasures, issuer, recipient }: Receipt): void {
  if (farErasures === undefined) return;
  const { orders, answers } = farErasures;
  const isRelay = (agency: string): boolean => hub !== undefined && isRelayAt(register, agency, hub);
  if (orders.length > 0 && !isRelay(recipient)) throw new Fault("RELAY_INVALID", "orders to another hub are for a relay at this one");
  if (answers.length > 0 && !isRelay(issuer)) throw new Fault("RELAY_INVALID", "only a relay brings another hub's answers");
} // prettier-ignore

/** Lines that only a hub writes into a receipt. */
function hasForeign({ accepted, refused, heads, stop, admission, erasures }: Receipt): boolean {
  const words = [stop, admission, erasures].filter((one) => one !== undefined);
  return accepted.length + refused.length + heads.length + words.length > 0;
}

/** Lines that an agency writes. */
function hasOwn({ held, opened, relayed, farErasures }: Receipt): boolean {
  const far = [...(farErasures?.orders ?? []), ...(farErasures?.answers ?? [])];
  return relayed !== undefined || held.length + opened.length + far.length > 0;
}

/** What an agency may say of others' messages, and a relay of what it took on. */
function checkSays({ register, hub }: Pick<Bench, "register" | "hub">, receipt: Receipt): void {
  const { relayed, checkpoint, issuer } = receipt;
  checkFar({ register, hub }, receipt);
  if (relayed !== undefined && !register.relays.some(({ relay }) => relay === issuer)) {
    throw new Fault("RECEIPT_INVALID", "only a relay says what it took on");
  }
  // what the hub's log was seen to be goes with it: agencies tell each other, so that a hub that shows two logs is found out
  const isLong = (checkpoint?.length ?? 0) > maxToldBytes;
  if (!hasForeign(receipt) && hasOwn(receipt) && !isLong) return;
  throw new Fault("RECEIPT_INVALID", "an agency's receipt says what it holds and what was opened, no more");
} // prettier-ignore

function checkRelayedReceipt(
  { receipt, relayed: claim, carried }: UnprovenReceipt,
  { origin }: IntakeSubject,
  { register, now, hub }: Pick<Bench, "register" | "now" | "hub">,
): void {
  const { issuer: sender, recipient } = receipt;
  if (
    claim === undefined ||
    hub === undefined ||
    receipt.relayed !== undefined ||
    receipt.farErasures !== undefined
  ) {
    throw new Fault("RELAY_INVALID", "this receipt is not one that is relayed");
  }
  const mail = { sender, recipient };
  checkRelayed(register, { claim, carried, origin, hub, mail, isReceipt: true }, now);
}

function checkTarget(
  register: RegisterView,
  { origin, target }: IntakeSubject,
  receipt: Receipt,
): void {
  const isMeant = target !== origin || isCanary(receipt);
  if (!isMeant || !isLinking(register, target)) {
    throw new Fault("RECEIPT_INVALID", "the receipt is for no other agency of the register");
  }
}

/**
 * Refuses a receipt on its way from a reader to a sender unless the reader's account is its issuer, the
 * subject its recipient, and its signature the issuer's; an agency says only what it holds and what was opened
 * there, a relay what it took on, and to itself one line about nothing. Whether it is in a message's audience is known to the sender alone.
 *
 * @throws {Fault} RELAY_*, RECEIPT_INVALID, ORIGIN_MISMATCH, SUBJECT_MISMATCH, SIGNATURE_MALFORMED, CERT_*
 */
export function checkHeldReceipt(
  bytes: Bytes,
  place: IntakeSubject,
  { register, now, hub }: Pick<Bench, "register" | "now" | "hub">,
): void {
  const unproven = parseReceipt(bytes);
  const { receipt, bytes: signed, signature, relayed } = unproven;
  if (relayed === undefined && receipt.issuer !== place.origin) {
    throw new Fault("ORIGIN_MISMATCH", "the receipt names another issuer than the sender");
  }
  if (relayed !== undefined) checkRelayedReceipt(unproven, place, { register, now, hub });
  if (receipt.recipient !== place.target) {
    throw new Fault("SUBJECT_MISMATCH", "the subject is not the receipt's recipient");
  }
  checkTarget(register, place, receipt);
  checkSays({ register, hub }, receipt);
  const statement = {
    typ: "atumpan-receipt",
    bytes: signed,
    signature,
    signer: receipt.issuer,
  } as const;
  if (!isStatementProven(register, statement, now)) {
    throw new Fault("RECEIPT_INVALID", "the signature does not fit the receipt");
  }
}
