import {
  decodeMessage,
  decodePublication,
  encodeMessage,
  encodePublication,
  type Message,
  type Publication,
} from "./gen/index.ts";
import { type Bytes, Fault, sameBytes } from "./ground/index.ts";
import { limits } from "./limits.ts";

/** A publication and the message in it, taken apart; nothing of it is proved. */
export interface Framing {
  readonly publication: Publication;
  readonly message: Message;
}

/** Room for a second signature beside each of today's, and no more. */
const maxSignatures = 4;

function checkMessageLimits({ signatures, open, sealed }: Message): void {
  if (signatures.length > maxSignatures || new Set(signatures).size !== signatures.length) {
    throw new Fault(
      "SCHEMA_INVALID",
      `a message has at most ${maxSignatures} signatures, none of them twice`,
    );
  }
  const body = open ?? sealed;
  if (body !== undefined && body.length > limits.maxBodyBytes) {
    throw new Fault("CODEC_TOO_LARGE", `a body has at most ${limits.maxBodyBytes} bytes`);
  }
}

/**
 * Takes a publication and its message apart. What frames slip, envelope and body is signed by nobody, so it
 * has exactly one spelling: no unknown field, no other order, no longer number. Then nobody on the way can
 * add to a publication, and equal publications are equal bytes.
 *
 * @throws {Fault} CODEC_MALFORMED, CODEC_TOO_LARGE, SCHEMA_FIELD_MISSING, SCHEMA_INVALID, BYTES_NOT_TEXT
 */
export function parseFraming(bytes: Bytes): Framing {
  if (bytes.length > limits.maxPublicationBytes) {
    throw new Fault(
      "CODEC_TOO_LARGE",
      `a publication has at most ${limits.maxPublicationBytes} bytes`,
    );
  }
  const publication = decodePublication(bytes);
  const message = decodeMessage(publication.message);
  checkMessageLimits(message);
  const whole = encodePublication({ ...publication, message: encodeMessage(message) });
  if (!sameBytes(whole, bytes)) {
    throw new Fault("CODEC_MALFORMED", "something stands beside what was signed");
  }
  return { publication, message };
}
