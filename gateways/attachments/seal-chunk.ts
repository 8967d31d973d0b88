import { createCipheriv, createDecipheriv } from "node:crypto";

import { type Bytes, concatBytes, Fault, toFault, utf8 } from "../../schemas/ground/index.ts";
import { attachmentLimits } from "./limits.ts";

/** What every chunk of a file is bound to, so that none stands for another, nor in another place. */
export interface FileSeal {
  /** 256 bits, of this file alone: that is what lets a nonce be counted. */
  readonly key: Bytes;
  /** Bytes of the file in the clear. */
  readonly size: number;
  readonly mediaType: string;
}

/** The place of the manifest: no chunk has it. */
export const manifestIndex = 0xffff_ffff;
const cipher = "aes-256-gcm";
/** Bytes that a sealed chunk has more than one in the clear. */
export const tagBytes = 16;
const label = "atumpan-attachment-1";

/** How many chunks a file of this size has; an empty one has none. */
export function chunksOf(size: number): number {
  return Math.ceil(size / attachmentLimits.clearChunkBytes);
}

/** Bytes in the clear of one chunk. */
export function clearLength(size: number, index: number): number {
  const { clearChunkBytes } = attachmentLimits;
  return Math.min(clearChunkBytes, size - index * clearChunkBytes);
}

function uint32(value: number): Bytes {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function nonceOf(index: number): Bytes {
  return concatBytes(new Uint8Array(8), uint32(index));
}

/** Index, whether it is the last, size and type: a chunk moved, left out or said to be of another file does not open. */
function bindingOf({ size, mediaType }: FileSeal, index: number): Bytes {
  const isLast = index === manifestIndex || index === chunksOf(size) - 1;
  const place = concatBytes(uint32(index), Uint8Array.of(isLast ? 1 : 0), uint32(size));
  return concatBytes(utf8(label), place, utf8(mediaType));
}

/** Seals one chunk, or at `manifestIndex` the manifest. */
export function sealChunk(seal: FileSeal, index: number, clear: Bytes): Bytes {
  const sealing = createCipheriv(cipher, seal.key, nonceOf(index));
  sealing.setAAD(bindingOf(seal, index));
  return concatBytes(sealing.update(clear), sealing.final(), sealing.getAuthTag());
}

/**
 * Opens one chunk. @throws {Fault} ATTACHMENT_UNSAFE when it is not that chunk of that file
 */
export function openChunk(seal: FileSeal, index: number, sealed: Bytes): Bytes {
  if (sealed.length < tagBytes) throw notOurs();
  const end = sealed.length - tagBytes;
  try {
    const opening = createDecipheriv(cipher, seal.key, nonceOf(index), {
      authTagLength: tagBytes,
    });
    opening.setAAD(bindingOf(seal, index));
    opening.setAuthTag(sealed.subarray(end));
    return concatBytes(opening.update(sealed.subarray(0, end)), opening.final());
  } catch (cause) {
    throw toFault(cause, "ATTACHMENT_UNSAFE", "a piece of the file does not open; ask its sender to send it anew");
  }
} // prettier-ignore

function notOurs(): Fault {
  return new Fault("ATTACHMENT_UNSAFE", "a piece of the file does not open; ask its sender to send it anew"); // prettier-ignore
}
