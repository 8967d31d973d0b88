import type { Bytes } from "../../schemas/ground/index.ts";

/** A file in the clear that lies sealed on the disk; read some at a time, never whole. */
export interface ClearFile {
  readonly size: number;
  /** The bytes from `offset` on, `length` of them, or fewer at the end. */
  read(offset: number, length: number): Promise<Bytes>;
}

const pieceBytes = 256 * 1024;

/** The bytes of a file from `from` to before `to`, in order, some at a time. */
export async function* piecesOf(
  file: ClearFile,
  from = 0,
  to: number = file.size,
): AsyncGenerator<Bytes> {
  for (let at = from; at < to;) {
    const piece = await file.read(at, Math.min(pieceBytes, to - at));
    if (piece.length === 0) return;
    at += piece.length;
    yield piece;
  }
}

/** A file of bytes that are in memory. */
export function fileOf(bytes: Bytes): ClearFile {
  return {
    size: bytes.length,
    read: async (offset, length) => await Promise.resolve(bytes.subarray(offset, offset + length)),
  };
}

/** Reads a file front to back by small steps without asking for each. */
export interface Cursor {
  /** Where the next byte stands. */
  readonly at: number;
  /** The next bytes; undefined when there are not so many. */
  take(length: number): Promise<Bytes | undefined>;
  skip(length: number): void;
}

/** Starts a cursor at the beginning of a file. Holds one piece in memory. */
export function makeCursor(file: ClearFile): Cursor {
  let at = 0;
  let from = 0;
  let held: Bytes = new Uint8Array();
  return {
    get at() {
      return at;
    },
    take: async (length) => {
      if (at + length > file.size) return undefined;
      if (at < from || at + length > from + held.length) {
        from = at;
        held = await file.read(at, Math.max(length, pieceBytes));
      }
      const taken = held.subarray(at - from, at - from + length);
      at += length;
      return taken.length === length ? taken : undefined;
    },
    skip: (length) => void (at += length),
  };
}
