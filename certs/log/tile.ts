import { Fault } from "../../schemas/ground/index.ts";

/** How many hashes or entries a full tile holds. */
export const tileWidth = 256;

/** A tile of the tree: `width` hashes of level 8·level, from place 256·index on. */
export interface Tile {
  readonly level: number;
  readonly index: number;
  /** 1 to 256; less than 256 at the right edge of the tree only. */
  readonly width: number;
}

/** 256 to the 6th is beyond all sizes that numbers hold exactly, so no higher row has a hash. */
const maxLevel = 6;
function refuse(detail: string): never {
  throw new Fault("LOG_TILE_INVALID", detail);
}

/**
 * Refuses what is no tile of any tree of at most 2^53−1 leaves.
 *
 * @throws {Fault} LOG_TILE_INVALID
 */
export function checkTile({ level, index, width }: Tile): void {
  const isLevel = Number.isInteger(level) && level >= 0 && level <= maxLevel;
  if (!isLevel) refuse(`level: a whole number from 0 to ${maxLevel}`);
  if (!Number.isInteger(width) || width < 1 || width > tileWidth) refuse("width: 1 to 256");
  const isIndex = Number.isSafeInteger(index) && index >= 0;
  if (!isIndex || !Number.isSafeInteger((index * tileWidth + width) * tileWidth ** level)) {
    refuse("index: beyond a tree of 2^53-1 leaves");
  }
}
