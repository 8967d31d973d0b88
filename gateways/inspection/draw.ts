import { createHmac } from "node:crypto";

import {
  type Bytes,
  concatBytes,
  Fault,
  parseUuid,
  sha256,
  utf8,
} from "../../schemas/ground/index.ts";

const tag = utf8("atumpan-inspection-draw-1\n");
const chunkBytes = 6;
const space = 2 ** (8 * chunkBytes);

/** What a seed is made of: none of the two keys, nor the hub, knows all of it before the inspection is open. */
export interface SeedParts {
  /** The root of the hub's log as the leaf of the opening was its last. */
  readonly root: Bytes;
  readonly inspection: string;
  /** What the inspector gave when he asked. */
  readonly nonce: Bytes;
}

/** The seed of a draw: SHA-256 over a tag, the root, the inspection's id and the digest of the nonce. */
export function makeSeed({ root, inspection, nonce }: SeedParts): Bytes {
  return sha256(concatBytes(tag, root, parseUuid(inspection), sha256(nonce)));
}

/**
 * Draws so many of `count` positions, counted from 1, each once; all of them where there are no more. For i = 0, 1, 2… the first
 * six bytes of HMAC-SHA256(seed, i as four bytes) are a number; one of the last, uneven stretch is passed over, as is a
 * position that was drawn already. Whoever has the seed draws the same.
 */
export function drawPositions(seed: Bytes, count: number, wanted: number): readonly number[] {
  if (!Number.isSafeInteger(count) || count < 0) throw new Fault("INTERNAL", "nothing to draw from");
  const drawn = new Set<number>();
  const even = Math.floor(space / Math.max(1, count)) * count;
  const index = Buffer.alloc(4);
  for (let i = 0; drawn.size < Math.min(wanted, count); i += 1) {
    index.writeUInt32BE(i);
    const number = createHmac("sha256", seed).update(index).digest().readUIntBE(0, chunkBytes);
    if (number < even) drawn.add((number % count) + 1);
  }
  return [...drawn].toSorted((a, b) => a - b);
} // prettier-ignore
