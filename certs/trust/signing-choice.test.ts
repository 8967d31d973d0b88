import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { AlgorithmRule } from "../../schemas/index.ts";
import { isFault } from "../../schemas/ground/index.ts";
import { signaturePolicy, singleAlgorithms } from "./signature-policy.ts";
import { algorithmsToSign, algorithmToSignOne } from "./signing-choice.ts";

const day = 86_400_000;
const now = 1_780_272_000_000;
const all = ["ES256", "EdDSA", "ML-DSA-65"];

function register(...algorithms: readonly Omit<AlgorithmRule, "use">[]): {
  readonly algorithms: readonly AlgorithmRule[];
} {
  return { algorithms: algorithms.map((line) => ({ use: "SIGNATURE", ...line })) };
}

function isKeyMissing(act: () => unknown): boolean {
  try {
    act();
    return false;
  } catch (error) {
    return isFault(error, "SIGNATURE_KEY_MISSING");
  }
}

describe("what an agency signs with", () => {
  const either = register({ name: "EdDSA", from: 0 }, { name: "ES256", from: 0 });
  const both = register(
    { name: "ES256", from: 0, isRequired: true },
    { name: "EdDSA", from: 0 },
    { name: "ML-DSA-65", from: 0, isRequired: true },
  );

  it("is the first allowed algorithm it has a key for, where none is required", () => {
    expect(algorithmsToSign(either, now, all)).toEqual(["EdDSA"]);
    expect(algorithmsToSign(either, now, ["ES256"])).toEqual(["ES256"]);
    expect(algorithmToSignOne(either, now, ["ML-DSA-65", "ES256"])).toBe("ES256");
  });

  it("is all that are required and no more, in the register's order", () => {
    expect(algorithmsToSign(both, now, all.toReversed())).toEqual(["ES256", "ML-DSA-65"]);
  });

  it("in a statement with room for one, is the first of those required that it has", () => {
    expect(algorithmToSignOne(both, now, all)).toBe("ES256");
    expect(algorithmToSignOne(both, now, ["EdDSA", "ML-DSA-65"])).toBe("ML-DSA-65");
  });

  it("is nothing without a key for all that are required, or for any that is allowed", () => {
    expect(isKeyMissing(() => algorithmsToSign(both, now, ["ES256", "EdDSA"]))).toBe(true);
    expect(isKeyMissing(() => algorithmsToSign(either, now, ["ML-DSA-65"]))).toBe(true);
    expect(isKeyMissing(() => algorithmsToSign(register(), now, all))).toBe(true);
    expect(isKeyMissing(() => algorithmToSignOne(both, now, ["EdDSA"]))).toBe(true);
    expect(isKeyMissing(() => algorithmToSignOne(register(), now, all))).toBe(true);
  });

  it("includes what will be required within a week, once it is allowed and there is a key for it", () => {
    const announced = (inMs: number): ReturnType<typeof register> =>
      register(
        { name: "ES256", from: 0 },
        { name: "ML-DSA-65", from: now },
        { name: "ML-DSA-65", from: now + inMs, isRequired: true },
        { name: "ES256", from: now + inMs, isRequired: true },
      );
    expect(algorithmsToSign(announced(7 * day), now, all)).toEqual(["ES256", "ML-DSA-65"]);
    expect(algorithmsToSign(announced(7 * day), now, ["ES256"])).toEqual(["ES256"]);
    expect(algorithmsToSign(announced(7 * day + 1), now, all)).toEqual(["ES256"]);
    expect(algorithmsToSign(announced(7 * day), now - 1, all)).toEqual(["ES256"]);
  });

  it("is rather one that does not end within a week, so that nothing under way is refused", () => {
    const ending = register(
      { name: "ES256", from: 0, until: now + day },
      { name: "EdDSA", from: 0 },
    );
    expect(algorithmsToSign(ending, now, all)).toEqual(["EdDSA"]);
    expect(algorithmToSignOne(ending, now, all)).toBe("EdDSA");
    expect(algorithmsToSign(ending, now, ["ES256"])).toEqual(["ES256"]);
    expect(algorithmToSignOne(ending, now, ["ES256"])).toBe("ES256");
    expect(algorithmsToSign(ending, now - 7 * day, all)).toEqual(["ES256"]);
  });

  const time = fc.integer({ min: 0, max: 14 }).map((days) => now + days * day);
  const line = fc.record({
    name: fc.constantFrom(...all),
    isRequired: fc.constantFrom(undefined, true),
    from: time,
    until: fc.option(time, { nil: undefined }),
  });

  it("is always what receivers accept at that moment, for any lines and keys", () => {
    const lines = fc.array(line, { maxLength: 8 });
    fc.assert(
      fc.property(lines, fc.subarray(all), time, (some, held, at) => {
        const policy = signaturePolicy(register(...some), [at]);
        const one = singleAlgorithms(register(...some), [at]);
        let chosen: readonly string[] = [];
        const lacks = isKeyMissing(() => (chosen = algorithmsToSign(register(...some), at, held)));
        const { allowed, required } = policy;
        const canSign = required.every((name) => held.includes(name)) && allowed.some((name) => held.includes(name)); // prettier-ignore
        expect(lacks).toBe(!canSign);
        expect(chosen.every((name) => allowed.includes(name) && held.includes(name))).toBe(true);
        if (canSign) expect(required.every((name) => chosen.includes(name))).toBe(true);
        const lacksOne = isKeyMissing(() => algorithmToSignOne(register(...some), at, held));
        expect(lacksOne).toBe(!one.some((name) => held.includes(name)));
        if (!lacksOne) expect(one).toContain(algorithmToSignOne(register(...some), at, held));
      }),
    );
  });
});
