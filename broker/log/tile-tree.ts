import { nodeHash, tileWidth } from "../../certs/log/index.ts";
import { type Bytes, Fault } from "../../schemas/ground/index.ts";

/**
 * The hashes of one tile and of every complete subtree over them, each made once: a subtree that is complete never
 * changes, whether or not its tile still grows.
 */
export interface TileTree {
  /** The tile's hash at a place. */
  set(place: number, hash: Bytes): void;
  /**
   * The hash over `count` hashes from `from` on: a power of two, and from a multiple of it.
   *
   * @throws {Fault} LOG_TILE_INVALID when the tile is not grown so far
   */
  subtree(from: number, count: number): Bytes;
}

const hashBytes = 32;

/** Begins with an empty tile. Takes 16 kB. */
export function makeTileTree(): TileTree {
  // as a heap: 1 is the root, and 2n and 2n + 1 stand under n; the tile's own hashes are the last row
  const nodes = new Uint8Array(2 * tileWidth * hashBytes);
  const isKnown = new Uint8Array(2 * tileWidth);
  const put = (node: number, hash: Bytes): void => {
    nodes.set(hash, node * hashBytes);
    isKnown[node] = 1;
  };
  const find = (node: number): Bytes => {
    if (isKnown[node] !== 1) {
      if (node >= tileWidth) throw new Fault("LOG_TILE_INVALID", "the tile has no such hash");
      put(node, nodeHash(find(2 * node), find(2 * node + 1)));
    }
    return nodes.subarray(node * hashBytes, (node + 1) * hashBytes);
  };
  return {
    set: (place, hash) => put(tileWidth + place, hash),
    subtree: (from, count) => find((tileWidth + from) / count),
  };
}
