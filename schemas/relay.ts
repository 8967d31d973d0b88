import { checkMessage } from "./check/index.ts";
import { checkRelay, decodeRelay, encodePublication, encodeSignedReceipt, type Publication, type Relay, type SignedReceipt } from "./gen/index.ts"; // prettier-ignore
import { type Bytes, Fault, sha256 } from "./ground/index.ts";

/** What a relay put beside a publication or a receipt, taken apart. Nothing of it is proved. */
export interface RelayClaim {
  readonly relay: Relay;
  /** The exact bytes that were signed. */
  readonly bytes: Bytes;
  readonly signature: string;
}

type Beside = Pick<Publication, "relay" | "relaySignature">;

const maxRelayBytes = 2048;

/**
 * Reads what a relay put beside: nothing where nobody relayed it.
 *
 * @throws {Fault} RELAY_INVALID
 */
export function parseRelayClaim({ relay: bytes, relaySignature: signature }: Beside): RelayClaim | undefined {
  if (bytes === undefined && signature === undefined) return undefined;
  if (bytes === undefined || signature === undefined || bytes.length > maxRelayBytes) {
    throw new Fault("RELAY_INVALID", "a relay's statement goes with its signature, and is short");
  }
  try {
    const relay = decodeRelay(bytes);
    checkMessage(checkRelay, relay);
    return { relay, bytes, signature };
  } catch (cause) {
    throw new Fault("RELAY_INVALID", "the relay's statement is not well formed", { cause });
  }
} // prettier-ignore

/** The digest of a publication as a relay found it: without what the relay put beside. */
export function digestCarried({ slip, slipSignature, message }: Publication): Bytes {
  return sha256(encodePublication({ slip, slipSignature, message }));
}

/** The same of a receipt. */
export function digestCarriedReceipt({ receipt, signature }: SignedReceipt): Bytes {
  return sha256(encodeSignedReceipt({ receipt, signature }));
}
