import type { RelayClaim } from "../../schemas/index.ts";
import { type Bytes, type EpochMs, Fault, sameBytes } from "../../schemas/ground/index.ts";
import { limits } from "../../schemas/index.ts";
import { hubsOf } from "./linked-hubs.ts";
import type { RegisterView } from "./register.ts";
import { bringsReceipts, coversMail, isRelayInForce, type RelayedMail } from "./relays.ts";
import { isStatementProven } from "./statement.ts";

/** A relay's statement with what it was found beside. */
export interface RelayedThing {
  readonly claim: RelayClaim;
  /** SHA-256 of the publication or receipt without the statement. */
  readonly carried: Bytes;
  /** A moment at which it provably existed, by another's word than the relay's. */
  readonly provenAt?: EpochMs | undefined;
}

/**
 * Proves that the agency a statement names made it over exactly these octets.
 *
 * @param at the time keys and algorithms are judged at (EpochMs)
 * @throws {Fault} RELAY_INVALID, SIGNATURE_*, ORIGIN_MISMATCH, AGENCY_UNKNOWN, CERT_*
 */
export function proveRelay(
  register: RegisterView,
  { claim, carried, provenAt }: RelayedThing,
  at: EpochMs,
): void {
  const { relay, bytes, signature } = claim;
  if (!sameBytes(relay.carried, carried)) {
    throw new Fault("RELAY_INVALID", "the relay's statement is about something else");
  }
  if (relay.takenAt > at + limits.maxAheadMs) {
    throw new Fault("RELAY_INVALID", "the relay's statement is dated in the future");
  }
  const statement = { typ: "atumpan-relay", bytes, signature, signer: relay.relay, provenAt } as const;
  if (isStatementProven(register, statement, at)) return;
  throw new Fault("RELAY_INVALID", "the signature does not fit the relay's statement");
} // prettier-ignore

/** What is relayed, as its mandate is asked for. */
export interface MandateAsked {
  readonly mail: RelayedMail;
  readonly at: EpochMs;
  /** Receipts come back for thirty days after an agreement ended. */
  readonly isReceipt?: boolean | undefined;
}

/**
 * Refuses mail that the relay has no mandate for: no agreement of this reference, between these hubs, was in force and
 * covered it. Of a receipt, none that `bringsReceipts`.
 *
 * @throws {Fault} RELAY_NOT_AGREED
 */
export function checkRelayMandate(
  register: RegisterView,
  { relay }: RelayClaim,
  { mail, at, isReceipt = false }: MandateAsked,
): void {
  const counts = isReceipt ? bringsReceipts : isRelayInForce;
  const isMandate = register.relays.some(
    (one) =>
      one.relay === relay.relay &&
      one.agreementRef === relay.agreementRef &&
      relay.fromHub !== relay.toHub &&
      [relay.fromHub, relay.toHub].every((hub) => one.hubs.includes(hub)) &&
      counts(register, one, at) &&
      coversMail(register, one, mail),
  );
  if (isMandate) return;
  const between = `from ${relay.fromHub} to ${relay.toHub}`;
  throw new Fault("RELAY_NOT_AGREED", `${relay.relay} has no agreement in force to relay this ${between}`);
} // prettier-ignore

/**
 * Refuses what does not belong on the way that the statement names: who wrote it is linked to the hub it came from and not to
 * the one it goes to, and the reader the other way round. So nothing is relayed twice, and nothing goes round.
 *
 * @throws {Fault} RELAY_INVALID
 */
export function checkRelayPlace(
  register: RegisterView,
  { relay: { fromHub, toHub } }: RelayClaim,
  { mail: { sender, recipient }, hub }: { readonly mail: RelayedMail; readonly hub: string },
): void {
  if (toHub !== hub) throw new Fault("RELAY_INVALID", "the relay's statement is for another hub");
  const isAt = (agency: string, name: string): boolean =>
    hubsOf(register, agency).some((one) => one.hub === name);
  const fits =
    isAt(sender, fromHub) &&
    !isAt(sender, toHub) &&
    isAt(recipient, toHub) &&
    !isAt(recipient, fromHub);
  if (!fits) throw new Fault("RELAY_INVALID", "it needs no relay on this way, or another one");
}
