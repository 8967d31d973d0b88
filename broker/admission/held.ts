import { type IntakeSubject, parseReceipt, type Receipt } from "../../schemas/index.ts";
import { type Bytes, Fault } from "../../schemas/ground/index.ts";
import { isStatementProven, type RegisterView } from "../../certs/trust/index.ts";
import { isLinking } from "../nats/index.ts";
import type { Bench } from "./verdict.ts";

/** Bytes of a checkpoint with the hub's own signature. */
const maxToldBytes = 512;

/** A line about nothing, by which an agency sees that its own way through the hub works. */
function isCanary({ held, opened, checkpoint }: Receipt): boolean {
  return held.length === 0 && opened.length === 1 && checkpoint === undefined;
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
 * there, and to itself one line about nothing. Whether it is in a message's audience is known to the sender alone.
 *
 * @throws {Fault} RECEIPT_INVALID, ORIGIN_MISMATCH, SUBJECT_MISMATCH, SIGNATURE_MALFORMED, CERT_*
 */
export function checkHeldReceipt(
  bytes: Bytes,
  place: IntakeSubject,
  { register, now }: Pick<Bench, "register" | "now">,
): void {
  const { receipt, bytes: signed, signature } = parseReceipt(bytes);
  if (receipt.issuer !== place.origin) {
    throw new Fault("ORIGIN_MISMATCH", "the receipt names another issuer than the sender");
  }
  if (receipt.recipient !== place.target) {
    throw new Fault("SUBJECT_MISMATCH", "the subject is not the receipt's recipient");
  }
  checkTarget(register, place, receipt);
  const foreign = receipt.accepted.length + receipt.refused.length + receipt.heads.length;
  const own = receipt.held.length + receipt.opened.length;
  // what the hub's log was seen to be goes with it: agencies tell each other, so that a hub that shows two logs is found out
  const isLong = (receipt.checkpoint?.length ?? 0) > maxToldBytes;
  if (foreign > 0 || own === 0 || receipt.admission !== undefined || isLong) {
    throw new Fault(
      "RECEIPT_INVALID",
      "an agency's receipt says what it holds and what was opened, no more",
    );
  }
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
