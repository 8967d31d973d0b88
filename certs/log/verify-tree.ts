import { type Bytes, Fault, sameBytes } from "../../schemas/ground/index.ts";
import { checkHashes, emptyRoot, nodeHash } from "./node-hash.ts";
import { checkSize } from "./ranges.ts";

/** No path in a tree of 2^53 leaves is longer than this. */
export const maxProofHashes = 64;

/** What is said to stand in a tree. */
export interface InclusionClaim {
  readonly index: number;
  readonly size: number;
  readonly leafHash: Bytes;
  readonly proof: readonly Bytes[];
  readonly root: Bytes;
}

/** Two trees, of which the first is said to be the beginning of the second. */
export interface ConsistencyClaim {
  readonly oldSize: number;
  readonly oldRoot: Bytes;
  readonly newSize: number;
  readonly newRoot: Bytes;
  readonly proof: readonly Bytes[];
}

function refuse(detail: string): never {
  throw new Fault("LOG_PROOF_INVALID", detail);
}

function checkProof(proof: readonly Bytes[]): void {
  if (proof.length > maxProofHashes) refuse(`proof: more than ${maxProofHashes} hashes`);
  checkHashes(proof, "proof");
}

/** Climbs from a node to the root: where it stands, and where the last node of its row does. */
class Climb {
  index: number;
  last: number;

  constructor(index: number, last: number) {
    this.index = index;
    this.last = last;
  }

  /** Whether the next hash stands left of ours; else it stands right. Then both rows are left behind. */
  step(): "left" | "right" {
    if (this.last === 0) refuse("proof: too many hashes");
    const isRight = this.index % 2 === 0 && this.index !== this.last;
    if (!isRight) this.#riseToSibling();
    this.#rise();
    return isRight ? "right" : "left";
  }

  /** The end of a row has no sibling on the right: it is carried up until it has one on the left. */
  #riseToSibling(): void {
    while (this.index % 2 === 0 && this.index !== 0) this.#rise();
  }

  /** Leaves the rows in which ours stands right and was full: they are the old tree's own. */
  skipRight(): void {
    while (this.index % 2 === 1) this.#rise();
  }

  #rise(): void {
    this.index = Math.floor(this.index / 2);
    this.last = Math.floor(this.last / 2);
  }
}

/**
 * Checks that a leaf stands at its place in the tree with that root (RFC 9162 §2.1.3.2). At most 64 hashes are made.
 *
 * @throws {Fault} LOG_PROOF_INVALID
 */
export function verifyInclusion({ index, size, leafHash, proof, root }: InclusionClaim): void {
  checkSize(index, "index");
  checkSize(size, "size");
  checkHashes([leafHash, root], "leafHash or root");
  checkProof(proof);
  if (index >= size) refuse("index: the tree has not that many leaves");
  const climb = new Climb(index, size - 1);
  const found = proof.reduce(
    (hash, next) => (climb.step() === "left" ? nodeHash(next, hash) : nodeHash(hash, next)),
    leafHash,
  );
  if (climb.last !== 0) refuse("proof: too few hashes");
  if (!sameBytes(found, root)) refuse("proof: it leads to another root");
}

/** Trees of the same size, and the empty one, need no hashes: there is nothing that could be proved. */
function verifyTrivial({ oldSize, oldRoot, newSize, newRoot, proof }: ConsistencyClaim): void {
  if (proof.length > 0) refuse("proof: it has hashes, and between these sizes there are none");
  if (oldSize === 0 && !sameBytes(oldRoot, emptyRoot)) refuse("oldRoot: not the root of no leaves");
  if (newSize === 0 && !sameBytes(newRoot, emptyRoot)) refuse("newRoot: not the root of no leaves");
  if (oldSize === newSize && !sameBytes(oldRoot, newRoot)) refuse("two roots of one size");
}

/**
 * Checks that the old tree is the beginning of the new one (RFC 9162 §2.1.4.2). At most 130 hashes are made. From
 * the empty tree only the empty proof is taken, and it says nothing of the new root.
 *
 * @throws {Fault} LOG_PROOF_INVALID
 */
export function verifyConsistency(claim: ConsistencyClaim): void {
  const { oldSize, oldRoot, newSize, newRoot, proof } = claim;
  checkSize(oldSize, "oldSize");
  checkSize(newSize, "newSize");
  checkHashes([oldRoot, newRoot], "oldRoot or newRoot");
  checkProof(proof);
  if (oldSize > newSize) refuse("oldSize is beyond newSize");
  if (oldSize === 0 || oldSize === newSize) return verifyTrivial(claim);
  const climb = new Climb(oldSize - 1, newSize - 1);
  climb.skipRight();
  // an old tree that is one subtree of the new begins with its own root, which is not sent
  const [first, ...rest] = climb.index === 0 ? [oldRoot, ...proof] : proof;
  if (first === undefined) return refuse("proof: too few hashes");
  let [fromOld, fromNew] = [first, first];
  for (const next of rest) {
    if (climb.step() === "left") [fromOld, fromNew] = [nodeHash(next, fromOld), nodeHash(next, fromNew)];
    else fromNew = nodeHash(fromNew, next);
  }
  if (climb.last !== 0) refuse("proof: too few hashes");
  if (!sameBytes(fromOld, oldRoot)) refuse("proof: it leads to another old root");
  if (!sameBytes(fromNew, newRoot)) refuse("proof: it leads to another new root");
} // prettier-ignore
