import { type Bytes, isFault, sameBytes } from "../../schemas/ground/index.ts";
import {
  type Checkpoint,
  type Note,
  parseCheckpoint,
  parseNote,
  type VerifierKey,
  verifyConsistency,
  verifyNote,
} from "../log/index.ts";
import { type AddCheckpoint, parseAddCheckpoint } from "./request.ts";

/** What a witness is asked with: what it cosigned last, and the keys it knows. */
export interface JudgeGround {
  /** The tree of this log that was cosigned last; undefined when none was. */
  readonly lastOf: (origin: string) => Pick<Checkpoint, "size" | "root"> | undefined;
  /** None: the log is not known. */
  readonly keysOf: (origin: string) => readonly VerifierKey[];
}

/**
 * The verdict over a request, by the numbers of C2SP tlog-witness. 200 is a leave, not yet a cosignature: first it is
 * written down.
 */
export type Verdict =
  | { readonly status: 200; readonly note: Note; readonly checkpoint: Checkpoint }
  | {
      readonly status: 400 | 403 | 404 | 422;
      readonly says: string;
      readonly lie?: Lie | undefined;
    }
  | { readonly status: 409; readonly size: number; readonly says: string; readonly lie?: Lie | undefined }; // prettier-ignore

/** A signed note that contradicts what its log signed before: with the older note it is the proof. */
export interface Lie {
  readonly origin: string;
  readonly note: Note;
}

interface Read {
  readonly note: Note;
  readonly checkpoint: Checkpoint;
}

/** A request whose checkpoint was read. */
interface ReadRequest extends Read {
  readonly oldSize: number;
  readonly proof: AddCheckpoint["proof"];
}

function findRead(bytes: Bytes): Read | undefined {
  try {
    const note = parseNote(bytes);
    return { note, checkpoint: parseCheckpoint(note.text) };
  } catch (error) {
    if (isFault(error)) return undefined;
    throw error;
  }
}

function findRequest(bytes: Bytes): ReadRequest | undefined {
  try {
    const { oldSize, proof, checkpoint } = parseAddCheckpoint(bytes);
    const read = findRead(checkpoint);
    return read === undefined ? undefined : { oldSize, proof, ...read };
  } catch (error) {
    if (isFault(error, "LOG_PROOF_INVALID")) return undefined;
    throw error;
  }
}

function isSigned(note: Note, keys: readonly VerifierKey[]): boolean {
  try {
    return verifyNote(note, keys).length > 0;
  } catch (error) {
    if (isFault(error, "LOG_NOTE_INVALID")) return false;
    throw error;
  }
}

type Last = ReturnType<JudgeGround["lastOf"]>;

function isConsistent({ oldSize, proof, checkpoint }: ReadRequest, last: Last): boolean {
  // from nothing everything goes on, and the proof is empty
  if (last === undefined || oldSize === 0) return proof.length === 0;
  const { size: newSize, root: newRoot } = checkpoint;
  try {
    verifyConsistency({ oldSize, oldRoot: last.root, newSize, newRoot, proof });
    return true;
  } catch (error) {
    if (isFault(error, "LOG_PROOF_INVALID")) return false;
    throw error;
  }
} // prettier-ignore

/** What is judged of a checkpoint that its log signed. */
function judgeSigned(request: ReadRequest, last: Last): Verdict {
  const { oldSize, note, checkpoint } = request;
  const { origin, size, root } = checkpoint;
  const lastSize = last?.size ?? 0;
  const isOther = last !== undefined && size === lastSize && !sameBytes(root, last.root);
  const lie = isOther ? { origin, note } : undefined;
  if (oldSize > size) return { status: 400, says: "the old size is beyond the new one", lie };
  if (isOther) return { status: 409, size: lastSize, says: "another tree of the size that was cosigned", lie };
  if (oldSize !== lastSize) return { status: 409, size: lastSize, says: "the size cosigned last is another" };
  if (!isConsistent(request, last)) return { status: 422, says: "the proof does not lead from the tree cosigned last to this one" };
  return { status: 200, note, checkpoint };
} // prettier-ignore

/**
 * Judges a request to cosign, without doing anything: malformed 400, log unknown 404, not signed by it 403, another size
 * or another tree of one size 409, not proved 422; all is well 200.
 */
export function judgeAddCheckpoint(bytes: Bytes, { lastOf, keysOf }: JudgeGround): Verdict {
  const request = findRequest(bytes);
  if (request === undefined) return { status: 400, says: "the request is not well formed" };
  const { origin } = request.checkpoint;
  const keys = keysOf(origin).filter(({ name }) => name === origin);
  if (keys.length === 0) return { status: 404, says: "this log is not known here" };
  if (!isSigned(request.note, keys)) return { status: 403, says: "the checkpoint is not signed by its log" };
  return judgeSigned(request, lastOf(origin));
} // prettier-ignore
