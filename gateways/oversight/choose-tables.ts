import type { DaySpan } from "../../certs/oversight/index.ts";
import { type ReadTables, type SourceTable, tableKey } from "./read-tables.ts";

/** A message that is not counted, and why: what its sender's later words made of it, or that another covers its time. */
export interface LeftTable {
  readonly id: string;
  readonly why: string;
}

/** The messages that figures are summed from. */
export interface ChosenTables {
  readonly chosen: readonly SourceTable[];
  readonly left: readonly LeftTable[];
}

const momentChars = 19;

/** A time ends with its last second, or with the first moment after it. */
function isWithin({ periodFrom, periodTo }: SourceTable, { from, until }: DaySpan): boolean {
  const [first, last] = [periodFrom, periodTo].map((moment) => moment.slice(0, momentChars));
  return (from === undefined || (first ?? "") >= `${from}T00:00:00`) && (until === undefined || (last ?? "") <= `${until}T00:00:00`);
} // prettier-ignore

function isOver(a: SourceTable, b: SourceTable): boolean {
  return a.periodFrom < b.periodTo && b.periodFrom < a.periodTo;
}

/** The day of a moment as a number that rises with it. */
function dayNumber(moment: string): number {
  return Number(moment.slice(0, 10).replaceAll("-", ""));
}

function lengthOf({ periodFrom, periodTo }: SourceTable): number {
  return dayNumber(periodTo) - dayNumber(periodFrom);
}

/** The longest time first; of one time the newest word. */
function compare(a: SourceTable, b: SourceTable): number {
  return lengthOf(b) - lengthOf(a) || b.madeAt - a.madeAt || (a.id < b.id ? -1 : 1);
}

/**
 * Chooses, of what lies whole within a time, messages of which no two of one sender and type are about the same days: a
 * quarter that stands in a year's message is not added to it, and no difference of the two is ever made.
 */
export function chooseTables({ tables, gone }: ReadTables, span: DaySpan): ChosenTables {
  const chosen: SourceTable[] = [];
  const left: LeftTable[] = [];
  const takenBy = new Map<string, SourceTable[]>();
  for (const table of tables.filter((one) => isWithin(one, span)).toSorted(compare)) {
    const { from, id, type } = table;
    const taken = takenBy.get(`${type} ${from}`) ?? [];
    const why = gone.get(tableKey(from, id)) ?? (taken.some((one) => isOver(one, table)) ? "COVERED" : undefined);
    if (why !== undefined) left.push({ id, why });
    else {
      chosen.push(table);
      takenBy.set(`${type} ${from}`, [...taken, table]);
    }
  }
  return { chosen: chosen.toSorted((a, b) => (tableKey(a.from, a.id) < tableKey(b.from, b.id) ? -1 : 1)), left };
} // prettier-ignore
