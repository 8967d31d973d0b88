import {
  decodeSignedReceipt,
  encodeSignedReceipt,
  type Held,
  parseReceipt,
  type Receipt,
} from "../../schemas/index.ts";
import { type Bytes, Fault, isFault } from "../../schemas/ground/index.ts";
import {
  findReceiptWays,
  isRelayInForce,
  isStatementProven,
  type RelayWay,
} from "../../certs/trust/index.ts";
import type { RelayedItem, RelayedReceipt, SlipSpan } from "../store/index.ts";
import { type RelayGround, signRelay } from "./ground.ts";

/** A receipt for somebody else that is to be passed on, and what it says its issuer holds. */
export interface TakenReceipt {
  readonly receipt: Omit<RelayedReceipt, "seq">;
  readonly issuer: string;
  readonly sender: string;
  readonly held: readonly Held[];
}

/** Whether a receipt is about something that we brought to this hub under this agreement. */
function isOfOurs({ store }: RelayGround, { agreement, fromHub }: RelayWay, receipt: Receipt): boolean {
  const { issuer, recipient, held, opened } = receipt;
  const { relayedMails: mails } = store;
  const isBrought = (item: RelayedItem): boolean =>
    item.agreementRef === agreement.agreementRef && item.toHub === fromHub && item.sender === recipient && item.recipient === issuer;
  return (
    held.some((line) => spansOf(recipient, line).some((span) => mails.passed(span).some(isBrought))) ||
    opened.some(({ messageId, envelopeDigest }) => mails.passedMessage(messageId, envelopeDigest).some(isBrought))
  );
} // prettier-ignore

/**
 * The way a receipt takes by us: the one in force, if it is ours; else one by which we brought what the receipt is about, for some
 * time after its agreement ended. Undefined where it is another relay's to take.
 *
 * @throws {Fault} RELAY_NOT_AGREED
 */
function ownWay(ground: RelayGround, hub: string, receipt: Receipt): RelayWay | undefined {
  const { agency, clock } = ground;
  const register = ground.register();
  const now = clock.now();
  const { issuer: sender, recipient } = receipt;
  const ways = findReceiptWays(register, { sender, recipient }, now).filter(({ fromHub }) => fromHub === hub);
  const [first] = ways;
  const isInForce = first !== undefined && isRelayInForce(register, first.agreement, now);
  if (isInForce && first.agreement.relay === agency) return first;
  const brought = ways.find((way) => way.agreement.relay === agency && isOfOurs(ground, way, receipt));
  if (brought === undefined && !isInForce) throw new Fault("RELAY_NOT_AGREED", "no agreement in force, and nothing that we brought");
  return brought;
} // prettier-ignore

/**
 * Judges a receipt that a hub handed us for somebody else: signed by the reader it names, and on a way that is ours.
 *
 * @returns undefined where it is not ours to pass on; that is logged
 * @throws {Fault} SIGNATURE_KEY_MISSING, KEY_* where we cannot sign; then it is not taken
 */
export function judgeReceipt(ground: RelayGround, hub: string, raw: Bytes): TakenReceipt | undefined {
  const { clock, log } = ground;
  const now = clock.now();
  const register = ground.register();
  try {
    const { receipt, bytes, signature, relayed, carried } = parseReceipt(raw);
    const { issuer, recipient } = receipt;
    // what a hub says to others is between them
    if (register.hubs.some((one) => one.hub === issuer)) return undefined;
    if (relayed !== undefined) throw new Fault("RELAY_INVALID", "somebody relayed it before");
    const way = ownWay(ground, hub, receipt);
    if (way === undefined) return undefined;
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
