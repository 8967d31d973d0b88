import { describe, expect, it } from "vitest";

import { codeOf } from "../../test/kit/code-of.ts";
import { type Bytes, makeSeededChance, sha256, utf8 } from "../../schemas/ground/index.ts";
import { edgePositions, type Frontier, makeFrontier } from "./frontier.ts";
import { emptyRoot, leafHash, nodeHash } from "./node-hash.ts";
import type { Position } from "./ranges.ts";
import { type HashReader, proveConsistency, proveInclusion, rootOf } from "./tree.ts";
import {
  type ConsistencyClaim,
  type InclusionClaim,
  verifyConsistency,
  verifyInclusion,
} from "./verify-tree.ts";

function keyOf({ level, index }: Position): string {
  return `${level}/${index}`;
}

/** A tree that grew leaf by leaf, and every hash it ever completed. */
function grow(size: number): { readonly readHashes: HashReader; readonly roots: readonly Bytes[]; readonly frontier: Frontier } {
  const stored = new Map<string, Bytes>();
  const frontier = makeFrontier();
  const roots = [frontier.root()];
  for (let i = 0; i < size; i += 1) {
    for (const one of frontier.append(leafHash(utf8(`entry ${i}`)))) stored.set(keyOf(one), one.hash);
    if (size < 200) roots.push(frontier.root());
  }
  return { readHashes: (positions) => positions.map((one) => stored.get(keyOf(one))!), roots, frontier };
} // prettier-ignore

/** The definition of RFC 6962 §2.1, word for word. */
function defined(leaves: readonly Bytes[]): Bytes {
  if (leaves.length < 2) return leaves[0] ?? emptyRoot;
  let cut = 1;
  while (cut * 2 < leaves.length) cut *= 2;
  return nodeHash(defined(leaves.slice(0, cut)), defined(leaves.slice(cut)));
}

const small = grow(130);
const leaf = (i: number): Bytes => leafHash(utf8(`entry ${i}`));

function flip(bytes: Bytes): Bytes {
  const copy = Buffer.from(bytes);
  copy[7]! ^= 1;
  return copy;
}

describe("the tree", () => {
  it("leaves and nodes are hashed apart, and no tree is the hash of nothing", () => {
    expect(emptyRoot).toEqual(sha256(new Uint8Array()));
    expect(leafHash(utf8(""))).toEqual(sha256(Buffer.of(0)));
    expect(nodeHash(leaf(0), leaf(1))).toEqual(sha256(Buffer.concat([Buffer.of(1), leaf(0), leaf(1)])));
  }); // prettier-ignore

  it("at every size to 130 its root is the one of RFC 6962, grown or read", () => {
    for (let size = 0; size <= 130; size += 1) {
      const root = defined(Array.from({ length: size }, (_, i) => leaf(i)));
      expect(small.roots[size]).toEqual(root);
      expect(rootOf(size, small.readHashes)).toEqual(root);
    }
  });

  it("goes on from its stored edge as if it had never stopped", () => {
    for (const size of [0, 1, 2, 3, 64, 100, 127, 128]) {
      const again = makeFrontier(size, small.readHashes(edgePositions(size)));
      expect(again.root()).toEqual(small.roots[size]);
      again.append(leaf(size));
      expect([again.size(), again.root()]).toEqual([size + 1, small.roots[size + 1]]);
      expect(again.edge()).toEqual(small.readHashes(edgePositions(size + 1)));
    }
  });

  it("does not go on from an edge of another size", () => {
    const edge = small.readHashes(edgePositions(100));
    expect(codeOf(() => makeFrontier(101, edge))).toBe("LOG_PROOF_INVALID");
    expect(codeOf(() => makeFrontier(100, edge.map((hash) => hash.subarray(1))))).toBe("LOG_PROOF_INVALID");
    expect(codeOf(() => makeFrontier(2 ** 53, edge))).toBe("LOG_PROOF_INVALID");
    expect(codeOf(() => makeFrontier().append(Buffer.alloc(31)))).toBe("LOG_PROOF_INVALID");
  }); // prettier-ignore

  it("a reader that gives less, more or other lengths is found out", () => {
    for (const read of [() => [], () => [leaf(0), leaf(0)], () => [Buffer.alloc(31)]] satisfies HashReader[]) {
      expect(codeOf(() => rootOf(1, read))).toBe("INTEGRITY_STORE");
    }
    expect(codeOf(() => rootOf(-1, small.readHashes))).toBe("LOG_PROOF_INVALID");
  }); // prettier-ignore
});

