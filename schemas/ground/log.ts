import { pino } from "pino";

/**
 * Everything a log line may say besides its event. A closed list, so that no message content, name of a
 * person or key can reach a log by accident: what is not named here cannot be written.
 */
export interface LogFields {
  readonly agency?: string;
  readonly hub?: string;
  readonly messageId?: string;
  readonly code?: string;
  readonly type?: string;
  readonly channel?: string;
  readonly stream?: string;
  readonly subject?: string;
  readonly count?: number;
  readonly epoch?: number;
  readonly port?: number;
  readonly ms?: number;
  readonly file?: string;
  readonly host?: string;
  readonly fingerprint?: string;
  readonly status?: number;
  readonly traceId?: string;
  readonly version?: string;
}

const allowed = new Set<string>([
  "agency", "hub", "messageId", "code", "type", "channel", "stream", "subject", "count", "epoch",
  "port", "ms", "file", "host", "fingerprint", "status", "traceId", "version",
] satisfies (keyof LogFields)[]); // prettier-ignore

/** Writes events as JSON lines. `event` is a fixed phrase; facts go into the fields. */
export interface Log {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
  /** A log that adds `fields` to each of its lines. */
  with(fields: LogFields): Log;
}

/** How a log is opened. */
export interface LogOptions {
  readonly name: string;
  readonly level?: "debug" | "info" | "warn" | "error" | "silent";
  /** A file to append to; standard error when left out. */
  readonly file?: string;
}

/** Longer than anything we mean to log; a sender's own words end here. */
const maxFieldChars = 1_000;

function keepAllowed(fields: LogFields): Record<string, unknown> {
  const kept = Object.entries(fields).filter(([key]) => allowed.has(key));
  return Object.fromEntries(
    kept.map(([key, value]: [string, unknown]) => [
      key,
      typeof value === "string" ? value.slice(0, maxFieldChars) : value,
    ]),
  );
}

/**
 * What would turn, hide or break a line where people look at it: controls, line and paragraph separators, marks of
 * direction and other format characters, half surrogates, private and unassigned ones. JSON lets most of them stand.
 */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}]/gu;

/** Spells them out as JSON does; inside a line of JSON they stand in texts only. */
function escapeUnseen(line: string): string {
  return line.replaceAll(unseen, (one) =>
    one === "\n"
      ? one
      : Array.from({ length: one.length }, (_, at) => one.charCodeAt(at))
          .map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`)
          .join(""),
  );
}

function wrap(sink: pino.Logger): Log {
  return {
    debug: (event, fields = {}) => sink.debug(keepAllowed(fields), event),
    info: (event, fields = {}) => sink.info(keepAllowed(fields), event),
    warn: (event, fields = {}) => sink.warn(keepAllowed(fields), event),
    error: (event, fields = {}) => sink.error(keepAllowed(fields), event),
    with: (fields) => wrap(sink.child(keepAllowed(fields))),
  };
}

/** Opens a log. Lines carry ISO times and no process or host names. */
export function startLog({ name, level = "info", file }: LogOptions): Log {
  const destination = pino.destination(
    file === undefined ? { dest: 2, sync: true } : { dest: file, mkdir: true, sync: true },
  );
  const options = { name, level, base: { name }, timestamp: pino.stdTimeFunctions.isoTime };
  const escaped = { write: (line: string): void => void destination.write(escapeUnseen(line)) };
  return wrap(pino(options, escaped));
}

/** A log that keeps nothing. */
export const silentLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  with: () => silentLog,
};
