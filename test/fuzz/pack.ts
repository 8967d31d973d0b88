import { decodeParts, encodeParts } from "../../schemas/index.ts";
import type { Bytes } from "../../schemas/ground/index.ts";

/** Puts several inputs into one, so that changes reach into each and keep the others whole. */
export function pack(...pieces: readonly Bytes[]): Bytes {
  return Buffer.from(encodeParts({ parts: pieces.map((value, number) => ({ number, value })) }));
}

/** How a pack that cannot be taken apart is refused: of targets that promise codes of their own. */
export const packCodes = ["CODEC_", "SCHEMA_FIELD_"] as const;

/** Takes a pack apart; a piece that is gone is empty. May throw a Fault. */
export function unpack(packed: Bytes): (number: number) => Bytes {
  const { parts } = decodeParts(packed);
  return (wanted) => parts.find(({ number }) => number === wanted)?.value ?? Buffer.alloc(0);
}
