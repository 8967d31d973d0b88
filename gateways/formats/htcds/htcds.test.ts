import { describe, expect, it } from "vitest";

import { codeList, descriptors } from "../../../schemas/index.ts";
import { perpetratorRow, said, throughMessages, victimRow } from "./fixtures/rows.ts";
import { type HtcdsRecord, htcdsNames, readHtcds } from "./index.ts";

const without = (record: HtcdsRecord, ...prefixes: readonly string[]): HtcdsRecord =>
  Object.fromEntries(
    Object.entries(record).filter(([name]) => !prefixes.some((prefix) => name.startsWith(prefix))),
  );

describe("every field of HTCDS 2.0 goes through our messages and back (T15)", () => {
  it("a victim's row is the same afterwards", () => {
    expect(throughMessages(victimRow)).toEqual(victimRow);
  });

  it("a perpetrator's row is the same afterwards", () => {
    expect(throughMessages(perpetratorRow, { personRef: "MZ-P-9" })).toEqual(perpetratorRow);
  });

  it("the two rows together have every field there is a place for", () => {
    const names = new Set([...Object.keys(victimRow), ...Object.keys(perpetratorRow)]);
    expect([...names].toSorted()).toEqual(htcdsNames);
    expect(htcdsNames).toHaveLength(81);
  });

  it("every value of every picklist is the same afterwards", () => {
    const coded = Object.values(descriptors).flatMap(({ fields }) =>
      fields.filter(({ htcds, code }) => htcds !== undefined && code !== undefined),
    );
    expect(coded.length).toBeGreaterThan(15);
    for (const { htcds = "", code = "", repeated } of coded) {
      const spellings = Object.values(codeList(code)?.also ?? {}).flatMap(
        ({ HTCDS }) => HTCDS ?? [],
      );
      expect([htcds, spellings.length > 2]).toEqual([htcds, true]);
      const base = htcds.startsWith("per_") ? perpetratorRow : victimRow;
      const values = repeated ? [spellings.slice(0, 6)] : spellings;
      for (const value of values) {
        const record = { ...base, [htcds]: value };
        expect(throughMessages(record)[htcds]).toEqual(value);
      }
    }
  });

  it("a list of several events, comments and plans stays a list", () => {
    const record = {
      ...without(victimRow, "hte_", "spl_", "cco_"),
      HistoricTraffickingEvents: [
        { hte_Type: "Recruitment", hte_City: "Dakar", hte_Date: "2024-06" },
        { hte_Type: "Smuggling", hte_Country: "MLI", hte_Date: "rainy season" },
        { hte_Type: "Exploitation", hte_Country: "MW" },
      ],
      SupportPlans: [{ spl_Type: "Health" }, { spl_Type: "Legal", spl_ActualEndDate: "2027-01" }],
      CaseComments: [{ cco_CaseComment: "One." }, { cco_CaseComment: "Two." }],
    };
    expect(throughMessages(record)).toEqual(record);
  });

  it("few fields make few messages, and nothing is invented", () => {
    const record = { vic_TraffickingStatus: "PossibleVictimOfTrafficking", con_Consent: true };
    const { bodies } = readHtcds(record, said);
    expect(Object.keys(bodies)).toEqual(["tip.victim"]);
    expect(bodies["tip.victim"]).toMatchObject({
      decidedBy: "UNKNOWN",
      sex: "UNKNOWN",
      victimRef: "MW-V-26-0412",
    });
    expect(throughMessages(record)).toEqual(record);
  });

  it("a name goes into the identity, which is direct, and nowhere else", () => {
    const { bodies } = readHtcds(victimRow, said);
    expect(bodies["tip.identity"]).toMatchObject({
      firstName: "Awa",
      secondName: "N'Diaye-Traoré",
    });
    const others = Object.entries(bodies).filter(([type]) => type !== "tip.identity");
    expect(JSON.stringify(others)).not.toMatch(/Diaye|Awa|2007-04|770000041/);
  });
});
