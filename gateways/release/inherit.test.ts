import { describe, expect, it } from "vitest";

import { type InnerHeader, parseBody, parseInnerHeader } from "../../schemas/index.ts";
import { exampleOf } from "../../test/kit/api-world.ts";
import { findGivenToKept } from "./inherit.ts";

const fromSenegal = parseInnerHeader({ protectedFrom: ["SN"], excludedRecipients: ["gh/court"] });

function found(inner: InnerHeader, change: object): readonly string[] {
  const type = "request.information";
  const body = parseBody(type, { ...exampleOf(type).body, ...change });
  return findGivenToKept({ type, body }, inner).map(({ path, code }) => `${path} ${code}`);
}

describe("a request that says who shall see the reply as well", () => {
  const purpose = "INVESTIGATION";

  it.each([
    ["an agency of the state", { agency: "sn/court", purpose }, "agency"],
    ["the state", { agencyKind: "COURT", country: "SN", purpose }, "country"],
    ["an agency that is kept from it", { agency: "gh/court", purpose }, "agency"],
  ])("names nobody whom it is kept from: %s", (...[, one, field]) => {
    expect(found(fromSenegal, { intendedRecipients: [one] })).toEqual([
      `/intendedRecipients/0/${field} RULE_RECIPIENT_KEPT_FROM`,
    ]);
  });

  it("may name others, and anybody where it is kept from nobody", () => {
    const others = [{ agency: "ng/court", purpose }, { agencyKind: "COURT", country: "GH", purpose }]; // prettier-ignore
    expect(found(fromSenegal, { intendedRecipients: others })).toEqual([]);
    const all = [{ agency: "sn/court", purpose }];
    expect(found(parseInnerHeader({}), { intendedRecipients: all })).toEqual([]);
  });
});

describe("evidence, a victim's identity and a referral", () => {
  it.each([
    ["evidence.transfer", "to"],
    ["tip.identity", "toAgency"],
    ["tip.referral", "toAgency"],
  ] as const)("%s is for nobody whom it is kept from", (type, field) => {
    const { body: example } = exampleOf(type);
    const body = parseBody(type, { ...example, [field]: "sn/tcu" });
    const given = findGivenToKept({ type, body }, fromSenegal);
    expect(given.map(({ path }) => path)).toEqual([`/${field}`]);
    const other = parseBody(type, { ...example, [field]: "ng/tcu" });
    expect(findGivenToKept({ type, body: other }, fromSenegal)).toEqual([]);
  });
});
