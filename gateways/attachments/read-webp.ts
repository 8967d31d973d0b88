import { type ClearFile, type Cursor, makeCursor } from "./clear-file.ts";
import { checkPixels, refuseShape, refuseUnsafe } from "./refuse.ts";

const type = "image/webp";
const maxChunks = 10_000;
/** Enough of each kind of chunk to know its size in points. */
const firstBytes = 10;

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("latin1");
}

function checkLossy(first: Uint8Array): void {
  const view = new DataView(first.buffer, first.byteOffset, first.byteLength);
  if (first.length < 10 || first[3] !== 0x9d || first[4] !== 0x01 || first[5] !== 0x2a)
    refuseShape(type);
  checkPixels(view.getUint16(6, true) & 0x3fff, view.getUint16(8, true) & 0x3fff);
}

function checkLossless(first: Uint8Array): void {
  if (first.length < 5 || first[0] !== 0x2f) refuseShape(type);
  const bits = new DataView(first.buffer, first.byteOffset, first.byteLength).getUint32(1, true);
  checkPixels((bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1);
}

function checkCanvas(first: Uint8Array): void {
  if (first.length < 10) refuseShape(type);
  const side = (at: number): number =>
    (first[at] ?? 0) + (first[at + 1] ?? 0) * 256 + (first[at + 2] ?? 0) * 65_536 + 1;
  checkPixels(side(4), side(7));
}

const checks: Readonly<Record<string, (first: Uint8Array) => void>> = {
  "VP8 ": checkLossy,
  VP8L: checkLossless,
  VP8X: checkCanvas,
};

/** Reads one chunk, and measures it if it says how large a picture is. */
async function readChunk(cursor: Cursor, end: number): Promise<string> {
  const head = (await cursor.take(8)) ?? refuseShape(type);
  const name = text(head.subarray(0, 4));
  const length = new DataView(head.buffer, head.byteOffset, 8).getUint32(4, true);
  const next = cursor.at + length + (length % 2);
  if (next > end) refuseShape(type);
  const first = (await cursor.take(Math.min(length, firstBytes))) ?? refuseShape(type);
  if (Object.hasOwn(checks, name)) checks[name]?.(first);
  cursor.skip(next - cursor.at);
  return name;
}

/**
 * Proves that a file is one WebP from its first byte to its last, and no flood of points.
 *
 * @throws {Fault} ATTACHMENT_TYPE_DIFFERS, ATTACHMENT_UNSAFE
 */
export async function checkWebp(file: ClearFile): Promise<void> {
  const cursor = makeCursor(file);
  const head = (await cursor.take(12)) ?? refuseShape(type);
  if (text(head.subarray(0, 4)) !== "RIFF" || text(head.subarray(8)) !== "WEBP") refuseShape(type);
  const end = 8 + new DataView(head.buffer, head.byteOffset, 12).getUint32(4, true);
  if (end > file.size) refuseShape(type);
  if (end !== file.size) refuseUnsafe("something follows the end of the picture; save it again");
  const names: string[] = [];
  while (cursor.at < end) {
    if (names.length === maxChunks) refuseShape(type);
    names.push(await readChunk(cursor, end));
  }
  const [first = ""] = names;
  if (!Object.hasOwn(checks, first)) refuseShape(type);
}
