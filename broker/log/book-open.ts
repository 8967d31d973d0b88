import { parseLogBatch } from "../../schemas/index.ts";
import { type Bytes, Fault, isFault, sameBytes } from "../../schemas/ground/index.ts";
import type { Checkpoint, VerifierKey } from "../../certs/log/index.ts";
import type { StreamEntry } from "../nats/index.ts";
import { isOfHead, readBatch, readCheckpoint, type SignedBatch } from "./checkpoint.ts";
import {
  freshFolderOf,
  type LogFolder,
  type LogState,
  openLogFolder,
  replaceFolder,
} from "./folder.ts";
import { makeEmptyHead } from "./head.ts";
import { readLastSeen, type SeenFile } from "./seen.ts";
import type { LogStream } from "./stream.ts";

/** Where the log is kept beside its stream, and by what it is known. */
export interface BookOptions {
  readonly stream: LogStream;
  /** The folder that is published. */
  readonly dir: string;
  /** What was seen, beside the hub's keys. */
  readonly seenFile: string;
  /** What other brokers of the hub saw: the log goes on from the furthest. */
  readonly others?: readonly string[] | undefined;
  /** Those the log is signed with, and was before, by the register of the moment. */
  readonly keys: () => readonly VerifierKey[];
}

const wayOut =
  "restore the stream LOG from a copy, or with the broker stopped from its own files: atumpan hub restore-log";

/** The log is not the one that was signed: what is wrong, and the way out. */
export function inconsistent(detail: string): Fault {
  return new Fault("LOG_INCONSISTENT", `${detail}; ${wayOut}`);
}

const emptyState: LogState = { head: makeEmptyHead(), entry: 0 };

interface Witness {
  meet(state: LogState): void;
  check(): void;
}

/** Makes sure that the stream goes on from what was signed or seen last. */
function makeWitness(last: Checkpoint | undefined): Witness {
  let isMet = last === undefined || last.size === 0;
  return {
    meet: ({ head }) => {
      if (last?.size !== head.size) return;
      if (!isOfHead(last, head)) throw inconsistent("the log has another content than was signed");
      isMet = true;
    },
    check: () => {
      if (!isMet) throw inconsistent("the log does not reach to what was signed");
    },
  };
}

/** What the log is with one more entry of its stream. @throws {Fault} LOG_INCONSISTENT */
export function extend(state: LogState, bytes: Bytes, keys: readonly VerifierKey[]): { batch: SignedBatch; next: LogState } {
  const batch = readBatch(state.head, bytes, keys);
  const { extension, checkpoint } = batch;
  return { batch, next: { head: extension.head, entry: state.entry + 1, checkpoint } };
} // prettier-ignore

/** Whether the stream's entry is the one the folder stood after. */
function isEntryOf(bytes: Bytes, { checkpoint }: LogState): boolean {
  return checkpoint !== undefined && sameBytes(parseLogBatch(bytes).checkpoint, checkpoint);
}

/** Opens the folder as it stands; an empty one in its place when it is damaged. */
function openStanding(dir: string): LogFolder | undefined {
  try {
    return openLogFolder(dir);
  } catch (error) {
    if (isFault(error)) return undefined;
    throw error;
  }
}

/** The folder where it fits the stream; else undefined. */
async function findFitting({ stream, dir }: BookOptions, last: number): Promise<LogFolder | undefined> {
  const folder = openStanding(dir);
  if (folder?.opened === undefined || folder.opened.entry > last) return undefined;
  const { opened } = folder;
  let isFit = false;
  let isFirst = true;
  await stream.read(opened.entry, ({ data }) => {
    if (isFirst) isFit = isEntryOf(data, opened);
    isFirst = false;
  });
  return isFit ? folder : undefined;
} // prettier-ignore

async function findLast(stream: LogStream, seen: Checkpoint | undefined): Promise<number> {
  const last = await stream.last();
  if (last !== undefined) return last;
  if (seen !== undefined) throw inconsistent("the stream of the log is gone");
  await stream.create();
  return 0;
}

/** What the folder was published with; nothing where it is damaged there. */
function lastPublished({ dir, keys }: BookOptions): Checkpoint | undefined {
  const bytes = openStanding(dir)?.opened?.checkpoint;
  try {
    return bytes === undefined ? undefined : readCheckpoint(bytes, keys());
  } catch (error) {
    if (isFault(error)) return undefined;
    throw error;
  }
}

/**
 * What was signed or seen last: in the file or in the folder, which may have lost its end, or by another broker of the hub; whichever
 * goes furthest.
 */
function lastSeen(seen: SeenFile, options: BookOptions): Checkpoint | undefined {
  const { keys, others = [] } = options;
  const own = seen.read().at(-1)?.checkpoint;
  const noted = [own, ...others.map(readLastSeen)].map((bytes) =>
    bytes === undefined ? undefined : readCheckpoint(bytes, keys()),
  );
  const found = [...noted, lastPublished(options)].flatMap((one) => one ?? []);
  return found.toSorted((one, other) => other.size - one.size)[0];
}

/** A log that was opened. */
export interface Opened {
  readonly folder: LogFolder;
  readonly state: LogState;
}

/** Reads the whole stream into a folder of its own, which takes the old one's place when all of it fits. */
async function readAnew({ stream, dir, keys: keysNow }: BookOptions, witness: Witness): Promise<Opened> {
  const keys = keysNow();
  const fresh = freshFolderOf(dir);
  const folder = openLogFolder(fresh);
  let state = emptyState;
  await stream.read(1, ({ data }: StreamEntry) => {
    const { batch, next } = extend(state, data, keys);
    folder.add(batch);
    state = next;
    witness.meet(next);
    if (next.entry % 256 === 0) folder.publish(next, false);
  });
  witness.check();
  folder.publish(state, true);
  replaceFolder(dir, fresh);
  return { state, folder: openLogFolder(dir) };
} // prettier-ignore

async function goOn({ stream, keys: keysNow }: BookOptions, folder: LogFolder, { opened, witness }: { opened: LogState; witness: Witness }): Promise<Opened> {
  const keys = keysNow();
  let state = opened;
  witness.meet(state);
  await stream.read(state.entry + 1, ({ data }: StreamEntry) => {
    const { batch, next } = extend(state, data, keys);
    folder.add(batch);
    state = next;
    witness.meet(next);
  });
  witness.check();
  return { state, folder };
} // prettier-ignore

/**
 * Opens the log: what stands in the stream, from where the folder is on, or all of it when the folder does not fit. Nothing
 * that stood in the folder is lost when the stream does not reach to what was signed.
 *
 * @throws {Fault} HUB_*, LOG_INCONSISTENT, INTEGRITY_STORE
 */
export async function openStream(options: BookOptions, file: SeenFile): Promise<Opened> {
  const seen = lastSeen(file, options);
  const last = await findLast(options.stream, seen);
  const witness = makeWitness(seen);
  const folder = last === 0 ? undefined : await findFitting(options, last);
  const isUsable = folder?.opened !== undefined && folder.opened.head.size <= (seen?.size ?? 0);
  if (folder?.opened === undefined || !isUsable) return readAnew(options, witness);
  return goOn(options, folder, { opened: folder.opened, witness });
}

/** Reads all of the stream into a new folder, whatever stands in the old. @throws {Fault} as `openStream` */
export async function readFolderAnew(options: BookOptions, seen: Bytes | undefined): Promise<Opened> {
  const last = seen === undefined ? undefined : readCheckpoint(seen, options.keys());
  return readAnew(options, makeWitness(last));
} // prettier-ignore
