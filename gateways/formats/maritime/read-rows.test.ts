import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { isFault } from "../../../schemas/ground/index.ts";
import { makeMaritimeRow, renderMaritimeFile } from "../../../test/kit/maritime-rows.ts";
import { readMaritimeRows, type ReadRow } from "./read-rows.ts";

async function read(bytes: string | Uint8Array, size = 17): Promise<readonly ReadRow[]> {
  const all = Buffer.from(bytes);
  const pieces = async function* (): AsyncGenerator<Uint8Array> {
    await Promise.resolve();
    for (let at = 0; at < all.length; at += size) yield all.subarray(at, at + size);
  };
  const rows: ReadRow[] = [];
  for await (const row of readMaritimeRows(pieces())) rows.push(row);
  return rows;
}

async function codeOf(bytes: string): Promise<string> {
  const error: unknown = await read(bytes, 1 << 16).then(() => undefined, (caught: unknown) => caught); // prettier-ignore
  return isFault(error) ? error.code : String(error);
}

function shown(rows: readonly ReadRow[]): readonly unknown[] {
  return rows.map((row) => [row.line, "fault" in row ? row.fault.code : row.cells.vessel_name]);
}

const file = (...names: string[]): string =>
  renderMaritimeFile(names.map((vessel_name) => makeMaritimeRow({ vessel_name })));

describe("readMaritimeRows", () => {
  it("every cell comes back as it was written, whatever the pieces, with the line of its row", async () => {
    const text = fc.string({ unit: fc.constantFrom("a", '"', ",", "\n", "é", " ", "1") });
    await fc.assert(
      fc.asyncProperty(fc.array(text, { maxLength: 5 }), fc.integer({ min: 1, max: 40 }), async (texts, size) => {
        const rows = texts.map((attack_description) => makeMaritimeRow({ attack_description }));
        const got = await read(renderMaritimeFile(rows), size);
        let line = 2;
        for (const [at, { cells }] of rows.entries()) {
          expect(got[at]).toEqual({ line, cells });
          line += cells.attack_description.split("\n").length;
        }
        expect(got).toHaveLength(rows.length);
      }),
      { numRuns: 60 },
    ); // prettier-ignore
  });

  it("a byte order mark, carriage returns, blank lines and a missing last line end change nothing", async () => {
    const text = `\ufeff${file("A", "B").replaceAll("\n", "\r\n").trimEnd()}`;
    expect(shown(await read(text.replace("\r\n", "\r\n\r\n")))).toEqual([[3, "A"], [4, "B"]]); // prettier-ignore
  });

  it("a row of another width is listed with its line, and the next ones follow", async () => {
    const [header, a, b] = file("A", "B").split("\n");
    const text = [header, a, "1,2,3", `${b},more`, b].join("\n");
    expect(shown(await read(text))).toEqual([
      [2, "A"],
      [3, "IMPORT_ROW_MALFORMED"],
      [4, "IMPORT_ROW_MALFORMED"],
      [5, "B"],
    ]);
  });

  it("a quotation mark without its partner costs its own row and no other", async () => {
    const [header, a, b, c] = file("A", "B", "C").split("\n");
    const text = [header, a, `"lost,${b}`, b, c].join("\n");
    expect(shown(await read(text))).toEqual([[2, "A"], [3, "IMPORT_ROW_MALFORMED"], [4, "B"], [5, "C"]]); // prettier-ignore
  });

  it("a file full of lost quotation marks is read in one pass", async () => {
    const [header = ""] = file("A").split("\n");
    const lost = Array<string>(300).fill(`"${"\n".repeat(199)}`);
    const from = process.cpuUsage();
    const rows = await read([header, ...lost].join("\n"), 1 << 16);
    const { user, system } = process.cpuUsage(from);
    expect(rows).toHaveLength(300);
    // once through each row for every row before it would take a hundred times as long
    expect((user + system) / 1000).toBeLessThan(5_000);
  });

  it("a row that is not UTF-8 is listed", async () => {
    const bytes = Buffer.from(file("A", "B"), "utf8");
    bytes[bytes.indexOf('"A"') + 1] = 0xff;
    expect(shown(await read(bytes))).toEqual([[2, "IMPORT_ROW_MALFORMED"], [3, "B"]]); // prettier-ignore
  });

  it.each([
    ["an empty file", ""],
    ["another header", "a,b\n1,2\n"],
    ["a column named twice", file("A").replace("date,", "date,date,")],
    ["a line without end", `${file("A")}${"x".repeat(70_000)}`],
  ])("%s is refused", async (_, text) => {
    expect(await codeOf(text)).toBe("IMPORT_FILE_UNREADABLE");
  });
});
