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
  isStatementProven,
  type RegisterView,
  type Statement,
} from "../../../certs/trust/index.ts";
import type { OpeningKey } from "../../crypto/index.ts";

/** Who judges, by which register, when, and with which keys. */
export interface VerifyPlace {
  readonly register: RegisterView;
  readonly agency: string;
  readonly keys: readonly OpeningKey[];
  readonly now: EpochMs;
}

/** All of a publication that can be proved without opening the body. */
export interface ProvenOutside {
  readonly envelope: Envelope;
  readonly envelopeDigest: Bytes;
  readonly slip: Slip;
  readonly slipDigest: Bytes;
  readonly channel: string;
  /** The body as it is carried; its digest is the envelope's. */
  readonly body: Bytes;
  /** The encoded Message. */
  readonly message: Bytes;
}

function refuseDecision(decision: Decision, says: string): void {
  if (decision.allow) return;
  const { reason } = decision;
  const isSuspended = reason === "AGENCY_SUSPENDED" || reason === "STATE_SUSPENDED";
  throw new Fault(isSuspended ? "MANDATE_SUSPENDED" : "MANDATE_MISSING", `${says}: ${reason}`);
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
  asked: { originator: string; scope: string; type?: string; crime?: string; handling: string },
): void {
  const { originator } = asked;
  const publish = { ...asked, action: "PUBLISH", agency: originator } as const;
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

/** Every signature has to fit: one that does not would be kept as if it had. */
function checkSignatures(
  place: VerifyPlace,
  { envelope: bytes, signatures }: Message,
  signer: string,
): void {
  if (signatures.length === 0)
    throw new Fault("ENVELOPE_SIGNATURE_MISSING", "there is no signature");
  for (const signature of signatures) {
    const statement = { typ: "atumpan-envelope", bytes, signature, signer } as const;
    checkProven(place, statement, "ENVELOPE_SIGNATURE_INVALID");
  }
}

/**
 * Proves everything about a publication but its body: both statements by the agency they name, the slip for
 * this message, the sender's mandate and our own, freshness, and that the body carried is the one signed.
 *
 * @param subject where it was found; untrusted
 * @throws {Fault} CODEC_*, SCHEMA_*, ENVELOPE_*, SLIP_*, SUBJECT_MISMATCH, ORIGIN_MISMATCH, AGENCY_UNKNOWN,
 * CERT_*, SIGNATURE_MALFORMED, MANDATE_*, BODY_DIGEST_MISMATCH, BODY_MUST_BE_*
 */
export function verifyOutside(
  { bytes, subject }: { bytes: Bytes; subject: string },
  place: VerifyPlace,
): ProvenOutside {
  const { publication, message } = parseFraming(bytes);
  const slip = parseSlip(publication.slip);
  const envelope = parseEnvelope(message.envelope);
  const { originator } = envelope;
  const channel = channelOf(envelope, subject);
  checkSignatures(place, message, originator);
  checkProven(
    place,
    {
      typ: "atumpan-slip",
      bytes: publication.slip,
      signature: publication.slipSignature,
      signer: slip.origin,
    },
    "SLIP_SIGNATURE_INVALID",
  );
  const envelopeDigest = sha256(message.envelope);
  checkSlipFits(slip, { originator, channel, messageId: envelope.id, envelopeDigest });
  checkChannel(place, { envelope, channel });
  checkFresh(envelope, place.now);
  const body = carriedBody(message, envelope);
  const slipDigest = sha256(publication.slip);
  return {
    envelope,
    envelopeDigest,
    slip,
    slipDigest,
    channel,
    body,
    message: publication.message,
  };
}
