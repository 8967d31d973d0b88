import { type Bytes, concatBytes, Fault, utf8 } from "../../schemas/ground/index.ts";
import { parseBase64, renderBase64 } from "./base64.ts";
import { parseCheckpoint } from "./checkpoint.ts";
import { hashBytes } from "./node-hash.ts";
import { maxNoteBytes, parseNote } from "./note.ts";
import { checkSize } from "./ranges.ts";
import { maxProofHashes } from "./verify-tree.ts";

/** That something stands in a log, for whoever has no network (C2SP tlog-proof). */
export interface LogProof {
  /** What only the application knows to read; nobody signed it. */
  readonly extra?: Bytes | undefined;
  readonly index: number;
  readonly hashes: readonly Bytes[];
  /** The signed checkpoint with its cosignatures, as it is. */
  readonly checkpoint: Bytes;
}

const firstLine = "c2sp.org/tlog-proof@v1";
const maxExtraBytes = 65_536;
/** The checkpoint, the extra data in base64, and 64 hashes of 45 characters. */
const maxProofBytes = maxNoteBytes + 96_000;
const indexText = /^(?:0|[1-9]\d{0,15})$/;

function refuse(detail: string): never {
  throw new Fault("LOG_PROOF_INVALID", `proof file: ${detail}`);
}

function checkParts({ extra, index, hashes }: LogProof): void {
  checkSize(index, "index");
  if ((extra?.length ?? 1) === 0) refuse("extra data that is empty is left out");
  if ((extra?.length ?? 0) > maxExtraBytes) refuse(`extra: more than ${maxExtraBytes} bytes`);
  if (hashes.length > maxProofHashes) refuse(`more than ${maxProofHashes} hashes`);
  if (hashes.some(({ length }) => length !== hashBytes)) refuse(`a hash has ${hashBytes} bytes`);
}

/**
 * The bytes of a proof file; `parseProof` reads them back.
 *
 * @throws {Fault} LOG_PROOF_INVALID, and LOG_NOTE_INVALID and LOG_CHECKPOINT_INVALID for its checkpoint
 */
export function renderProof(proof: LogProof): Bytes {
  checkParts(proof);
  parseCheckpoint(parseNote(proof.checkpoint).text);
  const { extra, index, hashes } = proof;
  const extras = extra === undefined ? [] : [`extra ${renderBase64(extra)}`];
  const lines = [firstLine, ...extras, `index ${index}`, ...hashes.map(renderBase64), "", ""];
  return concatBytes(utf8(lines.join("\n")), proof.checkpoint);
}

function readBase64(text: string): Bytes {
  return parseBase64(text) ?? refuse("base64 in its one spelling");
}

function readIndex(line: string): number {
  const digits = line.startsWith("index ") ? line.slice(6) : "";
  return indexText.test(digits) ? Number(digits) : refuse("a line with the index");
}

/** The head's lines: ASCII, so that they are read before the checkpoint is looked at. */
function readHead(head: readonly string[]): Omit<LogProof, "checkpoint"> {
  const [first, second = "", ...others] = head;
  if (first !== firstLine) refuse(`it begins with ${firstLine}`);
  const hasExtra = second.startsWith("extra ");
  const [index = "", ...hashes] = hasExtra ? others : [second, ...others];
  if (hashes.length > maxProofHashes) refuse(`more than ${maxProofHashes} hashes`);
  return {
    extra: hasExtra ? readBase64(second.slice(6)) : undefined,
    index: readIndex(index),
    hashes: hashes.map(readBase64),
  };
}

/**
 * Reads a proof file, strictly: at most 64 hashes, numbers and base64 in their one spelling, a checkpoint that can be
 * read. Nothing is yet believed: `verifyProof`.
 *
 * @throws {Fault} LOG_PROOF_INVALID, LOG_NOTE_INVALID, LOG_CHECKPOINT_INVALID
 */
export function parseProof(bytes: Bytes): LogProof {
  if (bytes.length > maxProofBytes) refuse(`more than ${maxProofBytes} bytes`);
  const cut = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf("\n\n");
  if (cut < 0) refuse("no blank line before the checkpoint");
  const head = Buffer.from(bytes.subarray(0, cut)).toString("latin1").split("\n");
  const checkpoint = bytes.subarray(cut + 2);
  const proof = { ...readHead(head), checkpoint };
  checkParts(proof);
  parseCheckpoint(parseNote(checkpoint).text);
  return proof;
}
