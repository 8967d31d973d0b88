import { type Bytes, Fault } from "../../schemas/ground/index.ts";
import { emptyRoot, hashBytes, nodeHash } from "./node-hash.ts";
import { checkSize, type Position, splitRange } from "./ranges.ts";

/** A complete subtree and its hash. */
export interface HashedSubtree extends Position {
  readonly hash: Bytes;
}

/** The right edge of a growing tree: the few subtrees its root is made of. */
export interface Frontier {
  /** Adds a leaf; gives what became complete with it: the leaf itself first, then each subtree that it ends. */
  append(leafHash: Bytes): readonly HashedSubtree[];
  root(): Bytes;
  size(): number;
  /** The hashes of `edgePositions(size)`, to go on from. */
  edge(): readonly Bytes[];
}

/** Where the hashes stand that a tree of this size goes on from. */
export function edgePositions(size: number): readonly Position[] {
  checkSize(size, "size");
  return splitRange({ start: 0, end: size });
}

function checkEdge(size: number, edge: readonly Bytes[]): void {
  const isWhole = edge.length === edgePositions(size).length;
  if (isWhole && edge.every(({ length }) => length === hashBytes)) return;
  throw new Fault("LOG_PROOF_INVALID", "edge: not the hashes that a tree of this size is made of");
}

function rootOfEdge(hashes: readonly Bytes[]): Bytes {
  const [last = emptyRoot, ...others] = hashes.toReversed();
  return others.reduce((right, left) => nodeHash(left, right), last);
}

/**
 * A tree that grows at its right edge and keeps nothing else: 53 hashes at most.
 *
 * @param size of the tree to go on from, with the hashes of its `edgePositions`
 * @throws {Fault} LOG_PROOF_INVALID when the hashes are not as many as that tree has
 */
export function makeFrontier(size = 0, edge: readonly Bytes[] = []): Frontier {
  checkEdge(size, edge);
  let leaves = size;
  const hashes = [...edge];

  const append = (leafHash: Bytes): readonly HashedSubtree[] => {
    checkEdge(1, [leafHash]);
    checkSize(leaves + 1, "size");
    const made: HashedSubtree[] = [{ level: 0, index: leaves, hash: leafHash }];
    let hash = leafHash;
    // each one bit at the end of the size is a subtree that waited for its right half
    for (let [level, index] = [1, leaves]; index % 2 === 1; level += 1) {
      index = (index - 1) / 2;
      hash = nodeHash(hashes.pop() ?? hash, hash);
      made.push({ level, index, hash });
    }
    hashes.push(hash);
    leaves += 1;
    return made;
  };

  return { append, root: () => rootOfEdge(hashes), size: () => leaves, edge: () => [...hashes] };
}
