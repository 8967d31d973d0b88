import { type Accepted, decodeMessage, limits, makeLogSalt } from "../../schemas/index.ts";
import { type EpochMs, isFault } from "../../schemas/ground/index.ts";
import type { Office } from "./office.ts";
import { findTaken, readPlace } from "./places.ts";
import type { Arrival } from "./quarantine.ts";
import { type ReadClaim, readClaim } from "./verify/outside.ts";

/** A hub says that it took a message of ours: its leaf is to be proved. Runs inside a write. */
export function placeAccepted(
  { store, proofs }: Pick<Office, "store" | "proofs">,
  message: number,
  {
    line,
    issuedAt,
    hub,
  }: { readonly line: Accepted; readonly issuedAt: EpochMs; readonly hub: string },
): void {
  const held = proofs === undefined ? undefined : store.messages.get(message);
  if (proofs === undefined || held === undefined) return;
  const { originator, id, digest, createdAt, raw } = held;
  const { channel, stream, instance, streamSequence: sequence, logIndex: claimed } = line;
  const salt = makeLogSalt(decodeMessage(raw).envelope);
  const times = { after: createdAt - limits.maxAheadMs, before: issuedAt + limits.maxAheadMs };
  const own = { box: "out", originator, id, digest, channel, salt } as const;
  proofs.place({ ...own, hub, stream, instance, sequence, claimed, ...times });
}

function findClaim(arrival: Arrival): ReadClaim | undefined {
  try {
    return readClaim(arrival);
  } catch (error) {
    if (isFault(error)) return undefined;
    throw error;
  }
}

/** What was handed over, and what was read of it already, if it was proved. */
export interface PlacedArrival {
  readonly arrival: Arrival;
  readonly outside?: ReadClaim | undefined;
}

/**
 * The hub handed something over: whatever is thought of it, its leaf is to be proved. What came by hand, or cannot be read,
 * has no place. Runs inside a write.
 */
export function placeArrival({ store, proofs }: Pick<Office, "store" | "proofs">, { arrival, outside }: PlacedArrival): void {
  const place = readPlace(arrival.reply ?? "");
  if (proofs === undefined || place === undefined) return;
  const claim = outside ?? findClaim(arrival);
  if (claim === undefined) return;
  const { envelope, envelopeDigest: digest, signed, channel } = claim;
  const { originator, id, createdAt } = envelope;
  const instance = findTaken(store, place.stream)?.instance ?? "";
  const times = { after: createdAt - limits.maxAheadMs, before: Number.MAX_SAFE_INTEGER };
  proofs.place({ box: "in", originator, id, digest, channel, salt: makeLogSalt(signed), ...place, instance, ...times });
} // prettier-ignore
