import { type Bytes, concatBytes } from "../../schemas/ground/index.ts";

/** Whatever is shorter has this length: most messages of a few coded facts look alike. */
const minBytes = 512;
/** Marks where the content ended; zeros follow (ISO/IEC 7816-4). */
const endMark = 0x80;

/**
 * The length that a content of `length` bytes is padded to. Above 512 bytes a length keeps its first four or five binary
 * digits and is rounded up (Padmé): at most 12 % more, and under 200 lengths up to the largest body.
 *
 * @see Nikitin et al., Reducing Metadata Leakage from Encrypted Files and Communication with PURBs, 2019, §4
 */
export function paddedLength(length: number): number {
  if (length <= minBytes) return minBytes;
  const exponent = 31 - Math.clz32(length);
  const kept = 32 - Math.clz32(exponent);
  const mask = 2 ** (exponent - kept) - 1;
  return (length + mask) & ~mask;
}

/** Pads encoded parts, so that their sealed length says little of what is in them. */
export function padParts(parts: Bytes): Bytes {
  const zeros = paddedLength(parts.length + 1) - parts.length - 1;
  return concatBytes(parts, Buffer.of(endMark), Buffer.alloc(zeros));
}

/**
 * The parts of a padded body; undefined when the padding is not exactly what `padParts` makes, so that nothing can be
 * carried in it.
 */
export function unpadParts(padded: Bytes): Bytes | undefined {
  let end = padded.length - 1;
  while (end >= 0 && padded[end] === 0) end -= 1;
  if (padded[end] !== endMark || paddedLength(end + 1) !== padded.length) return undefined;
  return padded.subarray(0, end);
}
