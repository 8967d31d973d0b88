import { type Bytes, type EpochMs, sameBytes } from "../../schemas/ground/index.ts";
import {
  checkQuorum,
  type Note,
  type NoteSignature,
  parseCheckpoint,
  type QuorumAnswer,
  type QuorumPolicy,
  renderNote,
  type VerifierKey,
} from "../../certs/log/index.ts";
import { findCosignatures, type VerifiedCosignature } from "../../certs/witness/index.ts";

/** Cosignatures that claim to be of a later time than this from now on are not taken. */
const aheadMs = 5 * 60_000;

/** One checkpoint, and what witnesses said of it so far. */
export interface Round {
  readonly text: string;
  /** The log's name. */
  readonly origin: string;
  readonly size: number;
  /** Hangs the lines under it that are cosignatures by these keys. Says whether there was one. */
  add(lines: readonly NoteSignature[], by: { readonly keys: readonly VerifierKey[]; readonly now: EpochMs }): boolean; // prettier-ignore
  /** The signed note with the lines that it has. */
  readonly note: () => Bytes;
  /** When the last of its witnesses says that he saw it; undefined before the first. */
  readonly at: EpochMs | undefined;
  /** Never met by nobody's word, even where nobody's is asked for. */
  quorum(policy: QuorumPolicy): QuorumAnswer;
}

/**
 * Begins with a checkpoint that the hub signed; what else hangs under it has to be added.
 *
 * @param own lines that are the hub's
 * @throws {Fault} LOG_CHECKPOINT_INVALID
 */
export function makeRound(text: string, own: readonly NoteSignature[]): Round {
  const { origin, size } = parseCheckpoint(text);
  // one line of each key, the newest
  const said = new Map<VerifierKey["keyId"], VerifiedCosignature>();
  const put = (one: VerifiedCosignature): void => {
    const held = [...said].find(([keyId]) => sameBytes(keyId, one.key.keyId));
    if (held !== undefined && (held[1].at ?? 0) >= (one.at ?? 0)) return;
    said.set(held?.[0] ?? one.key.keyId, one);
  };
  const whole = (): Note => ({
    text,
    signatures: [...own, ...[...said.values()].map(({ line }) => line)],
  });
  return {
    text,
    origin,
    size,
    add: (lines, { keys, now }) => {
      const found = findCosignatures({ text, lines }, keys).filter(({ at = 0 }) => at <= now + aheadMs);
      found.forEach(put);
      return found.length > 0;
    },
    note: () => renderNote(whole()),
    get at() {
      return said.size === 0 ? undefined : Math.max(...[...said.values()].map(({ at = 0 }) => at));
    },
    quorum: (policy) => {
      const answer = checkQuorum(whole(), policy);
      return { ...answer, isMet: answer.isMet && answer.by.length > 0 };
    },
  };
} // prettier-ignore
