import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { AlgorithmRule } from "../../schemas/index.ts";
import { algorithmsFor } from "./algorithms.ts";
import {
  policyChanges,
  readingTime,
  signaturePolicy,
  singleAlgorithms,
} from "./signature-policy.ts";

const from = 1_780_272_000_000;
const until = from + 1000;

function register(...algorithms: readonly Omit<AlgorithmRule, "use">[]): {
  readonly algorithms: readonly AlgorithmRule[];
} {
  return { algorithms: algorithms.map((line) => ({ use: "SIGNATURE", ...line })) };
}

describe("what the register asks of signatures", () => {
  const dated = register(
    { name: "ES256", from: 0, until },
    { name: "ML-DSA-65", from, isRequired: true },
  );

  it("a line counts from its first millisecond until just before its last", () => {
    const at = (time: number): unknown => signaturePolicy(dated, [time]);
    expect(at(from - 1)).toMatchObject({ allowed: ["ES256"], required: [] });
    expect(at(from)).toMatchObject({ allowed: ["ES256", "ML-DSA-65"], required: ["ML-DSA-65"] });
    expect(at(until - 1)).toMatchObject({ allowed: ["ES256", "ML-DSA-65"] });
    expect(at(until)).toMatchObject({ allowed: ["ML-DSA-65"], required: ["ML-DSA-65"] });
  });

  it("of several moments, what each allows is allowed and what any requires is required", () => {
    expect(signaturePolicy(dated, [from - 1, from])).toEqual({
      allowed: ["ES256"],
      required: ["ML-DSA-65"],
    });
    expect(signaturePolicy(dated, [until, from - 1]).allowed).toEqual([]);
  });

  it("without a moment, before every line, and at no moment at all, nothing is allowed", () => {
    for (const times of [[], [-1], [Number.NaN]]) {
      expect(signaturePolicy(dated, times)).toMatchObject({ allowed: [], required: [] });
      expect(singleAlgorithms(dated, times)).toEqual([]);
    }
  });

  it("lines of other uses say nothing of signatures, and a name that stands twice is one", () => {
    const mixed = {
      algorithms: [
        { use: "CONTENT", name: "A256GCM", from: 0, isRequired: true },
        ...register({ name: "ES256", from: 0 }, { name: "ES256", from: 0, isRequired: true })
          .algorithms,
      ],
    };
    expect(signaturePolicy(mixed, [from])).toMatchObject({
      allowed: ["ES256"],
      required: ["ES256"],
    });
  });

  it("a statement with room for one signature is of one that is required, where any is", () => {
    expect(singleAlgorithms(dated, [from - 1])).toEqual(["ES256"]);
    expect(singleAlgorithms(dated, [from])).toEqual(["ML-DSA-65"]);
    expect(singleAlgorithms(dated, [from - 1, from])).toEqual([]);
    expect(singleAlgorithms(register({ name: "ES256", from: 0 }), [from, until])).toEqual([
      "ES256",
    ]);
  });

  it("changes are told after the one moment and up to the other", () => {
    expect(policyChanges(dated, from - 1, until)).toEqual([from, until]);
    expect(policyChanges(dated, from, until - 1)).toEqual([]);
  });

  const names = ["ES256", "EdDSA", "ML-DSA-65"] as const;
  const time = fc.integer({ min: 0, max: 12 });
  const line = fc.record({
    name: fc.constantFrom(...names),
    isRequired: fc.constantFrom(undefined, false, true),
    from: time,
    until: fc.option(time, { nil: undefined }),
  });

  it("is what a plain look at every line says, for any lines and moments", () => {
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 8 }),
        fc.array(time, { minLength: 1 }),
        (lines, times) => {
          const some = register(...lines);
          const { allowed, required } = signaturePolicy(some, times);
          const asked = {
            algorithms: some.algorithms.filter(({ isRequired }) => isRequired === true),
          };
          for (const name of names) {
            const isAllowed = times.every((at) =>
              algorithmsFor(some, "SIGNATURE", at).includes(name),
            );
            const isAsked = times.some((at) =>
              algorithmsFor(asked, "SIGNATURE", at).includes(name),
            );
            expect([allowed.includes(name), required.includes(name)]).toEqual([isAllowed, isAsked]);
          }
        },
      ),
    );
  });
});

describe("the moment a reader judges algorithms at", () => {
  const day = 86_400_000;

  it("is when the message says it was made, but never more than thirty days ago", () => {
    const now = from;
    expect(readingTime(now - 5, now)).toBe(now - 5);
    expect(readingTime(now - 30 * day, now)).toBe(now - 30 * day);
    expect(readingTime(now - 31 * day, now)).toBe(now - 30 * day);
    expect(readingTime(0, now)).toBe(now - 30 * day);
    expect(readingTime(now + 5, now)).toBe(now + 5);
  });
});
