import type { FaultCode } from "../../schemas/ground/index.ts";
import type { Office } from "./office.ts";
import { type Arrival, registerCodes } from "./quarantine.ts";

/** Messages judged again in one go. */
const pageSize = 200;

/** Faults that time, a newer register or a clock put right may undo while the gateway runs. */
export const passingCodes: readonly FaultCode[] = [
  ...registerCodes,
  "ADMISSION_AWAITED",
  "ENVELOPE_EXPIRED",
  "INTERNAL",
];

/** Faults that a start may undo besides: it may bring a key that was not loaded, or newer schemas. A
 * key that is awaited opens what waits for it when it comes; the start is for what a crash came between. */
export const startCodes: readonly FaultCode[] = [
  ...passingCodes,
  "AUDIENCE_KEY_AWAITED",
  "BODY_CANNOT_BE_OPENED",
  "SCHEMA_UNKNOWN_TYPE",
  "SCHEMA_INVALID",
];

/**
 * Judges all again that lies in quarantine for one of these codes and is not past its time, the newest first.
 * What still fails stays there; it keeps none of the others waiting.
 *
 * @param take puts a batch in its place, as for publications that come from the hub
 */
export async function rejudge(
  { store, clock }: Pick<Office, "store" | "clock">,
  codes: readonly FaultCode[],
  take: (arrivals: readonly Arrival[]) => Promise<void>,
): Promise<void> {
  let before = Number.MAX_SAFE_INTEGER;
  for (;;) {
    const page = { now: clock.now(), before, limit: pageSize };
    const lying = store.messages.quarantined(codes, page);
    const last = lying.at(-1);
    if (last === undefined) return;
    before = last.seq;
    await take(
      lying.map(({ seq, subject = "", raw }) => ({ subject, bytes: raw, quarantined: seq })),
    );
  }
}
