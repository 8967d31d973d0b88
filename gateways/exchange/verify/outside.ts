import {
  channelsOf,
  checkFresh,
  checkSlipFits,
  type Envelope,
  isDirectChannel,
  limits,
  type Message,
  parseEnvelope,
  parseFeedChannel,
  parseFraming,
  parseSlip,
  type RelayClaim,
  type Slip,
  storedSubject,
} from "../../../schemas/index.ts";
import {
  type Bytes,
  type EpochMs,
  Fault,
  type FaultCode,
  renderUuid,
  sameBytes,
  sha256,
} from "../../../schemas/ground/index.ts";
import {
  decide,
  type Decision,
  denialCode,
  checkEnvelopeSigned,
  isStatementProven,
  type Question,
  readingTime,
  type RegisterView,
  type Statement,
} from "../../../certs/trust/index.ts";
import type { FeedMessage, OpeningKey } from "../../crypto/index.ts";
import type { Ceiling } from "../../release/index.ts";
import { proveRelayed } from "./relayed.ts";

/** Who judges, by which register, when, and with which keys. */
export interface VerifyPlace {
  readonly register: RegisterView;
  readonly agency: string;
  readonly keys: readonly OpeningKey[];
  /** The own key of a feed message that was sealed with an audience key of this name; none is had when absent. */
  readonly findContentKey?: ((message: FeedMessage, name: string) => Bytes | undefined) | undefined;
  /** What this deployment may carry; all that is unclassified when left out. */
  readonly ceiling?: Ceiling | undefined;
  readonly now: EpochMs;
  /** When the hub took it, proved; a certificate that was revoked after still vouches for it. */
  readonly provenAt?: EpochMs | undefined;
}

/** A publication as it was found: where, which is the hub's word, and what. */
export interface PublicationBytes {
  readonly bytes: Bytes;
  readonly subject: string;
}

/** What a publication says it is. Nothing of it is proved. */
export interface Claim {
  readonly envelope: Envelope;
  readonly envelopeDigest: Bytes;
  readonly channel: string;
}

/** The same with the bytes of the envelope. */
export interface ReadClaim extends Claim {
  readonly signed: Bytes;
}

/** All of a publication that can be proved without opening the body. */
export interface ProvenOutside extends ReadClaim {
  readonly slip: Slip;
  readonly slipDigest: Bytes;
  /** The body as it is carried; its digest is the envelope's. */
  readonly body: Bytes;
  /** The encoded Message. */
  readonly message: Bytes;
  /** What a relay signed beside it, proved; nothing where nobody relayed it. */
  readonly relayed?: RelayClaim | undefined;
}

function refuseDecision(decision: Decision, says: string): void {
  if (decision.allow) return;
  throw new Fault(denialCode(decision.reason), `${says}: ${decision.reasons.join(", ")}`);
}

function checkProven({ register, now }: VerifyPlace, statement: Statement, code: FaultCode): void {
  if (isStatementProven(register, statement, now)) return;
  throw new Fault(code, "the signature does not fit the bytes");
}

/** The channel the subject stands for. The subject is the hub's word and is only compared. */
function channelOf(envelope: Envelope, subject: string): string {
  const { originator, id } = envelope;
  const text = renderUuid(id);
  const channel = channelsOf(envelope).find(
    (one) => storedSubject(one, originator, text) === subject,
  );
  if (channel === undefined) {
    throw new Fault("SUBJECT_MISMATCH", "the subject is not one the envelope asks for");
  }
  return channel;
}

/**
 * Reads what a publication says it is.
 *
 * @throws {Fault} CODEC_*, SCHEMA_*, ENVELOPE_INVALID, SUBJECT_MISMATCH
 */
export function readClaim({ bytes, subject }: PublicationBytes): ReadClaim {
  const { envelope: signed } = parseFraming(bytes).message;
  const envelope = parseEnvelope(signed);
  return {
    signed,
    envelope,
    envelopeDigest: sha256(signed),
    channel: channelOf(envelope, subject),
  };
}

