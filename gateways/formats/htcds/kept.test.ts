import { describe, expect, it } from "vitest";

import { parseBody } from "../../../schemas/index.ts";
import { Fault } from "../../../schemas/ground/index.ts";
import { bodyOf, perpetratorRow, said, throughMessages, victimRow } from "./fixtures/rows.ts";
import { readHtcds, writeHtcds } from "./index.ts";

describe("a value the standard does not know (T16)", () => {
  it("stands as OTHER and comes back in its own spelling, in its own place", () => {
    const value = ["DebtBondage", "JujuOath", "FalsePromises"];
    const record = { ...victimRow, vic_MethodsOfControl: value };
    expect(bodyOf(record, "tip.victim")).toMatchObject({
      meansOfControl: ["DEBT_BONDAGE", "OTHER", "FALSE_PROMISES"],
      sourceValues: [
        {
          scheme: "HTCDS vic_MethodsOfControl",
          version: "2.0",
          code: "JujuOath",
          mapped: [{ list: "TIP_MEANS", code: "OTHER", quality: "BROADER" }],
        },
      ],
    });
    expect(throughMessages(record)).toEqual(record);
  });

  it("comes back beside the standard's own Other", () => {
    for (const value of [["Other", "JujuOath"], ["JujuOath"], ["Other"], ["JujuOath", "Curse"]]) {
      const record = { ...victimRow, vic_MethodsOfControl: value };
      expect(throughMessages(record)["vic_MethodsOfControl"]).toEqual(value);
    }
  });

  it("stands as UNKNOWN where the list has no OTHER", () => {
    const record = { ...victimRow, vic_TraffickingStatus: "PresumedByHelpline" };
    expect(bodyOf(record, "tip.victim")).toMatchObject({ traffickingStatus: "UNKNOWN" });
    expect(throughMessages(record)).toEqual(record);
  });

  it.each([
    ["prs_MobilePhone", "077 000 0041"],
    ["prs_Birthdate", "about 2007"],
    ["prs_Birthdate", "2007-02-30"],
    ["prs_MailingCountry", "SEN"],
    ["prs_MailingCountry", "Sénégal"],
    ["prs_PrimaryLanguage", "Wolof"],
    ["vic_AgeWhenTrafficked", "17 or 18"],
    ["vic_AgeWhenTrafficked", "017"],
    ["prs_Deceased", "not known"],
    ["prs_Deceased", "no"],
    ["org_ShippingLatitude", 95],
    ["prs_MailingLatitude", "14.7910"],
  ])("%s %s comes back as it was written", (name, value) => {
    const record = { ...victimRow, [name]: value };
    expect(throughMessages(record)).toEqual(record);
  });

  it("countries of three letters are understood and come back as they were", () => {
    const record = { ...victimRow, prs_Citizenship: ["SEN", "ML", "stateless"] };
    expect(bodyOf(record, "tip.victim")).toMatchObject({ citizenships: ["SN", "ML"] });
    expect(throughMessages(record)).toEqual(record);
  });

  it("that is too long to keep is refused with the name of its field, not its content", () => {
    const record = { ...victimRow, vic_MethodsOfControl: ["x".repeat(61)] };
    const read = (): unknown => readHtcds(record, said);
    expect(read).toThrow(Fault);
    expect(read).toThrow(/vic_MethodsOfControl.*60 characters/);
    expect(read).not.toThrow(/xxx/);
  });
});

describe("what is not carried is told", () => {
  it("deprecated fields, fields of the source's own and a victim's fields in a perpetrator's row", () => {
    const deprecated = { vic_Vulnerabilities: ["Poverty"], shelter_bed: "12" };
    expect(readHtcds({ ...victimRow, ...deprecated }, said).leftOut).toEqual([
      "vic_Vulnerabilities",
      "shelter_bed",
    ]);
    expect(readHtcds({ ...perpetratorRow, con_Consent: true }, said).leftOut).toEqual([
      "con_Consent",
    ]);
    expect(readHtcds(victimRow, said).leftOut).toEqual([]);
  });

  it("a row about a victim and a perpetrator at once is refused", () => {
    const both = { ...victimRow, per_RoleInProcess: ["Exploiter"] };
    expect(() => readHtcds(both, said)).toThrow(/one row for the victim/);
  });

  it("a victim's row without a word on consent is refused by the schema", () => {
    const body = bodyOf({ ...victimRow, con_Consent: "" }, "tip.victim");
    expect(() => parseBody("tip.victim", body)).toThrow(/given is missing/);
  });
});

describe("a perpetrator", () => {
  it("becomes a person others can look for, and a profile that can be counted", () => {
    expect(bodyOf(perpetratorRow, "tip.perpetrator")).toMatchObject({
      processRoles: ["RECRUITER_OR_INTERMEDIARY", "HARBOURED_INDIVIDUAL"],
      memberOf: "Example Recruiting Ltd",
      profile: { role: "SUSPECT", sex: "M", nationality: "MZ" },
      person: {
        names: [{ full: "João da Silva", family: "da Silva", given: ["João"] }],
        birth: { year: 1979 },
        nationalities: ["MZ", "PT"],
      },
    });
  });

  it("whom we wrote ourselves is written in the standard's names", () => {
    const person = {
      sex: "F",
      names: [{ full: "ወርቅነህ", kind: "LEGAL" }],
      birth: { year: 1988, month: 2, day: 9 },
      nationalities: ["ET"],
    };
    expect(writeHtcds({ "tip.perpetrator": { processRoles: ["EXPLOITER"], person } })).toEqual({
      per_RoleInProcess: ["Exploiter"],
      prs_SecondName: "ወርቅነህ",
      prs_Birthdate: "1988-02-09",
      prs_Gender: "Feminine",
      prs_Citizenship: ["ET"],
    });
  });
});
