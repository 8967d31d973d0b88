import { describe, expect, it } from "vitest";

import { systemChance } from "../../schemas/ground/index.ts";
import { makeKeyPair, publicHalf } from "../../certs/keys/index.ts";
import { openBare, openSharedBare, sealBare, sealSharedBare } from "./bare-seal.ts";
import { compareCosts, compareWaitingCosts } from "./rounds.ts";
import { renderTrust } from "./trust.ts";

const content = systemChance.bytes(100);

describe("the rounds of a bench", () => {
  it("call each act in turn, and once more at first for nothing", async () => {
    const said: string[] = [];
    const acts = { a: () => said.push("a"), b: () => said.push("b") };
    const costs = compareCosts(acts, { rounds: 2, calls: 2 });
    expect(said.join("")).toBe("aabbaabbaabb");
    expect(Object.keys(costs)).toEqual(["a", "b"]);
    said.length = 0;
    await compareWaitingCosts(acts, { rounds: 1, calls: 1 });
    expect(said.join("")).toBe("abab");
  });

  it("tell the median and the middle half", () => {
    const { work } = compareCosts(
      { work: () => Array.from({ length: 20_000 }, (_, at) => at).toReversed() },
      { rounds: 9, calls: 5 },
    );
    expect(work.low).toBeGreaterThan(0);
    expect(work.low).toBeLessThanOrEqual(work.median);
    expect(work.median).toBeLessThanOrEqual(work.high);
  });
});

describe("the arithmetic that seals are measured against", () => {
  it("opens what it sealed, for the reader it was sealed to and no other", () => {
    const [reader, other] = [makeKeyPair("P-256"), makeKeyPair("P-256")];
    const sealed = sealBare(content, [publicHalf(reader).publicKey]);
    expect(openBare(sealed, reader).equals(content)).toBe(true);
    expect(() => openBare(sealed, other)).toThrow();
    expect(() => openBare({ ...sealed, tag: Buffer.alloc(16) }, reader)).toThrow();
  });

  it("opens with a shared key, and with no other", () => {
    const key = systemChance.bytes(32);
    const sealed = sealSharedBare(content, key);
    expect(openSharedBare(sealed, key).equals(content)).toBe(true);
    expect(() => openSharedBare(sealed, systemChance.bytes(32))).toThrow();
  });
});

describe("what is told of trust", () => {
  const cost = { median: 120, low: 110, high: 1300 };

  it("is a line a figure, with its ratio and aim where it has them, and one of JSON", () => {
    const figures = [
      { name: "prove", cost, bare: { ...cost, median: 100 }, aim: "≤ 1.3 ×" },
      { name: "load", cost },
    ];
    const [head, first, second, json] = renderTrust(figures).split("\n");
    expect(head).toMatch(/median +middle half +÷ bare +aim/);
    expect(first).toMatch(/^prove +120\.0 µs +110\.0 µs–1\.30 ms +1\.20 × 100\.0 µs +≤ 1\.3 ×$/);
    expect(second).toMatch(/^load +120\.0 µs +110\.0 µs–1\.30 ms$/);
    expect(JSON.parse(json!)).toEqual({ trust: figures });
  });
});
