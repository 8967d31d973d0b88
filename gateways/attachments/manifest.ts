import { limits } from "../../schemas/index.ts";
import { type Bytes, concatBytes, Fault, sameBytes } from "../../schemas/ground/index.ts";
import { chunksOf, type FileSeal, manifestIndex, openChunk, sealChunk } from "./seal-chunk.ts";

/** The list of a file's chunks, as it stands in the clear inside the manifest. */
export interface Manifest {
  /** SHA-256 of the whole file in the clear. */
  readonly digest: Bytes;
  /** SHA-256 of each sealed chunk, in order. */
  readonly chunks: readonly Bytes[];
}

const version = 1;
const digestBytes = 32;
const headBytes = 5;

function headOf(size: number): Bytes {
  const head = Buffer.alloc(headBytes);
  head.writeUInt8(version);
  head.writeUInt32BE(size, 1);
  return head;
}

/** The manifest of a file, sealed: a chunk like the others to the hub. */
export function sealManifest(seal: FileSeal, { digest, chunks }: Manifest): Bytes {
  return sealChunk(seal, manifestIndex, concatBytes(headOf(seal.size), digest, ...chunks));
}

/** A manifest in the clear: its size, and as many digests as a file of that size has chunks. @throws {Fault} ATTACHMENT_UNSAFE */
export function parseManifest(bytes: Bytes, size: number): Manifest {
  const count = chunksOf(size);
  const isWhole = bytes.length === headBytes + digestBytes * (count + 1);
  if (!isWhole || !sameBytes(bytes.subarray(0, headBytes), headOf(size))) {
    throw new Fault("ATTACHMENT_UNSAFE", "the list of the file's pieces is not one; ask its sender to send it anew"); // prettier-ignore
  }
  const digestAt = (at: number): Bytes => {
    const from = headBytes + at * digestBytes;
    return Uint8Array.from(bytes.subarray(from, from + digestBytes));
  };
  return {
    digest: digestAt(0),
    chunks: Array.from({ length: count }, (_, at) => digestAt(at + 1)),
  };
}

/**
 * Opens a manifest. @throws {Fault} ATTACHMENT_UNSAFE when it is not that of such a file
 */
export function openManifest(seal: FileSeal, sealed: Bytes): Manifest {
  if (sealed.length > limits.maxBlobBytes || seal.size > limits.maxAttachmentBytes) {
    throw new Fault("ATTACHMENT_UNSAFE", `a file has at most ${limits.maxAttachmentBytes} bytes`);
  }
  return parseManifest(openChunk(seal, manifestIndex, sealed), seal.size);
}
