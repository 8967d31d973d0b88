import { describe, expect, it } from "vitest";

import { isFault } from "../../../schemas/ground/index.ts";
import { type FlatDates, type FlatRow, readFlatRows } from "./read-flat.ts";

async function read(text: string, dates?: FlatDates): Promise<readonly FlatRow[]> {
  const rows: FlatRow[] = [];
  for await (const row of readFlatRows(text, { type: "maritime.incident", dates })) rows.push(row);
  return rows;
}

async function bodyOf(text: string, dates?: FlatDates): Promise<unknown> {
  const [row] = await read(text, dates);
  if (row === undefined) throw new Error("no row was read");
  return "fault" in row ? row.fault.code : row.body;
}

async function faultOf(text: string): Promise<string> {
  try {
    await read(text);
    return "none";
  } catch (error) {
    return isFault(error) ? error.detail : "no fault";
  }
}

const dmy = { order: "DMY", offset: "-02:30" } as const;

describe("a sheet", () => {
  it("becomes bodies: fields by their path, lists divided by bars, empty cells left out", async () => {
    const text = "\ufeffship.name,statesConcerned,attackers,laddersSeen,kind\nStar,NG| BJ,3,VRAI,\n";
    expect(await bodyOf(text)).toEqual({ ship: { name: "Star" }, statesConcerned: ["NG", "BJ"], attackers: 3, laddersSeen: true });
  }); // prettier-ignore

  it("has commas in numbers only where semicolons divide the cells", async () => {
    expect(await bodyOf("attackers;position.lat\n3;4,6\n")).toEqual({
      attackers: 3,
      position: { lat: 4.6 },
    });
    expect(await bodyOf('attackers,position.lat\n3,"4,6"\n')).toBe("IMPORT_ROW_MALFORMED");
  });

  it.each([
    ["46345,5", "2026-11-19T14:30:00.000Z"],
    ["19/11/2026 12:00", "2026-11-19T14:30:00.000Z"],
    ["19.11.2026  12:00:30", "2026-11-19T14:30:30.000Z"],
    ["2026-11-19 12:00", "2026-11-19T14:30:00.000Z"],
    ["2026-11-19T12:00:00Z", "2026-11-19T12:00:00Z"],
  ])("says the moment %s as it was meant", async (cell, moment) => {
    expect(await bodyOf(`attackers;reportedAt\n1;${cell}\n`, dmy)).toEqual({
      attackers: 1,
      reportedAt: moment,
    });
  });

  it("has days by the order that was said, and none is guessed where it was not", async () => {
    const text = "attackers;occurred.date\n1;03/09/2026\n";
    const day = (month: number, day_: number): object => ({ attackers: 1, occurred: { date: { year: 2026, month, day: day_ } } });
    expect(await bodyOf(text, dmy)).toEqual(day(9, 3));
    expect(await bodyOf(text, { order: "MDY", offset: "+00:00" })).toEqual(day(3, 9));
    expect(await bodyOf(text)).toBe("IMPORT_ROW_MALFORMED");
    expect(await bodyOf("attackers;occurred.date\n1;2026-09-03\n")).toEqual(day(9, 3));
  }); // prettier-ignore

  it.each(["31/02/2026", "19/11/2026 25:00", "60", "1e5", "2026", "now"])(
    "with the time %s has a faulty row, and the next one is read",
    async (cell) => {
      const rows = await read(`attackers;reportedAt\n1;${cell}\n2;\n`, dmy);
      expect(rows).toMatchObject([{ line: 2, fault: { code: "IMPORT_ROW_MALFORMED" } }, { line: 3, body: { attackers: 2 } }]);
    },
  ); // prettier-ignore

  it.each([
    ["a field that is none", "attackers,colour\n1,2\n", "column 2"],
    ["a field that is not flat", "attackers,ship\n1,2\n", "column 2"],
    ["a step through a list", "attackers,suspectCraft.count\n1,2\n", "column 2"],
    ["a name of every object", "attackers,constructor\n1,2\n", "column 2"],
    ["a column twice", "attackers,attackers\n1,2\n", "twice"],
    ["a day whole and in parts", "occurred.date,occurred.date.year\n1,2\n", "in parts"],
    ["nothing", "", "empty"],
  ])("with %s in its first line is refused", async (_, text, says) => {
    expect(await faultOf(text)).toContain(says);
  });
});
