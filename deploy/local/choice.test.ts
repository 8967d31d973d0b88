import { describe, expect, it } from "vitest";

import { codeOf } from "../../test/kit/code-of.ts";
import { parseHubs, parseStartChoice } from "./choice.ts";
import { renderNextSteps } from "./next-steps.ts";
import { planRegion } from "./plan.ts";

const plan = planRegion(0);

describe("what npm start starts", () => {
  it("is everybody who is planned", () => {
    expect(parseStartChoice([], plan)).toEqual({ leftOut: [], running: plan.agencies });
  });

  it("is everybody but the countries left out, each with all of its agencies", () => {
    const { leftOut, running } = parseStartChoice(
      ["--without", "gh", "--without=sn", "--without", "gh"],
      plan,
    );
    expect(leftOut).toEqual(["gh", "sn"]);
    expect(running.map(({ agency }) => agency)).toEqual(
      plan.agencies.map(({ agency }) => agency).filter((one) => !/^(?:gh|sn)\//.test(one)),
    );
    expect(running.length).toBeLessThan(plan.agencies.length);
  });

  it("has one hub, or two where that is asked for", () => {
    expect([parseHubs([]), parseHubs(["--hubs", "2"]), parseHubs(["--without", "gh", "--hubs=1"])]).toEqual([1, 2, 1]);
    for (const hubs of ["0", "3", "two", ""]) expect(codeOf(() => parseHubs(["--hubs", hubs]))).toBe("CONFIG_INVALID");
    expect(parseStartChoice(["--hubs", "2"], plan).leftOut).toEqual([]);
  }); // prettier-ignore

  it.each([
    ["a country that is not there", ["--without", "zz"]],
    ["no country", ["--without"]],
    ["another word", ["gh"]],
    ["another option", ["--with", "gh"]],
    ["everybody left out", plan.agencies.flatMap(({ authority }) => ["--without", authority])],
  ])("%s is refused before anything is started", (_, args) => {
    expect(codeOf(() => parseStartChoice(args, plan))).toBe("CONFIG_INVALID");
  });

  it("who is left out is told how to be played", () => {
    const home = ".atumpan";
    const told = renderNextSteps({ agencies: 40, hubs: 1, leftOut: ["gh"], home });
    expect(told).toContain("npx atumpan simulate country gh --flap\n");
    expect(told).toContain("40 agencies");
    const all = renderNextSteps({
      agencies: 42,
      hubs: 1,
      leftOut: [],
      home,
      desk: { agency: "gh/tcu", port: 7_412 },
    });
    expect(all).not.toContain("simulate");
    expect(all).toContain("http://localhost:7412/console/");
  });
});