function carriedBody({ open, sealed }: Message, { form, bodyDigest }: Envelope): Bytes {
  const [body, other] = form === "SEALED" ? [sealed, open] : [open, sealed];
  if (other !== undefined || body === undefined) {
    if (form === "SEALED") throw new Fault("BODY_MUST_BE_SEALED", "the envelope says sealed");
    throw new Fault("BODY_MUST_BE_OPEN", "the envelope says open");
  }
  if (body.length > limits.maxBodyBytes) {
    throw new Fault("CODEC_TOO_LARGE", `a body has at most ${limits.maxBodyBytes} bytes`);
  }
  if (!sameBytes(sha256(body), bodyDigest)) {
    throw new Fault("BODY_DIGEST_MISMATCH", "the body is not the one the envelope names");
  }
  return body;
}

/**
 * Refuses what the sender may not publish or we may not read on this channel.
 *
 * @throws {Fault} MANDATE_MISSING, MANDATE_SUSPENDED
 */
export function checkMandates(
  { register, agency, now }: VerifyPlace,
  asked: Omit<Question, "action" | "agency" | "recipient">,
): void {
  const { originator, scope } = asked;
  const recipient = scope === "direct" ? agency : undefined;
  const publish = { ...asked, action: "PUBLISH", agency: originator, recipient } as const;
  refuseDecision(decide(register, publish, now), "the sender may not publish this");
  refuseDecision(
    decide(register, { ...asked, action: "READ", agency }, now),
    "we may not read this",
  );
}

function checkChannel(
  place: VerifyPlace,
  { envelope, channel }: { envelope: Envelope; channel: string },
): void {
  const { originator, handling } = envelope;
  if (isDirectChannel(channel)) {
    // type and crimes are inside the seal; they are asked for again once it is open
    checkMandates(place, { originator, scope: "direct", handling });
    return;
  }
  const { rec: scope, crime, type } = parseFeedChannel(channel);
  checkMandates(place, { originator, scope, type, crime, handling });
}

/**
 * Proves everything about a publication but its body: both statements by the agency they name, the slip for
 * this message, the sender's mandate and our own, freshness, and that the body carried is the one signed.
 *
 * @param subject where it was found; untrusted
 * @throws {Fault} CODEC_*, SCHEMA_*, ENVELOPE_*, SLIP_*, SUBJECT_MISMATCH, ORIGIN_MISMATCH, AGENCY_UNKNOWN,
 * RELAY_*, CERT_*, SIGNATURE_*, MANDATE_*, BODY_DIGEST_MISMATCH, BODY_MUST_BE_*
 */
export function verifyOutside(
  { bytes, subject }: PublicationBytes,
  place: VerifyPlace,
): ProvenOutside {
  const { publication, message } = parseFraming(bytes);
  const slip = parseSlip(publication.slip);
  const envelope = parseEnvelope(message.envelope);
  const { originator } = envelope;
  const channel = channelOf(envelope, subject);
  // what the hub took before an algorithm ended is still good when we come to read it
  const times = {
    algorithmsAt: [readingTime(envelope.createdAt, place.now)],
    provenAt: place.provenAt,
  };
  const { envelope: signed, signatures } = message;
  checkEnvelopeSigned(
    place.register,
    { bytes: signed, signatures, signer: originator, ...times },
    place.now,
  );
  checkProven(
    place,
    {
      typ: "atumpan-slip",
      bytes: publication.slip,
      signature: publication.slipSignature,
      signer: slip.origin,
      ...times,
    },
    "SLIP_SIGNATURE_INVALID",
  );
  const envelopeDigest = sha256(message.envelope);
  checkSlipFits(slip, { originator, channel, messageId: envelope.id, envelopeDigest });
  checkChannel(place, { envelope, channel });
  checkFresh(envelope, place.now);
  const body = carriedBody(message, envelope);
  const slipDigest = sha256(publication.slip);
  const relayed = proveRelayed(place, publication, envelope);
  return {
    relayed,
    envelope,
    envelopeDigest,
    signed,
    slip,
    slipDigest,
    channel,
    body,
    message: publication.message,
  };
}
