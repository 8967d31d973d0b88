import { describe, expect, it } from "vitest";

import { renderHex, sha256, utf8 } from "../../schemas/ground/index.ts";
import { drawPositions, makeSeed } from "./draw.ts";

const parts = {
  root: sha256(utf8("root")),
  inspection: "0190aaaa-0000-7000-8000-000000000001",
  nonce: sha256(utf8("nonce")),
};

describe("the draw of a sample", () => {
  it("is the same for whoever has the seed, each position once and in range", () => {
    const seed = makeSeed(parts);
    const drawn = drawPositions(seed, 1_000, 50);
    expect(drawPositions(makeSeed({ ...parts }), 1_000, 50)).toEqual(drawn);
    expect(new Set(drawn).size).toBe(50);
    expect(drawn.every((one) => one >= 1 && one <= 1_000)).toBe(true);
  });

  it("is as the description says, so that other programs draw it too", () => {
    // both were worked out by another program
    const seed = Buffer.alloc(32, 7);
    expect(drawPositions(seed, 100, 5)).toEqual([17, 44, 51, 78, 98]);
    expect(renderHex(makeSeed(parts))).toBe(
      "cdc52d272f3ca8f866b20f31ec8ba125309e819ff5fe321d0cb1cf06dcdc2bad",
    );
  });

  it.each([
    ["root", { ...parts, root: sha256(utf8("another root")) }],
    ["inspection", { ...parts, inspection: "0190aaaa-0000-7000-8000-000000000002" }],
    ["nonce", { ...parts, nonce: sha256(utf8("another nonce")) }],
  ])("another %s is another draw", (_what, other) => {
    const [one, two] = [parts, other].map((of) => drawPositions(makeSeed(of), 1_000, 50));
    expect(two).not.toEqual(one);
  });

  it("takes all where there are no more, and nothing of nothing", () => {
    const seed = makeSeed(parts);
    expect(drawPositions(seed, 3, 50)).toEqual([1, 2, 3]);
    expect(drawPositions(seed, 0, 50)).toEqual([]);
    expect(() => drawPositions(seed, -1, 5)).toThrow();
  });

  it("favours no position", () => {
    const counts = Array.from({ length: 20 }, () => 0);
    for (let i = 0; i < 2_000; i += 1) {
      for (const one of drawPositions(sha256(utf8(`seed ${i}`)), 20, 5)) counts[one - 1] = (counts[one - 1] ?? 0) + 1;
    }
    // 500 are expected of each, with a deviation of twenty
    expect(counts.every((one) => one > 400 && one < 600)).toBe(true);
  }); // prettier-ignore
});
