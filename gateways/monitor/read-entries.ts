import { encodeLogSizesQuestion, outLogSubject, parseLogAnswer } from "../../schemas/index.ts";
import { type Bytes, Fault, isFaultCode, sameBytes } from "../../schemas/ground/index.ts";
import {
  type Checkpoint,
  leafHash,
  makeFrontier,
  type VerifierKey,
  verifyCheckpoint,
  verifyConsistency,
} from "../../certs/log/index.ts";
import type { WatchedLog } from "../store/index.ts";

/** Asks the hub on a subject; undefined when it does not answer. */
export type AskHub = (subject: string, question: Bytes) => Promise<Bytes | undefined>;

/** Whom to ask, and by what the log is known. */
export interface LogAsked {
  readonly ask: AskHub;
  readonly hub: string;
  readonly keys: readonly VerifierKey[];
}

interface Shown {
  readonly note: Bytes;
  readonly to: Checkpoint;
  readonly leaves: readonly Bytes[];
  readonly hashes: readonly Bytes[];
}

async function put({ ask, keys }: LogAsked, act: "checkpoint" | "entries" | "consistency", question: Bytes): Promise<Shown> {
  const bytes = await ask(outLogSubject(act), question);
  if (bytes === undefined) throw new Fault("HUB_UNREACHABLE", "no answer about the log");
  const { refused, checkpoint, leaves, hashes } = parseLogAnswer(bytes);
  if (refused !== undefined) {
    throw new Fault(isFaultCode(refused) ? refused : "LOG_ENTRY_MISSING", "the hub does not show its log");
  }
  const note = checkpoint ?? new Uint8Array();
  return { note, to: verifyCheckpoint(note, ...keys).checkpoint, leaves, hashes };
} // prettier-ignore

/** Leaves that follow each other and lead to a signed root. */
export interface ReadLeaves {
  readonly next: WatchedLog;
  readonly leaves: readonly Bytes[];
  readonly note: Bytes;
}

/** The most leaves that are read before they are held against a root, a megabyte. */
const maxLeaves = 8_192;

/**
 * Begins with the log as it is now: what is before was watched by others.
 *
 * @throws {Fault} HUB_UNREACHABLE, LOG_*
 */
export async function beginWatch(asked: LogAsked): Promise<WatchedLog> {
  const { origin, size, root } = (await put(asked, "checkpoint", new Uint8Array())).to;
  const { hashes: edge } = await put(asked, "entries", encodeLogSizesQuestion({ from: size, to: size }));
  if (sameBytes(makeFrontier(size, edge).root(), root)) return { hub: asked.hub, origin, size, edge };
  throw new Fault("LOG_PROOF_INVALID", "the hashes do not lead to the root that was signed");
} // prettier-ignore

/** A lot that ends before the signed size is proved to be its beginning. @throws {Fault} LOG_INCONSISTENT, and what asking throws */
async function proveLot(asked: LogAsked, frontier: ReturnType<typeof makeFrontier>, to: Checkpoint): Promise<void> {
  const [size, root] = [frontier.size(), frontier.root()];
  const isWhole = size === to.size;
  const { hashes: proof } = isWhole ? { hashes: [] } : await put(asked, "consistency", encodeLogSizesQuestion({ from: size, to: to.size }));
  try {
    verifyConsistency({ oldSize: size, oldRoot: root, newSize: to.size, newRoot: to.root, proof });
  } catch (cause) {
    throw new Fault("LOG_INCONSISTENT", "the entries do not lead to the root that was signed", { cause });
  }
} // prettier-ignore

/**
 * The name of the log that the hub shows now.
 *
 * @throws {Fault} HUB_UNREACHABLE, LOG_*
 */
export async function findOrigin(asked: LogAsked): Promise<string> {
  return (await put(asked, "checkpoint", new Uint8Array())).to.origin;
}

/**
 * Reads what is new, up to a size that the log signed, or to the end of a lot. Leaves that were read before the answers
 * ceased are read again the next time.
 *
 * @param most leaves at once
 * @returns undefined when nothing is new; "another" when the hub has begun another log
 * @throws {Fault} HUB_UNREACHABLE; LOG_INCONSISTENT when the leaves do not lead to the root; LOG_*
 */
export async function readLeaves(asked: LogAsked, from: WatchedLog, most: number = maxLeaves): Promise<ReadLeaves | "another" | undefined> {
  const { note, to } = await put(asked, "checkpoint", new Uint8Array());
  if (to.origin !== from.origin) return "another";
  if (to.size <= from.size) return undefined;
  const frontier = makeFrontier(from.size, from.edge);
  const leaves: Bytes[] = [];
  while (frontier.size() < to.size && leaves.length < most) {
    const question = encodeLogSizesQuestion({ from: frontier.size(), to: to.size });
    const { leaves: more } = await put(asked, "entries", question);
    const room = to.size - frontier.size();
    if (more.length === 0 || more.length > room) throw new Fault("LOG_PROOF_INVALID", "not the entries that were asked for");
    for (const leaf of more) frontier.append(leafHash(leaf));
    leaves.push(...more);
  }
  await proveLot(asked, frontier, to);
  const next = { ...from, size: frontier.size(), edge: frontier.edge() };
  return { next, leaves, note };
} // prettier-ignore
