import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";

import { type Bytes, concatBytes, Fault } from "../../schemas/ground/index.ts";
import {
  findEntry,
  findSubtree,
  type HashReader,
  parseEntries,
  renderEntries,
  renderTilePath,
  type TilePlace,
  tileWidth,
} from "../../certs/log/index.ts";
import { keepFew } from "./kept-few.ts";
import { makeTileTree, type TileTree } from "./tile-tree.ts";
import type { Extension } from "./head.ts";
import { publishFile } from "./publish-file.ts";

/** Rows of the tree between one row of tiles and the next. */
const tileHeight = 8;
/** Full tiles and bundles kept in memory, 16 kB and some 40 kB each: what the proofs of a busy minute share. */
const maxTrees = 512;
const maxBundles = 256;

/** Tiles and bundles of a log in the layout of tlog-tiles; the right edge in memory until it is published. */
export interface TileStore {
  add(extension: Extension): void;
  /** Writes all that grew. With `isSynced`, it is on the disk when this returns. */
  publish(isSynced: boolean): void;
  /** Reads hashes of the tree of this size. They are believed only as far as they lead to a root. */
  hashes(size: number): HashReader;
  /** @throws {Fault} LOG_TILE_INVALID */
  leaf(index: number): Bytes;
}

type Row = "entries" | number;

interface Growing {
  /** What stands in the tile at the right edge. */
  pieces: Bytes[];
  index: number;
  isGrown: boolean;
  /** Of rows of hashes, once somebody asked. */
  tree?: TileTree;
}

function placeOf(row: Row, index: number, width: number): TilePlace {
  return row === "entries"
    ? { holds: "entries", level: 0, index, width }
    : { holds: "hashes", level: row, index, width };
}

function render(row: Row, pieces: readonly Bytes[]): Bytes {
  return row === "entries" ? renderEntries(pieces) : concatBytes(...pieces);
}

/** Splits a tile or a bundle into what it holds. @throws {Fault} LOG_TILE_INVALID */
function parse(row: Row, bytes: Bytes, width: number): readonly Bytes[] {
  if (row === "entries") return parseEntries(bytes, width);
  if (bytes.length !== width * 32) throw new Fault("LOG_TILE_INVALID", "a tile of another length");
  return Array.from({ length: width }, (_, i) => bytes.subarray(i * 32, i * 32 + 32));
}

function makeTreeOf(hashes: readonly Bytes[]): TileTree {
  const tree = makeTileTree();
  for (const [place, hash] of hashes.entries()) tree.set(place, hash);
  return tree;
}

/** What stands at the right edge of one row in a tree of this size, read back from the folder. */
function readGrowing(read: (place: TilePlace) => Bytes, row: Row, size: number): Growing {
  const inRow = row === "entries" ? size : Math.floor(size / tileWidth ** row);
  const index = Math.floor(inRow / tileWidth);
  const width = inRow % tileWidth;
  const pieces = width === 0 ? [] : [...parse(row, read(placeOf(row, index, width)), width)];
  return { pieces, index, isGrown: false };
}

/**
 * Opens the tiles of a log of this size.
 *
 * @throws {Fault} LOG_TILE_INVALID when its right edge does not lie there
 */
export function openTileStore(dir: string, size: number): TileStore {
  const rows = new Map<Row, Growing>();
  /** Full ones that are not written yet, by their path. */
  const unwritten = new Map<string, Bytes>();

  const readFile = (place: TilePlace): Bytes => {
    const file = join(dir, renderTilePath(place));
    if (existsSync(file)) return readFileSync(file);
    throw new Fault("LOG_TILE_INVALID", "a tile of the log does not lie in its folder");
  };

  const readFull = (place: TilePlace): Bytes => {
    const path = renderTilePath(place);
    return unwritten.get(path) ?? readFile(place);
  };
  const bundleAt = keepFew(maxBundles, (_, index) => readFull(placeOf("entries", index, tileWidth)));
  const treeAt = keepFew(maxTrees, (row, index) =>
    makeTreeOf(parse(row, readFull(placeOf(row, index, tileWidth)), tileWidth)),
  );

  const rowOf = (row: Row): Growing => {
    const held = rows.get(row) ?? { pieces: [], index: 0, isGrown: false };
    rows.set(row, held);
    return held;
  };

  const push = (row: Row, piece: Bytes): void => {
    const growing = rowOf(row);
    growing.pieces.push(piece);
    growing.isGrown = true;
    growing.tree?.set(growing.pieces.length - 1, piece);
    if (growing.pieces.length < tileWidth) return;
    unwritten.set(renderTilePath(placeOf(row, growing.index, tileWidth)), render(row, growing.pieces));
    rows.set(row, { pieces: [], index: growing.index + 1, isGrown: false });
  }; // prettier-ignore

  const treeOf = (row: number, index: number): TileTree => {
    const growing = rowOf(row);
    if (index !== growing.index) return treeAt(row, index);
    growing.tree ??= makeTreeOf(growing.pieces);
    return growing.tree;
  };

  const open = (): void => {
    for (const row of ["entries", 0] as const) rows.set(row, readGrowing(readFile, row, size));
    for (let row = 1; size >= tileWidth ** row; row += 1) {
      rows.set(row, readGrowing(readFile, row, size));
    }
  };
  open();

  return {
    add: ({ leaves, subtrees }) => {
      for (const { bytes } of leaves) push("entries", bytes);
      for (const { level, hash } of subtrees) {
        if (level % tileHeight === 0) push(level / tileHeight, hash);
      }
    },
    publish: (isSynced) => {
      const write = (path: string, bytes: Bytes): void => {
        const file = join(dir, path);
        mkdirSync(dirname(file), { recursive: true, mode: 0o755 });
        publishFile(file, bytes, isSynced);
      };
      for (const [path, bytes] of unwritten) {
        write(path, bytes);
        // a full one holds what its parts held
        rmSync(join(dir, `${path}.p`), { recursive: true, force: true });
      }
      unwritten.clear();
      for (const [row, growing] of rows) {
        if (!growing.isGrown || growing.pieces.length === 0) continue;
        write(renderTilePath(placeOf(row, growing.index, growing.pieces.length)), render(row, growing.pieces));
        growing.isGrown = false;
      }
    },
    hashes: (ofSize) => (positions) =>
      positions.map((position) => {
        const { tile, from, count } = findSubtree(position, ofSize);
        return treeOf(tile.level, tile.index).subtree(from, count);
      }),
    leaf: (index) => {
      const growing = rowOf("entries");
      const [bundle, place] = [Math.floor(index / tileWidth), index % tileWidth];
      if (bundle !== growing.index) return findEntry(bundleAt(0, bundle), place);
      const leaf = growing.pieces[place];
      if (leaf !== undefined) return leaf;
      throw new Fault("LOG_TILE_INVALID", "the folder of the log has no such entry");
    },
  };
} // prettier-ignore
