import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

import {
  leafHash,
  makeFrontier,
  proveConsistency,
  proveInclusion,
  verifyConsistency,
  verifyInclusion,
} from "../../certs/log/index.ts";
import { type Bytes, utf8 } from "../../schemas/ground/index.ts";
import { codeOf } from "../kit/code-of.ts";

const named = process.env["ATUMPAN_DATA"];
const file = join(
  named ?? join(import.meta.dirname, "../../../shared/data"),
  "merkle-trees-0-2.json",
);

interface Inclusion {
  readonly id: string;
  readonly wantErr: boolean;
  readonly leafIdx: number;
  readonly treeSize: number;
  readonly root: string;
  readonly leafHash: string;
  readonly proof: readonly string[] | null;
}

interface Consistency {
  readonly id: string;
  readonly wantErr: boolean;
  readonly size1: number;
  readonly size2: number;
  readonly root1: string;
  readonly root2: string;
  readonly proof: readonly string[] | null;
}

interface Trees {
  readonly inclusion: readonly Inclusion[];
  readonly consistency: readonly Consistency[];
}

const base64 = (bytes: Bytes): string => Buffer.from(bytes).toString("base64");
const hash = (text: string): Bytes => Buffer.from(text, "base64");

/** Rows as the published file has them, of a tree made here. */
function makeRows(): Trees {
  const stored = new Map<string, Bytes>();
  const frontier = makeFrontier();
  const roots = [frontier.root()];
  const leaves = Array.from({ length: 9 }, (_, i) => leafHash(utf8(`entry ${i}`)));
  for (const leaf of leaves) {
    for (const { level, index, hash: one } of frontier.append(leaf)) stored.set(`${level}/${index}`, one);
    roots.push(frontier.root());
  }
  const read = (all: readonly { level: number; index: number }[]): readonly Bytes[] => all.map(({ level, index }) => stored.get(`${level}/${index}`)!);
  const inclusion = [5, 6].map((leafIdx) => ({
    id: `made/${leafIdx}`, wantErr: leafIdx === 6, leafIdx, treeSize: 9, root: base64(roots[9]!), leafHash: base64(leaves[5]!),
    proof: proveInclusion(5, 9, read).map(base64),
  }));
  const consistency = [7, 6].map((size1) => ({
    id: `made/${size1}`, wantErr: size1 === 6, size1, size2: 9, root1: base64(roots[7]!), root2: base64(roots[9]!),
    proof: proveConsistency(7, 9, read).map(base64),
  }));
  return { inclusion, consistency };
} // prettier-ignore

const trees: Trees = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : makeRows();

describe("published proofs of trees", () => {
  it("where the published data must be there, it is", () => {
    const isNeeded = process.env["ATUMPAN_DATA_REQUIRED"] !== undefined || named !== undefined;
    expect(!isNeeded || existsSync(file)).toBe(true);
  });

  it("a leaf is taken to stand in a tree exactly when the publishers say so", () => {
    const otherwise = trees.inclusion.filter((one) => {
      const claim = { index: one.leafIdx, size: one.treeSize, leafHash: hash(one.leafHash), root: hash(one.root), proof: (one.proof ?? []).map(hash) };
      return codeOf(() => verifyInclusion(claim)) !== (one.wantErr ? "LOG_PROOF_INVALID" : "accepted");
    });
    expect(otherwise.map(({ id }) => id)).toEqual([]);
    expect(trees.inclusion.some(({ wantErr }) => wantErr) && trees.inclusion.some(({ wantErr }) => !wantErr)).toBe(true);
  });

  it("a tree is taken for the beginning of another exactly when the publishers say so", () => {
    const otherwise = trees.consistency.filter((one) => {
      const claim = { oldSize: one.size1, newSize: one.size2, oldRoot: hash(one.root1), newRoot: hash(one.root2), proof: (one.proof ?? []).map(hash) };
      return codeOf(() => verifyConsistency(claim)) !== (one.wantErr ? "LOG_PROOF_INVALID" : "accepted");
    });
    expect(otherwise.map(({ id }) => id)).toEqual([]);
    expect(trees.consistency.some(({ wantErr }) => wantErr) && trees.consistency.some(({ wantErr }) => !wantErr)).toBe(true);
  });
}); // prettier-ignore
