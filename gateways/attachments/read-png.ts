import { crc32 } from "node:zlib";

import { type ClearFile, type Cursor, makeCursor } from "./clear-file.ts";
import { checkPixels, refuseShape, refuseUnsafe } from "./refuse.ts";

const type = "image/png";
const signature = "89504e470d0a1a0a";
const maxChunks = 50_000;
const step = 64 * 1024;

function numberAt(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(at);
}

/** One chunk read through: its first bytes, and whether its check sum is right. */
async function readChunk(cursor: Cursor): Promise<{ name: string; first: Uint8Array }> {
  const head = (await cursor.take(8)) ?? refuseShape(type);
  const name = Buffer.from(head.subarray(4)).toString("latin1");
  if (!/^[A-Za-z]{4}$/.test(name)) refuseShape(type);
  let first: Uint8Array | undefined;
  let sum = crc32(head.subarray(4));
  for (let left = numberAt(head, 0); left > 0;) {
    const piece = (await cursor.take(Math.min(left, step))) ?? refuseShape(type);
    first ??= Uint8Array.from(piece.subarray(0, 16));
    sum = crc32(piece, sum);
    left -= piece.length;
  }
  const told = (await cursor.take(4)) ?? refuseShape(type);
  if (numberAt(told, 0) !== sum) refuseShape(type);
  return { name, first: first ?? new Uint8Array() };
}

/**
 * Proves that a file is one PNG from its first byte to its last, and no flood of points.
 *
 * @throws {Fault} ATTACHMENT_TYPE_DIFFERS, ATTACHMENT_UNSAFE
 */
export async function checkPng(file: ClearFile): Promise<void> {
  const cursor = makeCursor(file);
  const start = (await cursor.take(8)) ?? refuseShape(type);
  if (Buffer.from(start).toString("hex") !== signature) refuseShape(type);
  let isFilled = false;
  for (let count = 0; count < maxChunks; count += 1) {
    const { name, first } = await readChunk(cursor);
    if ((count === 0) !== (name === "IHDR")) refuseShape(type);
    if (name === "IHDR") {
      if (first.length < 13) refuseShape(type);
      checkPixels(numberAt(first, 0), numberAt(first, 4));
    }
    isFilled ||= name === "IDAT";
    if (name !== "IEND") continue;
    if (!isFilled) refuseShape(type);
    if (cursor.at !== file.size) refuseUnsafe("something follows the end of the picture; save it again");
    return;
  }
  refuseShape(type);
} // prettier-ignore
