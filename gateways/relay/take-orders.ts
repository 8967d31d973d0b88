import {
  type Erasure,
  type FarErasure,
  isDirectChannel,
  parseReceipt,
  type UnprovenReceipt,
} from "../../schemas/index.ts";
import { type Bytes, Fault, isFault, sameBytes } from "../../schemas/ground/index.ts";
import { isStatementProven, relayWaysOf } from "../../certs/trust/index.ts";
import { findMailOwner } from "../exchange/index.ts";
import type { RelayedErasure } from "../store/index.ts";
import type { RelayGround } from "./ground.ts";

/** An order of a sender to the hub beyond, as we show it there. */
export type TakenOrder = Omit<RelayedErasure, "seq" | "answer">;

/** A copy at a hub lies there so long at most. */
const keptMs = 30 * 86_400_000;

function checkProven({ register, clock }: RelayGround, said: UnprovenReceipt): void {
  const { receipt, bytes, signature } = said;
  const statement = { typ: "atumpan-receipt", bytes, signature, signer: receipt.issuer } as const;
  if (isStatementProven(register(), statement, clock.now())) return;
  throw new Fault("RECEIPT_INVALID", "the signature does not fit");
}

interface Given {
  /** At which hub, and by whom. */
  readonly hub: string;
  readonly sender: string;
  readonly order: FarErasure;
}

/** The one piece of mail that an order is about. @throws {Fault} RELAY_INVALID */
function lineOf({ receipt }: UnprovenReceipt, { sender, order }: Given): Erasure {
  const { issuer, recipient, erasures } = receipt;
  const [line, ...others] = erasures?.messages ?? [];
  const rest = others.length + (erasures?.chunks ?? []).length;
  const isSenders = issuer === sender && recipient === order.hub;
  if (line !== undefined && rest === 0 && isSenders && isDirectChannel(line.channel)) return line;
  throw new Fault("RELAY_INVALID", "an order to the hub beyond is its sender's, about one piece of mail");
} // prettier-ignore

/** @throws {Fault} RECEIPT_INVALID, RELAY_INVALID, RELAY_NOT_AGREED */
function judgeOrder(ground: RelayGround, given: Given): TakenOrder {
  const { hub: fromHub, sender, order } = given;
  const { hub: toHub, word } = order;
  const said = parseReceipt(word);
  const { messageId, envelopeDigest, channel } = lineOf(said, given);
  const reader = findMailOwner(ground.register(), channel);
  // an agreement that ended lets what was brought under it be erased all the same
  const ways = reader === undefined ? [] : relayWaysOf(ground.register(), { sender, recipient: reader });
  const isOurs = ways.some((way) => way.agreement.relay === ground.agency && way.fromHub === fromHub && way.toHub === toHub);
  if (!isOurs) throw new Fault("RELAY_NOT_AGREED", `no agreement names us for mail from ${fromHub} to ${toHub}`);
  checkProven(ground, said);
  const expiresAt = ground.clock.now() + keptMs;
  return { sender, fromHub, toHub, messageId, envelopeDigest, channel, word, expiresAt };
} // prettier-ignore

/** The orders to hubs beyond in a receipt for us; none of one that is not proved. */
export function judgeOrders(ground: RelayGround, hub: string, raw: Bytes): readonly TakenOrder[] {
  try {
    const said = parseReceipt(raw);
    const { issuer: sender, recipient, farErasures } = said.receipt;
    const orders = farErasures?.orders ?? [];
    if (orders.length === 0) return [];
    if (recipient !== ground.agency || said.relayed !== undefined) throw new Fault("RECEIPT_INVALID", "the orders are not for us");
    checkProven(ground, said);
    return orders.map((order) => judgeOrder(ground, { hub, sender, order }));
  } catch (error) {
    if (!isFault(error)) throw error;
    ground.log.warn("an order to the hub beyond was not taken", { code: error.code, hub });
    return [];
  }
} // prettier-ignore

/** Refuses an answer that is not that hub's to that sender, about that message. @throws {Fault} RECEIPT_INVALID, SIGNATURE_*, CERT_* */
export function checkAnswer(ground: RelayGround, { toHub, sender, messageId, channel }: RelayedErasure, answer: Bytes): void {
  const said = parseReceipt(answer);
  const { issuer, recipient, erasures } = said.receipt;
  const isAbout = erasures?.messages.some((one) => one.channel === channel && sameBytes(one.messageId, messageId)) ?? false;
  if (issuer !== toHub || recipient !== sender || !isAbout) {
    throw new Fault("RECEIPT_INVALID", "the answer is another's, or about something else");
  }
  checkProven(ground, said);
} // prettier-ignore
