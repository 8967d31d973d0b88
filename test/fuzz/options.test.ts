import { describe, expect, it } from "vitest";

import { makeSeededChance } from "../../schemas/ground/index.ts";
import { parseOptions } from "./options.ts";

const chance = makeSeededChance("options");

describe("the command line of fuzzing", () => {
  it("is read, and a seed is drawn when none is given", () => {
    const args = ["--seconds", "5", "--target", "certs/", "--seed", "7:30"];
    expect(parseOptions(args, chance)).toMatchObject({
      seconds: 5,
      target: "certs/",
      seed: 7,
      from: 30,
    });
    const usual = parseOptions([], chance);
    expect(usual).toMatchObject({ seconds: 120, from: 0 });
    expect(usual.runs).toBeUndefined();
    expect(parseOptions([], chance).seed).not.toBe(usual.seed);
  });

  it("says how many runs each target has", () => {
    expect(parseOptions(["--runs", "1000000"], chance)).toMatchObject({ runs: 1_000_000 });
  });

  it.each([
    [["--seconds", "0"]],
    [["--runs", "0"]],
    [["--runs", "1e6"]],
    [["--runs", "5", "--seconds", "5"]],
    [["--seed", "x"]],
    [["--seed", "1:2:3"]],
    [["--what"]],
  ])("%j is refused", (args) => {
    expect(() => parseOptions(args, chance)).toThrow(Error);
  });
});
