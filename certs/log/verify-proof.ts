import type { Bytes } from "../../schemas/ground/index.ts";
import type { Checkpoint } from "./checkpoint.ts";
import type { QuorumPolicy } from "./policy.ts";
import type { LogProof } from "./proof-file.ts";
import { checkQuorum, type QuorumAnswer } from "./quorum.ts";
import type { VerifierKey } from "./verifier-key.ts";
import { verifyCheckpoint } from "./verify-checkpoint.ts";
import { verifyInclusion } from "./verify-tree.ts";

/** Whose word is asked, and about which leaf. */
export interface ProofQuestion {
  readonly proof: LogProof;
  readonly leafHash: Bytes;
  readonly keys: readonly VerifierKey[];
  readonly policy: QuorumPolicy;
}

/** What a proof showed: the tree it stands on, and who witnessed it. The quorum may still be missing: `quorum.isMet`. */
export interface ProvenEntry {
  readonly checkpoint: Checkpoint;
  readonly quorum: QuorumAnswer;
}

/**
 * Checks that the leaf stands at its place in a tree that its log signed, and tells whether the witnesses are enough.
 *
 * @throws {Fault} LOG_PROOF_INVALID, LOG_NOTE_INVALID, LOG_CHECKPOINT_INVALID, LOG_POLICY_INVALID
 */
export function verifyProof({ proof, leafHash, keys, policy }: ProofQuestion): ProvenEntry {
  const { checkpoint, note } = verifyCheckpoint(proof.checkpoint, ...keys);
  const { index, hashes } = proof;
  const { size, root } = checkpoint;
  verifyInclusion({ index, size, leafHash, proof: hashes, root });
  return { checkpoint, quorum: checkQuorum(note, policy) };
}
