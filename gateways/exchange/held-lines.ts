import { encodeReceipt, encodeSignedReceipt, type Held, limits } from "../../schemas/index.ts";
import type { Bytes } from "../../schemas/ground/index.ts";
import type { StoredChain } from "../store/index.ts";
import type { Office } from "./office.ts";

/** Bytes of lines in one receipt; far enough under the receipt's own limit. */
const maxLineBytes = 128 * 1024;

function lineOf({ channel, series, highest, digest, missing, first }: StoredChain): Held {
  const line = { channel, series, sequence: highest, slipDigest: digest, missing };
  return first === 1 ? line : { ...line, from: first };
}

function sizeOf({ channel, missing }: Held): number {
  return channel.length + 64 + missing.length * 6;
}

/** Cuts what we hold of one sender's channels into lines of receipts that fit. */
export function heldLines(chains: readonly StoredChain[]): readonly (readonly Held[])[] {
  const made: Held[][] = [];
  let bytes = 0;
  for (const line of chains.map(lineOf)) {
    bytes += sizeOf(line);
    const last = made.at(-1);
    if (last === undefined || last.length >= limits.maxReceiptLines || bytes > maxLineBytes) {
      made.push([line]);
      bytes = sizeOf(line);
    } else last.push(line);
  }
  return made;
}

/**
 * Signs for a sender what we hold of his.
 *
 * @throws {Fault} SIGNATURE_KEY_MISSING, KEY_*
 */
export function signHeld(
  {
    signer,
    agency,
    clock,
    register,
    tellOpened = true,
    proofs,
  }: Pick<Office, "signer" | "agency" | "clock" | "register" | "tellOpened" | "proofs">,
  sender: string,
  held: readonly Held[],
): Bytes {
  const receipt = encodeReceipt({
    version: 1,
    issuer: agency,
    recipient: sender,
    issuedAt: clock.now(),
    accepted: [],
    refused: [],
    held: tellOpened ? held : held.map((line) => ({ ...line, openingUntold: true })),
    heads: [],
    opened: [],
    registerEpoch: register().epoch,
    // what the hub shows us, so that he sees whether it shows him the same
    checkpoint: proofs?.noteFor(sender),
  });
  return encodeSignedReceipt({ receipt, signature: signer.sign("atumpan-receipt", receipt) });
}
