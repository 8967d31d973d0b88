import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";

import {
  type FollowedLog,
  type LogMirror,
  type LogSource,
  parseFollowedLog,
  renderFollowedLog,
} from "../../certs/auditor/index.ts";
import { renderTilePath, type TilePlace, tileWidth } from "../../certs/log/index.ts";
import { replaceFile, syncFolder } from "../../schemas/disk/index.ts";
import {
  type Bytes,
  concatBytes,
  Fault,
  renderHex,
  sha256,
  toFault,
} from "../../schemas/ground/index.ts";

const stateFile = "followed.json";
const prefixBytes = 2;

/** Replaces a file whole; the folders it lies in are synced once for many. */
function writeLasting(file: string, bytes: Bytes): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o755 });
  replaceFile(file, bytes, { mode: 0o644, sync: "bytes" });
}

/** The first pieces of a full tile or bundle. */
function cutTo({ holds, width }: TilePlace, full: Bytes): Bytes {
  if (holds === "hashes") return full.subarray(0, width * 32);
  let at = 0;
  for (let i = 0; i < width; i += 1) {
    const [high = 0, low = 0] = full.subarray(at, at + prefixBytes);
    at += prefixBytes + high * 256 + low;
  }
  return full.subarray(0, at);
}

function readPiece(dir: string, place: TilePlace): Bytes | undefined {
  const file = join(dir, renderTilePath(place));
  if (existsSync(file)) return readFileSync(file);
  const full = join(dir, renderTilePath({ ...place, width: tileWidth }));
  return existsSync(full) ? cutTo(place, readFileSync(full)) : undefined;
}

function loadState(dir: string): FollowedLog | undefined {
  const file = join(dir, stateFile);
  return existsSync(file) ? parseFollowedLog(readFileSync(file)) : undefined;
}

/**
 * Opens the folder of a mirror, in the layout of tlog-tiles, so that others can follow it in turn.
 *
 * @throws {Fault} INTEGRITY_STORE when its state is damaged: another folder is to be begun, and this one kept
 */
export function openFolderMirror(dir: string): LogMirror {
  let held = loadState(dir);
  const touched = new Set<string>();
  return {
    get held() {
      return held;
    },
    read: (place) => {
      const found = readPiece(dir, place);
      if (found !== undefined) return found;
      throw new Fault("LOG_TILE_INVALID", "a piece of the mirror does not lie in its folder");
    },
    write: (place, bytes) => {
      const file = join(dir, renderTilePath(place));
      writeLasting(file, bytes);
      for (let at = dirname(file); at.length >= dir.length; at = dirname(at)) touched.add(at);
      // a full one holds what its parts held
      if (place.width === tileWidth) rmSync(`${file}.p`, { recursive: true, force: true });
    },
    save: (state) => {
      mkdirSync(dir, { recursive: true });
      for (const folder of touched) if (existsSync(folder)) syncFolder(folder);
      touched.clear();
      writeLasting(join(dir, stateFile), renderFollowedLog(state));
      // last: whoever follows this mirror asks for the pieces it speaks of
      writeLasting(join(dir, "checkpoint"), state.checkpoint);
      syncFolder(dir);
      held = state;
    },
    accuse: (notes) => {
      const [name] = renderHex(sha256(concatBytes(...notes))).match(/^.{16}/) ?? [""];
      notes.forEach((note, i) => writeLasting(join(dir, "split", `${name}-${i + 1}`), note));
    },
  };
}

/** A log that lies in a folder: a hub's own, or another mirror. */
export function openFolderSource(dir: string): LogSource {
  const readCheckpoint = (): Bytes => {
    try {
      return readFileSync(join(dir, "checkpoint"));
    } catch (error) {
      throw toFault(error, "USAGE_INVALID", `there is no log in ${dir}: it has no file named checkpoint`);
    }
  };
  return {
    checkpoint: () => Promise.resolve().then(readCheckpoint),
    read: (place) => {
      const file = join(dir, renderTilePath(place));
      return Promise.resolve(existsSync(file) ? readFileSync(file) : undefined);
    },
  };
} // prettier-ignore
