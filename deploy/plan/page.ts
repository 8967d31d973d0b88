import { numbersOf, renderPlan } from "./render.ts";
import type { Numbers } from "./model.ts";

const begins = "<!-- tables: node deploy/plan/main.ts -->";
const ends = "<!-- end of tables -->";

function isInput(name: string): name is keyof Numbers {
  return Object.hasOwn(numbersOf(), name);
}

/** Reads NAME=VALUE; undefined when a name is no input's or a value no number. */
export function readChange(args: readonly string[]): Partial<Numbers> | undefined {
  const change: Partial<Record<keyof Numbers, number>> = {};
  for (const arg of args) {
    const [name = "", text = ""] = arg.split("=");
    const value = Number(text);
    if (!isInput(name) || text === "" || !Number.isFinite(value) || value < 0) return undefined;
    change[name] = value;
  }
  return change;
}

/** Columns are aligned as the formatter would, so that the page does not change under it. */
function alignTables(text: string): string {
  return text.replaceAll(/(?:^\|.*\|\n)+/gm, (table) => {
    const rows = table.trimEnd().split("\n").map((line) => line.slice(1, -1).split("|").map((cell) => cell.trim()));
    const widths = (rows[0] ?? []).map((_, at) => Math.max(3, ...rows.filter((__, row) => row !== 1).map((row) => row[at]?.length ?? 0)));
    const isRight = (rows[1] ?? []).map((cell) => cell.endsWith(":"));
    const line = (row: readonly string[], at: number): string => {
      const cells = row.map((cell, column) => {
        const width = widths[column] ?? 3;
        if (at === 1) return isRight[column] === true ? `${"-".repeat(width - 1)}:` : "-".repeat(width);
        return isRight[column] === true ? cell.padStart(width) : cell.padEnd(width);
      });
      return `| ${cells.join(" | ")} |`;
    };
    return `${rows.map(line).join("\n")}\n`;
  });
} // prettier-ignore

/** The page with its tables made anew; what people wrote around them stays. @throws when the page has no place for them */
export function renderPage(page: string): string {
  const [before, rest] = page.split(begins);
  const [, after] = (rest ?? "").split(ends);
  if (before === undefined || after === undefined) throw new Error("PLAN.md has no place for the tables");
  return `${before}${begins}\n\n${alignTables(renderPlan())}\n${ends}${after}`;
} // prettier-ignore
