import type { Bytes, EpochMs } from "../../schemas/ground/index.ts";
import type { Database } from "./database.ts";
import { bytesOf, maybeOf, numberOf, type Row, textOf } from "./row.ts";

/** Something about a hub's log that people have to know. */
export interface NewLogAlarm {
  /** A fault code. */
  readonly code: string;
  readonly hub: string;
  readonly origin: string;
  readonly at: EpochMs;
  /** Who showed it: another agency, or "" for the hub. */
  readonly agency: string;
  /** Two signed notes that cannot both be true; kept for ever. */
  readonly ours?: Bytes | undefined;
  readonly theirs?: Bytes | undefined;
}

/** One as it is kept. */
export interface LogAlarm extends NewLogAlarm {
  readonly seq: number;
  readonly endedAt?: EpochMs | undefined;
  /** The person who said so; "" when it passed by itself. */
  readonly endedBy?: string | undefined;
}

/** Alarms about logs. None is taken out. What changes them is called inside `write` only. */
export interface LogAlarms {
  /** Says whether that is news: of each code one is open for a log. */
  raise(alarm: NewLogAlarm): boolean;
  end(of: Pick<NewLogAlarm, "code" | "hub">, at: EpochMs, by: string): void;
  /** The newest first. */
  list(limit: number): readonly LogAlarm[];
  open(): readonly LogAlarm[];
  /** Those after one, in order. */
  after(seq: number): readonly LogAlarm[];
}

function alarmOf(row: Row): LogAlarm {
  return {
    seq: numberOf(row, "seq"),
    code: textOf(row, "code"),
    hub: textOf(row, "hub"),
    origin: textOf(row, "origin"),
    at: numberOf(row, "at"),
    agency: textOf(row, "agency"),
    ours: maybeOf(row, "ours", bytesOf),
    theirs: maybeOf(row, "theirs", bytesOf),
    endedAt: maybeOf(row, "ended_at", numberOf),
    endedBy: maybeOf(row, "ended_by", textOf),
  };
}

/** Builds the part of the store that holds alarms about logs. */
export function makeLogAlarms(database: Database): LogAlarms {
  const add = database.prepare(
    "INSERT INTO log_alarm (code, hub, origin, at, agency, ours, theirs) VALUES (?, ?, ?, ?, ?, ?, ?)",
  );
  const known = database.prepare(
    "SELECT 1 FROM log_alarm WHERE code = ? AND hub = ? AND origin = ? AND ended_at IS NULL",
  );
  const end = database.prepare(
    "UPDATE log_alarm SET ended_at = ?, ended_by = ? WHERE code = ? AND hub = ? AND ended_at IS NULL",
  );
  const list = database.prepare("SELECT * FROM log_alarm ORDER BY seq DESC LIMIT ?");
  const open = database.prepare("SELECT * FROM log_alarm WHERE ended_at IS NULL ORDER BY seq");
  const after = database.prepare("SELECT * FROM log_alarm WHERE seq > ? ORDER BY seq");
  return {
    raise: ({ code, hub, origin, at, agency, ours = null, theirs = null }) => {
      if (known.get(code, hub, origin) !== undefined) return false;
      add.run(code, hub, origin, at, agency, ours, theirs);
      return true;
    },
    end: ({ code, hub }, at, by) => void end.run(at, by, code, hub),
    list: (limit) => list.all(limit).map(alarmOf),
    open: () => open.all().map(alarmOf),
    after: (seq) => after.all(seq).map(alarmOf),
  };
}
