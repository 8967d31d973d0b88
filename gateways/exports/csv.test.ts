import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { array, constantFrom, oneof, sample, string } from "fast-check";
import { afterAll, describe, expect, it } from "vitest";

import { renderCsvLine } from "./index.ts";

/** A reader of RFC 4180 of its own, written from the RFC alone. */
function readTable(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    let cell = "";
    if (text[at] !== '"') throw new Error(`a cell without quotation marks at ${at}`);
    for (at += 1; ; at += 1) {
      if (at >= text.length) throw new Error("a cell without an end");
      if (text[at] === '"' && text[at + 1] === '"') at += 1;
      else if (text[at] === '"') break;
      cell += text[at];
    }
    row.push(cell);
    at += 1;
    if (text[at] === ",") at += 1;
    else if (text.startsWith("\r\n", at)) {
      at += 2;
      rows.push(row);
      row = [];
    } else throw new Error(`neither a comma nor an end of line at ${at}`);
  }
  return rows;
}

const starts = [
  "=",
  "+",
  "-",
  "@",
  "\t",
  "\r",
  "\n",
  "\0",
  "＝",
  "＋",
  "－",
  "＠",
  "−",
  "|",
  "%",
  "'",
  " =",
  "\u00a0=",
  "\ufeff=",
  "",
];
const ends = [
  "1+1",
  'HYPERLINK("http://x","y")',
  "cmd|' /C calc'!A0",
  "SUM(A1:A9)",
  '","=1+1',
  '"\r\n=1+1',
  "محمد",
  "2026-03-09",
  "",
  "0012",
  "1e5",
];
const attacks = starts.flatMap((start) => ends.map((end) => start + end));

/** 10,000 cells: every attack, and what chance makes of them. */
function drawCells(): string[] {
  const piece = oneof(
    constantFrom(...starts, ...ends),
    string({ unit: "grapheme", maxLength: 12 }),
  );
  const cell = array(piece, { maxLength: 4 }).map((pieces) => pieces.join(""));
  return [...attacks, ...sample(cell, { numRuns: 10_000 - attacks.length, seed: 11 })];
}

const cells = drawCells();
const unfit = /(?![\t\n\r])\p{Cc}|[\ufffe\uffff]/gu;

describe("T-11: tables", () => {
  it("none of 10,000 cells begins as a formula does, and each reads back as it was", () => {
    expect(cells).toHaveLength(10_000);
    const rows = readTable(cells.map((cell) => renderCsvLine([cell, "end"])).join(""));
    expect(rows).toHaveLength(cells.length);
    for (const [at, [text = "", end]] of rows.entries()) {
      expect(end).toBe("end");
      expect(text.trimStart()).not.toMatch(/^[=+\-@\t\r\0＝＋－＠−]/u);
      expect(text.startsWith("'") ? text.slice(1) : text).toBe(
        cells[at]!.replaceAll(unfit, "\ufffd"),
      );
    }
  });
});

const folder = mkdtempSync(join(tmpdir(), "atumpan-csv-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const office = spawnSync("soffice", ["--version"], { timeout: 60_000 });

/** The text of each row's first cell, and whether any cell is a formula, out of a flat OpenDocument table. */
function readSheet(xml: string): { texts: string[]; formulas: number } {
  const unescape = (text: string): string =>
    text
      .replaceAll(/<text:s(?: text:c="(\d+)")?\/>/g, (_, count: string | undefined) => " ".repeat(Number(count ?? 1)))
      .replaceAll("<text:tab/>", "\t")
      .replaceAll(/<[^>]*>/g, "")
      .replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
      .replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&apos;", "'").replaceAll("&amp;", "&"); // prettier-ignore
  const rows = xml.split("<table:table-row").slice(1);
  const texts = rows.map((row) => {
    const [first = ""] = row.split(/<\/table:table-cell>|<table:table-cell[^>]*\/>/);
    return [...first.matchAll(/<text:p[^>]*>([^]*?)<\/text:p>/g)]
      .map(([, text = ""]) => unescape(text))
      .join("\n");
  });
  return { texts, formulas: (xml.match(/table:formula=/g) ?? []).length };
}

/** Opens the file as the office does and says what it made of it. */
function openTable(name: string, isQuotedText: boolean): { texts: string[]; formulas: number } {
  const file = join(folder, `${name}.csv`);
  // each with its number, so that rows alike are not written as one; line ends within a cell are the reader's own matter
  const lines = cells.map((cell, at) => renderCsvLine([cell.replaceAll(/[\r\n]/g, " "), `n${at}`]));
  writeFileSync(file, `\ufeff${lines.join("")}`);
  // comma, quotation mark, UTF-8, from line 1; whether what is quoted is text, and whether kinds are looked for
  const filter = `--infilter=CSV:44,34,76,1,,0,${String(isQuotedText)},${String(!isQuotedText)}`;
  const home = `-env:UserInstallation=file://${folder}/home`;
  const run = ["--headless", home, filter, "--convert-to", "fods", "--outdir", folder, file];
  spawnSync("soffice", run, { timeout: 150_000 });
  return readSheet(readFileSync(join(folder, `${name}.fods`), "utf8"));
}

describe.skipIf(office.status !== 0)("T-11: LibreOffice", () => {
  it(
    "makes no formula of 10,000 cells, though it looks for numbers and dates",
    { timeout: 180_000 },
    () => {
      expect(openTable("kinds", false).formulas).toBe(0);
    },
  );

  it(
    "shows each text as it stands in the file when what is quoted is text",
    { timeout: 180_000 },
    () => {
      const { texts, formulas } = openTable("texts", true);
      const wanted = cells.map(
        (cell) => readTable(renderCsvLine([cell.replaceAll(/[\r\n]/g, " ")]))[0]![0]!,
      );
      expect(formulas).toBe(0);
      expect(wanted.filter((text, at) => texts[at] !== text).slice(0, 5)).toEqual([]);
    },
  );
});
