import { describe, expect, it } from "vitest";

import { makeDice } from "../../test/kit/dice.ts";
import { chooseTables } from "./choose-tables.ts";
import { renderFiguresCsv } from "./export.ts";
import { parsePopulation } from "./index.ts";
import type { SourceTable, TableCell } from "./read-tables.ts";
import { makeSdg } from "./sdg.ts";
import { type FigureRow, type SumBy, sumFigures } from "./sum-figures.ts";
import { makeTipnet } from "./tipnet.ts";

let made = 0;

function table(country: string, cells: readonly Partial<TableCell>[], change: Partial<SourceTable> = {}): SourceTable {
  made += 1;
  return {
    id: `t${made}`, type: "tip.statistics", from: `${country.toLowerCase()}/tip`, country, entity: "Secretariat",
    periodFrom: "2026-01-01T00:00:00Z", periodTo: "2026-03-31T23:59:59Z", madeAt: made, provisional: false, smallest: 11,
    log: [{ origin: "atumpan/sadc/hub", index: made }], ...change,
    cells: cells.map((cell) => ({ indicator: "VICTIMS_DETECTED", under: {}, treatment: "EXACT", ...cell })),
  };
} // prettier-ignore

const victims = (
  count: number | undefined,
  under: TableCell["under"] = {},
): Partial<TableCell> => ({ count, under });

async function brief(tables: readonly SourceTable[], by: SumBy = "region"): Promise<readonly string[]> {
  return (await sumFigures(tables, by)).map(({ of, count, withheldBy }) => `${Object.values(of).join(" ")} ${count ?? "-"}${withheldBy === 0 ? "" : " +"}`.trim());
} // prettier-ignore

describe("figures of several states", () => {
  it("are summed, with the messages they stand in; what a sender withheld makes it at least so much", async () => {
    const tables = [table("ZM", [victims(40), victims(25, { sex: "F" })]), table("MW", [victims(30), victims(undefined, { sex: "F" })])];
    expect(await sumFigures(tables, "region")).toMatchObject([
      { type: "tip.statistics", indicator: "VICTIMS_DETECTED", of: { sex: "F" }, count: 25, withheldBy: 1, states: 2 },
      { of: {}, count: 70, withheldBy: 0, sources: tables.map(({ id }) => id) },
    ]);
    expect(await brief(tables, "state")).toEqual(["MW F - +", "MW 30", "ZM F 25", "ZM 40"]);
  }); // prettier-ignore

  it("are withheld again below the threshold, whatever smaller one a sender chose, and no state follows from the sum", async () => {
    const tables = [
      table("ZM", [victims(40)]),
      table("MW", [victims(6)], { smallest: 5 }),
      table("TZ", [victims(90)]),
    ];
    expect(await brief(tables)).toEqual(["136"]);
    // 136 less 90 tells of 46 in two states, and of neither
    expect(await brief(tables, "state")).toEqual(["MW -", "TZ 90", "ZM -"]);
    expect(await brief([table("MW", [victims(6)], { smallest: 5 })])).toEqual(["-"]);
    expect(await brief([table("MW", [victims(15)], { smallest: 20 })])).toEqual(["-"]);
  });

  it("of what is withheld no part is told, and of figures by two things all of a state or none", async () => {
    const parts = [victims(40), victims(20, { sex: "F" }), victims(20, { sex: "M" }), victims(12, { ageBand: "MINOR", sex: "F" }), victims(8, { ageBand: "ADULT", sex: "F" }), victims(20, { ageBand: "ADULT", sex: "M" })];
    expect((await brief([table("ZM", parts)])).toSorted((a, b) => (a < b ? -1 : 1))).toEqual(["40", "ADULT F -", "ADULT M -", "F 20", "M 20", "MINOR F -"]);
    const tables = [table("ZM", parts), table("MW", [victims(6)], { smallest: 5 })];
    // the whole of ZM would tell that of MW, and its parts the whole
    expect((await brief(tables, "state")).every((row) => row.endsWith("-"))).toBe(true);
  }); // prettier-ignore

  it("of things are told whatever they are, quantities exactly and each unit by itself, prices never", async () => {
    const seized = (value: string, unit: string): Partial<TableCell> => ({ indicator: "QUANTITY_SEIZED", under: { commodity: "COCAINE", crime: "drugs" }, quantity: { value, unit } });
    const crime = { type: "statistics.crime" } as const;
    const rows = await sumFigures([table("ZM", [seized("0.1", "KG"), seized("3", "PIECE"), { indicator: "PRICE", under: {}, treatment: "ESTIMATED" }], crime), table("MW", [seized("0.2", "KG"), { indicator: "INCIDENTS", count: 2 }], crime)], "region");
    expect(rows.map(({ indicator, count, quantity }) => [indicator, count, quantity])).toEqual([
      ["INCIDENTS", 2, undefined], ["QUANTITY_SEIZED", undefined, { value: "0.3", unit: "KG" }], ["QUANTITY_SEIZED", undefined, { value: "3", unit: "PIECE" }],
    ]);
  }); // prettier-ignore

  it("drawn at random tell of nobody or of eleven at least, also less all but one of a line", async () => {
    let withheld = 0;
    for (let i = 0; i < 60; i += 1) {
      const dice = makeDice(`oversight ${i}`);
      const tables = ["ZM", "MW", "TZ", "NA"].map((country) => {
        const count = (): number => (dice(2) === 0 ? dice(9) : 5 + dice(60));
        const sexes = new Map(["F", "M"].map((sex) => [sex, count()]));
        const total = [...sexes.values()].reduce((sum, one) => sum + one, 0);
        return table(country, [victims(total), ...[...sexes].map(([sex, number]) => victims(number, { sex }))], { smallest: 5 });
      });
      const [region, states] = [await sumFigures(tables, "region"), await sumFigures(tables, "state")];
      const same = (row: FigureRow, sex: string | undefined): boolean => row.of["sex"] === sex;
      for (const sex of [undefined, "F", "M"]) {
        const own = states.filter((row) => same(row, sex));
        const told = own.filter(({ count }) => count !== undefined);
        withheld += own.length - told.length;
        for (const { count = 0 } of [...told, ...region.filter((row) => same(row, sex))]) expect(count === 0 || count >= 11, `${i}`).toBe(true);
        const whole = region.find((row) => same(row, sex))?.count;
        const rest = (whole ?? 0) - told.reduce((sum, { count = 0 }) => sum + count, 0);
        if (whole !== undefined && told.length < own.length) expect([own.length - told.length > 1, rest === 0 || rest >= 11], `${i}`).toEqual([true, true]);
      }
    }
    expect(withheld).toBeGreaterThan(50);
  }); // prettier-ignore
});

