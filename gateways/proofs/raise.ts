import { type Bytes, type Clock, Fault, isFault, sameBytes } from "../../schemas/ground/index.ts";
import { limits } from "../../schemas/index.ts";
import { leafHash, verifyInclusion } from "../../certs/log/index.ts";
import type { CosignedTree, LogProof, ProvedEntry } from "../store/index.ts";
import type { CosignedNote } from "./cosigned.ts";
import type { FollowParts } from "./follow.ts";

/** Leads proofs of messages to checkpoints that witnesses cosigned, some at a time. One checkpoint serves all before it. */
export interface Raising {
  isDue(newest: number | undefined): boolean;
  /** Asks for at most so many. What cannot be had now stays as it is, and is looked at again later. */
  raise(follow: FollowParts, cosigned: CosignedNote, most: number): Promise<void>;
}

const againMs = 60_000;

function checkReach({ origin, index, leafTime }: ProvedEntry, cosigned: CosignedNote): void {
  if (origin !== cosigned.origin) {
    throw new Fault("LOG_CHECKPOINT_INVALID", "checkpoint: of another log than the message was proved in");
  }
  if (index >= cosigned.size) {
    throw new Fault("LOG_UNWITNESSED", "the newest checkpoint that witnesses cosigned ends before the message");
  }
  if (cosigned.firstAt < leafTime - limits.maxAheadMs) {
    throw new Fault("LOG_CHECKPOINT_INVALID", "checkpoint: a witness saw it before the message was taken; wait for the next");
  }
} // prettier-ignore

async function askHashes({ questions }: FollowParts, { index, leaf }: ProvedEntry, { size, root }: CosignedNote): Promise<readonly Bytes[]> {
  const shown = await questions.entry({ index, size });
  if (shown.index !== index || !sameBytes(shown.leaf, leaf)) {
    throw new Fault("LOG_PROOF_INVALID", "leaf: it is another than was proved before");
  }
  const { hashes } = shown;
  verifyInclusion({ index, size, leafHash: leafHash(leaf), proof: hashes, root });
  return hashes;
} // prettier-ignore

/** The proof of an entry in the tree that witnesses cosigned. @throws {Fault} as `raiseProof` */
async function proveUnder(follow: FollowParts, { proved }: LogProof, cosigned: CosignedNote): Promise<CosignedTree> {
  if (proved === undefined) {
    throw new Fault("LOG_ENTRY_MISSING", "the message is not proved in the log yet");
  }
  checkReach(proved, cosigned);
  const { size, root, at: cosignedAt } = cosigned;
  const isThere = proved.size === size && sameBytes(proved.root, root);
  const hashes = isThere ? proved.hashes : await askHashes(follow, proved, cosigned);
  return { size, root, hashes, cosignedAt };
} // prettier-ignore

/**
 * Leads one proof to a checkpoint that witnesses cosigned and that is of the log that is followed, and keeps both.
 *
 * @throws {Fault} LOG_UNWITNESSED when that ends before the entry; LOG_CHECKPOINT_INVALID for another log's, or one of an
 * earlier time; LOG_PROOF_INVALID; HUB_UNREACHABLE or the code of a refusal. Then all stays as it was
 */
export async function raiseProof(follow: FollowParts, line: LogProof, cosigned: CosignedNote): Promise<void> {
  const { store } = follow;
  const tree = await proveUnder(follow, line, cosigned);
  await store.write(() => {
    store.logHeads.keepCosigned(cosigned);
    store.logProofs.putUnder(line.seq, tree);
  });
} // prettier-ignore

/** Builds what goes through all that is proved and that no witness stands behind, in the order of the log. */
export function makeRaising(clock: Pick<Clock, "elapsed">): Raising {
  let under = 0;
  let from = 0;
  let restedAt: number | undefined;

  const rest = (): void => {
    from = 0;
    restedAt = clock.elapsed();
  };

  return {
    isDue: (newest) => {
      if (newest === undefined) return false;
      return newest !== under || restedAt === undefined || clock.elapsed() - restedAt >= againMs;
    },
    raise: async (follow, cosigned, most) => {
      const { origin, size: below } = cosigned;
      if (below !== under) from = 0;
      under = below;
      restedAt = undefined;
      const lot = follow.store.logProofs.unwitnessed({ origin, from, below, limit: most });
      for (const line of lot) {
        try {
          await raiseProof(follow, line, cosigned);
        } catch (error) {
          if (!isFault(error)) throw error;
          if (error.code === "HUB_UNREACHABLE") return rest();
        }
      }
      from = (lot.at(-1)?.proved?.index ?? from) + 1;
      if (lot.length < most) rest();
    },
  };
} // prettier-ignore
