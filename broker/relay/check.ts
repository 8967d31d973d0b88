import type { RelayClaim } from "../../schemas/index.ts";
import { type Bytes, type EpochMs, Fault } from "../../schemas/ground/index.ts";
import {
  checkRelayMandate,
  checkRelayPlace,
  findRelayWay,
  hubsOf,
  proveRelay,
  type RegisterView,
  type RelayedMail,
} from "../../certs/trust/index.ts";

/** Something relayed, as it came to a hub. */
export interface RelayedArrival {
  readonly claim: RelayClaim;
  /** SHA-256 of the publication or receipt without the relay's statement. */
  readonly carried: Bytes;
  /** The agency whose account it came from; stamped by the server. */
  readonly origin: string;
  readonly hub: string;
  readonly mail: RelayedMail;
  /** A receipt comes back for some time after its agreement ended. */
  readonly isReceipt?: boolean | undefined;
}

/**
 * Refuses what was not relayed to this hub, on this way, by the agency it came from, under an agreement in force at `at`.
 *
 * @throws {Fault} ORIGIN_MISMATCH, RELAY_INVALID, RELAY_NOT_AGREED, SIGNATURE_*, AGENCY_UNKNOWN, CERT_*
 */
export function checkRelayed(
  register: RegisterView,
  { claim, carried, origin, hub, mail, isReceipt }: RelayedArrival,
  at: EpochMs,
): void {
  if (claim.relay.relay !== origin) {
    throw new Fault("ORIGIN_MISMATCH", "the relay's statement names another agency than the sender's");
  }
  checkRelayPlace(register, claim, { mail, hub });
  checkRelayMandate(register, claim, { mail, at, isReceipt });
  proveRelay(register, { claim, carried }, at);
} // prettier-ignore

/**
 * Refuses mail for somebody who does not read at this hub, when no relay takes it on from here.
 *
 * @throws {Fault} RELAY_NOT_AGREED
 */
export function checkHasWay(
  register: RegisterView,
  { hub, mail }: { readonly hub: string; readonly mail: RelayedMail },
  at: EpochMs,
): void {
  const { sender, recipient } = mail;
  // what one writes to himself goes where he is
  if (sender === recipient) return;
  if (hubsOf(register, recipient).some((one) => one.hub === hub)) return;
  if (findRelayWay(register, mail, at)?.fromHub === hub) return;
  throw new Fault("RELAY_NOT_AGREED", `${recipient} does not read at ${hub}, and no agreement in force has this relayed to it`);
} // prettier-ignore