describe("the messages of a time", () => {
  const quarter = (change: Partial<SourceTable> = {}): SourceTable =>
    table("ZM", [victims(40)], change);
  const year = { periodFrom: "2026-01-01T00:00:00Z", periodTo: "2026-12-31T23:59:59Z" };

  it("count once: the newest word of a time, and what covers more before what lies in it", async () => {
    const [first, second] = [quarter(), quarter()];
    expect(chooseTables({ tables: [first, second], gone: new Map() }, {})).toEqual({ chosen: [second], left: [{ id: first.id, why: "COVERED" }] });
    const whole = quarter(year);
    expect(chooseTables({ tables: [first, second, whole], gone: new Map() }, {}).chosen).toEqual([whole]);
    const april = quarter({ periodFrom: "2026-04-01T00:00:00Z", periodTo: "2026-06-30T23:59:59Z" });
    expect(chooseTables({ tables: [second, april], gone: new Map() }, {}).left).toEqual([]);
    // another agency's are its own
    expect(chooseTables({ tables: [second, quarter({ from: "zm/fiu" })], gone: new Map() }, {}).left).toEqual([]);
  }); // prettier-ignore

  it("lie whole in it, and do not count when their sender took them back", async () => {
    const [one, gone] = [quarter(), quarter({ from: "zm/tcu" })];
    const held = { tables: [one, gone, quarter(year)], gone: new Map([[`zm/tcu ${gone.id}`, "WITHDRAWN"]]) };
    expect(chooseTables(held, { from: "2026-01-01", until: "2026-04-01" })).toEqual({ chosen: [one], left: [{ id: gone.id, why: "WITHDRAWN" }] });
    expect(chooseTables(held, { from: "2026-01-02", until: "2026-04-01" }).chosen).toEqual([]);
    expect(chooseTables(held, { until: "2026-03-31" }).chosen).toEqual([]);
  }); // prettier-ignore
});

