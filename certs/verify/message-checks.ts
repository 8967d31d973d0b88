import {
  channelsOf,
  checkContent,
  checkFresh,
  checkSlipFits,
  checkStated,
  checkTypeForm,
  decodeInnerHeader,
  type Envelope,
  isDirectChannel,
  isKnownType,
  joinParts,
  type Message,
  parseFeedChannel,
  parseParts,
  parseSlip,
  type Publication,
} from "../../schemas/index.ts";
import {
  type Bytes,
  type EpochMs,
  Fault,
  type FaultCode,
  sameBytes,
  sha256,
} from "../../schemas/ground/index.ts";
import {
  checkEnvelopeAlgorithms,
  decide,
  denialCode,
  isStatementProven,
  type RegisterView,
  type Statement,
} from "../trust/index.ts";
import { type Check, checkDimension, type Dimension } from "./dimension.ts";

/** A message taken apart, and what it is judged by. */
export interface MessageCase {
  readonly message: Message;
  readonly envelope: Envelope;
  /** Undefined: the message came without the slip of a channel. */
  readonly publication: Publication | undefined;
  readonly register: RegisterView;
  readonly at: EpochMs;
}

function checkProven({ register, at }: MessageCase, statement: Statement, code: FaultCode): void {
  if (isStatementProven(register, statement, at)) return;
  throw new Fault(code, "the signature does not fit the bytes");
}

/** Each signature on its own: by a key of the originator that the register names, over these bytes. */
export function checkSignatures(one: MessageCase): readonly Dimension[] {
  const { message, envelope } = one;
  const { envelope: bytes, signatures } = message;
  const { originator: signer } = envelope;
  return signatures.map((signature) =>
    checkDimension(() => {
      const statement = { typ: "atumpan-envelope", bytes, signature, signer } as const;
      checkProven(one, statement, "ENVELOPE_SIGNATURE_INVALID");
    }),
  );
}

function checkSlip(one: MessageCase): string | undefined {
  const { publication, envelope, message } = one;
  if (publication === undefined) return "it came without a slip";
  const { slip: bytes, slipSignature: signature } = publication;
  const slip = parseSlip(bytes);
  checkProven(
    one,
    { typ: "atumpan-slip", bytes, signature, signer: slip.origin },
    "SLIP_SIGNATURE_INVALID",
  );
  const { originator, id: messageId } = envelope;
  const envelopeDigest = sha256(message.envelope);
  const { channel } = slip;
  checkSlipFits(slip, { originator, channel, messageId, envelopeDigest });
  if (channelsOf(envelope).includes(channel)) return undefined;
  throw new Fault("SUBJECT_MISMATCH", "the slip is for a channel that the envelope does not name");
}

/** What a sealed message is about is known to its readers only, so less is asked of it. */
function checkPublisher({ register, envelope, at }: MessageCase): void {
  const { originator, handling } = envelope;
  const asked = { action: "PUBLISH", agency: originator, originator, handling } as const;
  for (const channel of channelsOf(envelope)) {
    const { rec, crime, type } = isDirectChannel(channel)
      ? { rec: "direct" }
      : parseFeedChannel(channel);
    const decision = decide(register, { ...asked, scope: rec, crime, type }, at);
    if (decision.allow) continue;
    const { reason, reasons } = decision;
    const missing = reasons.join(", ");
    throw new Fault(denialCode(reason), `the originator may not publish this: ${missing}`);
  }
}

function bodyOf({ message, envelope }: MessageCase): Bytes {
  const { open, sealed } = message;
  const [body, other] = envelope.form === "SEALED" ? [sealed, open] : [open, sealed];
  if (body !== undefined && other === undefined) return body;
  if (envelope.form === "SEALED") {
    throw new Fault("BODY_MUST_BE_SEALED", "the envelope says sealed");
  }
  throw new Fault("BODY_MUST_BE_OPEN", "the envelope says open");
}

function checkDigest(one: MessageCase): void {
  if (sameBytes(sha256(bodyOf(one)), one.envelope.bodyDigest)) return;
  throw new Fault("BODY_DIGEST_MISMATCH", "the body is not the one the envelope names");
}

/** All signatures together, as a hub asks: none too weak today, none missing, whatever date the message bears. */
function checkAlgorithms({ message, envelope, register, at }: MessageCase): undefined {
  checkEnvelopeAlgorithms(register, message.signatures, [at, envelope.createdAt]);
}

const sealedReason = "the body is sealed: only its readers can ask this";

function checkRoot(one: MessageCase): string | undefined {
  if (one.envelope.form === "SEALED") return sealedReason;
  parseParts(bodyOf(one), one.envelope.bodyRoot);
  return undefined;
}

function checkBody(one: MessageCase): string | undefined {
  const { envelope } = one;
  if (envelope.form === "SEALED") return sealedReason;
  const parts = parseParts(bodyOf(one), envelope.bodyRoot);
  if (parts.some(({ value }) => value === undefined)) {
    throw new Fault("BODY_PARTS_INVALID", "parts are withheld; a redacted copy is no message");
  }
  const { innerHeader, body: bytes } = joinParts(parts);
  const inner = decodeInnerHeader(innerHeader);
  const header = checkStated(envelope, inner);
  const { type = "" } = envelope;
  if (!isKnownType(type)) throw new Fault("SCHEMA_UNKNOWN_TYPE", "the type is not in our schemas");
  checkTypeForm(envelope, type);
  checkContent(type, { header, inner, bytes });
  return undefined;
}

function checkRegisterTime({ register, at }: MessageCase): void {
  if (register.expiresAt > at) return;
  throw new Fault("REGISTER_STALE", "the register is out of date; nothing can be judged by it");
}

/** What is asked of a message besides its signatures, each on its own, by name. */
export const messageChecks: Readonly<Record<string, (one: MessageCase) => ReturnType<Check>>> = {
  register: checkRegisterTime,
  algorithms: checkAlgorithms,
  publisher: checkPublisher,
  time: ({ envelope, at }) => checkFresh(envelope, at),
  slip: checkSlip,
  digest: checkDigest,
  root: checkRoot,
  body: checkBody,
};
