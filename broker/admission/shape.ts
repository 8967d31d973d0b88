import {
  decodeMessage,
  decodePublication,
  limits,
  type Message,
  parseEnvelope,
  parseSlip,
} from "../../schemas/index.ts";
import { Fault, sha256 } from "../../schemas/ground/index.ts";
import type { Arrived, Shaped } from "./verdict.ts";

const maxSignatures = 4;

function checkLayers({ signatures, open, sealed }: Message): void {
  if (signatures.length > maxSignatures) {
    throw new Fault("SCHEMA_INVALID", `a message has at most ${maxSignatures} signatures`);
  }
  const body = open ?? sealed;
  if (body !== undefined && body.length > limits.maxBodyBytes) {
    throw new Fault("CODEC_TOO_LARGE", `a body has at most ${limits.maxBodyBytes} bytes`);
  }
}

/**
 * Takes a publication apart: publication, slip, message and envelope are each well formed.
 *
 * @throws {Fault} CODEC_*, SCHEMA_*, ENVELOPE_INVALID, SLIP_INVALID, BODY_MUST_BE_SEALED
 */
export function parsePublication(arrived: Arrived): Shaped {
  const publication = decodePublication(arrived.bytes);
  const message = decodeMessage(publication.message);
  checkLayers(message);
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
  };
}
