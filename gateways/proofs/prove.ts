import { Fault, isFault } from "../../schemas/ground/index.ts";
import { leafHash, verifyInclusion } from "../../certs/log/index.ts";
import type { LogNote, LogProof, ProvedEntry } from "../store/index.ts";
import { followNote, type FollowParts } from "./follow.ts";
import { checkLeaf } from "./leaf.ts";

/** What proving one message needs beside following the log. */
export interface ProveParts extends FollowParts {
  /** The instance of a stream that we were given something from. */
  readonly instanceOf: (stream: string) => string;
  /** The newest note that receipts of this hub bore, verified by its key alone. */
  readonly seen: () => LogNote | undefined;
  /** Whether the newest size was asked for in this round already. */
  readonly round: { isFresh: boolean };
}

/** What was proved, and in which instance of its stream the message stands. */
export interface ProvedMessage {
  readonly instance: string;
  readonly entry: ProvedEntry;
  /** What the proof leads to. */
  readonly note: LogNote;
}

/** As `checkLeaf` says it. */
const otherLeaf = /^leaf: (?:it binds another message|[a-z]+ is another than the message's)$/;

/** The size that was verified and that the entry stands within, where that is known; else the newest has to be asked for. */
async function findVerified(parts: ProveParts, { claimed }: LogProof): Promise<LogNote | undefined> {
  const { store, hub, round } = parts;
  const head = store.logHeads.of(hub);
  if (claimed === undefined) return round.isFresh ? head : undefined;
  if (head !== undefined && claimed < head.size) return head;
  const seen = parts.seen();
  if (seen === undefined || claimed >= seen.size) return undefined;
  return await followNote(parts, seen.note);
} // prettier-ignore

async function proveAt(parts: ProveParts, message: LogProof, instance: string): Promise<ProvedMessage> {
  const { questions, clock, round } = parts;
  const { stream, sequence, claimed } = message;
  const verified = await findVerified(parts, message);
  const asked = { stream, instance, sequence, size: verified?.size };
  const { checkpoint, index, leaf, hashes } = await questions.entry(asked);
  const note = verified ?? (await followNote(parts, checkpoint));
  round.isFresh = true;
  if (claimed !== undefined && claimed !== index) {
    throw new Fault("LOG_PROOF_INVALID", "index: the receipt named another");
  }
  const { origin, size, root } = note;
  verifyInclusion({ index, size, leafHash: leafHash(leaf), proof: hashes, root });
  const leafTime = checkLeaf({ ...message, instance }, leaf);
  const entry = { origin, index, leaf, leafTime, size, root, hashes, at: clock.now() };
  return { instance, entry, note };
} // prettier-ignore

/** Whether nothing stands at a place, or the whole and proved leaf of another message. */
function isElsewhere({ code, detail }: Fault): boolean {
  if (code === "LOG_ENTRY_MISSING") return true;
  return code === "LOG_PROOF_INVALID" && otherLeaf.test(detail);
}

/**
 * What was handed to us tells its place and not in which instance of its stream that is: just after a stream was made anew, it was
 * taken for the one before. There is another message's leaf at that place then, or none.
 */
async function proveInEither(parts: ProveParts, message: LogProof, now: string): Promise<ProvedMessage> {
  try {
    return await proveAt(parts, message, message.instance);
  } catch (error) {
    if (!isFault(error) || !isElsewhere(error)) throw error;
    if (now !== message.instance) return await proveAt(parts, message, now);
    if (error.code === "LOG_ENTRY_MISSING") throw error;
    // the hub's next word on where its streams stand tells; a hub that lies gains no more than one that is silent
    throw new Fault("LOG_ENTRY_MISSING", "another message's leaf stands at its place", { cause: error });
  }
} // prettier-ignore

/**
 * Asks the hub for the proof that a message stands in its log, and checks all of it: the checkpoint, the log's growth to it,
 * the leaf, the index that the receipt named, and the hashes.
 *
 * @throws {Fault} LOG_PROOF_INVALID, LOG_INCONSISTENT, LOG_CHECKPOINT_INVALID, LOG_NOTE_INVALID; HUB_UNREACHABLE or the code
 * of a refusal
 */
export async function proveMessage(parts: ProveParts, message: LogProof): Promise<ProvedMessage> {
  const now = parts.instanceOf(message.stream);
  const instance = message.instance === "" ? now : message.instance;
  // heard with the hub's next word on where its streams stand
  if (instance === "") throw new Fault("HUB_UNREACHABLE", "the stream's instance is not known yet");
  if (message.box === "out" || message.claimed !== undefined) return await proveAt(parts, message, instance);
  return await proveInEither(parts, { ...message, instance }, now);
} // prettier-ignore
