import { Fault } from "../../schemas/ground/index.ts";
import { checkTile, type Tile, tileWidth } from "./tile.ts";

/** Where a file of the log lies: a tile of hashes, or a bundle of entries, which stands for level 0. */
export interface TilePlace extends Tile {
  readonly holds: "hashes" | "entries";
}

const maxPathLength = 60;
const placeText = /^tile\/(entries|\d{1,2})\/((?:x\d{3}\/){0,5}\d{3})(?:\.p\/([1-9]\d{0,2}))?$/;

function refuse(detail: string): never {
  throw new Fault("LOG_TILE_INVALID", detail);
}

function renderIndex(index: number): string {
  const digits = String(index);
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, "0");
  const groups = padded.match(/\d{3}/g) ?? [];
  return groups.map((group, i) => (i === groups.length - 1 ? group : `x${group}`)).join("/");
}

/**
 * The path of a tile or bundle as tlog-tiles has it: `tile/0/x001/x234/067`, `tile/entries/000.p/17`.
 *
 * @throws {Fault} LOG_TILE_INVALID
 */
export function renderTilePath(place: TilePlace): string {
  checkTile(place);
  const { holds, level, index, width } = place;
  const row = holds === "entries" ? "entries" : String(level);
  return `tile/${row}/${renderIndex(index)}${width === tileWidth ? "" : `.p/${width}`}`;
}

/**
 * Reads a path of a tile or bundle; each place has one path, so every other spelling is refused.
 *
 * @throws {Fault} LOG_TILE_INVALID
 */
export function parseTilePath(path: string): TilePlace {
  if (path.length > maxPathLength) refuse("path: too long");
  const [, row = "", groups = "", width = String(tileWidth)] = placeText.exec(path) ?? refuse("path: not of a tile");
  const isEntries = row === "entries";
  const place: TilePlace = {
    holds: isEntries ? "entries" : "hashes",
    level: isEntries ? 0 : Number(row),
    index: Number(groups.replaceAll(/[x/]/g, "")),
    width: Number(width),
  };
  if (renderTilePath(place) !== path) refuse("path: not its one spelling");
  return place;
} // prettier-ignore
