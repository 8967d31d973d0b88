import { type Bytes, concatBytes } from "../../schemas/ground/index.ts";
import { type Change, changeBytes, type Tools } from "./change-bytes.ts";

/** One value with its tag; written again with the length it then has. */
interface Piece {
  readonly tag: number;
  readonly content: Bytes;
  /** Whether the content may be made of pieces itself. */
  readonly isNested: boolean;
}

interface Grammar {
  /** Undefined when the bytes are not a row of pieces. */
  readonly cut: (bytes: Bytes) => readonly Piece[] | undefined;
  readonly render: (piece: Piece) => Bytes;
  readonly strangeTags: readonly [number, ...number[]];
}

function renderVarint(value: number): Bytes {
  const bytes: number[] = [];
  for (let left = value; ; left = Math.floor(left / 128)) {
    if (left < 128) return Uint8Array.from([...bytes, left]);
    bytes.push((left % 128) | 0x80);
  }
}

function readVarint(bytes: Bytes, at: number): { value: number; end: number } | undefined {
  let value = 0;
  for (let i = 0; i < 5; i += 1) {
    const byte = bytes[at + i];
    if (byte === undefined) return undefined;
    value += (byte & 0x7f) * 128 ** i;
    if (byte < 0x80) return { value, end: at + i + 1 };
  }
  return undefined;
}

function endOfVarint(bytes: Bytes, at: number): number {
  let end = at;
  while ((bytes[end] ?? 0) >= 0x80) end += 1;
  return end + 1;
}

function readProtoPiece(bytes: Bytes, at: number): { piece: Piece; end: number } | undefined {
  const tag = readVarint(bytes, at);
  if (tag === undefined || tag.value < 8) return undefined;
  const { value, end: from } = tag;
  const fixed = { 1: from + 8, 5: from + 4, 0: endOfVarint(bytes, from) }[value & 7];
  const length = (value & 7) === 2 ? readVarint(bytes, from) : undefined;
  const start = length?.end ?? from;
  const end = length === undefined ? fixed : length.end + length.value;
  if (end === undefined || end > bytes.length) return undefined;
  const content = bytes.subarray(start, end);
  return { piece: { tag: value, content, isNested: length !== undefined }, end };
}

function readDerPiece(bytes: Bytes, at: number): { piece: Piece; end: number } | undefined {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined || first === 0x80 || first > 0x83) return undefined;
  const start = at + 2 + (first < 0x80 ? 0 : first & 0x7f);
  const said = Buffer.from(bytes.subarray(at + 2, start));
  const length = first < 0x80 ? first : said.length === 0 ? -1 : said.readUIntBE(0, said.length);
  const end = start + length;
  if (length < 0 || end > bytes.length) return undefined;
  // extensions stand inside octet strings
  const isNested = (tag & 0x20) !== 0 || tag === 0x04;
  return { piece: { tag, content: bytes.subarray(start, end), isNested }, end };
}

function cutAll(bytes: Bytes, readPiece: typeof readDerPiece): ReturnType<Grammar["cut"]> {
  const pieces: Piece[] = [];
  for (let at = 0; at < bytes.length;) {
    const found = readPiece(bytes, at);
    if (found === undefined) return undefined;
    pieces.push(found.piece);
    at = found.end;
  }
  return pieces.length === 0 ? undefined : pieces;
}

function renderDerLength(length: number): Bytes {
  if (length < 0x80) return Uint8Array.of(length);
  const hex = length.toString(16);
  const octets = Buffer.from(hex.padStart(hex.length + (hex.length % 2), "0"), "hex");
  return concatBytes(Uint8Array.of(0x80 | octets.length), octets);
}

const proto: Grammar = {
  cut: (bytes) => cutAll(bytes, readProtoPiece),
  render: ({ tag, content }) =>
    (tag & 7) === 2
      ? concatBytes(renderVarint(tag), renderVarint(content.length), content)
      : concatBytes(renderVarint(tag), content),
  strangeTags: [0, 3, 4, 7, 8, 10, 13, 15, 18, 122, 123, 802, 0xfffffffa],
};

const der: Grammar = {
  cut: (bytes) => cutAll(bytes, readDerPiece),
  render: ({ tag, content }) =>
    concatBytes(Uint8Array.of(tag), renderDerLength(content.length), content),
  strangeTags: [0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0c, 0x13, 0x16, 0x17, 0x18, 0x1f, 0x30, 0x31, 0x80, 0x86, 0xa0, 0xa3],
}; // prettier-ignore

type Rearrange = (pieces: readonly Piece[], at: number, tools: Tools & { grammar: Grammar }) => readonly Piece[]; // prettier-ignore

/** What may happen to the row of pieces itself. */
const rearrangements: readonly [Rearrange, ...Rearrange[]] = [
  (pieces, at) => pieces.toSpliced(at, 1),
  (pieces, at) => pieces.flatMap((piece, i) => (i === at ? [piece, piece] : [piece])),
  (pieces, at, { draw }) => {
    const copies = Array<Piece | undefined>(draw.pick([3, 20, 300, 3000])).fill(pieces[at]);
    return pieces.toSpliced(at, 1, ...copies.flatMap((piece) => piece ?? []));
  },
  (pieces, at, { draw }) => {
    const [moved] = pieces.slice(at, at + 1);
    const rest = pieces.toSpliced(at, 1);
    return moved === undefined ? rest : rest.toSpliced(draw.below(pieces.length), 0, moved);
  },
  (pieces, at, { draw, grammar }) =>
    pieces.map((piece, i) => (i === at ? { ...piece, tag: draw.pick(grammar.strangeTags) } : piece)),
  (pieces, at, { draw, grammar }) => {
    const content = draw.bytes(draw.below(6));
    return pieces.toSpliced(at, 0, { tag: draw.pick(grammar.strangeTags), content, isNested: false });
  },
  (pieces, at, { draw, grammar, other }) => {
    const added = draw.oneOf(grammar.cut(other) ?? []);
    return added === undefined ? pieces : pieces.toSpliced(at, draw.below(2), added);
  },
]; // prettier-ignore

function changeRow(input: Bytes, tools: Tools, grammar: Grammar): Bytes {
  const { draw } = tools;
  const pieces = grammar.cut(input);
  if (pieces === undefined) return changeBytes(input, tools);
  const at = draw.below(pieces.length);
  if (draw.below(4) === 0) {
    const moved = draw.pick(rearrangements)(pieces, at, { ...tools, grammar });
    return concatBytes(...moved.map(grammar.render));
  }
  const changed = pieces.map((piece, i) => {
    if (i !== at) return piece;
    const change = piece.isNested ? changeRow : changeBytes;
    return { ...piece, content: change(piece.content, tools, grammar) };
  });
  return concatBytes(...changed.map(grammar.render));
}

/** Changes one field at any depth of a Protocol Buffers message and keeps the lengths around it right. */
export const changeProto: Change = (input, tools) => changeRow(input, tools, proto);

/** Changes one value at any depth of a DER document and keeps the lengths around it right. */
export const changeDer: Change = (input, tools) => changeRow(input, tools, der);
