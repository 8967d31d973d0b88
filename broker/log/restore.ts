import { existsSync } from "node:fs";
import { join } from "node:path";

import { limits } from "../../schemas/index.ts";
import { type Bytes, Fault } from "../../schemas/ground/index.ts";
import type { NoteSigner, VerifierKey } from "../../certs/log/index.ts";
import { inconsistent } from "./book-open.ts";
import { isOfHead, readBatch, readCheckpoint, renderBatch, signHead } from "./checkpoint.ts";
import { openLogFolder } from "./folder.ts";
import { extendHead, type LogHead, makeEmptyHead } from "./head.ts";
import { openSeenFile } from "./seen.ts";
import { noRoom } from "./room.ts";
import type { LogStream } from "./stream.ts";

/** What a log is put back with. */
export interface RestoreOptions {
  readonly stream: LogStream;
  /** The broker's own folder. */
  readonly dir: string;
  readonly signer: NoteSigner;
  /** Its own key among them; what was signed before may be another's. */
  readonly keys: readonly VerifierKey[];
}

/** Leaves of one entry: they may be of the largest size. */
const leavesInOne = Math.floor((limits.maxLogBatchBytes - 8 * 1024) / limits.maxLogLeafBytes);

/** Every leaf that the broker has: what was published, and what was seen since. */
async function readLeaves(dir: string): Promise<{ readonly leaves: readonly Bytes[]; readonly last: Bytes }> {
  const folder = openLogFolder(join(dir, "log"));
  const seen = await openSeenFile(join(dir, "log-seen"));
  await seen.stop();
  const entries = seen.read();
  const size = folder.opened?.head.size ?? 0;
  const leaves = Array.from({ length: size }, (_, index) => folder.tiles.leaf(index));
  // either may have lost its end
  const told = [entries.at(-1)?.checkpoint, folder.opened?.checkpoint].flatMap((one) => one ?? []);
  const [last] = told.toSorted((one, other) => sizeOfText(other) - sizeOfText(one));
  if (last === undefined) throw new Fault("LOG_ENTRY_MISSING", "this broker has seen no log");
  const [first] = entries;
  const from = first === undefined ? size : sizeOfText(first.checkpoint) - first.leaves.length;
  // the folder was published again since what was seen had begun anew
  const newer = entries.flatMap((entry) => entry.leaves).slice(Math.max(0, size - from));
  return { leaves: [...leaves, ...newer], last };
} // prettier-ignore

/** The size that a checkpoint of ours speaks of: its second line. */
function sizeOfText(checkpoint: Bytes): number {
  const [, size = "0"] = Buffer.from(checkpoint).toString("utf8").split("\n", 3);
  return Number(size);
}

/** What stands in the stream already: the beginning of the same log, or nothing. */
async function readStanding({ stream, keys }: RestoreOptions, leaves: readonly Bytes[]): Promise<{ readonly head: LogHead; readonly entry: number }> {
  let head = makeEmptyHead();
  let entry = 0;
  if ((await stream.last()) === undefined) await stream.create();
  await stream.read(1, ({ data }) => {
    head = readBatch(head, data, keys).extension.head;
    entry += 1;
  });
  const own = extendHead(makeEmptyHead(), leaves.slice(0, head.size)).head;
  if (isOfHead(head, own)) return { head, entry };
  throw new Fault("LOG_INCONSISTENT", "another log stands in the stream LOG; it is for people to find out why");
} // prettier-ignore

/**
 * Puts the log's stream back from what this broker has beside it: all that it signed or saw, up to the last of it. The
 * brokers of the hub do not run meanwhile; with several, it is for the one that saw most.
 *
 * @returns how many leaves the log has
 * @throws {Fault} LOG_INCONSISTENT when another log stands there, or the files do not lead to what was signed; LOG_ENTRY_MISSING,
 * LOG_TILE_INVALID, LOG_FULL, HUB_*
 */
export async function restoreLog(options: RestoreOptions): Promise<number> {
  const { stream, dir, signer, keys } = options;
  if (!existsSync(join(dir, "log"))) {
    throw new Fault("LOG_ENTRY_MISSING", "this broker has no folder of a log");
  }
  const { leaves, last } = await readLeaves(dir);
  const extended = extendHead(makeEmptyHead(), leaves).head;
  if (!isOfHead(readCheckpoint(last, keys), extended)) {
    throw inconsistent("the broker's files do not lead to what was signed last");
  }
  let { head, entry } = await readStanding(options, leaves);
  while (head.size < leaves.length) {
    const extension = extendHead(head, leaves.slice(head.size, head.size + leavesInOne));
    const checkpoint = signHead(signer, extension.head);
    const outcome = await stream.append(entry, renderBatch({ extension, checkpoint }));
    if (outcome.kind === "unknown") throw outcome.fault;
    if (outcome.kind === "full") throw noRoom();
    if (outcome.kind === "behind") throw new Fault("LOG_INCONSISTENT", "somebody else writes the log");
    head = extension.head;
    entry += 1;
  }
  return leaves.length;
} // prettier-ignore
