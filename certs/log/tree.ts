import { type Bytes, Fault } from "../../schemas/ground/index.ts";
import { emptyRoot, hashBytes, nodeHash } from "./node-hash.ts";
import { checkSize, cutOf, type Position, type Range, splitRange } from "./ranges.ts";

/**
 * Gives the hashes of complete subtrees, in the order in which they are asked for. All that an answer needs
 * is asked for at once, so that a reader of a network or a disk goes there once.
 */
export type HashReader = (positions: readonly Position[]) => readonly Bytes[];

/** Proof hashes, from the leaf's side up. */
export type ProofHashes = readonly Bytes[];

/** The hash over complete subtrees that stand side by side, largest first. */
function foldHashes(hashes: readonly Bytes[]): Bytes {
  const [last = emptyRoot, ...others] = hashes.toReversed();
  return others.reduce((right, left) => nodeHash(left, right), last);
}

/** Reads what all the ranges are made of in one question, and hashes each together. */
function hashRanges(ranges: readonly Range[], readHashes: HashReader): ProofHashes {
  const pieces = ranges.map(splitRange);
  const asked = pieces.flat();
  const found = asked.length === 0 ? [] : readHashes(asked);
  if (found.length !== asked.length || found.some(({ length }) => length !== hashBytes)) {
    throw new Fault("INTEGRITY_STORE", "the log's hashes: not as many came as were asked for, or of other lengths");
  }
  let next = 0;
  return pieces.map((piece) => {
    const from = next;
    next += piece.length;
    return foldHashes(found.slice(from, next));
  });
} // prettier-ignore

/**
 * The root of the first `size` leaves.
 *
 * @throws {Fault} LOG_PROOF_INVALID for a size that is none, INTEGRITY_STORE when the reader gives not what it was
 * asked for, and what the reader throws
 */
export function rootOf(size: number, readHashes: HashReader): Bytes {
  checkSize(size, "size");
  const [root = emptyRoot] = hashRanges([{ start: 0, end: size }], readHashes);
  return root;
}

/**
 * The proof that leaf `index` stands in the tree of `size` leaves (RFC 6962 §2.1.1).
 *
 * @throws {Fault} LOG_PROOF_INVALID for a place outside the tree, INTEGRITY_STORE, and what the reader throws
 */
export function proveInclusion(index: number, size: number, readHashes: HashReader): ProofHashes {
  checkSize(size, "size");
  checkSize(index, "index");
  if (index >= size) throw new Fault("LOG_PROOF_INVALID", "index: the tree has not that many leaves");
  const ranges: Range[] = [];
  let [start, end] = [0, size];
  while (end - start > 1) {
    const cut = cutOf({ start, end });
    if (index < cut) {
      ranges.push({ start: cut, end });
      end = cut;
    } else {
      ranges.push({ start, end: cut });
      start = cut;
    }
  }
  return hashRanges(ranges.toReversed(), readHashes);
} // prettier-ignore

/**
 * The proof that the tree of `oldSize` leaves is the beginning of the tree of `newSize` (RFC 6962 §2.1.2). It is
 * empty when the sizes are the same, and from the empty tree, which begins every tree.
 *
 * @throws {Fault} LOG_PROOF_INVALID for sizes that do not follow, INTEGRITY_STORE, and what the reader throws
 */
export function proveConsistency(
  oldSize: number,
  newSize: number,
  readHashes: HashReader,
): ProofHashes {
  checkSize(oldSize, "oldSize");
  checkSize(newSize, "newSize");
  if (oldSize > newSize) throw new Fault("LOG_PROOF_INVALID", "oldSize is beyond newSize");
  if (oldSize === 0) return [];
  const ranges: Range[] = [];
  let [start, end] = [0, newSize];
  while (end !== oldSize) {
    const cut = cutOf({ start, end });
    if (oldSize <= cut) {
      ranges.push({ start: cut, end });
      end = cut;
    } else {
      ranges.push({ start, end: cut });
      start = cut;
    }
  }
  // the verifier has the old root already, when it is one subtree of the new tree
  if (start !== 0) ranges.push({ start, end });
  return hashRanges(ranges.toReversed(), readHashes);
}
