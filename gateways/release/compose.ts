import {
  channelsOf,
  checkTypeForm,
  encodeEnvelope,
  encodeMessage,
  type Envelope,
  limits,
  makeParts,
  parseEnvelope,
  parseParts,
  partsRoot,
  renderParts,
} from "../../schemas/index.ts";
import { type Bytes, Fault, sha256 } from "../../schemas/ground/index.ts";
import type { Signer } from "../../certs/keys/index.ts";
import { isStatementProven } from "../../certs/trust/index.ts";
import { sealBody, sealRecipients } from "../crypto/index.ts";
import type { Draft, SubmissionPlace } from "./parse-submission.ts";

/** A message as it is stored and travels; its bytes are never made again. */
export interface Composed {
  /** The encoded Message. */
  readonly message: Bytes;
  readonly envelope: Envelope;
  /** SHA-256 of the envelope's bytes. */
  readonly envelopeDigest: Bytes;
  /** Where it is published, in order. */
  readonly channels: readonly string[];
  /** The encoded parts in the clear, for our own eyes. */
  readonly parts: Bytes;
}

/** Room that a slip, its signature and the tags need beside the message. */
const slipRoomBytes = 4096;

async function closeBody(draft: Draft, parts: Bytes, place: SubmissionPlace): Promise<Bytes> {
  if (draft.header.form === "OPEN") {
    if (parts.length <= limits.maxBodyBytes) return parts;
    throw new Fault("CODEC_TOO_LARGE", `a body has at most ${limits.maxBodyBytes} bytes`);
  }
  const recipients = sealRecipients(place.register, draft.audience, place.now);
  const { originator, id, type } = draft.header;
  return sealBody({ parts, originator, id, type, recipients });
}

interface Made {
  readonly bytes: Bytes;
  readonly signature: string;
  readonly parts: Bytes;
  readonly type: string;
}

/** Reads back what was made, as every receiver will: a fault of ours stays here. */
function checkOwnWork({ bytes, signature, parts, type }: Made, place: SubmissionPlace): Envelope {
  const envelope = parseEnvelope(bytes);
  checkTypeForm(envelope, type);
  parseParts(parts, envelope.bodyRoot);
  const statement = { typ: "atumpan-envelope", bytes, signature, signer: place.agency } as const;
  if (!isStatementProven(place.register, statement, place.now)) {
    throw new Fault(
      "ENVELOPE_SIGNATURE_INVALID",
      "our own signature does not fit; check the signing key",
    );
  }
  return envelope;
}

/**
 * Makes the message of a draft: cuts and salts the body, seals it to exactly the audience or leaves it open,
 * completes and signs the envelope, and reads it all back.
 *
 * @throws {Fault} SEAL_NO_RECIPIENTS, SEAL_TOO_MANY_RECIPIENTS, SEAL_KEY_MISSING, CODEC_TOO_LARGE, CERT_*
 */
export async function compose(
  draft: Draft,
  signer: Signer,
  place: SubmissionPlace,
): Promise<Composed> {
  const { header, innerBytes, bodyBytes, type } = draft;
  const cut = makeParts(innerBytes, bodyBytes, place.chance);
  const parts = renderParts(cut);
  const body = await closeBody(draft, parts, place);
  const bytes = encodeEnvelope({ ...header, bodyRoot: partsRoot(cut), bodyDigest: sha256(body) });
  const signature = signer.sign("atumpan-envelope", bytes);
  const envelope = checkOwnWork({ bytes, signature, parts, type }, place);
  const carried = header.form === "OPEN" ? { open: body } : { sealed: body };
  const message = encodeMessage({ envelope: bytes, signatures: [signature], ...carried });
  if (message.length + slipRoomBytes > limits.maxPublicationBytes) {
    throw new Fault(
      "CODEC_TOO_LARGE",
      `a publication has at most ${limits.maxPublicationBytes} bytes`,
    );
  }
  const envelopeDigest = sha256(bytes);
  return { message, envelope, envelopeDigest, channels: channelsOf(envelope), parts };
}
