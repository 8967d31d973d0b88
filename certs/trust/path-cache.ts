import { bytesKey } from "../../schemas/ground/index.ts";
import { certLimits } from "../shape/index.ts";
import { type PathQuestion, type ProvenLeaf, verifyPath } from "./path.ts";

/** Paths that were proved, so that the many messages of one key cost one proof. */
export interface PathCache {
  /**
   * As `verifyPath`, with the same answer. `epoch` stands for the roots, intermediates and lists of the
   * question: whoever changes any of those changes it too (a register's digest does).
   *
   * @throws {Fault} as `verifyPath`
   */
  verify(question: PathQuestion, epoch: string): ProvenLeaf;
  /** How many proofs are held. */
  readonly size: number;
}

/**
 * Makes a cache of proven paths. A proof is used again for the same certificate, kind, agency and epoch,
 * and only for a moment inside the period it holds for; refusals are never kept. Bounded; the proof
 * longest unused goes first.
 */
export function makePathCache(maxProofs: number = certLimits.maxProvenPaths): PathCache {
  const proofs = new Map<string, ProvenLeaf>();
  return {
    get size() {
      return proofs.size;
    },
    verify: (question, epoch) => {
      const { leaf, kind, agency, at } = question;
      const key = `${bytesKey(leaf.thumbprint)}/${kind}/${agency}/${epoch}`;
      const held = proofs.get(key);
      if (held !== undefined && at >= held.holds.from && at <= held.holds.until) {
        proofs.delete(key);
        proofs.set(key, held);
        return held;
      }
      const proof = verifyPath(question);
      const [oldest] = proofs.keys();
      if (oldest !== undefined && proofs.size >= maxProofs) proofs.delete(oldest);
      proofs.set(key, proof);
      return proof;
    },
  };
}
