import { decodeMessage, parseEnvelope } from "../../schemas/index.ts";
import { sha256 } from "../../schemas/ground/index.ts";
import { makeSlip } from "../release/index.ts";
import type { Office } from "./office.ts";
import { seriesOf } from "./series.ts";

/**
 * Gives what waits under a number of an earlier series a number in the series of now: nobody can tell any more what
 * else was sent under that one. The message stays what it was, so a hub that has it already says so and takes it no second
 * time. Runs inside a write; returns how many were numbered anew.
 *
 * @throws {Fault} KEY_UNUSABLE, SIGNATURE_KEY_MISSING
 */
export function renumberWaiting(office: Office): number {
  const { store, signer } = office;
  const { outbox } = store;
  const series = seriesOf(office);
  const found = outbox.waitingOutside(series);
  for (const seq of found) {
    const publication = outbox.get(seq);
    const message = outbox.raw(seq);
    if (publication === undefined || message === undefined) continue;
    const { channel } = publication;
    const { envelope: bytes } = decodeMessage(message);
    const carried = { message, envelope: parseEnvelope(bytes), envelopeDigest: sha256(bytes) };
    const end = outbox.channel(channel) ?? { series, sequence: 0, voided: [] };
    const slip = makeSlip(carried, { channel, end }, signer);
    const { sequence, digest, stillVoided: voided } = slip;
    outbox.renumber(seq, {
      series: end.series,
      sequence,
      slip: slip.slip,
      slipSignature: slip.signature,
      slipDigest: digest,
      digest: slip.publicationDigest,
    });
    outbox.setChannel(channel, { series: end.series, sequence, digest, voided });
  }
  return found.length;
}
