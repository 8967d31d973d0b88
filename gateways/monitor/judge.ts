import { commitToMessage, type LogLeaf, parseLogLeaf } from "../../schemas/index.ts";
import { type Bytes, type EpochMs, isFault, sameBytes } from "../../schemas/ground/index.ts";
import type { LogActs, LogWatch, SuspectLeaf } from "../store/index.ts";

/** What a leaf is held against. */
export interface JudgeParts {
  readonly agency: string;
  readonly watch: Pick<LogWatch, "sentAt">;
  /** What of the log's acts in our name we have done. */
  readonly acts: Pick<LogActs, "isOurs">;
  /** The register that is held here. */
  readonly register: () => { readonly epoch: number; readonly digest: Bytes };
}

/** A receipt that is under way makes a leaf ours: it is waited for so long. */
const receiptMs = 40_000;
/** A register that the hub judges by comes here too, from it or from elsewhere: in so long. */
const registerMs = 600_000;

function readLeaf(bytes: Bytes): LogLeaf | undefined {
  try {
    return parseLogLeaf(bytes);
  } catch (error) {
    // auditors name it; it says nothing about us
    if (isFault(error)) return undefined;
    throw error;
  }
}

function isDone({ acts }: JudgeParts, { act = "", commitment }: LogLeaf): boolean {
  return commitment !== undefined && acts.isOurs({ act, commitment });
}

function isSent({ watch }: JudgeParts, { stream, sequence, commitment }: LogLeaf): boolean {
  if (commitment === undefined) return false;
  return watch
    .sentAt(stream, sequence)
    .some(({ id, digest, channel, salt }) =>
      sameBytes(commitToMessage(salt, { id, envelopeDigest: digest, channel }), commitment),
    );
}

function isRegisterKnown({ register }: JudgeParts, { sequence, commitment }: LogLeaf): boolean {
  const { epoch, digest } = register();
  // what was in force before ours is passed: ours was proved to follow it
  return sequence < epoch || (sequence === epoch && sameBytes(commitment ?? new Uint8Array(), digest));
} // prettier-ignore

/** Whether a leaf has to be looked at again: it is in our name and not known to be ours, or of a register that we do not hold. */
export function isSuspect(parts: JudgeParts, bytes: Bytes): boolean {
  const leaf = readLeaf(bytes);
  if (leaf?.kind === "FEED") return leaf.origin === parts.agency && !isSent(parts, leaf);
  if (leaf?.kind === "ACT") return leaf.origin === parts.agency && !isDone(parts, leaf);
  return leaf?.kind === "REGISTER" && !isRegisterKnown(parts, leaf);
}

/** What becomes of a suspect: a fault code to be told, nothing for one that waits, or that it was ours. */
export function judgeSuspect(parts: JudgeParts, suspect: SuspectLeaf, now: EpochMs): string | undefined {
  if (!isSuspect(parts, suspect.leaf)) return "OURS";
  const leaf = readLeaf(suspect.leaf);
  const waited = now - suspect.seenAt;
  if (leaf?.kind !== "REGISTER") return waited < receiptMs ? undefined : "LOG_ENTRY_FOREIGN";
  if (leaf.sequence === parts.register().epoch) return "REGISTER_FORKED";
  return waited < registerMs ? undefined : "REGISTER_STALE";
} // prettier-ignore
