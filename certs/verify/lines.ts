import type { Bytes } from "../../schemas/ground/index.ts";

const lineFeed = 0x0a;
const firstRoom = 64 * 1024;

/** A line while it comes in: kept up to its limit, only counted beyond. */
interface OpenLine {
  readonly add: (piece: Bytes) => void;
  /** The line so far, and a new one begins; undefined when it was too long. */
  readonly take: () => Bytes | undefined;
  readonly size: () => number;
}

/** The room doubles, so that a line that comes octet by octet is not copied again for each. */
function makeOpenLine(maxBytes: number): OpenLine {
  let room = Buffer.allocUnsafe(Math.min(firstRoom, maxBytes));
  let size = 0;
  return {
    add: (piece) => {
      const end = size + piece.length;
      if (end <= maxBytes) {
        if (end > room.length) {
          const larger = Buffer.allocUnsafe(Math.min(Math.max(end, room.length * 2), maxBytes));
          larger.set(room.subarray(0, size));
          room = larger;
        }
        room.set(piece, size);
      }
      size = end;
    },
    take: () => {
      const line = size > maxBytes ? undefined : Buffer.from(room.subarray(0, size));
      if (room.length > firstRoom) room = Buffer.allocUnsafe(Math.min(firstRoom, maxBytes));
      size = 0;
      return line;
    },
    size: () => size,
  };
}

/**
 * Cuts what comes in into lines at each line feed; the last needs none. A line of more than `maxBytes` comes as
 * undefined and was never held. Asks for more only once a line was taken, so it holds one line and no more.
 */
export async function* splitLines(
  chunks: AsyncIterable<Bytes>,
  maxBytes: number,
): AsyncGenerator<Bytes | undefined> {
  const line = makeOpenLine(maxBytes);
  for await (const chunk of chunks) {
    let from = 0;
    for (;;) {
      const end = chunk.indexOf(lineFeed, from);
      line.add(chunk.subarray(from, end === -1 ? chunk.length : end));
      if (end === -1) break;
      yield line.take();
      from = end + 1;
    }
  }
  if (line.size() > 0) yield line.take();
}
