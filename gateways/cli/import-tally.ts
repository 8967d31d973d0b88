import type { Fault } from "../../schemas/ground/index.ts";
import { renderTable } from "./render-lists.ts";

/** What became of a file's rows so far. */
export interface Tally {
  read: number;
  /** Stored by a gateway now. */
  created: number;
  /** Stored by a gateway in an earlier run of the same file. */
  already: number;
  listed: number;
  readonly byRec: Map<string, number>;
  readonly byReporter: Map<string, number>;
  readonly byCode: Map<string, number>;
}

/** A tally of nothing. */
export function makeTally(): Tally {
  return {
    read: 0,
    created: 0,
    already: 0,
    listed: 0,
    byRec: new Map(),
    byReporter: new Map(),
    byCode: new Map(),
  };
}

/** Counts one more under a name. */
export function countOne(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

/** A row that was not sent, as one JSON line. */
export function renderListed(line: number, { code, detail, violations }: Fault): string {
  const paths = violations.map(({ path }) => path);
  const more = paths.length === 0 ? {} : { paths };
  return `${JSON.stringify({ line, code, detail, ...more })}\n`;
}

function sorted(counts: ReadonlyMap<string, number>): readonly (readonly [string, number])[] {
  return [...counts].toSorted(([, a], [, b]) => b - a);
}

/** The tally for programs. */
export function tallyJson(tally: Tally): Record<string, unknown> {
  const { read, created, already, listed, byRec, byReporter, byCode } = tally;
  const counts = { read, accepted: created + already, created, already, listed };
  return {
    ...counts,
    byRec: Object.fromEntries(sorted(byRec)),
    byReporter: Object.fromEntries(sorted(byReporter)),
    byCode: Object.fromEntries(sorted(byCode)),
  };
}

function rowsOf(heading: string, counts: ReadonlyMap<string, number>): readonly string[][] {
  if (counts.size === 0) return [];
  const rows = sorted(counts).map(([name, count]) => [`  ${name}`, String(count)]);
  return [["", ""], [heading, ""], ...rows];
}

/** The tally for people: what was read is what was accepted and what is listed. */
export function renderTally(tally: Tally): string {
  const { read, created, already, listed, byRec, byReporter, byCode } = tally;
  return renderTable([
    ["rows read", String(read)],
    ["  accepted", `${created + already} (${created} new, ${already} sent before)`],
    ["  listed", String(listed)],
    ...rowsOf("accepted, by community", byRec),
    ...rowsOf("accepted, by reporter", byReporter),
    ...rowsOf("listed, by code", byCode),
  ]);
}
