import { type Bytes, concatBytes } from "../../schemas/ground/index.ts";
import type { Draw } from "./draw.ts";

/** What changes work with: chance, and another good input to take pieces from. */
export interface Tools {
  readonly draw: Draw;
  readonly other: Bytes;
}

/** Gives a changed copy. */
export type Change = (input: Bytes, tools: Tools) => Bytes;

/** No input is longer: what is longer is refused by its size before anything reads it. */
export const maxInputBytes = 64 * 1024;

const interesting = [
  0x00, 0x01, 0x02, 0x05, 0x0a, 0x0b, 0x0c, 0x0d, 0x20, 0x22, 0x2c, 0x2d, 0x2e, 0x30, 0x31, 0x3d, 0x5c, 0x7b, 0x7f,
  0x80, 0x81, 0x82, 0x83, 0x84, 0xa0, 0xbf, 0xc0, 0xc3, 0xe2, 0xed, 0xef, 0xf0, 0xf5, 0xfe, 0xff,
] as const; // prettier-ignore

/** Varints and lengths as large as they come, in Protocol Buffers and in DER. */
const longNumbers = [
  "ffffffff07", "ffffffff0f", "8080808010", "ffffffffffffffff7f", "ffffffffffffffffff01", "ffffffffffffffffffff",
  "808080808000", "8000", "80", "81ff", "82ffff", "83ffffff", "84ffffffff", "8400000001", "8180", "820001",
].map((text) => Buffer.from(text, "hex")); // prettier-ignore

interface Cut {
  readonly before: Bytes;
  readonly middle: Bytes;
  readonly after: Bytes;
}

function cut(input: Bytes, draw: Draw, most: number): Cut {
  const from = draw.below(input.length + 1);
  const to = Math.min(input.length, from + 1 + draw.below(most));
  return {
    before: input.subarray(0, from),
    middle: input.subarray(from, to),
    after: input.subarray(to),
  };
}

function setByte(input: Bytes, draw: Draw, make: (old: number) => number): Bytes {
  const copy = Buffer.from(input);
  const at = draw.below(copy.length);
  if (copy.length > 0) copy[at] = make(copy[at] ?? 0) & 0xff;
  return copy;
}

function repeated({ before, middle, after }: Cut, draw: Draw): Bytes {
  const times = draw.pick([2, 2, 3, 17, 129, 300, 4096]);
  const room = Math.floor(maxInputBytes / Math.max(1, middle.length));
  return concatBytes(before, ...Array(Math.min(times, room)).fill(middle), after);
}

/** Changes that know nothing of what the bytes are. */
const changes: readonly [Change, ...Change[]] = [
  (input, { draw }) => setByte(input, draw, (old) => old ^ (1 << draw.below(8))),
  (input, { draw }) => setByte(input, draw, (old) => old ^ (1 << draw.below(8))),
  (input, { draw }) => setByte(input, draw, () => draw.pick(interesting)),
  (input, { draw }) => setByte(input, draw, () => draw.below(256)),
  (input, { draw }) => setByte(input, draw, (old) => old + draw.pick([1, -1])),
  (input, { draw }) => {
    const { before, middle, after } = cut(input, draw, 1);
    return concatBytes(before, draw.bytes(1 + draw.below(8)), middle, after);
  },
  (input, { draw }) => {
    const { before, after } = cut(input, draw, 16);
    return concatBytes(before, after);
  },
  (input, { draw }) => {
    const { before, after } = cut(input, draw, input.length);
    return concatBytes(before, after);
  },
  (input, { draw }) => repeated(cut(input, draw, 64), draw),
  (input, { draw }) => cut(input, draw, 1).before,
  (input, { draw, other }) => {
    const { before, after } = cut(input, draw, 64);
    return concatBytes(before, cut(other, draw, 256).middle, after);
  },
  (input, { draw, other }) => concatBytes(cut(input, draw, 1).before, cut(other, draw, 1).after),
  (input, { draw }) => {
    const long = draw.oneOf(longNumbers) ?? new Uint8Array();
    const { before, middle, after } = cut(input, draw, long.length);
    const isOver = draw.below(2) === 0;
    return isOver ? concatBytes(before, long, after) : concatBytes(before, long, middle, after);
  },
  (input, { draw }) => {
    const { before, middle, after } = cut(input, draw, 32);
    return concatBytes(before, Buffer.alloc(middle.length, draw.pick(interesting)), after);
  },
];

/** One change to bytes whatever they are: bits, bytes, slices, ends, lengths. */
export const changeBytes: Change = (input, tools) => tools.draw.pick(changes)(input, tools);
