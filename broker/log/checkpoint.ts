import { encodeLogBatch, parseLogBatch } from "../../schemas/index.ts";
import { type Bytes, Fault, sameBytes, toFault } from "../../schemas/ground/index.ts";
import {
  type Checkpoint,
  type NoteSigner,
  renderCheckpoint,
  renderNote,
  type VerifierKey,
  verifyCheckpoint,
} from "../../certs/log/index.ts";
import { type Extension, extendHead, type LogHead } from "./head.ts";

/** Signs what the log is at one size. */
export function signHead(signer: NoteSigner, { size, root }: LogHead): Bytes {
  const origin = signer.verifierKey.name;
  const text = renderCheckpoint({ origin, size, root, extensions: [] });
  return renderNote({ text, signatures: [signer.sign(text)] });
}

/** An entry of the log's stream: leaves, and the checkpoint that stands after them. */
export interface SignedBatch {
  readonly extension: Extension;
  readonly checkpoint: Bytes;
}

/** The bytes of an entry. */
export function renderBatch({ extension, checkpoint }: SignedBatch): Bytes {
  return encodeLogBatch({ leaves: extension.leaves.map(({ bytes }) => bytes), checkpoint });
}

/**
 * Reads a checkpoint of this log.
 *
 * @throws {Fault} LOG_INCONSISTENT when it is not one that this hub signed
 */
export function readCheckpoint(bytes: Bytes, keys: readonly VerifierKey[]): Checkpoint {
  try {
    return verifyCheckpoint(bytes, ...keys).checkpoint;
  } catch (cause) {
    const detail = "a checkpoint in the log was not signed by this hub";
    throw new Fault("LOG_INCONSISTENT", detail, { cause });
  }
}

/** Whether a checkpoint is of this head. */
export function isOfHead(
  { size, root }: Pick<Checkpoint, "size" | "root">,
  head: LogHead,
): boolean {
  return size === head.size && sameBytes(root, head.root);
}

/**
 * Reads an entry of the log's stream after a head, and checks all of it: each leaf, their order, the root and the signature.
 *
 * @throws {Fault} LOG_INCONSISTENT
 */
export function readBatch(
  head: LogHead,
  bytes: Bytes,
  keys: readonly VerifierKey[],
): SignedBatch {
  try {
    const { leaves, checkpoint } = parseLogBatch(bytes);
    const extension = extendHead(head, leaves);
    if (isOfHead(readCheckpoint(checkpoint, keys), extension.head)) return { extension, checkpoint };
  } catch (error) {
    throw toLogFault(error);
  }
  throw new Fault("LOG_INCONSISTENT", "an entry of the log does not fit the leaves before it");
} // prettier-ignore

function toLogFault(error: unknown): Fault {
  const fault = toFault(error, "LOG_INCONSISTENT", "an entry of the log cannot be read");
  if (fault.code === "LOG_INCONSISTENT") return fault;
  return new Fault("LOG_INCONSISTENT", "an entry of the log is not well formed", { cause: error });
}
