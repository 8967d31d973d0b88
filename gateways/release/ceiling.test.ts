import { describe, expect, it } from "vitest";

import { ceilingShape, checkCeiling, findAboveCeiling, findClaimedAbove } from "./ceiling.ts";

const classified = (scheme: string, code: string) => ({
  classification: { scheme, code, mapped: [] },
});
const interpol = { classifications: [{ scheme: "INTERPOL", codes: ["RESTRICTED"] }] };

function pathsOf(...args: Parameters<typeof findAboveCeiling>): readonly string[] {
  return findAboveCeiling(...args).map(({ path, code }) => `${path} ${code}`);
}

describe("what a deployment may carry (T37)", () => {
  it("is everything that is unclassified, when the operator says nothing", () => {
    for (const handling of ["H0", "H1", "H2", "H3"]) {
      expect(findAboveCeiling({ handling, inner: {} })).toEqual([]);
      expect(findAboveCeiling({ handling, inner: classified("UN", "UNCLASSIFIED") })).toEqual([]);
    }
  });

  it("is nothing classified that the operator did not name, by its scheme and its code", () => {
    const above = ["/inner/classification DEPLOYMENT_CEILING"];
    const said = { handling: "H1", inner: classified("INTERPOL", "RESTRICTED") };
    expect(pathsOf(said)).toEqual(above);
    expect(pathsOf(said, interpol)).toEqual([]);
    expect(pathsOf({ ...said, inner: classified("INTERPOL", "CONFIDENTIAL") }, interpol)).toEqual(above); // prettier-ignore
    expect(pathsOf({ ...said, inner: classified("UN", "RESTRICTED") }, interpol)).toEqual(above);
  });

  it("is no handling above the operator's", () => {
    const told = (handling: string) => pathsOf({ handling, inner: {} }, { handling: "H1" });
    expect(["H0", "H1", "H2", "H3"].map(told)).toEqual([
      [],
      [],
      ["/handling DEPLOYMENT_CEILING"],
      ["/handling DEPLOYMENT_CEILING"],
    ]);
  });

  it("is asked of what comes as of what is sent, and says which field without saying what stands there", () => {
    const came = { handling: "H1", inner: classified("EU", "S-UE") };
    expect(() => checkCeiling(came, undefined)).toThrow(expect.objectContaining({ code: "DEPLOYMENT_CEILING", detail: expect.not.stringContaining("S-UE") as string })); // prettier-ignore
    expect(() => checkCeiling({ ...came, inner: {} }, undefined)).not.toThrow();
  });

  it.each<readonly [string, unknown, number]>([
    ["a level without its scheme", { inner: { classification: { code: "SECRET" } } }, 1],
    ["a level beside what is wrong", { handling: 7, inner: { caseRef: [], classification: { scheme: "UN", code: "SECRET" } } }, 1],
    ["a level and a handling", { handling: "H3", inner: { classification: { scheme: "UN", code: "SECRET" } } }, 2],
    ["a level that is cleared", { inner: { classification: { scheme: "INTERPOL", code: "RESTRICTED" } } }, 0],
    ["no level yet", { inner: { classification: {} } }, 0],
    ["no inner header", { inner: "SECRET" }, 0],
    ["no submission", "SECRET", 0],
  ])("reads of a text that is being written what can be read: %s", (_, json, count) => {
    expect(findClaimedAbove(json, { ...interpol, handling: "H2" })).toHaveLength(count);
  }); // prettier-ignore

  it("is named by the operator in words that are read strictly", () => {
    expect(ceilingShape.safeParse(interpol).success).toBe(true);
    for (const wrong of [{ handling: "H4" }, { classifications: [{ scheme: "UN", codes: [] }] }, { more: 1 }]) {
      expect(ceilingShape.safeParse(wrong).success).toBe(false);
    }
  }); // prettier-ignore
});
