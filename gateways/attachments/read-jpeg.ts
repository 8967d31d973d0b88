import type { ClearFile, Cursor } from "./clear-file.ts";
import { makeCursor } from "./clear-file.ts";
import { checkPixels, refuseShape, refuseUnsafe } from "./refuse.ts";

const type = "image/jpeg";
/** Segments of one picture: metadata comes in pieces of 64 KiB, scans in a dozen. */
const maxSegments = 4_000;
const marks = { start: 0xd8, end: 0xd9, scan: 0xda, comment: 0xfe } as const;

/** Where one part of a JPEG stands. */
export interface JpegPart {
  readonly marker: number;
  readonly from: number;
  readonly to: number;
}

function isFrame(marker: number): boolean {
  // C4, C8 and CC are tables among the frames
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

function stands(marker: number): boolean {
  return marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7);
}

/** Goes on behind the packed points of a scan, to where the next marker begins. */
async function skipScan(cursor: Cursor, file: ClearFile): Promise<void> {
  const runBytes = 64 * 1024;
  for (let at = cursor.at; at < file.size - 1;) {
    const piece = await file.read(at, runBytes);
    for (let step = 0; step + 1 < piece.length; step += 1) {
      const next = piece[step + 1] ?? 0;
      if (piece[step] !== 0xff || next === 0 || next === 0xff || (next >= 0xd0 && next <= 0xd7))
        continue;
      cursor.skip(at + step - cursor.at);
      return;
    }
    at += Math.max(1, piece.length - 1);
  }
  refuseShape(type);
}

async function readMarker(cursor: Cursor): Promise<number> {
  let [mark, marker] = (await cursor.take(2)) ?? refuseShape(type);
  if (mark !== 0xff) refuseShape(type);
  for (let filled = 0; marker === 0xff; filled += 1) {
    // a marker may be filled up with some of these
    if (filled > 16) refuseShape(type);
    [marker] = (await cursor.take(1)) ?? refuseShape(type);
  }
  return marker ?? refuseShape(type);
}

/** A frame says how many points there are. */
function checkFrame(frame: Uint8Array): void {
  if (frame.length < 6) refuseShape(type);
  const view = new DataView(frame.buffer, frame.byteOffset, frame.length);
  checkPixels(view.getUint16(3), view.getUint16(1));
}

async function readSegment(cursor: Cursor, marker: number): Promise<void> {
  const [high = 0, low = 0] = (await cursor.take(2)) ?? refuseShape(type);
  const length = high * 256 + low;
  if (length < 2) refuseShape(type);
  const bytes = (await cursor.take(length - 2)) ?? refuseShape(type);
  if (isFrame(marker)) checkFrame(bytes);
}

/** The next part; that of a scan goes on to the marker behind its points. */
async function readPart(cursor: Cursor, file: ClearFile): Promise<JpegPart> {
  const from = cursor.at;
  const marker = await readMarker(cursor);
  if (marker === marks.end || stands(marker)) return { marker, from, to: cursor.at };
  if (marker === 0 || marker === marks.start) refuseShape(type);
  await readSegment(cursor, marker);
  if (marker === marks.scan) await skipScan(cursor, file);
  return { marker, from, to: cursor.at };
}

/**
 * The parts of a JPEG, from its first byte to its end mark; what follows that is none of its. Every picture is measured,
 * none is decoded.
 *
 * @throws {Fault} ATTACHMENT_TYPE_DIFFERS, ATTACHMENT_UNSAFE
 */
export async function readJpeg(file: ClearFile): Promise<readonly JpegPart[]> {
  const cursor = makeCursor(file);
  const [mark, start] = (await cursor.take(2)) ?? refuseShape(type);
  if (mark !== 0xff || start !== marks.start) refuseShape(type);
  const parts: JpegPart[] = [{ marker: marks.start, from: 0, to: 2 }];
  while (parts.length < maxSegments) {
    const part = await readPart(cursor, file);
    parts.push(part);
    if (part.marker !== marks.end) continue;
    if (!parts.some(({ marker }) => isFrame(marker))) refuseShape(type);
    return parts;
  }
  return refuseShape(type);
}

/** Refuses a JPEG with anything behind its end. @throws {Fault} as `readJpeg` */
export async function checkJpeg(file: ClearFile): Promise<void> {
  const end = (await readJpeg(file)).at(-1)?.to;
  if (end === file.size) return;
  refuseUnsafe("something follows the end of the picture; stripMetadata cuts it away");
}

/**
 * What of a JPEG is kept when what a camera wrote about it is taken away: all but the comments and the application parts,
 * save the two that say how its colours are meant. The points are the same bytes.
 */
export function partsWithout(parts: readonly JpegPart[]): readonly JpegPart[] {
  return parts.filter(({ marker }) => {
    const isApplication = marker >= 0xe0 && marker <= 0xef;
    return marker !== marks.comment && (!isApplication || marker === 0xe0 || marker === 0xee);
  });
}
