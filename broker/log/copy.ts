import { join } from "node:path";

import { type Bytes, Fault, renderHex } from "../../schemas/ground/index.ts";
import type { VerifierKey } from "../../certs/log/index.ts";
import { isOfHead, readCheckpoint } from "./checkpoint.ts";
import { openLogFolder } from "./folder.ts";
import { extendHead, type LogHead, makeEmptyHead } from "./head.ts";

/** What a copy of a log is, every leaf of it read. */
export interface LogCopy {
  readonly entries: number;
  /** Of the tree over all of them, lower-case hexadecimal. */
  readonly root: string;
}

/** Every leaf of a folder, at most the first so many. @throws {Fault} LOG_TILE_INVALID */
function readHead(dir: string, most = Infinity): { readonly head: LogHead; readonly checkpoint: Bytes | undefined } {
  const { opened, tiles } = openLogFolder(join(dir, "log"));
  const size = Math.min(opened?.head.size ?? 0, most);
  const leaves = Array.from({ length: size }, (_, index) => tiles.leaf(index));
  return { head: extendHead(makeEmptyHead(), leaves).head, checkpoint: opened?.checkpoint };
} // prettier-ignore

/**
 * Reads the log in a copy of a broker's folder whole: each leaf, that they lead to the checkpoint beside them, and who signed it.
 * With the folder that is in use, that the one goes on from the other.
 *
 * @throws {Fault} LOG_TILE_INVALID, LOG_INCONSISTENT
 */
export function checkLogCopy(copy: string, keys: readonly VerifierKey[], live?: string): LogCopy {
  const { head, checkpoint } = readHead(copy);
  const { size: entries } = head;
  if (checkpoint !== undefined && !isOfHead(readCheckpoint(checkpoint, keys), head)) {
    throw new Fault("LOG_INCONSISTENT", "the copy of the log is not what was signed");
  }
  if (live !== undefined && !isOfHead(head, readHead(live, entries).head)) {
    throw new Fault("LOG_INCONSISTENT", "the log in use does not go on from its copy; it is for people to find out why");
  }
  return { entries, root: renderHex(head.root) };
} // prettier-ignore
