import { type Bytes, concatBytes } from "../../schemas/ground/index.ts";

/** Takes bytes from what arrives in pieces of any size. */
export interface ByteReader {
  /** The next `count` bytes, or as many as are left before the end. Holds one arrived piece beside them, no more. */
  take(count: number): Promise<Bytes>;
  /** Whether nothing is left. */
  isEnd(): Promise<boolean>;
  /** Gives the source back: what is left of it is not read. */
  close(): Promise<void>;
}

/** Builds the reader of a source. */
export function makeByteReader(source: AsyncIterable<Bytes>): ByteReader {
  const arriving = source[Symbol.asyncIterator]();
  let held: Bytes = new Uint8Array();
  const refill = async (): Promise<boolean> => {
    while (held.length === 0) {
      const next = await arriving.next();
      if (next.done === true) return false;
      held = next.value;
    }
    return true;
  };
  return {
    take: async (count) => {
      const pieces: Bytes[] = [];
      for (let left = count; left > 0 && (await refill());) {
        const piece = held.subarray(0, left);
        held = held.subarray(piece.length);
        pieces.push(piece);
        left -= piece.length;
      }
      const [only] = pieces;
      return pieces.length === 1 && only !== undefined ? only : concatBytes(...pieces);
    },
    isEnd: async () => !(await refill()),
    close: async () => void (await arriving.return?.()),
  };
}

/** A number of four bytes, big end first. */
export function renderLength(length: number): Bytes {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(length);
  return bytes;
}

/** The number in four bytes. */
export function lengthIn(bytes: Bytes): number {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).readUInt32BE();
}
