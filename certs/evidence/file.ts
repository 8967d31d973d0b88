import { z } from "zod";

import { parseJsonText } from "../../schemas/index.ts";
import {
  type Bytes,
  Fault,
  parseUtf8,
  parseUuid,
  renderUuid,
  tryShape,
  utf8,
} from "../../schemas/ground/index.ts";

/** One message and all that proves it, for whoever has neither our network nor our word. */
export interface Evidence {
  /** What the log's entry binds. Stays when everything else was erased. */
  readonly subject: {
    readonly id: Bytes;
    readonly channel: string;
    /** SHA-256 of the envelope. */
    readonly envelopeDigest: Bytes;
    readonly salt: Bytes;
  };
  /** The encoded Message, its body as far as it may be given; absent: erased, or not to be given. */
  readonly message?: Bytes | undefined;
  /** DER of those who signed the message and of the CAs between them and a root; never a root. */
  readonly certificates: readonly Bytes[];
  readonly crls: readonly Bytes[];
  /** The register it was made by. Too long to stand here; one file serves all evidence of its epoch. */
  readonly register: { readonly epoch: number; readonly digest: Bytes };
  /** The entry of the hub's log. */
  readonly leaf: Bytes;
  /** A proof file of C2SP (tlog-proof): place, hashes, checkpoint, cosignatures. */
  readonly proof: Bytes;
  /** Encoded SignedReceipts that speak of this message alone. */
  readonly receipts: readonly Bytes[];
}

/** Bytes of one file at most: a publication of the largest size in base64, and what proves it. */
export const maxEvidenceBytes = 2_500_000;

const format = "atumpan evidence 1";
const maxText = 2_000_000;
const maxDocuments = 64;

function refuse(detail: string): never {
  throw new Fault("EVIDENCE_INVALID", detail);
}

const base64Text = /^[A-Za-z0-9+/]*={0,2}$/;
const bytes = z
  .string()
  .max(maxText)
  .regex(base64Text)
  .transform((text): Bytes => Uint8Array.from(Buffer.from(text, "base64")));
const digest = bytes.refine(({ length }) => length === 32, "32 bytes");
const salt = bytes.refine(({ length }) => length === 16, "16 bytes");
const documents = z.array(bytes.refine(({ length }) => length > 0, "not empty")).max(maxDocuments);

const shape = z.strictObject({
  format: z.literal(format),
  subject: z.strictObject({
    id: z.string().length(36),
    channel: z.string().min(1).max(200),
    envelopeDigest: digest,
    salt,
  }),
  message: bytes.optional(),
  certificates: documents,
  crls: documents,
  register: z.strictObject({ epoch: z.int().min(1).max(4_294_967_295), digest }),
  leaf: bytes,
  proof: z.string().min(1).max(300_000),
  receipts: documents,
});

function encode(value: Bytes): string {
  return Buffer.from(value).toString("base64");
}

/** By their bytes, each once, so that the same documents make the same file. */
function inOrder(values: readonly Bytes[]): readonly string[] {
  return [...new Set(values.map(encode))].toSorted();
}

/**
 * The bytes of an evidence file: JSON, its members in one order, bytes in base64, one line. The same evidence is the
 * same file.
 */
export function renderEvidence(evidence: Evidence): Bytes {
  const { subject, message, certificates, crls, register, leaf, proof, receipts } = evidence;
  const { id, channel, envelopeDigest, salt: given } = subject;
  const value = {
    format,
    subject: {
      id: renderUuid(id),
      channel,
      envelopeDigest: encode(envelopeDigest),
      salt: encode(given),
    },
    ...(message === undefined ? {} : { message: encode(message) }),
    certificates: inOrder(certificates),
    crls: inOrder(crls),
    register: { epoch: register.epoch, digest: encode(register.digest) },
    leaf: encode(leaf),
    proof: parseUtf8(proof),
    receipts: inOrder(receipts),
  };
  return utf8(`${JSON.stringify(value)}\n`);
}

function readJson(file: Bytes): unknown {
  try {
    return parseJsonText(parseUtf8(file), maxEvidenceBytes);
  } catch (cause) {
    throw new Fault("EVIDENCE_INVALID", "the file is not JSON in UTF-8", { cause });
  }
}

function readId(text: string): Bytes {
  try {
    return parseUuid(text);
  } catch (cause) {
    throw new Fault("EVIDENCE_INVALID", "subject.id is a UUID", { cause });
  }
}

/**
 * Reads an evidence file, strictly: its members and no others, every value in its one spelling. Nothing of it is yet
 * believed: `checkEvidence`.
 *
 * @throws {Fault} EVIDENCE_INVALID
 */
export function parseEvidence(file: Bytes): Evidence {
  if (file.length > maxEvidenceBytes) refuse(`a file has at most ${maxEvidenceBytes} bytes`);
  const found = tryShape(shape, readJson(file));
  if (!found.success) {
    const where = found.error.issues[0]?.path.map(String).join(".").slice(0, 100) ?? "";
    return refuse(where === "" ? "not an evidence file" : `${where} is not as it has to be`);
  }
  const { format: _, subject, proof, ...rest } = found.data;
  const evidence = { ...rest, subject: { ...subject, id: readId(subject.id) }, proof: utf8(proof) };
  const again = renderEvidence(evidence);
  if (Buffer.from(again).equals(file)) return evidence;
  return refuse("the file is not in its one spelling");
}
