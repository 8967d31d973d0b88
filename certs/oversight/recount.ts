import { leafHash, makeFrontier, parseCheckpoint, parseNote } from "../log/index.ts";
import { type Bytes, Fault, sameBytes, utf8 } from "../../schemas/ground/index.ts";
import { cellOf, isWithin, valueOf } from "./cell.ts";
import {
  type CountRow,
  type CountTable,
  type CountWish,
  keyOf,
  makeRow,
  tellRows,
} from "./count-table.ts";
import { addRun, renderRuns, type Run } from "./positions.ts";

/** What is wrong with a figure. */
export interface CountFinding {
  /**
   * COUNT: another number than the log has. POSITIONS: entries that are not of the figure, or not all of them. EXTRA: the
   * log has none of it. LEFT_OUT: the log has it and the table does not. SHOWN: to be withheld, and told. HIDDEN: withheld
   * without need.
   */
  readonly kind: "COUNT" | "POSITIONS" | "EXTRA" | "LEFT_OUT" | "SHOWN" | "HIDDEN";
  readonly of: Readonly<Record<string, string>>;
  readonly detail: string;
}

/** A log whose entries are read from the first to the last. */
export interface RecountedLog {
  readonly origin: string;
  readonly size: number;
  readonly root: Bytes;
  readonly leaves: Iterable<Bytes>;
}

/** What the log has of a figure. */
interface FoundRow {
  readonly of: Readonly<Record<string, string>>;
  readonly runs: readonly Run[];
}

/** Puts each entry under its figure, in the order of the log. */
function makeCounter({ by, ...span }: CountWish): { add(index: number, leaf: Bytes): void; rows(): readonly FoundRow[] } {
  const rows = new Map<string, { readonly of: Readonly<Record<string, string>>; readonly runs: Run[] }>();
  return {
    add: (index, leaf) => {
      const cell = cellOf(leaf);
      if (!isWithin(cell, span)) return;
      const of = Object.fromEntries(by.map((name) => [name, valueOf(cell, name)]));
      const key = keyOf(of);
      const row = rows.get(key) ?? { of, runs: [] };
      addRun(row.runs, [index, index]);
      rows.set(key, row);
    },
    rows: () => [...rows.values()],
  };
} // prettier-ignore

/** The first place where two rows of runs differ. */
function findDifferent(said: readonly Run[], real: readonly Run[]): number | undefined {
  const at = said.findIndex(([first, last], i) => first !== real[i]?.[0] || last !== real[i][1]);
  if (at < 0) return undefined;
  const [first = 0, last = 0] = said[at] ?? [];
  const [truly = first] = real[at] ?? [];
  return first === truly ? last : first;
} // prettier-ignore

/** What is wrong with the positions of a figure; undefined when they are right. */
function judgePositions(said: CountRow, real: CountRow, runs: readonly Run[]): string | undefined {
  const { runs: told = [], left = 0, digest = "" } = said.positions ?? {};
  const wrong = findDifferent(told, runs);
  if (wrong !== undefined) return `entry ${wrong} or the run around it is not what the log has`;
  const isSame = digest === real.positions?.digest && told.length + left === runs.length;
  return isSame ? undefined : "the digest is not that of the positions in the log";
}

function judgeRow(said: CountRow, real: CountRow, runs: readonly Run[]): CountFinding | undefined {
  const { of } = said;
  const find = (kind: CountFinding["kind"], detail: string): CountFinding => ({ kind, of, detail });
  if (said.count === undefined && real.count === undefined) return undefined;
  if (said.count === undefined) return find("HIDDEN", `withheld, and it is ${real.count ?? 0}`);
  if (real.count === undefined) return find("SHOWN", "told, and it was to be withheld");
  if (said.count !== real.count) return find("COUNT", `${said.count} are told, and the log has ${real.count}`);
  const wrong = judgePositions(said, real, runs);
  return wrong === undefined ? undefined : find("POSITIONS", wrong);
} // prettier-ignore

function compareRows(table: CountTable, raw: readonly FoundRow[]): readonly CountFinding[] {
  const runsOf = new Map(raw.map(({ of, runs }) => [keyOf(of), runs]));
  const real = new Map(tellRows(raw.map(({ of, runs }) => makeRow(of, runs, false)), table).map((row) => [keyOf(row.of), row]));
  const found = table.rows.flatMap((said): readonly CountFinding[] => {
    const key = keyOf(said.of);
    const own = real.get(key);
    real.delete(key);
    if (own === undefined) return [{ kind: "EXTRA", of: said.of, detail: "the log has no entry of this" }];
    const finding = judgeRow(said, own, runsOf.get(key) ?? []);
    return finding === undefined ? [] : [finding];
  });
  const left = [...real.values()].map(({ of }): CountFinding => {
    const runs = runsOf.get(keyOf(of)) ?? [];
    return { kind: "LEFT_OUT", of, detail: `the log has it at ${renderRuns(runs.slice(0, 3))}` };
  });
  return [...found, ...left];
} // prettier-ignore

interface Signed {
  readonly size: number;
  readonly root: Bytes;
}

function signedOf({ checkpoint, log, size }: CountTable, at: RecountedLog): Signed {
  const signed = parseCheckpoint(parseNote(utf8(checkpoint)).text);
  if (signed.origin !== log || log !== at.origin) {
    throw new Fault("OVERSIGHT_FILE_INVALID", "the figures are of another log than the one at hand");
  }
  if (signed.size < size) throw new Fault("OVERSIGHT_FILE_INVALID", "the figures go beyond what their checkpoint signs");
  if (signed.size > at.size) {
    throw new Fault("LOG_ENTRY_MISSING", `the log at hand has ${at.size} entries, and the figures are of one of ${signed.size}: follow it further`);
  }
  return signed;
} // prettier-ignore

/**
 * Counts a log again and compares a table with it, figure by figure. That the entries are those that the log signed is
 * proved on the way, at the size of the table's checkpoint and at the log's own.
 *
 * @returns nothing when every figure, every position and every omission is right
 * @throws {Fault} LOG_ENTRY_MISSING when the log at hand is shorter than the table's; LOG_INCONSISTENT when the table is of
 * another history; LOG_PROOF_INVALID when the entries are not those of the log at hand; OVERSIGHT_FILE_INVALID, LOG_NOTE_INVALID,
 * LOG_CHECKPOINT_INVALID
 */
export function recount(table: CountTable, log: RecountedLog): readonly CountFinding[] {
  const signed = signedOf(table, log);
  const frontier = makeFrontier();
  const counter = makeCounter(table);
  const check = ({ size, root }: Signed, code: "LOG_INCONSISTENT" | "LOG_PROOF_INVALID", detail: string): void => {
    if (frontier.size() === size && !sameBytes(frontier.root(), root)) throw new Fault(code, detail);
  };
  const checkBoth = (): void => {
    check(log, "LOG_PROOF_INVALID", "the entries at hand do not lead to the root of the log: check the mirror");
    check(signed, "LOG_INCONSISTENT", "the figures are of another history of this log than the one at hand");
  };
  checkBoth();
  for (const leaf of log.leaves) {
    const index = frontier.size();
    if (index === log.size) break;
    frontier.append(leafHash(leaf));
    if (index < table.size) counter.add(index, leaf);
    checkBoth();
  }
  if (frontier.size() !== log.size) throw new Fault("LOG_PROOF_INVALID", "entries are missing from the log at hand: check the mirror");
  return compareRows(table, counter.rows());
} // prettier-ignore
