import { splitFields } from "../codec/index.ts";
import { bodyMessageName, type MessageType } from "../body/index.ts";
import { decodeInnerHeader, decodeMessage, encodeMessage, type InnerHeader } from "../gen/index.ts";
import { type Bytes, Fault, sameBytes } from "../ground/index.ts";
import {
  type Envelope,
  innerHeaderPart,
  joinParts,
  limits,
  parseEnvelope,
  parseParts,
  redactParts,
  renderParts,
} from "../index.ts";
import { type CopyKind, partsShown, typeOfCopy } from "./copy.ts";
import { decodePartial, type Partial } from "./read-partial.ts";

/** As the schema says: each costs whoever proves a copy a verification. */
const maxSignatures = 4;

/** A part that held another field than its own would show it in a copy that withholds it. */
function checkOwnFields(parts: ReturnType<typeof parseParts>): void {
  for (const { number, value } of parts) {
    if (value === undefined || number === innerHeaderPart) continue;
    if (splitFields(value).some((field) => field.number !== number)) {
      throw new Fault("BODY_PARTS_INVALID", "a part holds a field that is not its own");
    }
  }
}

/** A message as its holder has it: the signed bytes, and the parts in the clear. */
export interface HeldMessage {
  /** The encoded Message. */
  readonly message: Bytes;
  /** The encoded Parts, opened. */
  readonly parts: Bytes;
}

/**
 * A redacted copy: the signer's own envelope and signatures, and of the parts those that the schema lets this copy
 * show; of the others their hash. A Message whose body stands open whatever its envelope says.
 *
 * @throws {Fault} COPY_NOT_POSSIBLE, SCHEMA_UNKNOWN_TYPE, and what reading a held message can throw
 */
export function makeCopy({ message, parts: bytes }: HeldMessage, kind: CopyKind): Bytes {
  const { envelope: signed, signatures } = decodeMessage(message);
  const envelope = parseEnvelope(signed);
  const parts = parseParts(bytes, envelope.bodyRoot);
  checkOwnFields(parts);
  const inner = decodeInnerHeader(joinParts(parts).innerHeader);
  const type = typeOfCopy(envelope.type, inner.type);
  const shown = partsShown(type, { kind, scope: envelope.scope });
  // the nominal copy has also what a newer edition said
  const open = kind === "NOMINAL" ? bytes : renderParts(redactParts(parts, shown));
  return encodeMessage({ envelope: signed, signatures, open });
}

/** A copy taken apart: its parts were checked against the root in the envelope; who signed it was not. */
export interface ReadCopy {
  readonly envelope: Envelope;
  /** The exact bytes that were signed. */
  readonly envelopeBytes: Bytes;
  readonly signatures: readonly string[];
  readonly type: MessageType;
  readonly inner: InnerHeader | undefined;
  /** Fields that are required may be absent: they are withheld. */
  readonly body: Partial;
  /**
   * Numbers of the parts that are withheld, as they were signed; 0 is the inner header.
   */
  readonly withheld: readonly number[];
}

/**
 * Reads a redacted copy from outside.
 *
 * @throws {Fault} CODEC_*, SCHEMA_*, ENVELOPE_INVALID, BODY_PARTS_INVALID, BODY_ROOT_MISMATCH
 */
export function readCopy(bytes: Bytes): ReadCopy {
  if (bytes.length > limits.maxPublicationBytes) {
    throw new Fault("CODEC_TOO_LARGE", `a copy has at most ${limits.maxPublicationBytes} bytes`);
  }
  const { envelope: envelopeBytes, signatures, open, sealed } = decodeMessage(bytes);
  if (open === undefined || sealed !== undefined) {
    throw new Fault("BODY_PARTS_INVALID", "a copy has its parts in the clear");
  }
  if (signatures.length > maxSignatures) {
    throw new Fault("CODEC_MALFORMED", `a message has at most ${maxSignatures} signatures`);
  }
  if (!sameBytes(encodeMessage({ envelope: envelopeBytes, signatures, open }), bytes)) {
    throw new Fault("CODEC_MALFORMED", "something stands beside what was signed");
  }
  const envelope = parseEnvelope(envelopeBytes);
  const parts = parseParts(open, envelope.bodyRoot);
  checkOwnFields(parts);
  const { innerHeader, body } = joinParts(parts);
  const withheld = parts.filter(({ value }) => value === undefined).map(({ number }) => number);
  const inner = withheld.includes(innerHeaderPart) ? undefined : decodeInnerHeader(innerHeader);
  const type = typeOfCopy(envelope.type, inner?.type);
  const content = decodePartial(bodyMessageName(type), body);
  return { envelope, envelopeBytes, signatures, type, inner, body: content, withheld };
}
