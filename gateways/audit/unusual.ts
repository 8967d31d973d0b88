import type { Clock, EpochMs } from "../../schemas/ground/index.ts";
import type { AuditTable } from "../store/index.ts";
import { contentActs } from "./acts.ts";

/** That one caller read far more than he usually does. */
export interface UnusualReads {
  readonly who: string;
  /** When it was noticed. */
  readonly at: EpochMs;
  /** How many he had read in the hour by then. */
  readonly count: number;
  /** How many in an hour of the last seven days in which he read at all. */
  readonly usual: number;
}

/** Counts what callers read. */
export interface ReadCounter {
  /** Counts reads, and says so when with these the hour became unusual. */
  count(who: string, reads: number): UnusualReads | undefined;
  /** Those of the last day. */
  lately(): readonly UnusualReads[];
}

const hourMs = 3_600_000;
const dayMs = 86_400_000;
const weekMs = 7 * dayMs;
/** Nobody is unusual below this in an hour, and anybody above so many times his own usual number. */
const alwaysUsual = 60;
const timesUsual = 5;
/** Callers kept in mind, and notices; the record itself holds all. */
const maxCallers = 4096;
const maxNotices = 100;

interface Hour {
  readonly hour: number;
  readonly usual: number;
  reads: number;
  isTold: boolean;
}

/** Builds the counter over one record. What is usual for somebody is read from the record when his hour begins. */
export function makeReadCounter(table: AuditTable, clock: Pick<Clock, "now">): ReadCounter {
  const hours = new Map<string, Hour>();
  let notices: readonly UnusualReads[] = [];
  const begin = (who: string, hour: number): Hour => {
    const to = hour * hourMs;
    const before = table.acts({ who, acts: contentActs, from: to - weekMs, to });
    // what he read in this hour before a new start of the process
    const now = table.acts({ who, acts: contentActs, from: to, to: to + hourMs });
    const usual = before.hours === 0 ? 0 : Math.ceil(before.lines / before.hours);
    return { hour, usual, reads: now.lines, isTold: false };
  };
  const hourOf = (who: string): Hour => {
    const hour = Math.floor(clock.now() / hourMs);
    const held = hours.get(who);
    if (held?.hour === hour) return held;
    const made = begin(who, hour);
    hours.delete(who);
    hours.set(who, made);
    const [oldest] = hours.keys();
    if (oldest !== undefined && hours.size > maxCallers) hours.delete(oldest);
    return made;
  };
  return {
    count: (who, reads) => {
      const own = hourOf(who);
      own.reads += reads;
      if (own.isTold || own.reads <= Math.max(alwaysUsual, timesUsual * own.usual))
        return undefined;
      own.isTold = true;
      const notice = { who, at: clock.now(), count: own.reads, usual: own.usual };
      notices = [...notices, notice].slice(-maxNotices);
      return notice;
    },
    lately: () => notices.filter(({ at }) => at > clock.now() - dayMs),
  };
}
