import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { sha256, utf8 } from "../../schemas/ground/index.ts";
import { advanceChain, type ChainSlip, isContradiction, type SlipChain } from "./slip-chain.ts";

function slip(sequence: number, voided: readonly number[] = []): ChainSlip {
  return { sequence, digest: sha256(utf8(`slip ${sequence}`)), voided };
}

function run(slips: readonly ChainSlip[]): SlipChain | undefined {
  return slips.reduce<SlipChain | undefined>(advanceChain, undefined);
}

describe("advanceChain", () => {
  it("the same slips in any order, some of them twice, end in one chain", () => {
    const sets = fc.uniqueArray(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(sets, fc.array(fc.nat(), { minLength: 69, maxLength: 69 }), (numbers, dice) => {
        const slips = numbers.map((number, i) => {
          const voids = i % 3 === 0 && number > 1 ? [number - 1] : [];
          return slip(
            number,
            voids.filter((one) => !numbers.includes(one)),
          );
        });
        const twice = [...slips, ...slips.slice(0, 9)];
        const keyed = twice.map((one, i) => ({ one, key: dice[i] ?? 0 }));
        const shuffled = keyed.toSorted((a, b) => a.key - b.key).map(({ one }) => one);
        expect(run(shuffled)).toEqual(run(slips.toSorted((a, b) => a.sequence - b.sequence)));
      }),
      { numRuns: 200 },
    );
  });

  it("the first slip seen starts the chain and claims nothing before it", () => {
    expect(run([slip(7)])).toMatchObject({ first: 7, highest: 7, missing: [] });
  });

  it("a gap is missing until it is filled or voided", () => {
    expect(run([slip(1), slip(4)])?.missing).toEqual([2, 3]);
    expect(run([slip(1), slip(4), slip(2)])?.missing).toEqual([3]);
    expect(run([slip(1), slip(4), slip(2), slip(5, [3])])?.missing).toEqual([]);
  });

  it("a number voided before its gap is seen is never missing", () => {
    expect(run([slip(5, [3]), slip(2)])?.missing).toEqual([4]);
  });

  it("more than 256 missing numbers move the start of what is claimed, never hide a gap inside it", () => {
    const chain = run([slip(1), slip(4_000_000_000)]);
    expect(chain?.missing).toHaveLength(256);
    expect(chain?.first).toBe(4_000_000_000 - 256);
    const below = run([slip(1000), slip(1)]);
    expect(below).toMatchObject({ first: 744, highest: 1000 });
    expect(below?.missing).toHaveLength(256);
    const pieces = run([slip(1), slip(200), slip(400)]);
    expect(pieces?.missing).toHaveLength(256);
    expect(pieces?.first).toBe(pieces?.missing[0] ?? 0);
  });
});

describe("isContradiction", () => {
  const one = { sequence: 1, digest: sha256(utf8("1")) };
  const two = { sequence: 2, digest: sha256(utf8("2")), previous: one.digest };

  it("neighbours that link and slips that are not neighbours do not contradict", () => {
    expect(isContradiction(one, two)).toBe(false);
    expect(isContradiction(two, one)).toBe(false);
    expect(isContradiction(one, { ...two, sequence: 3 })).toBe(false);
    expect(isContradiction(one, one)).toBe(false);
  });

  it("two slips with one number, or a neighbour of another slip, contradict", () => {
    expect(isContradiction(one, { ...one, digest: two.digest })).toBe(true);
    expect(isContradiction(one, { ...two, previous: two.digest })).toBe(true);
    expect(isContradiction({ ...two, previous: undefined }, one)).toBe(true);
  });
});
