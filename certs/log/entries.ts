import { type Bytes, Fault } from "../../schemas/ground/index.ts";
import { checkTile } from "./tile.ts";

/** What the two bytes of length before an entry can say. */
export const maxEntryBytes = 65_535;

const prefixBytes = 2;

/**
 * A bundle of 1 to 256 entries as tlog-tiles has it: each after its length in two bytes, big end first.
 *
 * @throws {Fault} LOG_TILE_INVALID for too many entries, or one over 65,535 bytes
 */
export function renderEntries(entries: readonly Bytes[]): Bytes {
  checkTile({ level: 0, index: 0, width: entries.length });
  const pieces = entries.flatMap((entry) => {
    if (entry.length > maxEntryBytes) {
      throw new Fault("LOG_TILE_INVALID", `an entry has at most ${maxEntryBytes} bytes`);
    }
    const prefix = Buffer.alloc(prefixBytes);
    prefix.writeUInt16BE(entry.length);
    return [prefix, entry];
  });
  return Buffer.concat(pieces);
}

/**
 * One entry of a bundle, without reading the others; what stands after it is not looked at.
 *
 * @throws {Fault} LOG_TILE_INVALID when the bundle ends before it
 */
export function findEntry(bytes: Bytes, place: number): Bytes {
  let start = prefixBytes;
  for (let at = 0; at <= place; at += 1) {
    const length = (bytes[start - 2] ?? 0) * 256 + (bytes[start - 1] ?? 0);
    const end = start + length;
    if (end > bytes.length) break;
    if (at === place) return bytes.subarray(start, end);
    start = end + prefixBytes;
  }
  throw new Fault("LOG_TILE_INVALID", "the bundle has no such entry");
}

/**
 * Reads a bundle of exactly `width` entries, with nothing after the last.
 *
 * @throws {Fault} LOG_TILE_INVALID
 */
export function parseEntries(bytes: Bytes, width: number): readonly Bytes[] {
  checkTile({ level: 0, index: 0, width });
  const entries: Bytes[] = [];
  let at = 0;
  while (entries.length < width && at + prefixBytes <= bytes.length) {
    const [high = 0, low = 0] = bytes.subarray(at, at + prefixBytes);
    const start = at + prefixBytes;
    at = start + high * 256 + low;
    entries.push(bytes.subarray(start, at));
  }
  if (entries.length === width && at === bytes.length) return entries;
  throw new Fault("LOG_TILE_INVALID", `a bundle of width ${width} holds that many entries and no byte more`);
} // prettier-ignore
