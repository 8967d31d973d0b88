import { Fault, type Bytes, sameBytes, utf8 } from "../../schemas/ground/index.ts";
import { parseBase64, renderBase64 } from "./base64.ts";
import { emptyRoot, hashBytes } from "./node-hash.ts";

/** What a log says of itself at one size. */
export interface Checkpoint {
  /** The log's name; also the name of its key. */
  readonly origin: string;
  readonly size: number;
  readonly root: Bytes;
  /** Further lines, which nobody checks but who wrote them. */
  readonly extensions: readonly string[];
}

/** An origin goes into one length byte where ML-DSA-44 signs it. */
const maxOriginBytes = 255;
const maxExtensions = 32;
const maxTextLength = 16_384;
const sizeText = /^(?:0|[1-9]\d{0,15})$/;
const controls = /\p{Cc}/u;

function refuse(detail: string): never {
  throw new Fault("LOG_CHECKPOINT_INVALID", `checkpoint: ${detail}`);
}

function isLine(text: string): boolean {
  return text !== "" && text.isWellFormed() && !controls.test(text);
}

function checkLines({ origin, extensions }: Checkpoint): void {
  if (!isLine(origin) || utf8(origin).length > maxOriginBytes) refuse(`the origin has 1 to ${maxOriginBytes} bytes on one line`);
  if (extensions.length > maxExtensions || !extensions.every(isLine)) refuse(`at most ${maxExtensions} further lines, none empty`);
} // prettier-ignore

/** Every value of a checkpoint that has one spelling only. */
function checkValues(found: Checkpoint): void {
  checkLines(found);
  const { size, root } = found;
  if (!Number.isSafeInteger(size) || size < 0) refuse("the size is a whole number to 2^53-1");
  if (root.length !== hashBytes) refuse(`the root has ${hashBytes} bytes`);
  if (size === 0 && !sameBytes(root, emptyRoot)) refuse("a tree without leaves has one root only");
}

/**
 * The text of a checkpoint, which is what is signed.
 *
 * @throws {Fault} LOG_CHECKPOINT_INVALID
 */
export function renderCheckpoint(checkpoint: Checkpoint): string {
  checkValues(checkpoint);
  const { origin, size, root, extensions } = checkpoint;
  return [origin, String(size), renderBase64(root), ...extensions, ""].join("\n");
}

/**
 * Reads the text of a checkpoint (C2SP tlog-checkpoint): origin, size without leading zeros, root in the one spelling
 * of base64, further lines.
 *
 * @throws {Fault} LOG_CHECKPOINT_INVALID
 */
export function parseCheckpoint(text: string): Checkpoint {
  if (text.length > maxTextLength) refuse("too long");
  const lines = text.split("\n");
  if (lines.pop() !== "") refuse("it ends with a newline");
  const [origin = "", size = "", root = "", ...extensions] = lines;
  if (!sizeText.test(size)) refuse("the size is a whole number without leading zeros");
  const hash = parseBase64(root) ?? refuse("the root is not base64");
  const found = { origin, size: Number(size), root: hash, extensions };
  checkValues(found);
  return found;
}
