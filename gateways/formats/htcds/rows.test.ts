import { describe, expect, it } from "vitest";

import { type HtcdsRow, readHtcdsRows, renderHtcdsCells } from "./index.ts";

async function* pieces(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text);
}

async function rowsOf(text: string): Promise<readonly HtcdsRow[]> {
  const rows: HtcdsRow[] = [];
  for await (const row of readHtcdsRows(pieces(text))) rows.push(row);
  return rows;
}

const header = "prs_FirstName,prs_SecondName,vic_MethodsOfControl,con_Consent";

describe("readHtcdsRows", () => {
  it("a row becomes a record without its empty cells", async () => {
    expect(
      await rowsOf(`${header}\n"Awa","N'Diaye",DebtBondage;JujuOath,TRUE\n,محمد بن سالم,,\n`),
    ).toEqual([
      {
        line: 2,
        record: {
          prs_FirstName: "Awa",
          prs_SecondName: "N'Diaye",
          vic_MethodsOfControl: "DebtBondage;JujuOath",
          con_Consent: "TRUE",
        },
      },
      { line: 3, record: { prs_SecondName: "محمد بن سالم" } },
    ]);
  });

  it("a malformed row is told with its line, and the next one follows", async () => {
    const rows = await rowsOf(`${header}\na,b,c\nAwa,,,TRUE\n`);
    expect(rows).toMatchObject([
      { line: 2, fault: { code: "IMPORT_ROW_MALFORMED" } },
      { line: 3, record: { prs_FirstName: "Awa" } },
    ]);
  });

  it("the toolkit's own misspelling of a field is understood", async () => {
    const [row] = await rowsOf("vic_TraffickinStatusDecisionMakingOrg\nPolice\n");
    expect(row).toMatchObject({ record: { vic_TraffickingStatusDecisionMakingOrg: "Police" } });
  });

  it.each([
    ["", /empty/],
    ["name,age\nAwa,17\n", /no field name of HTCDS/],
    ["prs_FirstName,prs_FirstName\na,b\n", /twice/],
  ])("a file such as %j is refused", async (text, why) => {
    await expect(rowsOf(text)).rejects.toThrow(why);
  });
});

describe("renderHtcdsCells", () => {
  const columns = header.split(",");

  it("is the inverse of reading a row", () => {
    const record = { prs_FirstName: "Awa", vic_MethodsOfControl: ["A", "B"], con_Consent: true };
    expect(renderHtcdsCells(record, columns)).toEqual(["Awa", "", "A;B", "TRUE"]);
  });

  it("a field without a column is refused, not dropped", () => {
    expect(() => renderHtcdsCells({ cas_Status: "Active" }, columns)).toThrow(/cas_Status/);
  });

  it("a section of several records has no place in a row", () => {
    const record = { HistoricTraffickingEvents: [{ hte_Type: "Transit" }] };
    expect(() => renderHtcdsCells(record, ["HistoricTraffickingEvents"])).toThrow(/one event/);
  });
});
