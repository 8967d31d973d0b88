import { type Bytes, concatBytes, Fault, utf8 } from "../../schemas/ground/index.ts";
import { maxNoteBytes, type ProofHashes } from "../log/index.ts";

/** A checkpoint, with the proof that its log goes on from an older size. */
export interface AddCheckpoint {
  readonly oldSize: number;
  readonly proof: ProofHashes;
  /** The signed note. */
  readonly checkpoint: Bytes;
}

const hashBytes = 32;
const maxProof = 63;
/** `old`, a number of 16 digits, and 63 hashes in base64, each on its line. */
const maxHeadBytes = 21 + maxProof * 45;

/** More bytes no request may have. */
export const maxRequestBytes = maxHeadBytes + 1 + maxNoteBytes;

const oldLine = /^old (0|[1-9]\d{0,15})$/;
const hashLine = /^[A-Za-z0-9+/]{43}=$/;

function refuse(detail: string): never {
  throw new Fault("LOG_PROOF_INVALID", `request: ${detail}`);
}

function readHash(line: string): Bytes {
  const bytes = Buffer.from(hashLine.test(line) ? line : "", "base64");
  const isHash = bytes.length === hashBytes && bytes.toString("base64") === line;
  return isHash ? bytes : refuse("a line of the proof is a hash in base64");
}

/**
 * Reads what a log sends a witness (C2SP tlog-witness): the old size, the proof, an empty line, the checkpoint. The
 * checkpoint is not looked at.
 *
 * @throws {Fault} LOG_PROOF_INVALID
 */
export function parseAddCheckpoint(bytes: Bytes): AddCheckpoint {
  if (bytes.length > maxRequestBytes) refuse(`more than ${maxRequestBytes} bytes`);
  const start = Buffer.from(bytes.subarray(0, maxHeadBytes + 1)).toString("latin1");
  const cut = start.indexOf("\n\n");
  if (cut < 0) refuse(`an empty line, after at most ${maxProof} hashes`);
  const [first = "", ...lines] = start.slice(0, cut).split("\n");
  if (lines.length > maxProof) refuse(`at most ${maxProof} hashes`);
  const oldSize = Number(oldLine.exec(first)?.[1]);
  if (!Number.isSafeInteger(oldSize)) refuse("the first line is old and a size");
  return { oldSize, proof: lines.map(readHash), checkpoint: bytes.subarray(cut + 2) };
}

/**
 * The bytes of a request; `parseAddCheckpoint` reads them back.
 *
 * @throws {Fault} LOG_PROOF_INVALID when it would not
 */
export function renderAddCheckpoint({ oldSize, proof, checkpoint }: AddCheckpoint): Bytes {
  const hashes = proof.map((hash) => `${Buffer.from(hash).toString("base64")}\n`).join("");
  const bytes = concatBytes(utf8(`old ${oldSize}\n${hashes}\n`), checkpoint);
  parseAddCheckpoint(bytes);
  return bytes;
}
