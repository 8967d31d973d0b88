import { describe, expect, it } from "vitest";

import { parseBody } from "../../body/index.ts";
import { exampleOf } from "../../examples/index.ts";
import { type Bodies, descriptors } from "../../gen/index.ts";
import { findBroken } from "../rule.ts";
import { containersCheck } from "./container.ts";

const message = descriptors["SeizureReport"]!;
const seizure = parseBody("seizure.report", exampleOf("seizure.report").body);

function broken(...containers: readonly (string | undefined)[]): readonly string[] {
  const consignment = seizure.consignments[0]!;
  const body: Bodies["seizure.report"] = {
    ...seizure,
    consignments: containers.map((container) => ({ ...consignment, container })),
  };
  return findBroken([containersCheck], { message, form: "SEALED", body }).map(
    ({ code, path }) => `${code} ${path}`,
  );
}

describe("container numbers", () => {
  // CSQU3054383 is the worked example of ISO 6346; the sums of the others were made by hand
  it.each(["CSQU3054383", "ATMU6140279", "ATMU7205836"])("%s checks", (container) => {
    expect(broken(container)).toEqual([]);
  });

  it("a remainder of 10 is written 0", () => {
    expect(broken("ATMU0000080")).toEqual([]);
  });

  it.each([
    ["a wrong check digit", "CSQU3054384"],
    ["two digits exchanged", "CSQU3045383"],
    ["no check digit", "CSQU305438"],
    ["an unknown category", "CSQX3054383"],
    ["small letters", "csqu3054383"],
    ["a space", "CSQU 305438"],
    ["nothing", ""],
  ])("%s is refused", (_, container) => {
    expect(broken(container)).toEqual(["RULE_CONTAINER_CHECK_DIGIT /consignments/0/container"]);
  });

  it("each consignment is looked at, and one without a container has nothing to check", () => {
    expect(broken(undefined, "CSQU3054384", "CSQU3054383", "CSQU3054385")).toEqual([
      "RULE_CONTAINER_CHECK_DIGIT /consignments/1/container",
      "RULE_CONTAINER_CHECK_DIGIT /consignments/3/container",
    ]);
  });

  it("a consignment is found at any depth", () => {
    const warning = parseBody("target.warning", exampleOf("target.warning").body);
    const consignment = { ...warning.subject.consignment!, container: "ATMU6140278" };
    const body = { ...warning, subject: { consignment } };
    const context = { message: descriptors["TargetWarning"]!, form: "SEALED", body };
    expect(findBroken([containersCheck], context).map(({ path }) => path)).toEqual([
      "/subject/consignment/container",
    ]);
  });
});
