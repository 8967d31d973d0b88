import { limits, parseReceipt, type Receipt } from "../../../schemas/index.ts";
import { type Bytes, Fault } from "../../../schemas/ground/index.ts";
import { isStatementProven } from "../../../certs/trust/index.ts";
import type { VerifyPlace } from "./outside.ts";

/** A receipt that its issuer signed for us, and that says only what its issuer may say. */
export interface ProvenReceipt {
  readonly receipt: Receipt;
  /** The encoded SignedReceipt. */
  readonly raw: Bytes;
  readonly isHub: boolean;
}

function refuse(detail: string): never {
  throw new Fault("RECEIPT_INVALID", detail);
}

/** Only a hub speaks of what it took and where it stands; only a reader of what he holds and opened. */
function checkLines(receipt: Receipt, isHub: boolean): void {
  const { accepted, refused, held, heads, admission, opened, erasures, relayed, farErasures } =
    receipt;
  if (isHub && held.length + opened.length > 0) {
    refuse("a hub does not say what readers hold or open");
  }
  if (isHub && (relayed ?? farErasures) !== undefined) refuse("a hub relays nothing");
  const isWord = admission !== undefined || erasures !== undefined;
  const isHubs = accepted.length + refused.length + heads.length > 0 || isWord;
  if (!isHub && isHubs) refuse("only a hub says what it took, refused or holds");
}

/**
 * Proves a receipt: signed by the agency it names, for us, and saying only what such an issuer may say.
 * Whether a reader was in a message's audience is asked where the line is applied.
 *
 * @throws {Fault} RECEIPT_INVALID, SIGNATURE_MALFORMED, ORIGIN_MISMATCH, AGENCY_UNKNOWN, CERT_*
 */
export function verifyReceipt(
  raw: Bytes,
  place: Pick<VerifyPlace, "register" | "agency" | "now">,
): ProvenReceipt {
  const { register, agency, now } = place;
  const { receipt, bytes, signature } = parseReceipt(raw);
  const { issuer, recipient, issuedAt } = receipt;
  if (recipient !== agency) refuse("the receipt is for another agency");
  if (issuedAt > now + limits.maxAheadMs) refuse("the receipt is dated in the future");
  const isHub = register.hubs.some(({ hub }) => hub === issuer);
  checkLines(receipt, isHub);
  if (
    !isStatementProven(register, { typ: "atumpan-receipt", bytes, signature, signer: issuer }, now)
  ) {
    refuse("the signature does not fit the receipt");
  }
  return { receipt, raw, isHub };
}
