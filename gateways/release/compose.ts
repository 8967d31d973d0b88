import {
  channelsOf,
  checkTypeForm,
  encodeEnvelope,
  encodeMessage,
  type Envelope,
  limits,
  makeOuterHeader,
  makeParts,
  parseEnvelope,
  parseParts,
  partsRoot,
  renderParts,
} from "../../schemas/index.ts";
import { type Bytes, type EpochMs, Fault, isFault, sha256 } from "../../schemas/ground/index.ts";
import type { Signer } from "../../certs/keys/index.ts";
import {
  checkEnvelopeSigned,
  type RegisterView,
  type SealSuite,
  sealSuiteFor,
} from "../../certs/trust/index.ts";
import { type AudienceKey, sealBody, sealFeedBody, sealRecipients } from "../crypto/index.ts";
import type { Draft, SubmissionPlace } from "./parse-submission.ts";

/** A message as it is stored and travels; its bytes are never made again. */
export interface Composed {
  /** The encoded Message. */
  readonly message: Bytes;
  /** The outer header, as it was signed. */
  readonly envelope: Envelope;
  /** SHA-256 of the envelope's bytes. */
  readonly envelopeDigest: Bytes;
  /** Where it is published, in order. */
  readonly channels: readonly string[];
  /** The encoded parts in the clear, for our own eyes. */
  readonly parts: Bytes;
}

/** Where a message is made, and what its body is sealed with when it goes to a feed. */
export interface ComposePlace extends SubmissionPlace {
  /** Shared with exactly the draft's audience; asked for only when a feed message is sealed. */
  readonly audienceKey?: AudienceKey | undefined;
}

/** Room that a slip (2,048), its signature (ML-DSA-65: 4,700) and the tags need beside the message. */
const slipRoomBytes = 7168;

function encryptionNow(register: RegisterView, now: EpochMs): SealSuite["enc"] {
  const suite = sealSuiteFor(register, now);
  if (suite !== undefined) return suite.enc;
  throw new Fault("SEAL_KEY_MISSING", "the register allows no way of sealing that we know");
}

async function closeFeedBody(
  { header, type, audience }: Draft,
  parts: Bytes,
  { audienceKey, register, now }: ComposePlace,
): Promise<Bytes> {
  if (audience.length === 0) {
    throw new Fault("SEAL_NO_RECIPIENTS", "nobody may read this message, so it is not sent");
  }
  if (audienceKey === undefined) {
    throw new Fault("SEAL_KEY_MISSING", "a feed message is sealed with a key its audience shares");
  }
  const { originator, id } = header;
  const enc = encryptionNow(register, now);
  return await sealFeedBody({ parts, originator, id, type, enc, audienceKey });
}

async function closeBody(draft: Draft, parts: Bytes, place: ComposePlace): Promise<Bytes> {
  if (draft.header.form === "OPEN") {
    if (parts.length <= limits.maxBodyBytes) return parts;
    throw new Fault("CODEC_TOO_LARGE", `a body has at most ${limits.maxBodyBytes} bytes`);
  }
  if (draft.header.scope === "FEED") return await closeFeedBody(draft, parts, place);
  const recipients = sealRecipients(place, draft.audience);
  const { originator, id, type } = draft.header;
  const enc = encryptionNow(place.register, place.now);
  return sealBody({ parts, originator, id, type, enc, recipients });
}

interface Made {
  readonly bytes: Bytes;
  readonly signatures: readonly string[];
  readonly parts: Bytes;
  readonly type: string;
}

/** Reads back what was made, as every receiver will: a fault of ours stays here. */
function checkOwnWork({ bytes, signatures, parts, type }: Made, place: SubmissionPlace): Envelope {
  const envelope = parseEnvelope(bytes);
  checkTypeForm(envelope, type);
  parseParts(parts, envelope.bodyRoot);
  const { register, agency: signer, now, listedAt } = place;
  const algorithmsAt = [now, envelope.createdAt];
  const signed = { bytes, signatures, signer, algorithmsAt };
  try {
    checkEnvelopeSigned(register, signed, now);
  } catch (error) {
    // our own list may have ended with those of the others; whatever else is wrong is wrong
    if (listedAt === undefined || !isFault(error, "CERT_STATUS_UNKNOWN")) throw error;
    checkEnvelopeSigned(register, signed, listedAt);
  }
  return envelope;
}

/**
 * Makes the message of a draft: cuts and salts the body, seals it to the recipients or with the audience's key or leaves
 * it open, completes and signs the envelope, and reads it all back.
 *
 * @throws {Fault} SEAL_NO_RECIPIENTS, SEAL_TOO_MANY_RECIPIENTS, SEAL_KEY_MISSING, CODEC_TOO_LARGE, CERT_*,
 * SIGNATURE_KEY_MISSING, KEY_*
 */
export async function compose(
  draft: Draft,
  signer: Signer,
  place: ComposePlace,
): Promise<Composed> {
  const { header, innerBytes, bodyBytes, type } = draft;
  const cut = makeParts(innerBytes, bodyBytes, place.chance);
  const parts = renderParts(cut);
  const body = await closeBody(draft, parts, place);
  const outer = makeOuterHeader(header);
  const bytes = encodeEnvelope({ ...outer, bodyRoot: partsRoot(cut), bodyDigest: sha256(body) });
  const signingPlace = { at: header.createdAt, register: place.register };
  const signatures = signer.signAll("atumpan-envelope", bytes, signingPlace);
  const envelope = checkOwnWork({ bytes, signatures, parts, type }, place);
  const carried = header.form === "OPEN" ? { open: body } : { sealed: body };
  const message = encodeMessage({ envelope: bytes, signatures, ...carried });
  if (message.length + slipRoomBytes > limits.maxPublicationBytes) {
    throw new Fault(
      "CODEC_TOO_LARGE",
      `a publication has at most ${limits.maxPublicationBytes} bytes`,
    );
  }
  const envelopeDigest = sha256(bytes);
  return { message, envelope, envelopeDigest, channels: channelsOf(envelope), parts };
}
