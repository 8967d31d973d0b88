import type { Note } from "./note.ts";
import { checkPolicy, type QuorumPolicy } from "./policy.ts";
import { verifyNote } from "./signatures.ts";

/** Whether a checkpoint was witnessed as the rule asks. */
export interface QuorumAnswer {
  readonly isMet: boolean;
  /** Witnesses whose cosignature was verified. */
  readonly by: readonly string[];
  /** Witnesses of the rule without one. */
  readonly missing: readonly string[];
}

/**
 * Whether the witnesses of the rule cosigned this checkpoint, as far as it asks for it. A witness counts once,
 * however many lines it has.
 *
 * @throws {Fault} LOG_POLICY_INVALID; LOG_NOTE_INVALID when a line in a known witness's name does not fit;
 * LOG_CHECKPOINT_INVALID when ML-DSA-44 is asked of a text that is no checkpoint
 */
export function checkQuorum(note: Note, policy: QuorumPolicy): QuorumAnswer {
  checkPolicy(policy);
  const { witnesses, groups, quorum } = policy;
  const verified = new Set(verifyNote(note, witnesses.flatMap(({ keys }) => keys)).map(({ key }) => key));
  const witnessed = new Set(
    witnesses.filter(({ keys }) => keys.some((key) => verified.has(key))).map(({ name }) => name),
  );
  const by = [...witnessed];
  const missing = witnesses.map(({ name }) => name).filter((name) => !witnessed.has(name));
  for (const { name, needed, members } of groups) {
    if (members.filter((member) => witnessed.has(member)).length >= needed) witnessed.add(name);
  }
  return { isMet: quorum === undefined || witnessed.has(quorum), by, missing };
} // prettier-ignore
