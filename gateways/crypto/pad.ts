import { decodeInnerHeader, decodeParts, innerHeaderPart } from "../../schemas/index.ts";
import { type Bytes, concatBytes, isFault } from "../../schemas/ground/index.ts";

/** Whatever is shorter has this length: most messages of a few coded facts look alike. */
const minBytes = 512;
/** Marks where the content ended; zeros follow (ISO/IEC 7816-4). */
const endMark = 0x80;
/** What people write to each other by name is as long as this at least: nearly all of it is shorter. */
const directMinBytes = 4096;
/** Twice this, sealed, would not fit into a publication. */
const directMaxBytes = 128 * 1024;

/** What is hidden: how long a content is, or also which kind of direct message it is. */
export type Padding = "length" | "kind";

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

/**
 * The length that what travels by name is padded to: 4 KiB, and twice that up to 128 KiB. Each kind of message has its own
 * usual length, so finer steps would tell the hub who asks whom for what.
 */
export function directLength(length: number): number {
  if (length > directMaxBytes) return paddedLength(length);
  let padded = directMinBytes;
  while (padded < length) padded *= 2;
  return padded;
}

/**
 * Whether a content is keys for messages. Those go to every reader of a feed at once, so everybody sees what they are; and
 * to a hundred and twenty readers over 32 kbit/s, the longer form would take minutes.
 */
function isOfKeys(parts: Bytes): boolean {
  try {
    const [first] = decodeParts(parts).parts;
    if (first?.number !== innerHeaderPart || first.value === undefined) return false;
    return decodeInnerHeader(first.value).type?.startsWith("key.") === true;
  } catch (error) {
    if (isFault(error)) return false;
    throw error;
  }
}

/** One length for one content: nobody can say anything by choosing. */
function lengthFor(parts: Bytes, padding: Padding): number {
  const length = parts.length + 1;
  return padding === "kind" && !isOfKeys(parts) ? directLength(length) : paddedLength(length);
}

/** Pads encoded parts, so that their sealed length says little of what is in them. */
export function padParts(parts: Bytes, padding: Padding = "length"): Bytes {
  const zeros = lengthFor(parts, padding) - parts.length - 1;
  return concatBytes(parts, Buffer.of(endMark), Buffer.alloc(zeros));
}

/**
 * The parts of a padded body; undefined when the padding is not exactly what `padParts` makes, so that nothing can be
 * carried in it.
 */
export function unpadParts(padded: Bytes, padding: Padding = "length"): Bytes | undefined {
  let end = padded.length - 1;
  while (end >= 0 && padded[end] === 0) end -= 1;
  if (padded[end] !== endMark) return undefined;
  const parts = padded.subarray(0, end);
  return lengthFor(parts, padding) === padded.length ? parts : undefined;
}
