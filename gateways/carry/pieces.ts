import { type Bytes, isFault, renderHex } from "../../schemas/ground/index.ts";
import {
  type ContentEncryption,
  deriveContentKey,
  openFeedBody,
  paddedLength,
  type SealedFeed,
  sealFeedBody,
} from "../crypto/index.ts";
import { makeByteReader } from "./byte-reader.ts";
import type { Frame } from "./frames.ts";
import { carryLimits } from "./limits.ts";
import { refuseFile } from "./refusals.ts";

/** The key of one file, and which file. */
export interface FileKey {
  readonly fileId: Bytes;
  /** 32 bytes. */
  readonly key: Bytes;
}

/** In the place of an agency's name, which always has a slash. */
export const carryOriginator = "carry";

/**
 * What a piece is bound to: its file, its number and whether it is the last. A file that is cut between two pieces, or
 * whose pieces changed places or came from another, does not open.
 */
function bindingOf(
  fileId: Bytes,
  number: number,
  isLast: boolean,
): { readonly originator: string; readonly id: Bytes; readonly type: string } {
  const type = `carry.${number}${isLast ? ".last" : ""}`;
  return { originator: carryOriginator, id: fileId, type };
}

/** The length that content is padded to: whole pieces, and not many different numbers of them. */
export function filledLength(length: number): number {
  const { pieceBytes } = carryLimits;
  return Math.ceil(paddedLength(length) / pieceBytes) * pieceBytes;
}

const zeros = Buffer.alloc(carryLimits.pieceBytes);

/** The content, and zeros up to its filled length. */
async function* fill(content: AsyncIterable<Bytes>): AsyncGenerator<Bytes> {
  let length = 0;
  for await (const some of content) {
    length += some.length;
    yield some;
  }
  for (let left = filledLength(length) - length; left > 0; left -= zeros.length) {
    yield zeros.subarray(0, left);
  }
}

/** Cuts content into pieces of one size, fills the last with zeros, and seals each. */
export async function* sealPieces(
  content: AsyncIterable<Bytes>,
  { fileId, key }: FileKey,
  enc: ContentEncryption,
): AsyncGenerator<Bytes> {
  const reader = makeByteReader(fill(content));
  const audienceKey = { name: renderHex(fileId), key };
  for (let number = 0, isLast = false; !isLast; number += 1) {
    const parts = await reader.take(carryLimits.pieceBytes);
    isLast = await reader.isEnd();
    const binding = bindingOf(fileId, number, isLast);
    yield await sealFeedBody({ ...binding, parts, audienceKey, enc });
  }
}

async function openPiece(feed: SealedFeed, key: Bytes): Promise<Bytes> {
  try {
    return await openFeedBody(feed, deriveContentKey(key, feed));
  } catch (error) {
    if (!isFault(error, "BODY_CANNOT_BE_OPENED")) throw error;
    const detail = "the file is cut short, or was changed after it was written";
    return refuseFile(`${detail}; have it written anew`, error);
  }
}

/**
 * Opens the pieces of a file in order.
 *
 * @throws {Fault} CARRY_INVALID, SEAL_ALGORITHM_NOT_PERMITTED
 */
export async function* openPieces(
  frames: AsyncIterable<Frame>,
  { fileId, key }: FileKey,
  encryptions: readonly ContentEncryption[],
): AsyncGenerator<Bytes> {
  let number = 0;
  for await (const { sealed, isLast } of frames) {
    const feed = { ...bindingOf(fileId, number, isLast), sealed, encryptions };
    const piece = await openPiece(feed, key);
    if (piece.length !== carryLimits.pieceBytes)
      refuseFile("a piece of it has another size than we write");
    number += 1;
    yield piece;
  }
}

/** Whether bytes are all zero. */
export function isZero(bytes: Bytes): boolean {
  return bytes.every((byte) => byte === 0);
}
