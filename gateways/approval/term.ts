import type { EpochMs } from "../../schemas/ground/index.ts";

const hourMs = 3_600_000;

/** How long a submission waits, by its urgency: about as long as its readers are given to answer. */
const hours: Readonly<Record<string, number>> = {
  FLASH: 2,
  URGENT_DIRECT: 8,
  URGENT_INDIRECT: 24,
  FIU_HELD: 72,
};
const usualHours = 168;

/** Until when a submission waits that was handed in now: never past its own end. */
export function termOf(urgency: string, now: EpochMs, expiresAt: EpochMs): EpochMs {
  return Math.min(now + (hours[urgency] ?? usualHours) * hourMs, expiresAt);
}
