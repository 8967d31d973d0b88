import { type Erasures, isDirectChannel, type Receipt } from "../../schemas/index.ts";
import { type EpochMs, Fault } from "../../schemas/ground/index.ts";
import {
  bringsReceipts,
  coversMail,
  hubsOf,
  isRelayAt,
  type RegisterView,
  relayWaysOf,
} from "../../certs/trust/index.ts";

/** A sender's order to erase, as somebody else showed it to a hub. */
export interface BroughtOrder {
  /** The agency it came from; stamped by the server. */
  readonly origin: string;
  readonly hub: string;
  readonly receipt: Receipt;
  /** Whose each mailbox is. */
  readonly mailboxes: ReadonlyMap<string, string>;
}

const nothing: Erasures = { messages: [], chunks: [] };

/**
 * Refuses an order that its sender did not bring himself, unless who brings it is a relay at this hub, named for mail of this
 * sender to exactly these readers; an agreement that ended lets it be brought for as long as receipts. An order is its sender's
 * whoever brings it, and is proved as that: here is asked only who may bring it. No relay has files or feeds erased.
 *
 * @throws {Fault} ORIGIN_MISMATCH, RELAY_INVALID, RELAY_NOT_AGREED
 */
export function checkBrought(register: RegisterView, { origin, hub, receipt, mailboxes }: BroughtOrder, at: EpochMs): void {
  const { issuer: sender, erasures = nothing } = receipt;
  if (!isRelayAt(register, origin, hub)) throw new Fault("ORIGIN_MISMATCH", "the order is signed by another agency than asks");
  if (erasures.chunks.length > 0 || erasures.messages.some(({ channel }) => !isDirectChannel(channel))) {
    throw new Fault("RELAY_INVALID", "a relay brings orders about mail alone");
  }
  if (hubsOf(register, sender).some((one) => one.hub === hub)) {
    throw new Fault("RELAY_INVALID", "who is linked to this hub brings his orders himself");
  }
  for (const { channel } of erasures.messages) {
    const recipient = mailboxes.get(channel.slice(channel.indexOf(".") + 1)) ?? "";
    const ways = relayWaysOf(register, { sender, recipient });
    const isNamed = ways.some(
      ({ agreement, toHub }) =>
        agreement.relay === origin &&
        toHub === hub &&
        bringsReceipts(register, agreement, at) &&
        coversMail(register, agreement, { sender, recipient }),
    );
    if (!isNamed) throw new Fault("RELAY_NOT_AGREED", `${origin} has no agreement to bring orders about this mail`);
  }
} // prettier-ignore
