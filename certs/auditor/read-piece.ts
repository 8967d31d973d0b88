import type { Bytes } from "../../schemas/ground/index.ts";
import { parseEntries, parseTile, type TilePlace, tileWidth } from "../log/index.ts";

type Read<T> = (place: TilePlace) => T;

/** A log that has gone on may have put the full piece in the place of a part of it. */
async function readWhole(read: Read<Promise<Bytes | undefined>>, place: TilePlace): Promise<readonly [Bytes, number] | undefined> {
  const { width } = place;
  const part = await read(place);
  if (part !== undefined) return [part, width];
  if (width === tileWidth) return undefined;
  const full = await read({ ...place, width: tileWidth });
  return full === undefined ? undefined : [full, tileWidth];
} // prettier-ignore

/**
 * The entries of a bundle; undefined when it is not there.
 *
 * @throws {Fault} LOG_TILE_INVALID, and what the reader throws
 */
export async function readEntries(
  read: Read<Promise<Bytes | undefined>>,
  place: TilePlace,
): Promise<readonly Bytes[] | undefined> {
  const found = await readWhole(read, place);
  return found === undefined ? undefined : parseEntries(...found).slice(0, place.width);
}

/**
 * The hashes of a tile; undefined when it is not there.
 *
 * @throws {Fault} LOG_TILE_INVALID, and what the reader throws
 */
export async function readHashes(
  read: Read<Promise<Bytes | undefined>>,
  place: TilePlace,
): Promise<readonly Bytes[] | undefined> {
  const found = await readWhole(read, place);
  return found === undefined ? undefined : parseTile(...found).slice(0, place.width);
}
