import { createHash } from "node:crypto";

import { describe, expect, it, vi } from "vitest";

import { makeSeededChance } from "./chance.ts";

function joinedBytes(count: number): number {
  const concat = vi.spyOn(Buffer, "concat");
  try {
    expect(makeSeededChance("one").bytes(count)).toHaveLength(count);
    return concat.mock.results.reduce((sum, { value }) => sum + (value as Buffer).length, 0);
  } finally {
    concat.mockRestore();
  }
}

describe("a seeded chance", () => {
  it("gives the same bytes for the same seed, however they are drawn", () => {
    const whole = makeSeededChance("one").bytes(1000);
    const chance = makeSeededChance("one");
    const sizes = [0, 1, 31, 32, 33, 64, 100, 739];
    expect(Buffer.concat(sizes.map((size) => chance.bytes(size)))).toEqual(whole);
    expect(makeSeededChance("two").bytes(1000)).not.toEqual(whole);
  });

  it("gives the digests of the seed and a number, one after the other", () => {
    const blocks = [0, 1].map((i) => createHash("sha256").update(`one/${i}`).digest());
    expect(makeSeededChance("one").bytes(64)).toEqual(Buffer.concat(blocks));
  });

  it("does work in step with what is drawn, not with its square", () => {
    const small = joinedBytes(2 ** 12);
    const large = joinedBytes(2 ** 20);
    expect(small).toBeGreaterThanOrEqual(2 ** 12);
    expect(large).toBeLessThanOrEqual((2 ** 20 / 2 ** 12) * small);
  });

  it("gives bytes that are the caller's own", () => {
    const chance = makeSeededChance("one");
    chance.bytes(20).fill(0);
    const rest = chance.bytes(20);
    expect(rest).toEqual(makeSeededChance("one").bytes(40).subarray(20));
  });
});