function inclusion(index: number, size: number): InclusionClaim {
  const proof = proveInclusion(index, size, small.readHashes);
  return { index, size, leafHash: leaf(index), proof, root: small.roots[size]! };
}

function codeOfInclusion(claim: InclusionClaim): string {
  return codeOf(() => verifyInclusion(claim));
}

describe("a proof that a leaf stands in the tree", () => {
  it("is verified for every place of every size to 130", () => {
    for (let size = 1; size <= 130; size += 1) {
      for (let index = 0; index < size; index += 1) verifyInclusion(inclusion(index, size));
    }
  });

  it("does not hold for another leaf, place, size, root or path", () => {
    const wrong: string[] = [];
    for (let size = 1; size <= 20; size += 1) {
      for (let index = 0; index < size; index += 1) {
        const claim = inclusion(index, size);
        const { proof } = claim;
        const changes: readonly Partial<InclusionClaim>[] = [
          { leafHash: leaf(index + 1) },
          { root: flip(claim.root) },
          ...[index + 1, index - 1].filter((one) => one >= 0 && one < size).map((one) => ({ index: one })),
          { proof: [...proof, leaf(0)] },
          { proof: [leaf(0), ...proof] },
          { proof: [...proof, claim.root] },
          ...proof.map((_, i) => ({ proof: proof.toSpliced(i, 1) })),
          ...proof.map((one, i) => ({ proof: proof.with(i, flip(one)) })),
          { size: index },
        ];
        changes.forEach((change, i) => {
          if (codeOfInclusion({ ...claim, ...change }) !== "LOG_PROOF_INVALID") wrong.push(`${size} ${index} ${i}`);
        });
      }
    }
    expect(wrong).toEqual([]);
  }); // prettier-ignore

  it("is refused before any hash is made when it is too long, or its numbers or hashes are none", () => {
    const claim = inclusion(3, 7);
    for (const change of [
      { proof: Array.from({ length: 65 }, () => leaf(0)) },
      { proof: claim.proof.with(0, Buffer.alloc(33)) },
      { leafHash: Buffer.alloc(0) },
      { root: claim.root.subarray(1) },
      { index: -1 },
      { index: 1.5 },
      { size: 2 ** 53 },
      { size: Number.NaN },
    ]) {
      expect(codeOfInclusion({ ...claim, ...change })).toBe("LOG_PROOF_INVALID");
    }
  });

  it("is made for no place outside the tree", () => {
    for (const [index, size] of [[0, 0], [5, 5], [-1, 5], [0.5, 5], [0, 2 ** 53]] as const) {
      expect(codeOf(() => proveInclusion(index, size, small.readHashes))).toBe("LOG_PROOF_INVALID");
    }
  }); // prettier-ignore

  it("places and sizes beyond 32 bits are exact: the largest tree of all verifies", () => {
    // a tree of one subtree over and over: all its leaves are the same
    const same: Bytes[] = [leaf(0)];
    const at = (level: number): Bytes => (same[level] ??= nodeHash(at(level - 1), at(level - 1)));
    const read: HashReader = (positions) => positions.map(({ level }) => at(level));
    for (const size of [2 ** 31, 2 ** 32 + 1, 2 ** 53 - 1]) {
      const root = rootOf(size, read);
      for (const index of [0, 2 ** 31 - 1, size - 1]) {
        verifyInclusion({ index, size, leafHash: leaf(0), proof: proveInclusion(index, size, read), root });
      }
      const oldSize = size - 2 ** 30;
      const proof = proveConsistency(oldSize, size, read);
      verifyConsistency({ oldSize, oldRoot: rootOf(oldSize, read), newSize: size, newRoot: root, proof });
    }
  }); // prettier-ignore
});

function consistency(oldSize: number, newSize: number): ConsistencyClaim {
  const proof = proveConsistency(oldSize, newSize, small.readHashes);
  return { oldSize, oldRoot: small.roots[oldSize]!, newSize, newRoot: small.roots[newSize]!, proof };
} // prettier-ignore

