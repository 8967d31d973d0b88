import { checkMessage } from "./check/index.ts";
import {
  type AdmissionQuestion,
  checkAdmissionQuestion,
  checkPlacesQuestion,
  checkReceipt,
  decodeAdmissionQuestion,
  decodePlacesQuestion,
  decodeReceipt,
  decodeSignedReceipt,
  encodeSignedReceipt,
  type PlacesQuestion,
  type Receipt,
} from "./gen/index.ts";
import { type Bytes, Fault, sameBytes } from "./ground/index.ts";
import { digestCarriedReceipt, parseRelayClaim, type RelayClaim } from "./relay.ts";

const maxReceiptBytes = 256 * 1024;

/**
 * Reads a question about when a message was taken.
 *
 * @throws {Fault} CODEC_MALFORMED, SCHEMA_INVALID
 */
export function parseAdmissionQuestion(bytes: Bytes): AdmissionQuestion {
  const question = decodeAdmissionQuestion(bytes);
  checkMessage(checkAdmissionQuestion, question);
  return question;
}

/**
 * Reads a question about the asker's places in the streams.
 *
 * @throws {Fault} CODEC_MALFORMED, SCHEMA_INVALID
 */
export function parsePlacesQuestion(bytes: Bytes): PlacesQuestion {
  const question = decodePlacesQuestion(bytes);
  checkMessage(checkPlacesQuestion, question);
  return question;
}

/** A receipt as it came: what it says, and what is needed to prove who said it. */
export interface UnprovenReceipt {
  readonly receipt: Receipt;
  /** The exact bytes that were signed. */
  readonly bytes: Bytes;
  readonly signature: string;
  /** What a relay put beside it; nothing where nobody relayed it. Nothing of it is proved. */
  readonly relayed?: RelayClaim | undefined;
  /** SHA-256 of what was issued, without that. */
  readonly carried: Bytes;
}

/**
 * Reads a signed receipt: shape and formats. Who issued it is still to be proved.
 *
 * @throws {Fault} RECEIPT_INVALID
 */
export function parseReceipt(message: Bytes): UnprovenReceipt {
  if (message.length > maxReceiptBytes) {
    throw new Fault("RECEIPT_INVALID", `a receipt has at most ${maxReceiptBytes} bytes`);
  }
  try {
    const whole = decodeSignedReceipt(message);
    const { receipt: bytes, signature } = whole;
    const receipt = decodeReceipt(bytes);
    checkMessage(checkReceipt, receipt);
    // what frames receipt and signature is signed by nobody, so it has one spelling and holds nothing more
    if (!sameBytes(encodeSignedReceipt(whole), message)) {
      throw new Fault("RECEIPT_INVALID", "something stands beside what was signed");
    }
    const relayed = parseRelayClaim(whole);
    return { receipt, bytes, signature, relayed, carried: digestCarriedReceipt(whole) };
  } catch (cause) {
    throw new Fault("RECEIPT_INVALID", "the receipt is not well formed", { cause });
  }
}
