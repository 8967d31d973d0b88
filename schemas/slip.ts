import { checkMessage } from "./check/index.ts";
import { checkSlip, decodeSlip, type Slip } from "./gen/index.ts";
import { type Bytes, Fault, sameBytes } from "./ground/index.ts";

const maxSlipBytes = 2048;

/**
 * Reads a slip: shape and formats. Says nothing of who made it.
 *
 * @throws {Fault} CODEC_MALFORMED, SCHEMA_INVALID, SCHEMA_FIELD_MISSING, SLIP_INVALID
 */
export function parseSlip(bytes: Bytes): Slip {
  if (bytes.length > maxSlipBytes)
    throw new Fault("SLIP_INVALID", `a slip has at most ${maxSlipBytes} bytes`);
  const slip = decodeSlip(bytes);
  checkMessage(checkSlip, slip);
  if ((slip.sequence === 1) !== (slip.previous === undefined)) {
    throw new Fault(
      "SLIP_INVALID",
      "the first slip of a series has no slip before it, every other has",
    );
  }
  if (slip.voided.some((sequence) => sequence >= slip.sequence)) {
    throw new Fault("SLIP_INVALID", "a slip voids only numbers before its own");
  }
  return slip;
}

/** What a slip must fit: the message it goes with, and the channel it came on. */
export interface SlipPlace {
  readonly originator: string;
  readonly channel: string;
  readonly messageId: Bytes;
  readonly envelopeDigest: Bytes;
}

/**
 * Refuses a slip that speaks of another message, another sender or another channel.
 *
 * @throws {Fault} SLIP_INVALID
 */
export function checkSlipFits(slip: Slip, place: SlipPlace): void {
  const fits =
    slip.origin === place.originator &&
    slip.channel === place.channel &&
    sameBytes(slip.messageId, place.messageId) &&
    sameBytes(slip.envelopeDigest, place.envelopeDigest);
  if (!fits) throw new Fault("SLIP_INVALID", "the slip is for another message, sender or channel");
}