function codeOfConsistency(claim: ConsistencyClaim): string {
  return codeOf(() => verifyConsistency(claim));
}

describe("a proof that a tree is the beginning of another", () => {
  it("is verified for every two sizes to 130", () => {
    for (let newSize = 0; newSize <= 130; newSize += 1) {
      for (let oldSize = 0; oldSize <= newSize; oldSize += 1) verifyConsistency(consistency(oldSize, newSize));
    }
  }); // prettier-ignore

  it("does not hold for other sizes, roots or paths", () => {
    const wrong: string[] = [];
    for (let newSize = 2; newSize <= 20; newSize += 1) {
      for (let oldSize = 1; oldSize < newSize; oldSize += 1) {
        const claim = consistency(oldSize, newSize);
        const { proof } = claim;
        const changes: readonly Partial<ConsistencyClaim>[] = [
          { oldRoot: flip(claim.oldRoot) },
          { newRoot: flip(claim.newRoot) },
          { oldSize: newSize + 1 },
          { proof: [...proof, leaf(0)] },
          { proof: [leaf(0), ...proof] },
          ...proof.map((_, i) => ({ proof: proof.toSpliced(i, 1) })),
          ...proof.map((one, i) => ({ proof: proof.with(i, flip(one)) })),
          { proof: [] },
        ];
        changes.forEach((change, i) => {
          if (codeOfConsistency({ ...claim, ...change }) !== "LOG_PROOF_INVALID") wrong.push(`${oldSize} ${newSize} ${i}`);
        });
      }
    }
    expect(wrong).toEqual([]);
  }); // prettier-ignore

  it("a story told otherwise has no proof: two logs that part cannot be joined", () => {
    const other = makeFrontier();
    for (let i = 0; i < 9; i += 1) other.append(leaf(i === 4 ? 99 : i));
    const claim = { ...consistency(5, 9), newRoot: other.root() };
    expect(codeOfConsistency(claim)).toBe("LOG_PROOF_INVALID");
    expect(codeOfConsistency({ ...consistency(9, 9), newRoot: other.root() })).toBe("LOG_PROOF_INVALID");
  }); // prettier-ignore

  it("the empty tree begins every tree, by its own root and without hashes only", () => {
    const claim = consistency(0, 9);
    expect(claim.proof).toEqual([]);
    expect(codeOfConsistency({ ...claim, oldRoot: leaf(0) })).toBe("LOG_PROOF_INVALID");
    expect(codeOfConsistency({ ...claim, proof: [leaf(0)] })).toBe("LOG_PROOF_INVALID");
    expect(codeOfConsistency({ ...consistency(0, 0), newRoot: leaf(0) })).toBe("LOG_PROOF_INVALID");
    expect(codeOf(() => proveConsistency(6, 5, small.readHashes))).toBe("LOG_PROOF_INVALID");
  }); // prettier-ignore
});

describe("a tree of 100,000 leaves", () => {
  const size = 100_000;
  const large = grow(size);
  const drawn = makeSeededChance("places in the tree").bytes(300);
  const draw = (i: number, below: number): number => Buffer.from(drawn).readUIntBE(i * 3, 3) % below;

  it("proves drawn places and beginnings, each with at most 17 and 18 hashes", () => {
    for (let i = 0; i < 50; i += 1) {
      const newSize = 1 + draw(2 * i, size);
      const index = draw(2 * i + 1, newSize);
      const root = rootOf(newSize, large.readHashes);
      const proof = proveInclusion(index, newSize, large.readHashes);
      expect(proof.length).toBeLessThanOrEqual(17);
      verifyInclusion({ index, size: newSize, leafHash: leaf(index), proof, root });
      const [oldSize, older] = [index + 1, rootOf(index + 1, large.readHashes)];
      const between = proveConsistency(oldSize, newSize, large.readHashes);
      expect(between.length).toBeLessThanOrEqual(18);
      verifyConsistency({ oldSize, oldRoot: older, newSize, newRoot: root, proof: between });
    }
    expect(rootOf(size, large.readHashes)).toEqual(large.frontier.root());
  });
}); // prettier-ignore
