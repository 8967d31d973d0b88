import { type Bytes, concatBytes, sameBytes, utf8 } from "../../schemas/ground/index.ts";
import { type ByteReader, lengthIn, renderLength } from "./byte-reader.ts";
import { carryLimits } from "./limits.ts";
import { refuseFile } from "./refusals.ts";

/** What stands at the front of a file, in the clear: that it is a carry file of this version, and its random number. */
export interface Front {
  /** 16 random bytes. */
  readonly fileId: Bytes;
  /** The sealed head. */
  readonly head: Bytes;
}

const mark = utf8("ATMPCRY1");
const idBytes = 16;
const lengthBytes = 4;

/** The front of a file. */
export function renderFront({ fileId, head }: Front): Bytes {
  return concatBytes(mark, fileId, renderLength(head.length), head);
}

/** One sealed piece as it stands in a file. */
export function renderFrame(sealed: Bytes): Bytes {
  return concatBytes(renderLength(sealed.length), sealed);
}

async function readFrame(reader: ByteReader, maxBytes: number): Promise<Bytes> {
  const lead = await reader.take(lengthBytes);
  if (lead.length < lengthBytes) return refuseFile("the file is cut short");
  const length = lengthIn(lead);
  if (length === 0 || length > maxBytes) return refuseFile("a length in it is not one we write");
  const sealed = await reader.take(length);
  return sealed.length === length ? sealed : refuseFile("the file is cut short");
}

/**
 * Reads the front of a file.
 *
 * @throws {Fault} CARRY_INVALID
 */
export async function readFront(reader: ByteReader): Promise<Front> {
  if (!sameBytes(await reader.take(mark.length), mark)) {
    return refuseFile("it is no carry file, or of a version that this gateway does not read");
  }
  const fileId = await reader.take(idBytes);
  if (fileId.length < idBytes) return refuseFile("the file is cut short");
  return { fileId, head: await readFrame(reader, carryLimits.sealedHeadBytes) };
}

/** A sealed piece, and whether nothing stands behind it. */
export interface Frame {
  readonly sealed: Bytes;
  readonly isLast: boolean;
}

/**
 * The sealed pieces behind the front, in order. There is at least one.
 *
 * @throws {Fault} CARRY_INVALID
 */
export async function* readFrames(reader: ByteReader): AsyncGenerator<Frame> {
  for (let isLast = false; !isLast;) {
    const sealed = await readFrame(reader, carryLimits.sealedPieceBytes);
    isLast = await reader.isEnd();
    yield { sealed, isLast };
  }
}
