import { type Bytes, Fault } from "../../schemas/ground/index.ts";
import { hashBytes, nodeHash } from "./node-hash.ts";
import type { Position } from "./ranges.ts";
import { checkTile, type Tile, tileWidth } from "./tile.ts";
import type { HashReader } from "./tree.ts";

/** Rows of the tree between one tile and the next: 2^8 = 256. */
const tileHeight = 8;

function refuse(detail: string): never {
  throw new Fault("LOG_TILE_INVALID", detail);
}

/** How many hashes the row of tiles at this level has in a tree of `size` leaves. */
function hashesInRow(level: number, size: number): number {
  return Math.floor(size / tileWidth ** level);
}

/**
 * The tile that a tree of `size` leaves has at this place, full or partial; undefined when it has none there.
 *
 * @throws {Fault} LOG_TILE_INVALID
 */
export function findTile(level: number, index: number, size: number): Tile | undefined {
  const width = Math.min(tileWidth, hashesInRow(level, size) - index * tileWidth);
  if (width < 1) return undefined;
  const tile = { level, index, width };
  checkTile(tile);
  return tile;
}

/**
 * The tiles that a tree of `newSize` leaves has and one of `oldSize` had not: what is to be written when it grew.
 * Lowest row first, left to right. A tile that was partial and grew is among them with its new width.
 *
 * @throws {Fault} LOG_TILE_INVALID when sizes shrink, or for sizes beyond 2^53-1
 */
export function findNewTiles(oldSize: number, newSize: number): readonly Tile[] {
  if (!Number.isSafeInteger(newSize) || oldSize < 0 || oldSize > newSize) {
    refuse("sizes: from 0 to 2^53-1, and the new one not below the old");
  }
  const found: Tile[] = [];
  for (let level = 0; hashesInRow(level, newSize) > 0; level += 1) {
    const [had, has] = [hashesInRow(level, oldSize), hashesInRow(level, newSize)];
    if (had === has) continue;
    for (let index = Math.floor(had / tileWidth); index * tileWidth < has; index += 1) {
      found.push({ level, index, width: Math.min(tileWidth, has - index * tileWidth) });
    }
  }
  return found;
}

/**
 * Reads the hashes of a tile.
 *
 * @throws {Fault} LOG_TILE_INVALID when it has not `width` hashes
 */
export function parseTile(bytes: Bytes, width: number): readonly Bytes[] {
  checkTile({ level: 0, index: 0, width });
  if (bytes.length !== width * hashBytes) refuse(`a tile of width ${width} has ${width * hashBytes} bytes`);
  return Array.from({ length: width }, (_, i) => bytes.subarray(i * hashBytes, (i + 1) * hashBytes));
} // prettier-ignore

/** Which of a tile's hashes the hash of a subtree is made of. */
export interface HeldSubtree {
  readonly tile: Tile;
  readonly from: number;
  readonly count: number;
}

/**
 * Where in the tiles of a tree of `size` leaves a complete subtree is found.
 *
 * @throws {Fault} LOG_TILE_INVALID when the tree has no such subtree
 */
export function findSubtree({ level, index }: Position, size: number): HeldSubtree {
  const row = Math.floor(level / tileHeight);
  const count = 2 ** (level - row * tileHeight);
  const first = index * count;
  const tile = findTile(row, Math.floor(first / tileWidth), size);
  const from = first % tileWidth;
  if (tile === undefined || from + count > tile.width) return refuse("the tree has no such hash");
  return { tile, from, count };
}

function hashPairs(hashes: readonly Bytes[]): Bytes {
  let row = hashes;
  while (row.length > 1) {
    row = row.flatMap((left, i) => {
      const right = row[i + 1];
      return i % 2 === 0 && right !== undefined ? [nodeHash(left, right)] : [];
    });
  }
  return row[0] ?? refuse("no hash");
}

function keyOf({ level, index }: Tile): string {
  return `${level}/${index}`;
}

/** Gives the bytes of tiles, in the order in which they are asked for, each once. */
export type TileReader = (tiles: readonly Tile[]) => readonly Bytes[];

/**
 * A reader of hashes over the tiles of a tree of `size` leaves. It believes what the tiles say; whoever got them
 * from others checks what comes of it against a root: `rootOf`, `verifyInclusion`, `verifyConsistency`.
 *
 * The reader throws LOG_TILE_INVALID for tiles of another length and for hashes that the tree has not.
 */
export function makeTileHashReader(size: number, readTiles: TileReader): HashReader {
  return (positions) => {
    const held = positions.map((position) => findSubtree(position, size));
    const tiles = [...new Map(held.map(({ tile }) => [keyOf(tile), tile])).values()];
    const found = readTiles(tiles);
    if (found.length !== tiles.length) refuse("not as many tiles as were asked for");
    const hashes = new Map(
      tiles.map((tile, i) => [keyOf(tile), parseTile(found[i] ?? new Uint8Array(), tile.width)]),
    );
    return held.map(({ tile, from, count }) =>
      hashPairs((hashes.get(keyOf(tile)) ?? []).slice(from, from + count)),
    );
  };
}
