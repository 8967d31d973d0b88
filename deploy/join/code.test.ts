import { describe, expect, it } from "vitest";

import { systemChance } from "../../schemas/ground/index.ts";
import { makeCode, parseCode } from "./code.ts";

const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

function codeOf(work: () => unknown): string {
  try {
    work();
    return "none";
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : "other";
  }
}

describe("the code of a join kit", () => {
  it("is four groups of four, and is read back as it was drawn", () => {
    for (let n = 0; n < 200; n += 1) {
      const code = makeCode(systemChance);
      expect(code).toMatch(/^(?:[0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/);
      expect(parseCode(code)).toBe(code);
    }
  });

  it("is read as people write it: small, with spaces or without, O for 0, I and L for 1", () => {
    const zero = { ...systemChance, bytes: (count: number) => new Uint8Array(count).fill(1) };
    const code = makeCode(zero);
    expect(parseCode(` ${code.toLowerCase().replaceAll("-", " ")}\n`)).toBe(code);
    expect(parseCode(code.replaceAll("-", ""))).toBe(code);
    expect(parseCode(code.replaceAll("1", "l"))).toBe(code);
    expect(parseCode(code.replaceAll("1", "I"))).toBe(code);
  });

  it("has seventy-five bits: every one of its fifteen letters takes all thirty-two values", () => {
    const seen = Array.from({ length: 15 }, () => new Set<string>());
    for (let n = 0; n < 2_000; n += 1) {
      const letters = makeCode(systemChance).replaceAll("-", "");
      for (const [at, set] of seen.entries()) set.add(letters[at] ?? "");
    }
    expect(seen.map(({ size }) => size)).toEqual(Array.from({ length: 15 }, () => 32));
  });

  it("one letter that is wrong is found, wherever it stands and whatever it became", () => {
    const letters = makeCode(systemChance).replaceAll("-", "");
    for (let at = 0; at < 16; at += 1) {
      for (const other of alphabet) {
        if (other === letters[at]) continue;
        const typed = `${letters.slice(0, at)}${other}${letters.slice(at + 1)}`;
        expect(codeOf(() => parseCode(typed))).toBe("KIT_CODE_WRONG");
      }
    }
  });

  it("two letters that changed places are found, wherever they stand", () => {
    const letters = makeCode(systemChance).replaceAll("-", "").split("");
    for (let one = 0; one < 16; one += 1) {
      for (let two = one + 1; two < 16; two += 1) {
        if (letters[one] === letters[two]) continue;
        const typed = letters.with(one, letters[two]!).with(two, letters[one]!).join("");
        expect(codeOf(() => parseCode(typed))).toBe("KIT_CODE_WRONG");
      }
    }
  });

  it.each(["", "7K3M", "7K3M-9QXD-2VWT-H0EP-1", "!!!!-!!!!-!!!!-!!!!", "é".repeat(16), "7".repeat(100_000)])(
    "%j is none",
    (typed) => {
      expect(codeOf(() => parseCode(typed))).toBe("KIT_CODE_WRONG");
    },
  ); // prettier-ignore
});
