import { type Bytes, concatBytes } from "../../schemas/ground/index.ts";
import {
  findTile,
  type HashedSubtree,
  parseTile,
  type TilePlace,
  tileWidth,
} from "../log/index.ts";

/** Rows of the tree between one row of tiles and the next. */
const tileHeight = 8;

/** The tiles above the entries' own, as the entries make them. */
export interface UpperRows {
  add(subtrees: readonly HashedSubtree[]): void;
  /** Every tile that grew, as it is now; each is given once. */
  take(): readonly { readonly place: TilePlace; readonly bytes: Bytes }[];
}

interface Row {
  readonly hashes: Bytes[];
  index: number;
  isGrown: boolean;
}

/** Goes on from a tree of this size, whose tiles can be read. */
export function makeUpperRows(size: number, read: (place: TilePlace) => Bytes): UpperRows {
  const rows = new Map<number, Row>();
  const full: { place: TilePlace; bytes: Bytes }[] = [];

  const openRow = (level: number): Row => {
    const index = Math.floor(size / tileWidth ** (level + 1));
    const tile = findTile(level, index, size);
    const hashes = tile === undefined ? [] : [...parseTile(read({ ...tile, holds: "hashes" }), tile.width)];
    const row = { hashes, index, isGrown: false };
    rows.set(level, row);
    return row;
  }; // prettier-ignore
  const pieceOf = (level: number, { hashes, index }: Row): (typeof full)[number] => ({
    place: { holds: "hashes", level, index, width: hashes.length },
    bytes: concatBytes(...hashes),
  });

  return {
    add: (subtrees) => {
      for (const { level, hash } of subtrees) {
        if (level === 0 || level % tileHeight !== 0) continue;
        const at = level / tileHeight;
        const row = rows.get(at) ?? openRow(at);
        row.hashes.push(hash);
        row.isGrown = true;
        if (row.hashes.length < tileWidth) continue;
        full.push(pieceOf(at, row));
        rows.set(at, { hashes: [], index: row.index + 1, isGrown: false });
      }
    },
    take: () => {
      const grown = [...rows].filter(([, row]) => row.isGrown && row.hashes.length > 0);
      const pieces = grown.map(([level, row]) => pieceOf(level, row));
      return [...full.splice(0), ...pieces];
    },
  };
}
