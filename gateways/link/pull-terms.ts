import type { Chance } from "../../schemas/ground/index.ts";
import { scatterMs } from "./back-off.ts";

/** How one request to be handed messages is asked for. */
export interface PullTerms {
  /** How long the server keeps it open. */
  readonly expiresMs: number;
  /** How often the server says meanwhile that it still is; never when left out. */
  readonly heartbeatMs?: number | undefined;
}

/** What the terms depend on. */
export interface PullPlace {
  /** Whether nothing of anybody's has gone over the line for a while. */
  readonly isIdle: boolean;
  readonly roundTripMs: number;
  /** How long the hub lets a request stand; undefined while it has not said so. */
  readonly longestMs: number | undefined;
  /** Whether the hub has several servers: one that leads a stream may be lost while ours stands. */
  readonly hasMany: boolean;
  /** Whether the server we are at tells when one of them comes or goes. */
  readonly isTold: boolean;
  /** Whether the line is so slow that what can wait should. */
  readonly isThin: boolean;
}

/** How long the server keeps one request open while there is something to do. */
const busyMs = 30_000;
const mostBusyMs = 90_000;
/** Round trips that one request lasts, so that on a slow line it costs little. */
const roundTrips = 60;
/** More than any hub lets a request stand: one that says how long it does answers that at once. */
const probeMs = 3_600_000;
/** A server forgets within two minutes where the answers go that it owes, unless it was told otherwise or one went there. */
const forgetfulMs = 100_000;
const heartbeatMs = 480_000;
/** Where nobody tells that a server is gone. */
const untoldHeartbeatMs = 75_000;
/** While there is something to do: others choose who leads within nine seconds. In round trips, so that a far line carries few. */
const busyHeartbeatMs = 5_000;
const heartbeatRoundTrips = 20;

/** The terms of the next request. Many that came to one hub together do not ask together for ever. */
export function pullTerms(place: PullPlace, chance: Chance): PullTerms {
  const { isIdle, roundTripMs, longestMs = Infinity, hasMany, isTold, isThin } = place;
  if (!isIdle) {
    const usualMs = Math.min(mostBusyMs, Math.max(busyMs, roundTrips * roundTripMs));
    const expiresMs = Math.min(mostBusyMs, longestMs, scatterMs(usualMs, chance));
    if (!hasMany || isThin) return { expiresMs };
    const beatMs = Math.max(busyHeartbeatMs, heartbeatRoundTrips * roundTripMs);
    return { expiresMs, heartbeatMs: Math.min(beatMs, expiresMs / 3) };
  }
  if (longestMs === Infinity) return { expiresMs: probeMs, heartbeatMs: forgetfulMs };
  const expiresMs = Math.min(longestMs, scatterMs(0.8 * longestMs, chance));
  const wantedMs = hasMany && !isTold ? untoldHeartbeatMs : heartbeatMs;
  return { expiresMs, heartbeatMs: Math.min(wantedMs, expiresMs / 3) };
}
