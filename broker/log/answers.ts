import {
  encodeLogAnswer,
  type LogAnswer,
  type LogLeafQuestion,
  parseLogLeafQuestion,
  parseLogSizesQuestion,
} from "../../schemas/index.ts";
import { type Bytes, Fault, isFault, toFault } from "../../schemas/ground/index.ts";
import {
  edgePositions,
  leafHash,
  proveConsistency,
  proveInclusion,
  rootOf,
  verifyConsistency,
  verifyInclusion,
} from "../../certs/log/index.ts";
import type { Book } from "./book.ts";
import type { Positions } from "./positions.ts";

/** Answers questions about the log from the folder. */
export interface Answers {
  /** Never throws: what cannot be answered says why. */
  answer(act: string, question: Bytes): Bytes;
}

/** What questions are answered with. */
export interface AnswerOptions {
  readonly book: () => Book | undefined;
  readonly positions: Positions;
  /** The folder does not fit what was signed: it has to be made anew. */
  readonly onDamage: () => void;
}

type Said = Omit<LogAnswer, "hashes" | "leaves"> & {
  readonly hashes?: readonly Bytes[];
  readonly leaves?: readonly Bytes[];
};

/** Leaves in one answer, and their bytes: two seconds over 32 kbit/s, and any one leaf fits. */
const maxEntries = 64;
const entriesBytes = 8 * 1024;

function checkSize(size: number, whole: number): void {
  if (size <= whole) return;
  throw new Fault("LOG_ENTRY_MISSING", `the log has ${whole} entries`);
}

/** The root of a size that was: what lies on the disk is believed only as far as it leads to what was signed. */
function rootAt(size: number, { state: { head }, folder: { tiles } }: Book): Bytes {
  if (size === head.size) return head.root;
  const root = rootOf(size, tiles.hashes(size));
  const proof = proveConsistency(size, head.size, tiles.hashes(head.size));
  verifyConsistency({
    oldSize: size,
    oldRoot: root,
    newSize: head.size,
    newRoot: head.root,
    proof,
  });
  return root;
}

/** Builds what answers. */
export function makeAnswers({ book, positions, onDamage }: AnswerOptions): Answers {
  const opened = (): Book & { readonly checkpoint: Bytes } => {
    const at = book();
    const checkpoint = at?.state.checkpoint;
    if (at !== undefined && checkpoint !== undefined) return { ...at, state: at.state, folder: at.folder, checkpoint };
    throw new Fault("LOG_ENTRY_MISSING", "the log has no entry yet");
  }; // prettier-ignore

  const indexOf = ({ stream, instance = "", sequence, index }: LogLeafQuestion): number => {
    if (index !== undefined) return index;
    if (stream === undefined || sequence === undefined) throw new Fault("LOG_ENTRY_MISSING", "no place");
    const found = positions.find({ stream, instance, sequence });
    if (found !== undefined) return found;
    throw new Fault("LOG_ENTRY_MISSING", "nothing stands in the log for this place");
  }; // prettier-ignore

  const prove = (bytes: Bytes): Said => {
    const question = parseLogLeafQuestion(bytes);
    const at = opened();
    const { state, folder, checkpoint } = at;
    const { size = state.head.size } = question;
    checkSize(size, state.head.size);
    const index = indexOf(question);
    checkSize(index + 1, size);
    const { tiles } = folder;
    const hashes = proveInclusion(index, size, tiles.hashes(size));
    const leaf = tiles.leaf(index);
    const root = rootAt(size, at);
    // what lies on the disk is not handed on unproved
    verifyInclusion({ index, size, leafHash: leafHash(leaf), proof: hashes, root });
    return { checkpoint, index, leaf, hashes };
  };

  const consistency = (bytes: Bytes): Said => {
    const { from, to } = parseLogSizesQuestion(bytes);
    const at = opened();
    const { state, folder, checkpoint } = at;
    checkSize(to, state.head.size);
    checkSize(from, to);
    const hashes = proveConsistency(from, to, folder.tiles.hashes(to));
    const [oldRoot, newRoot] = [rootAt(from, at), rootAt(to, at)];
    verifyConsistency({ oldSize: from, oldRoot, newSize: to, newRoot, proof: hashes });
    return { checkpoint, hashes };
  };

  /** Leaves from one size on, as many as one answer takes; of none that is asked for, what the tree goes on from there. */
  const entries = (bytes: Bytes): Said => {
    const { from, to } = parseLogSizesQuestion(bytes);
    const { state, folder, checkpoint } = opened();
    checkSize(to, state.head.size);
    checkSize(from, to);
    const { tiles } = folder;
    if (from === to) return { checkpoint, hashes: tiles.hashes(from)(edgePositions(from)) };
    const leaves: Bytes[] = [];
    let room = entriesBytes;
    for (let at = from; at < Math.min(to, from + maxEntries); at += 1) {
      const leaf = tiles.leaf(at);
      room -= leaf.length;
      if (room < 0) break;
      leaves.push(leaf);
    }
    return { checkpoint, leaves };
  };

  const say = (act: string, question: Bytes): Said => {
    if (act === "checkpoint") return { checkpoint: opened().checkpoint };
    if (act === "prove") return prove(question);
    if (act === "consistency") return consistency(question);
    if (act === "entries") return entries(question);
    throw new Fault("SUBJECT_INVALID", "no question about the log");
  };

  return {
    answer: (act, question) => {
      try {
        return encodeLogAnswer({ hashes: [], leaves: [], ...say(act, question) });
      } catch (error) {
        const isDamaged = isFault(error, "LOG_TILE_INVALID") || isFault(error, "LOG_PROOF_INVALID");
        if (isDamaged) onDamage();
        const { code } = toFault(error, "INTERNAL");
        return encodeLogAnswer({ hashes: [], leaves: [], refused: isDamaged ? "HUB_UNREACHABLE" : code });
      }
    },
  };
} // prettier-ignore
