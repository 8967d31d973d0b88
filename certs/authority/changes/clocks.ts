import type { DutyHours, RegionalPart, StatePart } from "../../../schemas/index.ts";
import { type EpochMs, Fault } from "../../../schemas/ground/index.ts";

interface Dated {
  readonly from: EpochMs;
  readonly until?: EpochMs | undefined;
}

function overlaps(a: Dated, b: Dated): boolean {
  return a.from < (b.until ?? Infinity) && b.from < (a.until ?? Infinity);
}

/** Of two lines that hold at the same time nobody could say at a glance which one counts. */
function checkApart(lines: readonly Dated[], where: string): void {
  for (const [at, line] of lines.entries()) {
    const isOdd = line.until !== undefined && line.until <= line.from;
    if (isOdd) throw new Fault("CHANGE_INVALID", `${where}[${at}] ends before it begins: until comes after from`);
    if (!lines.slice(0, at).some((one) => overlaps(one, line))) continue;
    throw new Fault("CHANGE_INVALID", `${where}[${at}] holds at the same time as another: end that one where this one begins`);
  }
} // prettier-ignore

/**
 * Refuses deadlines of one urgency that hold at the same time.
 *
 * @throws {Fault} CHANGE_INVALID
 */
export function checkDeadlines({ clocks }: RegionalPart): void {
  const byUrgency = Map.groupBy(clocks?.deadlines ?? [], ({ urgency }) => urgency);
  for (const [urgency, lines] of byUrgency) checkApart(lines, `deadlines of ${urgency}`);
}

function checkHours({ fromMinute, untilMinute }: DutyHours, at: number): void {
  if (fromMinute < untilMinute) return;
  const way = "a night is two lines, one until 1440 and one from 0";
  throw new Fault("CHANGE_INVALID", `rosters[${at}] ends before it begins: ${way}`);
}

/**
 * Refuses working weeks that hold at the same time, hours that end before they begin, and rosters of agencies that the state
 * does not have.
 *
 * @throws {Fault} CHANGE_INVALID
 */
export function checkStateClocks({ clocks, agencies }: StatePart): void {
  if (clocks === undefined) return;
  checkApart(clocks.workingWeeks, "workingWeeks");
  const own = new Set(agencies.map(({ agency }) => agency));
  for (const [at, line] of clocks.rosters.entries()) {
    checkHours(line, at);
    if (own.has(line.agency)) continue;
    throw new Fault("CHANGE_INVALID", `rosters[${at}] is of no agency of this part: name one of agencies`);
  }
} // prettier-ignore
