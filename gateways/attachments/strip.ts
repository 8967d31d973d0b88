import { type Bytes, concatBytes } from "../../schemas/ground/index.ts";
import type { ClearFile } from "./clear-file.ts";
import { type JpegPart, partsWithout, readJpeg } from "./read-jpeg.ts";
import { refuseUnsafe } from "./refuse.ts";

interface Run extends JpegPart {
  /** Where it begins in the file that is left. */
  readonly at: number;
}

function runsOf(parts: readonly JpegPart[]): readonly Run[] {
  let at = 0;
  return parts.map((part) => {
    const run = { ...part, at };
    at += part.to - part.from;
    return run;
  });
}

/**
 * A photograph without what the camera and its programs wrote about it: place, time, owner, a small picture of the whole.
 * Also gone is what followed the end of the picture. Points and colours are the same bytes. Of other types nobody here knows
 * exactly what to take away, so they are refused.
 *
 * @throws {Fault} ATTACHMENT_UNSAFE, ATTACHMENT_TYPE_DIFFERS
 */
export async function stripMetadata(file: ClearFile, type: string): Promise<ClearFile> {
  if (type !== "image/jpeg") {
    refuseUnsafe("what a camera wrote is taken out of image/jpeg only; leave stripMetadata out, or save it as JPEG");
  }
  const runs = runsOf(partsWithout(await readJpeg(file)));
  const last = runs.at(-1);
  const size = last === undefined ? 0 : last.at + last.to - last.from;
  return {
    size,
    read: async (offset, length) => {
      const end = Math.min(size, offset + length);
      const pieces: Bytes[] = [];
      for (const { at, from, to } of runs) {
        const [first, beyond] = [Math.max(offset, at), Math.min(end, at + to - from)];
        if (first < beyond) pieces.push(await file.read(from + first - at, beyond - first));
      }
      return concatBytes(...pieces);
    },
  };
} // prettier-ignore
