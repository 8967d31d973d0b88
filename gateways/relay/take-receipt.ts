import {
  decodeSignedReceipt,
  encodeSignedReceipt,
  type Held,
  parseReceipt,
} from "../../schemas/index.ts";
import { type Bytes, Fault, isFault } from "../../schemas/ground/index.ts";
import { findRelayWay, isStatementProven } from "../../certs/trust/index.ts";
import type { RelayedReceipt, SlipSpan } from "../store/index.ts";
import { type RelayGround, signRelay } from "./ground.ts";

/** A receipt for somebody else that is to be passed on, and what it says its issuer holds. */
export interface TakenReceipt {
  readonly receipt: Omit<RelayedReceipt, "seq">;
  readonly issuer: string;
  readonly sender: string;
  readonly held: readonly Held[];
}

/**
 * Judges a receipt that a hub handed us for somebody else: signed by the reader it names, and on a way that is ours.
 *
 * @returns undefined where it is not ours to pass on; that is logged
 * @throws {Fault} SIGNATURE_KEY_MISSING, KEY_* where we cannot sign; then it is not taken
 */
export function judgeReceipt(ground: RelayGround, hub: string, raw: Bytes): TakenReceipt | undefined {
  const { agency, clock, log } = ground;
  const now = clock.now();
  const register = ground.register();
  try {
    const { receipt, bytes, signature, relayed, carried } = parseReceipt(raw);
    const { issuer, recipient } = receipt;
    // what a hub says to others is between them
    if (register.hubs.some((one) => one.hub === issuer)) return undefined;
    if (relayed !== undefined) throw new Fault("RELAY_INVALID", "somebody relayed it before");
    const way = findRelayWay(register, { sender: issuer, recipient }, now);
    if (way === undefined || way.fromHub !== hub) throw new Fault("RELAY_NOT_AGREED", "no agreement in force");
    if (way.agreement.relay !== agency) return undefined;
    const statement = { typ: "atumpan-receipt", bytes, signature, signer: issuer } as const;
    if (!isStatementProven(register, statement, now)) throw new Fault("RECEIPT_INVALID", "the signature does not fit");
    const { fromHub, toHub, agreement } = way;
    const stated = { agreementRef: agreement.agreementRef, fromHub, toHub, carried, takenAt: now };
    const beside = encodeSignedReceipt({ ...decodeSignedReceipt(raw), ...signRelay(ground, stated) });
    return { receipt: { digest: carried, toHub, recipient, bytes: beside }, issuer, sender: recipient, held: receipt.held };
  } catch (error) {
    if (!isFault(error) || error.code.startsWith("KEY_") || error.code === "SIGNATURE_KEY_MISSING") throw error;
    log.warn("a receipt is not relayed", { code: error.code, hub });
    return undefined;
  }
} // prettier-ignore

/** The spans of a sender's numbers that a line says are held. */
export function spansOf(sender: string, { channel, series, sequence, missing, from = 1 }: Held): readonly SlipSpan[] {
  const gaps = [...missing].filter((n) => n >= from && n <= sequence).toSorted((a, b) => a - b);
  const starts = [from, ...gaps.map((n) => n + 1)];
  const ends = [...gaps.map((n) => n - 1), sequence];
  return starts.flatMap((start, at) => {
    const to = ends[at] ?? 0;
    return start <= to ? [{ sender, channel, series, from: start, to }] : [];
  });
} // prettier-ignore
