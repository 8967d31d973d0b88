import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { parseTilePath, renderTilePath } from "../../certs/log/index.ts";
import { type Bytes, isFault } from "../../schemas/ground/index.ts";

/** What an address of the log stands for. */
export interface Piece {
  /** Where it lies, made from what was read of the address. */
  readonly path: string;
  readonly type: string;
  readonly caching: string;
}

/** A day, a year, for ever: what stands in a tile never changes. */
const lasting = "public, max-age=31536000, immutable";
const maxPathLength = 64;
/** The newest checkpoint, and the newest that enough witnesses cosigned. */
const notes = ["checkpoint", "log-cosigned"] as const;

/** Reads an address; undefined when it is none of the log's. */
export function parsePiece(address: string): Piece | undefined {
  if (address.length > maxPathLength || !address.startsWith("/")) return undefined;
  const path = address.slice(1);
  const note = notes.find((one) => one === path);
  if (note !== undefined) return { path: note, type: "text/plain; charset=utf-8", caching: "no-cache" };
  try {
    return { path: renderTilePath(parseTilePath(path)), type: "application/octet-stream", caching: lasting };
  } catch (error) {
    if (isFault(error)) return undefined;
    throw error;
  }
} // prettier-ignore

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
} // prettier-ignore

async function readFound(file: string): Promise<Bytes | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Where a log lies: its folder, and the file of what witnesses cosigned. */
export interface LogFiles {
  readonly dir: string;
  readonly cosignedFile: string;
}

/** What of a note is signed. */
function textOf(note: Bytes): string {
  const text = Buffer.from(note).toString("latin1");
  return text.slice(0, text.indexOf("\n\n"));
}

/** The newest checkpoint; with the witnesses' lines once they stand under this one, as logs of C2SP show it. */
async function readCheckpoint({ dir, cosignedFile }: LogFiles): Promise<Bytes | undefined> {
  const newest = await readFound(join(dir, "checkpoint"));
  const cosigned = newest === undefined ? undefined : await readFound(cosignedFile);
  if (newest === undefined || cosigned === undefined) return newest;
  return textOf(cosigned) === textOf(newest) ? cosigned : newest;
}

/** The bytes of a piece; undefined when there is none. @throws what the disk says otherwise */
export async function readPiece(files: LogFiles, { path }: Piece): Promise<Bytes | undefined> {
  if (path === "checkpoint") return await readCheckpoint(files);
  return await readFound(path === "log-cosigned" ? files.cosignedFile : join(files.dir, path));
}
