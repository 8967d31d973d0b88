import { verify } from "node:crypto";

import { renderEvidence } from "../../certs/evidence/index.ts";
import {
  leafHash,
  makeCosigner,
  makeQuorumPolicy,
  nodeHash,
  renderCheckpoint,
  renderNote,
  renderProof,
  verifyCheckpoint,
  verifyInclusion,
  verifyProof,
} from "../../certs/log/index.ts";
import { renderSigned } from "../../certs/log/signatures.ts";
import { type Bytes, systemChance, utf8 } from "../../schemas/ground/index.ts";
import { makeEvidenceWorld } from "../kit/evidence.ts";
import { madeLeaf } from "../kit/made-log.ts";
import { noteKey } from "../kit/note-key.ts";
import { benchSigner } from "./log-ground.ts";
import { compareCosts, type Cost } from "./rounds.ts";

/** What it costs to verify one proof, and what is carried for it. */
export interface VerifyFigures {
  readonly costs: Readonly<Record<"signatures" | "whole" | "log" | "held", Cost>>;
  readonly proofBytes: number;
  /** An incident alert as evidence for a court, in a log of a million entries. */
  readonly evidenceBytes: number;
}

/** A tree of 2^20 leaves, of which one is ours and the others are anybody's. */
const levels = 20;
const size = 2 ** levels;
const index = 699_050;

interface Grown {
  readonly hashes: readonly Bytes[];
  readonly root: Bytes;
}

function growTree(leaf: Bytes): Grown {
  const hashes = Array.from({ length: levels }, () => systemChance.bytes(32));
  const isRight = (level: number): boolean => Math.floor(index / 2 ** level) % 2 === 1;
  const root = hashes.reduce(
    (hash, other, level) => (isRight(level) ? nodeHash(other, hash) : nodeHash(hash, other)),
    leafHash(leaf),
  );
  return { hashes, root };
}

const cosigners = ["w.ng.example", "w.gh.example", "w.sn.example"].map((name) =>
  makeCosigner(name, noteKey("ed25519")),
);

function noteOf(root: Bytes, origin = benchSigner.verifierKey.name): { readonly text: string; readonly note: Bytes } {
  const text = renderCheckpoint({ origin, size, root, extensions: [] });
  const signatures = [benchSigner.sign(text), ...cosigners.map((one) => one.cosign(text, Date.now()))];
  return { text, note: renderNote({ text, signatures }) };
} // prettier-ignore

async function measureEvidence(): Promise<number> {
  const made = (await makeEvidenceWorld()).make();
  const { hashes, root } = growTree(made.leaf);
  return renderEvidence({ ...made, proof: renderProof({ index, hashes, checkpoint: noteOf(root).note }) }).length;
} // prettier-ignore

/** The same four signatures over the same bytes, and nothing read or compared. */
function makeBare(text: string): () => void {
  const at = Date.now();
  const own = { key: benchSigner.verifierKey.publicKey, bytes: utf8(text), signature: benchSigner.sign(text).signature };
  const others = cosigners.map(({ verifierKey, cosign }) => {
    const { name, algorithm, publicKey: key } = verifierKey;
    const bytes = renderSigned(text, { name, algorithm, seconds: Math.floor(at / 1000) });
    return { key, bytes, signature: cosign(text, at).signature.subarray(8) };
  });
  return () => {
    const isGood = [own, ...others].every(({ key, bytes, signature }) => verify(null, bytes, key, signature));
    if (!isGood) throw new Error("a signature does not fit");
  };
} // prettier-ignore

/** Measures verifying against the four signatures alone; processor time, median of the rounds. */
export async function measureVerifying(): Promise<VerifyFigures> {
  const leaf = madeLeaf(index + 1);
  const { hashes, root } = growTree(leaf);
  const { text, note: checkpoint } = noteOf(root);
  const keys = [benchSigner.verifierKey];
  const witnesses = cosigners.map(({ verifierKey }) => ({ name: verifierKey.name, keys: [verifierKey] }));
  const policy = makeQuorumPolicy(witnesses, 2);
  const proof = { index, hashes, checkpoint };
  const bare = makeBare(text);
  const held = (): void => verifyInclusion({ index, size, leafHash: leafHash(leaf), proof: hashes, root });
  const log = (): void => {
    verifyCheckpoint(checkpoint, ...keys);
    held();
  };
  const whole = (): void => {
    const { quorum } = verifyProof({ proof, leafHash: leafHash(leaf), keys, policy });
    if (!quorum.isMet) throw new Error("the quorum is not met");
  };
  const costs = compareCosts({ signatures: bare, whole, log, held }, { rounds: 31, calls: 100 });
  return { costs, proofBytes: renderProof(proof).length, evidenceBytes: await measureEvidence() };
} // prettier-ignore
