import {
  decodeMessage,
  encodeMessage,
  type Envelope,
  type LogLeaf,
  type Message,
  parseEnvelope,
  parseLogLeaf,
} from "../../schemas/index.ts";
import { type Bytes, type EpochMs, Fault, sameBytes } from "../../schemas/ground/index.ts";
import { type Certificate, parseCertificate } from "../shape/index.ts";
import { parseProof, type LogProof } from "../log/index.ts";
import type { Evidence } from "./file.ts";
import type { EvidenceTrust } from "./trust.ts";

/** A piece of the file as it was read, or why it could not be. */
export type Read<T> = { readonly value: T } | { readonly fault: unknown };

/** The message taken apart. */
export interface ReadMessage {
  readonly message: Message;
  readonly envelope: Envelope;
}

/** Everything that checks ask, each piece read once; a piece that cannot be read costs its own questions only. */
export interface EvidenceCase {
  readonly evidence: Evidence;
  readonly trust: EvidenceTrust | undefined;
  /** When it is judged. */
  readonly now: EpochMs;
  /** Undefined: the file holds none. */
  readonly message: Read<ReadMessage> | undefined;
  readonly certificates: Read<readonly Certificate[]>;
  readonly leaf: Read<LogLeaf>;
  readonly proof: Read<LogProof>;
}

/** By what evidence is judged. */
export interface EvidencePlace {
  readonly trust?: EvidenceTrust | undefined;
  readonly now: EpochMs;
}

function tryRead<T>(read: () => T): Read<T> {
  try {
    return { value: read() };
  } catch (fault) {
    return { fault };
  }
}

/** What was read. @throws {Fault} what reading it threw */
export function use<T>(read: Read<T>): T {
  if ("value" in read) return read.value;
  throw read.fault;
}

function readMessage(bytes: Bytes): ReadMessage {
  const message = decodeMessage(bytes);
  if (!sameBytes(encodeMessage(message), bytes)) {
    throw new Fault("CODEC_MALFORMED", "something stands beside what was signed");
  }
  return { message, envelope: parseEnvelope(message.envelope) };
}

/** Takes a file apart. Never throws. */
export function openCase(evidence: Evidence, { trust, now }: EvidencePlace): EvidenceCase {
  const { message, certificates, leaf, proof } = evidence;
  return {
    evidence,
    trust,
    now,
    message: message === undefined ? undefined : tryRead(() => readMessage(message)),
    certificates: tryRead(() => certificates.map((der) => parseCertificate(der))),
    leaf: tryRead(() => parseLogLeaf(leaf)),
    proof: tryRead(() => parseProof(proof)),
  };
}
