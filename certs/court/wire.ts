import { type Octets, refuse } from "./bytes.ts";

/** The fields of one message of Protocol Buffers: numbers, or octets. */
export type Fields = ReadonlyMap<number, readonly (number | Octets)[]>;

interface Reader {
  readonly bytes: Octets;
  at: number;
}

function readNumber(reader: Reader): number {
  let value = 0;
  for (let shift = 0; shift < 35; shift += 7) {
    const byte = reader.bytes[reader.at++] ?? refuse("CODEC_MALFORMED");
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return value;
  }
  return refuse("CODEC_MALFORMED");
}

function readPiece(reader: Reader): Octets {
  const length = readNumber(reader);
  const piece = reader.bytes.slice(reader.at, reader.at + length);
  if (piece.length !== length) refuse("CODEC_MALFORMED");
  reader.at += length;
  return piece;
}

/** Cuts a message into its fields; only the two kinds of field that ours have. */
export function readFields(bytes: Octets): Fields {
  const reader = { bytes, at: 0 };
  const fields = new Map<number, (number | Octets)[]>();
  while (reader.at < bytes.length) {
    const tag = readNumber(reader);
    const kind = tag % 8;
    if (kind !== 0 && kind !== 2) refuse("CODEC_MALFORMED");
    const value = kind === 0 ? readNumber(reader) : readPiece(reader);
    const number = Math.floor(tag / 8);
    fields.set(number, [...(fields.get(number) ?? []), value]);
  }
  return fields;
}

/** All pieces of a field. */
export function piecesOf(fields: Fields, number: number): readonly Octets[] {
  return (fields.get(number) ?? []).filter((one): one is Octets => typeof one !== "number");
}

/** The one piece of a field; undefined when it is absent. */
export function pieceOf(fields: Fields, number: number): Octets | undefined {
  const all = fields.get(number) ?? [];
  const [piece] = piecesOf(fields, number);
  return all.length > 1 ? refuse("CODEC_MALFORMED") : piece;
}

/** The number of a field; 0 when it is absent. */
export function numberOf(fields: Fields, number: number): number {
  const [value = 0] = fields.get(number) ?? [];
  return typeof value === "number" ? value : refuse("CODEC_MALFORMED");
}
