import { limits } from "../../schemas/index.ts";
import { chunksOf, tagBytes } from "./seal-chunk.ts";

/** For each byte so many travel: packets, TLS, names, and what is sent again. */
const overhead = 1.1;
/** Of the manifest beside its digests. */
const headBytes = 64;
const digestBytes = 32;

/** Bytes that a file of this size takes on its way: chunks, their tags, and the list of them. */
export function travelBytes(size: number): number {
  const chunks = chunksOf(size);
  return size + chunks * (tagBytes + digestBytes) + headBytes;
}

/** Whole seconds that so many bytes take at a speed; undefined while none was seen. */
export function secondsFor(bytes: number, perSecond: number | undefined): number | undefined {
  if (perSecond === undefined) return undefined;
  return Math.ceil((bytes * overhead) / Math.max(1, perSecond));
}

/** Bytes that are still to go of a file of which so many came; never below none. */
export function restOf(size: number, done: number): number {
  return Math.max(0, Math.min(size, limits.maxAttachmentBytes) - done);
}
