import { type Bytes, type EpochMs, sameBytes } from "../../schemas/ground/index.ts";
import {
  checkQuorum,
  type NoteSignature,
  parseNote,
  type QuorumPolicy,
  renderNote,
  type VerifierKey,
} from "../../certs/log/index.ts";
import { findCosignatures } from "../../certs/witness/index.ts";
import type { LogNote } from "../store/index.ts";
import { readLogNote } from "./note.ts";

/** A checkpoint of a log with lines of witnesses that were verified. Whether it is the log that is followed is another question. */
export interface CosignedNote extends LogNote {
  /** When the first and the last of them say that they saw it; 0 without any. */
  readonly firstAt: EpochMs;
  readonly at: EpochMs;
  /** Whether they are as many as the register asks for; never without a line. */
  readonly isMet: boolean;
  readonly missing: readonly string[];
}

/** By whose keys, and as of when, a cosigned checkpoint is read. */
export interface CosignedGround {
  readonly keys: readonly VerifierKey[];
  readonly policy: QuorumPolicy;
  readonly now: EpochMs;
}

/** Nobody cosigned later than now; clocks differ by so much. */
const aheadMs = 5 * 60_000;

function isOf({ name, keyId }: NoteSignature, keys: readonly VerifierKey[]): boolean {
  return keys.some((key) => key.name === name && sameBytes(key.keyId, keyId));
}

/**
 * Reads a checkpoint that its log signed and witnesses cosigned. The note that is given holds the log's lines and those of
 * witnesses of the policy, dated no later than now; what anybody else hung under it is left out.
 *
 * @throws {Fault} LOG_NOTE_INVALID, LOG_CHECKPOINT_INVALID, LOG_POLICY_INVALID
 */
export function readCosigned(bytes: Bytes, { keys, policy, now }: CosignedGround): CosignedNote {
  const shown = readLogNote(bytes, keys);
  const { text, signatures } = parseNote(bytes);
  const witnesses = policy.witnesses.flatMap((one) => one.keys);
  const found = findCosignatures({ text, lines: signatures }, witnesses).filter(
    ({ at = 0 }) => at <= now + aheadMs,
  );
  const own = signatures.filter((line) => isOf(line, keys));
  const whole = { text, signatures: [...own, ...found.map(({ line }) => line)] };
  const { isMet, missing } = checkQuorum(whole, policy);
  const times = found.map(({ at = 0 }) => at);
  return {
    ...shown,
    note: renderNote(whole),
    firstAt: times.length === 0 ? 0 : Math.min(...times),
    at: Math.max(0, ...times),
    isMet: isMet && found.length > 0,
    missing,
  };
}
