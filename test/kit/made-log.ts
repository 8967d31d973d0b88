import {
  findNewTiles,
  leafHash,
  makeFrontier,
  makeNoteSigner,
  type NoteSigner,
  renderCheckpoint,
  renderEntries,
  renderNote,
  renderTilePath,
  tileWidth,
} from "../../certs/log/index.ts";
import type { FollowedLog, LogMirror, LogSource } from "../../certs/auditor/index.ts";
import { type Bytes, concatBytes, Fault, sha256, utf8 } from "../../schemas/ground/index.ts";
import { encodeLogLeaf, type LogLeaf } from "../../schemas/index.ts";
import { noteKey } from "./note-key.ts";

export const madeLogStart = Date.UTC(2026, 10, 20);
/** What all made logs are signed by: also two that contradict each other. */
export const madeLogSigner: NoteSigner = makeNoteSigner("atumpan/ecowas/hub", noteKey("ed25519"));

/** A log in memory: its pieces by path, which a test may change. */
export interface MadeLog extends LogSource {
  readonly files: Map<string, Bytes>;
  readonly note: Bytes;
  readonly root: Bytes;
}

/** The leaf of a feed's message: number `sequence`, one second after the one before. */
export function madeLeaf(sequence: number, change: Partial<LogLeaf> = {}): Bytes {
  return encodeLogLeaf({
    kind: "FEED", time: madeLogStart + sequence * 1000, stream: "FEED_ECOWAS", instance: "i1", sequence,
    commitment: sha256(utf8(`message ${sequence}`)), rec: "ecowas", crime: "drugs", handling: "h1", family: "alert",
    type: "incident", origin: "ng/tcu", ...change,
  });
} // prettier-ignore

/** As many leaves as that, each in its place. */
export function madeLeaves(count: number): Bytes[] {
  return Array.from({ length: count }, (_, i) => madeLeaf(i + 1));
}

/** Signs a size and a root. */
export function signMade(size: number, root: Bytes, signer: NoteSigner = madeLogSigner): Bytes {
  const origin = signer.verifierKey.name;
  const text = renderCheckpoint({ origin, size, root, extensions: [] });
  return renderNote({ text, signatures: [signer.sign(text)] });
}

function putTiles(files: Map<string, Bytes>, rows: ReadonlyMap<number, readonly Bytes[]>, size: number): void {
  for (const tile of findNewTiles(0, size)) {
    const start = tile.index * tileWidth;
    const hashes = (rows.get(tile.level) ?? []).slice(start, start + tile.width);
    files.set(renderTilePath({ ...tile, holds: "hashes" }), concatBytes(...hashes));
  }
} // prettier-ignore

/** A log of these leaves, signed. */
export function makeLog(leaves: readonly Bytes[], signer: NoteSigner = madeLogSigner): MadeLog {
  const files = new Map<string, Bytes>();
  const rows = new Map<number, Bytes[]>();
  const frontier = makeFrontier();
  for (const leaf of leaves) {
    for (const { level, hash } of frontier.append(leafHash(leaf))) {
      if (level % 8 !== 0) continue;
      const row = rows.get(level / 8) ?? [];
      row.push(hash);
      rows.set(level / 8, row);
    }
  }
  putTiles(files, rows, leaves.length);
  for (let i = 0; i * tileWidth < leaves.length; i += 1) {
    const entries = leaves.slice(i * tileWidth, (i + 1) * tileWidth);
    files.set(renderTilePath({ holds: "entries", level: 0, index: i, width: entries.length }), renderEntries(entries));
  }
  const root = frontier.root();
  const note = signMade(leaves.length, root, signer);
  return {
    files, note, root,
    checkpoint: () => Promise.resolve(note),
    read: (place) => Promise.resolve(files.get(renderTilePath(place))),
  };
} // prettier-ignore

/** A mirror in memory. */
export interface MemoryMirror extends LogMirror {
  readonly accused: readonly Bytes[][];
}

/** Keeps nothing yet. */
export function makeMemoryMirror(): MemoryMirror {
  const files = new Map<string, Bytes>();
  const accused: Bytes[][] = [];
  let held: FollowedLog | undefined;
  return {
    accused,
    get held() {
      return held;
    },
    read: (place) => {
      const part = files.get(renderTilePath(place));
      const full = files.get(renderTilePath({ ...place, width: tileWidth }));
      if (part !== undefined) return part;
      if (full !== undefined && place.holds === "hashes") return full.subarray(0, place.width * 32);
      throw new Fault("LOG_TILE_INVALID", "not there");
    },
    write: (place, bytes) => void files.set(renderTilePath(place), bytes),
    save: (state) => {
      held = state;
    },
    accuse: (notes) => void accused.push([...notes]),
  };
}