describe("what is given out", () => {
  const form = { exploitation: "FORCED_LABOUR" };
  const tables = [
    table("ZM", [
      victims(200),
      victims(120, { sex: "F" }),
      victims(80, { sex: "M" }),
      victims(90, form),
    ]),
    table("MW", [victims(50), victims(undefined, { sex: "F" })]),
  ];
  const heads = "country,sex,age,persons";

  it("of 16.2.2 has rates where the population was brought, of all states only where it is known of each", async () => {
    const { rows, missing } = await makeSdg(tables, parsePopulation(`${heads}\nZM,,,20000000\nZM,F,,10000000\nMW,,,20000000\n`));
    expect(rows.map(({ state, sex, form: of, count, rate }) => [state, sex, of, count, rate])).toEqual([
      ["", "", "FORCED_LABOUR", 90, "0.45"], ["", "F", "", 120, undefined], ["", "M", "", 80, undefined], ["", "", "", 250, "0.63"],
      ["MW", "F", "", undefined, undefined], ["MW", "", "", 50, "0.25"],
      ["ZM", "", "FORCED_LABOUR", 90, "0.45"], ["ZM", "F", "", 120, "1.20"], ["ZM", "M", "", 80, undefined], ["ZM", "", "", 200, "1.00"],
    ]);
    expect(missing.map(({ indicator }) => indicator)).toEqual(["16.1.1", "16.3.2", "16.4.2"]);
    expect((await makeSdg(tables, [])).missing.map(({ indicator }) => indicator)).toContain("rates");
    expect((await makeSdg([], [])).missing.map(({ indicator }) => indicator)).toEqual(["16.1.1", "16.2.2", "16.3.2", "16.4.2"]);
  }); // prettier-ignore

  it("of homicide comes from crime figures of that class of ICCS alone", async () => {
    const dead = table("ZM", [{ indicator: "VICTIMS", under: { iccs: "0101" }, count: 300 }, { indicator: "VICTIMS", under: { iccs: "0102" }, count: 400 }], { type: "statistics.crime" });
    expect((await makeSdg([dead], parsePopulation(`${heads}\nZM,,,20000000`))).rows).toMatchObject([{ indicator: "16.1.1", state: "", count: 300, rate: "1.50" }, { state: "ZM", count: 300 }]);
  }); // prettier-ignore

  it.each(["", "country;sex", `${heads}\nZMB,,,5`, `${heads}\nZM,,,0`, `${heads}\nZM,,,-5`, `${heads}\nZM,,,1.5`, `${heads}\nZM,Q,,5`, `${heads}\nZM,,,5\nZM,,,6`, `${heads}\n=ZM,,,5`, `${heads}\n${"ZM,,,5".repeat(20_000)}`])("takes no population like %.30j", (text) => {
    expect(() => parsePopulation(text)).toThrow(expect.objectContaining({ code: "OVERSIGHT_FILE_INVALID" }));
  }); // prettier-ignore

  it("of trafficking has all that was told by state and together; in a table no cell is a formula, and sources stand below", async () => {
    const rows = await makeTipnet(tables);
    expect(rows.filter(({ state }) => state === "").length).toBe(4);
    const file = { what: "tipnet" as const, seat: "sadc/oversight", madeAt: 0, from: "2026-01-01", until: "2026-04-01", rows: rows.map((row) => ({ ...row })), missing: [], left: [], readsMore: [] };
    const sources = tables.map(({ cells: _c, madeAt: _m, smallest: _s, ...source }) => ({ ...source, country: "=1+1" }));
    const { bytes, rows: count } = renderFiguresCsv({ ...file, sources }, ["state", "indicator", "sex", "age", "citizenship", "form", "movement", "role", "count", "withheldBy", "sources"]);
    const text = Buffer.from(bytes).toString();
    expect([count, text.includes(`"'=1+1"`), /(?:^|,)"[=+@]/m.test(text), text.split("\r\n").filter((line) => line.startsWith('"SOURCE"')).length]).toEqual([10, true, false, 2]);
    expect(text).toContain(`"FIGURE","MW","VICTIMS_DETECTED","F","","","","","","withheld","1"`);
  }); // prettier-ignore
});
