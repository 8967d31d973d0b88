import { type CountTable, renderCountTable, renderRuns } from "../../certs/oversight/index.ts";
import { renderInstant } from "../../schemas/index.ts";
import { type Bytes, type EpochMs, renderHex, sha256, utf8 } from "../../schemas/ground/index.ts";
import { renderCsvLine } from "../exports/index.ts";
import type { LeftTable } from "./choose-tables.ts";
import type { SourceTable } from "./read-tables.ts";

/** What stands beside figures of messages. */
export interface FigureFile {
  readonly what: "sdg" | "tipnet";
  readonly seat: string;
  readonly madeAt: EpochMs;
  readonly from: string;
  readonly until: string;
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  readonly missing: readonly { readonly indicator: string; readonly why: string }[];
  readonly sources: readonly ShownSource[];
  readonly left: readonly LeftTable[];
  /** Types that the register lets the seat read beyond figures. */
  readonly readsMore: readonly string[];
  /** The log that positions are of, as far as this seat counted it. */
  readonly log?:
    { readonly origin: string; readonly size: number; readonly checkpoint: string } | undefined;
}

/** A message that figures were taken from, as it is cited. */
export type ShownSource = Omit<SourceTable, "cells" | "madeAt" | "smallest">;

/** A file that is given out. */
export interface GivenFile {
  readonly bytes: Bytes;
  readonly rows: number;
  /** SHA-256, in hexadecimal. */
  readonly digest: string;
}

const bom = "\ufeff";

/** A message as it is cited: without what it tells. */
export function showSource(table: SourceTable): ShownSource {
  const { id, type, from, country, entity, periodFrom, periodTo, provisional, coverage, log } =
    table;
  const cited = { id, type, from, country, entity, periodFrom, periodTo, provisional, log };
  return coverage === undefined ? cited : { ...cited, coverage };
}

function give(text: string, rows: number): GivenFile {
  const bytes = utf8(text);
  return { bytes, rows, digest: renderHex(sha256(bytes)) };
}

function cellText(value: unknown): string {
  if (typeof value === "string" || typeof value === "number") return String(value);
  return Array.isArray(value) ? value.map(String).join(" ") : "";
}

/** Counts of a log as a table: figures, and in the last line the signed note of the log. */
export function renderCountsCsv(table: CountTable): GivenFile {
  const { by, log, size, checkpoint, rows } = table;
  const lines = rows.map(({ of, count, positions }) => {
    const left = (positions?.left ?? 0) > 0 ? ` and ${positions?.left ?? 0} more` : "";
    const runs = positions === undefined ? "" : `${renderRuns(positions.runs).replaceAll(",", " ")}${left}`;
    return ["FIGURE", ...by.map((name) => of[name] ?? ""), count === undefined ? `<${table.smallest}` : String(count), runs, positions?.digest ?? ""];
  });
  const blank = by.map(() => "");
  const head = ["row", ...by, "count", "positions", "digest"];
  const source = ["LOG", ...blank, String(size), log, checkpoint];
  return give(bom + [head, ...lines, source].map(renderCsvLine).join(""), rows.length);
} // prettier-ignore

/** Counts of a log as `oversight check` reads them. */
export function renderCountsJson(table: CountTable): GivenFile {
  return give(`${JSON.stringify(renderCountTable(table))}\n`, table.rows.length);
}

/** Figures of messages as JSON. */
export function renderFiguresJson({ what, madeAt, ...file }: FigureFile): GivenFile {
  const whole = { format: `atumpan-oversight-${what}/1`, madeAt: renderInstant(madeAt), ...file };
  return give(`${JSON.stringify(whole)}\n`, file.rows.length);
}

/** Figures of messages as a table: figures, then the messages and the log they were taken from, and what is missing. */
export function renderFiguresCsv(file: FigureFile, columns: readonly string[]): GivenFile {
  const { rows, sources, missing, log } = file;
  const figures = rows.map((row) => {
    const isWithheld = row["count"] === undefined;
    return ["FIGURE", ...columns.map((name) => (name === "count" && isWithheld ? "withheld" : cellText(row[name])))];
  });
  const line = (kind: string, words: readonly string[]): readonly string[] => [kind, ...words, ...columns.slice(words.length).map(() => "")];
  const cited = sources.map(({ id, type, from, country, periodFrom, periodTo, log: places }) =>
    line("SOURCE", [id, type, from, country, `${periodFrom}/${periodTo}`, places.map(({ origin, index }) => `${origin} ${index}`).join(" ")]),
  );
  const untold = missing.map(({ indicator, why }) => line("MISSING", [indicator, why]));
  const signed = log === undefined ? [] : [line("LOG", [log.origin, String(log.size), log.checkpoint])];
  return give(bom + [["row", ...columns], ...figures, ...cited, ...untold, ...signed].map(renderCsvLine).join(""), rows.length);
} // prettier-ignore
