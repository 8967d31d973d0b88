import { utf8 } from "../../schemas/ground/index.ts";
import { type Change } from "./change-bytes.ts";
import { changeText } from "./change-text.ts";
import type { Draw } from "./draw.ts";

const strange: readonly [unknown, ...unknown[]] = [
  null, true, false, 0, -0.5, -1, 1e21, 4_294_967_296, 253_402_300_800_000, "", " ", "\ud800", "\u0000", "a\u202eb", "e\u0301",
  "x".repeat(5000), "\u{1f600}".repeat(300), [], {}, [[]], [null], [[[[[[[[1]]]]]]]], { constructor: 1 }, { toString: 1 },
  { length: 1 }, { length: { toString: 1 } }, "9999-12-31T23:59:59.999Z", "0000-01-01T00:00:00Z", "2026-01-01T00:00:00+23:59", "-0", "1e5",
  Array(3000).fill("a"), Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`k${i}`, i])),
]; // prettier-ignore

function changeString(text: string, draw: Draw): string {
  const tools = { draw, other: utf8(text) };
  return Buffer.from(changeText(utf8(text), tools)).toString("utf8");
}

function changeList(list: readonly unknown[], draw: Draw): unknown {
  const at = draw.below(list.length);
  const way = draw.below(6);
  if (list.length === 0 || way === 0) return draw.pick(strange);
  if (way === 1) return list.toSpliced(at, 1);
  if (way === 2) return list.toSpliced(at, 0, list[draw.below(list.length)]);
  if (way === 3) return Array.from({ length: draw.pick([9, 101, 2000]) }, () => list[at]);
  return list.map((item, i) => (i === at ? changeValue(item, draw) : item));
}

function changeObject(entries: readonly (readonly [string, unknown])[], draw: Draw): unknown {
  const at = draw.below(entries.length);
  const way = draw.below(10);
  if (entries.length === 0 || way === 0) return draw.pick(strange);
  if (way === 1) return Object.fromEntries(entries.toSpliced(at, 1));
  if (way === 2) return Object.fromEntries([...entries, [draw.pick(["x", "toString", "kind", ""]), 1]]);
  return Object.fromEntries(
    entries.map(([name, value], i) => [name, i === at ? changeValue(value, draw) : value]),
  );
} // prettier-ignore

function changeValue(value: unknown, draw: Draw): unknown {
  if (Array.isArray(value)) return changeList(value, draw);
  if (typeof value === "object" && value !== null) return changeObject(Object.entries(value), draw);
  if (draw.below(3) === 0) return draw.pick(strange);
  if (typeof value === "string") return changeString(value, draw);
  return typeof value === "number" ? value + draw.pick([1, -1, 0.5, 1000, 2 ** 40]) : value;
}

/** Changes one value at any depth of JSON and leaves the rest JSON; text that is none is changed as text. */
export const changeJson: Change = (input, tools) => {
  try {
    const value: unknown = JSON.parse(Buffer.from(input).toString("utf8"));
    return utf8(JSON.stringify(changeValue(value, tools.draw)) ?? "");
  } catch {
    // an earlier change broke it; that is what it was for
    return changeText(input, tools);
  }
};
