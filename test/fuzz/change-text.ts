import { concatBytes, utf8 } from "../../schemas/ground/index.ts";
import type { Change } from "./change-bytes.ts";
import type { Draw } from "./draw.ts";

/** Pieces of text that readers have stumbled over. */
const pieces = [
  '"', "'", "\\", "\\u0000", "\\ud800", "\\udfff", '\\"', "\u0000", "\u0007", "\u001b[2J", "\u007f", "\u0085", "\u00a0",
  "\u0130", "\u200b", "\u200d", "\u202e", "\u2028", "\u2066", "\ufeff", "\ufffd", "\uffff", "e\u0301", "\u212b", "\u{1f600}",
  "\u{e0001}", "\r\n", "\n", "\n\n", "\t", "  ", ",", ",,", ":", ";", "{", "}", "[", "]", "[]", "{}", "[[[[[[[[", "]]]]", "null",
  "true", "NaN", "-0", "0x10", "1e308", "1e999", "-1", "00", "9007199254740993", "99999999999999999999", "0.1e-400",
  '"__proto__":{},', '"constructor":1,', "__proto__", "%00", "%2e%2e", "%", "../", "//", "?", "#", "*", ">", ".", "..", "..-",
  "=", "==", "-----BEGIN ", "-----END ", "+00:00", "Z", "T24:00:00", "2026-02-30", "=1+1", "in.", "h4", "_", "-", "+", "/",
] as const; // prettier-ignore

function insert(input: Uint8Array, draw: Draw, piece: Uint8Array): Uint8Array {
  const at = draw.below(input.length + 1);
  const skip = draw.below(2) * draw.below(Math.min(8, input.length - at) + 1);
  return concatBytes(input.subarray(0, at), piece, input.subarray(at + skip));
}

function nest(draw: Draw): string {
  const [open, close] = draw.pick([
    ["[", "]"],
    ['{"a":', "}"],
    ['"', '"'],
    ["(", ")"],
    ["a.", ".a"],
  ]);
  const depth = draw.pick([2, 31, 32, 33, 1000, 9000]);
  return `${open.repeat(depth)}1${draw.below(2) === 0 ? close.repeat(depth) : ""}`;
}

const changes: readonly [Change, ...Change[]] = [
  (input, { draw }) => insert(input, draw, utf8(draw.pick(pieces))),
  (input, { draw }) => insert(input, draw, utf8(draw.pick(pieces))),
  (input, { draw }) => insert(input, draw, utf8(draw.pick(pieces).repeat(draw.pick([2, 40, 2000])))),
  (input, { draw }) => insert(input, draw, utf8(nest(draw))),
  (input, { draw }) => insert(input, draw, utf8(String.fromCodePoint(draw.below(0xd800)))),
  (input, { draw }) => insert(input, draw, utf8(String(draw.below(2 ** 32) - 2 ** 31))),
  (input, { draw }) => {
    const text = Buffer.from(input).toString("utf8");
    const way = draw.pick(["NFD", "NFKC", "upper", "lower", "crlf"]);
    if (way === "NFD" || way === "NFKC") return utf8(text.normalize(way));
    if (way === "crlf") return utf8(text.replaceAll("\n", "\r\n"));
    return utf8(way === "upper" ? text.toUpperCase() : text.toLowerCase());
  },
]; // prettier-ignore

/** One change that only means something in text: quotes, nesting, directions, half characters, numbers. */
export const changeText: Change = (input, tools) => tools.draw.pick(changes)(input, tools);
