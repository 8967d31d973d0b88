import type { Octets } from "./bytes.ts";
import { type Fields, numberOf, pieceOf, piecesOf, readFields } from "./wire.ts";

/** A text. */
export function wordsOf(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
}

/** The text of a field; empty when it is absent. */
export function textOf(fields: Fields, number: number): string {
  return wordsOf(pieceOf(fields, number) ?? new Uint8Array());
}

/** All texts of a field. */
export function textsOf(fields: Fields, number: number): readonly string[] {
  return piecesOf(fields, number).map(wordsOf);
}

/** Milliseconds since 1970 of a field that holds a moment. */
export function momentOf(fields: Fields, number: number): number {
  const time = readFields(pieceOf(fields, number) ?? new Uint8Array());
  return numberOf(time, 1) * 1000 + numberOf(time, 2);
}

/** A whole number of four octets, the highest first. */
export function fourOctets(value: number): Octets {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}
