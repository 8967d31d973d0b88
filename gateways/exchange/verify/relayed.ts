import {
  digestCarried,
  type Envelope,
  parseRelayClaim,
  type Publication,
  type RelayClaim,
} from "../../../schemas/index.ts";
import { checkRelayMandate, proveRelay } from "../../../certs/trust/index.ts";
import type { VerifyPlace } from "./outside.ts";

type RelayedPlace = Pick<VerifyPlace, "register" | "agency" | "now" | "provenAt">;

/**
 * Proves what a relay put beside a publication: signed by it, over these octets, under an agreement that was in force when it
 * says that it took it on, which the hub judged at its own time. Its type is inside the seal: `checkRelayedType`.
 *
 * @throws {Fault} RELAY_INVALID, RELAY_NOT_AGREED, SIGNATURE_*, AGENCY_UNKNOWN, CERT_*
 */
export function proveRelayed(place: RelayedPlace, publication: Publication, envelope: Envelope): RelayClaim | undefined {
  const claim = parseRelayClaim(publication);
  if (claim === undefined) return undefined;
  const { register, now, provenAt } = place;
  checkRelayedType(place, { relayed: claim, envelope });
  proveRelay(register, { claim, carried: digestCarried(publication), provenAt }, now);
  return claim;
} // prettier-ignore

/**
 * Refuses a message of a type that the agreement does not let be relayed.
 *
 * @throws {Fault} RELAY_NOT_AGREED
 */
export function checkRelayedType(
  { register, agency: recipient }: Pick<RelayedPlace, "register" | "agency">,
  { relayed: claim, envelope }: { readonly relayed?: RelayClaim | undefined; readonly envelope: Envelope },
  type?: string,
): void {
  if (claim === undefined) return;
  const { originator: sender, handling } = envelope;
  checkRelayMandate(register, claim, { mail: { sender, recipient, handling, type }, at: claim.relay.takenAt });
} // prettier-ignore
