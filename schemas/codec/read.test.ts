import { describe, expect, it } from "vitest";

import { type Bytes, Fault } from "../ground/index.ts";
import { decode, readNumbers } from "./read.ts";

/** Field 1 as a list of numbers, and nothing else. */
function numbersIn(hex: string): readonly number[] {
  const bytes: Bytes = Buffer.from(hex, "hex");
  return decode(bytes, (r, end) => {
    const found: number[] = [];
    while (r.pos < end) readNumbers(r, r.uint32(), found);
    return found;
  });
}

function codeOf(hex: string): string {
  try {
    numbersIn(hex);
    return "taken";
  } catch (error) {
    return error instanceof Fault ? error.code : String(error);
  }
}

describe("readNumbers", () => {
  it("reads them one by one and packed, mixed too", () => {
    expect(numbersIn("0805080f")).toEqual([5, 15]);
    expect(numbersIn("0a0305ac02")).toEqual([5, 300]);
    expect(numbersIn("08070a0108")).toEqual([7, 8]);
  });

  it.each([
    ["eight bytes", "090105"],
    ["the start of a group", "0b0105"],
    ["the end of a group", "0c0105"],
    ["four bytes", "0d0105"],
    ["no kind there is", "0e0105"],
  ])("a list said to be %s is refused, though it could be read as packed", (_, hex) => {
    expect(codeOf(hex)).toBe("CODEC_MALFORMED");
  });

  it("a packed list that ends inside a number, or beyond its message, is refused", () => {
    expect(codeOf("0a0180")).toBe("CODEC_MALFORMED");
    expect(codeOf("0a0501")).toBe("CODEC_MALFORMED");
  });
});
