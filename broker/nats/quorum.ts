import { z } from "zod";

const peer = z.looseObject({
  offline: z.boolean().default(false),
  /** Nanoseconds since the leader last heard of it; 0 when it never did. */
  active: z.number().default(0),
});

/** The servers of one stream, as whoever leads it tells of them; missing where a hub has one. */
export const streamPeers = z.looseObject({ replicas: z.array(peer).max(16).nullish() }).optional();

/** Others tell their leader once a second that they are there, and choose a new one after four seconds at the soonest. */
const freshNanos = 3_000_000_000;

/**
 * Whether whoever tells this may have ceased to lead: too few of the others were heard of in the last seconds. One that was cut off
 * does not know, and answers with what it had, until it hears of who came after it; and so for a moment does one that was just
 * chosen. What it says that nobody else would, such as that a stream is shorter than it was, counts for nothing.
 */
export function mayNotLead(peers: z.infer<typeof streamPeers>): boolean {
  const others = peers?.replicas ?? [];
  const heard = others.filter(
    ({ offline, active }) => !offline && active > 0 && active < freshNanos,
  );
  return 2 * (heard.length + 1) <= others.length + 1;
}
