import { decodeMessage, decodePublication } from "../../schemas/index.ts";
import type { Bytes } from "../../schemas/ground/index.ts";

/** One piece of a publication, and where its bytes stand in the whole. */
export interface Region {
  readonly name: string;
  readonly from: number;
  readonly until: number;
}

function place(whole: Bytes, name: string, piece: Bytes): Region {
  const from = Buffer.from(whole).indexOf(piece);
  if (from < 0) throw new Error(`${name} does not stand in the publication`);
  return { name, from, until: from + piece.length };
}

/** Where envelope, signatures, slip and body stand in a publication; the rest is framing. */
export function regionsOf(bytes: Bytes): readonly Region[] {
  const publication = decodePublication(bytes);
  const { envelope, signatures, open, sealed } = decodeMessage(publication.message);
  return [
    place(bytes, "slip", publication.slip),
    place(bytes, "slip signature", Buffer.from(publication.slipSignature)),
    place(bytes, "envelope", envelope),
    place(bytes, "signature", Buffer.from(signatures[0] ?? "")),
    place(bytes, "body", open ?? sealed ?? new Uint8Array()),
  ];
}

/** The region that byte `at` stands in. */
export function regionAt(regions: readonly Region[], at: number): string {
  return regions.find(({ from, until }) => from <= at && at < until)?.name ?? "framing";
}

/** A copy with one bit of one byte turned; which bit goes with the place, so that all are tried. */
export function flip(bytes: Bytes, at: number): Bytes {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ (1 << (at % 8));
  return copy;
}
