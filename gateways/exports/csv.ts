/** What makes a spreadsheet read a cell as a formula, or hides that it does; with the twins that keyboards of East Asia type. */
const dangerous = /^[=+\-@\t\r\n\0＝＋－＠﹢﹣﹦﹫⁺⁻⁼₊₋₌−|%'`]/u;
/** What no spreadsheet keeps in a cell. */
const unfit = /(?![\t\n\r])\p{Cc}|[\ufffe\uffff]/gu;

/**
 * One cell, RFC 4180. Nothing in it is ever a formula: one that could be begins with an apostrophe, which spreadsheets show
 * or take as "this is text"; so does one that begins with an apostrophe, so that whoever reads the file by program takes
 * one off and has the text back.
 */
export function renderCell(text: string): string {
  const clean = text.replaceAll(unfit, "\ufffd");
  // spaces before it do not make it safe everywhere
  const isDangerous = dangerous.test(text) || dangerous.test(clean.trimStart());
  const safe = isDangerous ? `'${clean}` : clean;
  return `"${safe.replaceAll('"', '""')}"`;
}

/** One line of a table. Every cell stands in quotation marks, so that no reader guesses. */
export function renderCsvLine(cells: readonly string[]): string {
  return `${cells.map(renderCell).join(",")}\r\n`;
}

/** Spreadsheets take a file for UTF-8 by this alone. */
export const csvStart = "\ufeff";
