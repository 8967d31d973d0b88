/** An attempt of a connection to use a subject that is not its own, as the server logged it. */
export interface ForeignSubject {
  /** The server's number for the connection. */
  readonly connection: number;
  readonly host: string;
  readonly action: "Publish" | "Subscription";
  /** As the client spelt it; attacker-controlled, and cut to 200 characters. */
  readonly subject: string;
}

/**
 * nats-server 2.14: `[pid] date time [ERR] host:port - cid:N - "v3.4.0:nats.js:name" - Publish Violation -
 * Subject "x"`. The name is the client's own and is quoted by the server with escapes, so that a name
 * holding a quote or a line feed cannot pass for the rest of a line.
 */
const violation =
  /^\[\d+\] \S+ \S+ \[ERR\] (\S+):\d+ - cid:(\d{1,15}) - (?:"(?:[^"\\]|\\.)*" - )?(Publish|Subscription) Violation - (?:User "(?:[^"\\]|\\.)*", )?Subject "([^"\s]*)"/;
const maxSubject = 200;

/** Reads one line of the server's log; undefined when it says something else. */
export function parseViolation(line: string): ForeignSubject | undefined {
  const [, host, connection, action, subject] = violation.exec(line) ?? [];
  if (host === undefined || connection === undefined || subject === undefined) return undefined;
  return {
    connection: Number(connection),
    host,
    action: action === "Publish" ? "Publish" : "Subscription",
    subject: subject.replaceAll(/[^\u0021-\u007e]/g, "?").slice(0, maxSubject),
  };
}

/** The same attempt, and how often it was made. */
export interface CountedAttempt extends ForeignSubject {
  readonly count: number;
}

/** Counts equal attempts as one, so that a flood of them is a few records. */
export function countAttempts(attempts: readonly ForeignSubject[]): readonly CountedAttempt[] {
  const counted = new Map<string, CountedAttempt>();
  for (const attempt of attempts) {
    const key = `${attempt.connection} ${attempt.action} ${attempt.subject}`;
    counted.set(key, { ...attempt, count: (counted.get(key)?.count ?? 0) + 1 });
  }
  return [...counted.values()];
}
