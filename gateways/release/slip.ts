import { decodeMessage, encodePublication, encodeSlip } from "../../schemas/index.ts";
import { type Bytes, sha256 } from "../../schemas/ground/index.ts";
import type { Signer } from "../../certs/keys/index.ts";
import type { Composed } from "./compose.ts";

/** Where a channel of ours stands before this message. */
export interface SlipEnd {
  readonly series: number;
  /** Of the slip before; 0 at the start of a series. */
  readonly sequence: number;
  /** SHA-256 of the slip before; absent at the start. */
  readonly digest?: Bytes | undefined;
  /** Earlier numbers that were refused and that no slip has told yet. */
  readonly voided: readonly number[];
}

/** A message's place in one channel, signed. */
export interface SignedSlip {
  readonly channel: string;
  readonly series: number;
  readonly sequence: number;
  readonly slip: Bytes;
  readonly signature: string;
  /** SHA-256 of the slip. */
  readonly digest: Bytes;
  /** SHA-256 of the encoded Publication. */
  readonly publicationDigest: Bytes;
  /** Refused numbers this slip did not find room for. */
  readonly stillVoided: readonly number[];
}

/** A slip tells at most this many refused numbers. */
const maxVoided = 256;

/** The encoded Publication of a message on one channel: what travels. */
export function renderPublication(
  { slip, signature }: Pick<SignedSlip, "slip" | "signature">,
  message: Bytes,
): Bytes {
  return encodePublication({ slip, slipSignature: signature, message });
}

/**
 * Makes and signs the next slip of a channel. Called inside the write that stores it, so that no two messages
 * are given one number.
 */
export function makeSlip(
  { envelope, envelopeDigest, message }: Pick<Composed, "envelope" | "envelopeDigest" | "message">,
  { channel, end }: { channel: string; end: SlipEnd },
  signer: Signer,
): SignedSlip {
  const { series, voided } = end;
  const sequence = end.sequence + 1;
  const slip = encodeSlip({
    version: 1,
    origin: envelope.originator,
    channel,
    series,
    sequence,
    previous: end.digest,
    messageId: envelope.id,
    envelopeDigest,
    voided: voided.slice(0, maxVoided),
  });
  const signature = signer.sign("atumpan-slip", slip, envelope.createdAt);
  const publicationDigest = sha256(renderPublication({ slip, signature }, message));
  const stillVoided = voided.slice(maxVoided);
  return {
    channel,
    series,
    sequence,
    slip,
    signature,
    digest: sha256(slip),
    publicationDigest,
    stillVoided,
  };
}

/** Bytes of a message's publication as it would travel now, its slip in the middle of a series; to a few bytes. */
export function publicationSize({ envelope, envelopeDigest, message, channels }: Composed): number {
  const { originator: origin, id: messageId } = envelope;
  const [channel = ""] = channels;
  const numbers = { series: 2_000_000_000, sequence: 1_000 };
  const previous = envelopeDigest;
  const place = { version: 1, origin, channel, ...numbers, previous };
  const slip = encodeSlip({ ...place, messageId, envelopeDigest, voided: [] });
  // the envelope's signature stands in for the slip's: same key, same form
  const [signature = ""] = decodeMessage(message).signatures;
  return renderPublication({ slip, signature }, message).length;
}
