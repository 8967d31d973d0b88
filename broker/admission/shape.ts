import { parseEnvelope, parseFraming, parseRelayClaim, parseSlip } from "../../schemas/index.ts";
import { sha256 } from "../../schemas/ground/index.ts";
import type { Arrived, Shaped } from "./verdict.ts";

/**
 * Takes a publication apart: framing, slip and envelope are each well formed.
 *
 * @throws {Fault} CODEC_*, SCHEMA_*, ENVELOPE_INVALID, SLIP_INVALID, BODY_MUST_BE_SEALED, RELAY_INVALID
 */
export function parsePublication(arrived: Arrived): Shaped {
  const { publication, message } = parseFraming(arrived.bytes);
  const envelope = parseEnvelope(message.envelope);
  const slip = parseSlip(publication.slip);
  const digest = sha256(message.envelope);
  return {
    ...arrived,
    publication,
    slip,
    message,
    envelope,
    digest,
    channel: arrived.place.target,
    relayed: parseRelayClaim(publication),
  };
}
