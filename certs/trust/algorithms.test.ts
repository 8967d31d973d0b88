import { describe, expect, it } from "vitest";

import type { AlgorithmRule } from "../../schemas/index.ts";
import { algorithmsFor, sealSuiteFor } from "./algorithms.ts";

const at = 1_780_272_000_000;

function register(...lines: readonly (readonly [string, string, number?, number?])[]): {
  readonly algorithms: readonly AlgorithmRule[];
} {
  return { algorithms: lines.map(([use, name, from = 0, until]) => ({ use, name, from, until })) };
}

const agreement = ["KEY_AGREEMENT", "ECDH-ES+A256KW"] as const;
const content = ["CONTENT", "A256GCM"] as const;

describe("algorithms in force", () => {
  it("are those of their use and time, in the register's order", () => {
    const lines = register(
      ["SIGNATURE", "EdDSA", at],
      ["SIGNATURE", "ES256", 0, at],
      ["CONTENT", "A256GCM"],
      ["SIGNATURE", "ML-DSA-65"],
    );
    expect(algorithmsFor(lines, "SIGNATURE", at)).toEqual(["EdDSA", "ML-DSA-65"]);
    expect(algorithmsFor(lines, "SIGNATURE", at - 1)).toEqual(["ES256", "ML-DSA-65"]);
    expect(algorithmsFor(lines, "KEY_AGREEMENT", at)).toEqual([]);
  });
});

describe("how a body is sealed", () => {
  it("is by the first content encryption that is in force and that we know", () => {
    const unknown = ["CONTENT", "A256SIV"] as const;
    const cbc = ["CONTENT", "A256CBC-HS512"] as const;
    expect(sealSuiteFor(register(agreement, content, cbc), at)?.enc).toBe("A256GCM");
    expect(sealSuiteFor(register(agreement, unknown, cbc, content), at)?.enc).toBe("A256CBC-HS512");
    expect(sealSuiteFor(register(agreement, ["CONTENT", "A256GCM", 0, at], cbc), at)?.enc).toBe("A256CBC-HS512"); // prettier-ignore
    expect(sealSuiteFor(register(agreement, ["CONTENT", "A256GCM", 0, at], cbc), at - 1)?.enc).toBe("A256GCM"); // prettier-ignore
  });

  it("is not at all without a line for each half", () => {
    expect(sealSuiteFor(register(agreement), at)).toBeUndefined();
    expect(sealSuiteFor(register(content), at)).toBeUndefined();
    expect(sealSuiteFor(register(content, ["KEY_AGREEMENT", "ECDH-ES"]), at)).toBeUndefined();
    expect(sealSuiteFor(register(content, ["KEY_AGREEMENT", "X25519"]), at)).toBeUndefined();
    expect(sealSuiteFor(register(agreement, content, ["SIGNATURE", "ES256"]), -1)).toBeUndefined();
  });

  it("is to keys of the curves that lines name, in their order, or of either where none does", () => {
    const x = ["KEY_AGREEMENT", "X25519"] as const;
    const p = ["KEY_AGREEMENT", "P-256"] as const;
    const curves = (...lines: readonly (readonly [string, string])[]): unknown =>
      sealSuiteFor(register(agreement, content, ...lines), at)?.curves;
    expect(curves()).toEqual(["P-256", "X25519"]);
    expect(curves(x)).toEqual(["X25519"]);
    expect(curves(x, p)).toEqual(["X25519", "P-256"]);
  });
});
