import type { EpochMs } from "../../schemas/ground/index.ts";
import type { Database } from "./database.ts";
import { parseNames, renderNames } from "./names.ts";
import { numberOf, type Row, textOf } from "./row.ts";

/** Which messages are counted: proved ones of others, or ours that the hub took. */
export interface TrendQuery {
  readonly box: "in" | "out";
  /** By their own time of making: from, and before. */
  readonly from: EpochMs;
  readonly until: EpochMs;
  readonly handlings: readonly string[];
  readonly statuses: readonly string[];
  /** No more groups than this are read. */
  readonly limit: number;
}

/** How many messages are alike in all that is counted by. */
export interface TrendGroup {
  /** The Monday 00:00 UTC its week begins with. */
  readonly week: EpochMs;
  readonly originator: string;
  readonly type: string;
  readonly crimes: readonly string[];
  readonly recs: readonly string[];
  readonly count: number;
}

/** Counts of messages over weeks. */
export interface Trends {
  count(query: TrendQuery): readonly TrendGroup[];
}

const dayMs = 86_400_000;
const weekMs = 7 * dayMs;
/** The first Monday after the beginning of time, which was a Thursday. */
const mondayMs = 4 * dayMs;

function groupOf(row: Row): TrendGroup {
  return {
    week: mondayMs + numberOf(row, "week") * weekMs,
    originator: textOf(row, "originator"),
    type: textOf(row, "type"),
    crimes: parseNames(textOf(row, "crimes")),
    recs: parseNames(textOf(row, "recs")),
    count: numberOf(row, "n"),
  };
}

/** Builds the part of the store that counts over weeks. */
export function makeTrends(database: Database): Trends {
  // said by the type itself: a generated column is in no index, and each row would be read for it
  const count = database.prepare(
    `SELECT (created_at - ${mondayMs}) / ${weekMs} AS week, originator, type, crimes, recs, count(*) AS n
     FROM message INDEXED BY message_counted
     WHERE box = ? AND type NOT GLOB 'key.*' AND state IN ('VERIFIED', 'ACCEPTED', 'DELIVERED', 'ERASED')
     AND created_at >= ? AND created_at < ?
     AND instr(?, ' ' || handling || ' ') > 0 AND instr(?, ' ' || status || ' ') > 0
     GROUP BY week, originator, type, crimes, recs ORDER BY week LIMIT ?`,
  );
  return {
    count: ({ box, from, until, handlings, statuses, limit }) => {
      const asked = [
        box,
        from,
        until,
        renderNames(handlings),
        renderNames(statuses),
        limit,
      ] as const;
      return count.all(...asked).map(groupOf);
    },
  };
}
