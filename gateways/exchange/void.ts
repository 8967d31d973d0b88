import type { Outbox, StoredPublication } from "../store/index.ts";
import { parseSlip } from "../../schemas/index.ts";

/**
 * Notes that a number of ours fills no place, so that the channel's next slip says so and readers stop
 * missing it. What the slip itself would have told is told again. Runs inside a write.
 */
export function voidSequence(outbox: Outbox, publication: StoredPublication): void {
  const { channel, series, sequence } = publication;
  const end = outbox.channel(channel);
  if (end === undefined || end.series !== series) return;
  const told = parseSlip(publication.slip).voided;
  const voided = [...new Set([...end.voided, ...told, sequence])].toSorted((a, b) => a - b);
  outbox.setChannel(channel, { ...end, voided });
}
