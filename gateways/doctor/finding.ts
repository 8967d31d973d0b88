/** How bad a finding is. */
export type FindingState = "ok" | "warn" | "bad";

/** Every finding there is: what was looked at, and how bad it is. What it says in each language stands in `words/`. */
export const findingKinds = {
  NODE_FITS: ["machine", "ok"],
  NODE_OLD: ["machine", "bad"],
  ZONES_THERE: ["machine", "ok"],
  ZONES_MISSING: ["machine", "bad"],
  CLOCK_PLAUSIBLE: ["clock", "ok"],
  CLOCK_BEHIND: ["clock", "bad"],
  CLOCK_AHEAD: ["clock", "bad"],
  FILES_CLOSED: ["files", "ok"],
  FILE_OPEN_TO_OTHERS: ["files", "bad"],
  FILE_MISSING: ["files", "bad"],
  CONFIG_UNREADABLE: ["files", "bad"],
  DISK_GOOD: ["disk", "ok"],
  DISK_LOW: ["disk", "warn"],
  DISK_SLOW: ["disk", "warn"],
  DISK_FULL: ["disk", "bad"],
  DISK_READ_ONLY: ["disk", "bad"],
  REGISTER_CURRENT: ["register", "ok"],
  REGISTER_ENDS_SOON: ["register", "warn"],
  REGISTER_PAST: ["register", "bad"],
  REGISTER_UNPROVED: ["register", "bad"],
  AGENCY_NOT_IN_REGISTER: ["register", "bad"],
  HUB_NOT_IN_REGISTER: ["register", "bad"],
  CERTIFICATE_HOLDS: ["certs", "ok"],
  CERTIFICATE_ENDS_SOON: ["certs", "warn"],
  CERTIFICATE_ENDED: ["certs", "bad"],
  CERTIFICATE_NOT_NAMED: ["certs", "bad"],
  HUB_ANSWERS: ["link", "ok"],
  NAME_NOT_FOUND: ["link", "bad"],
  PORT_SILENT: ["link", "bad"],
  TLS_FAILED: ["link", "bad"],
  SERVER_FOREIGN: ["link", "bad"],
  SERVER_ENDED: ["link", "bad"],
  LINK_REFUSED: ["link", "bad"],
  LINK_UP: ["link", "ok"],
  LINK_DOWN: ["link", "warn"],
  API_ANSWERS: ["api", "ok"],
  API_DOWN: ["api", "bad"],
  TOKEN_REFUSED: ["api", "bad"],
  QUEUE_EMPTY: ["queue", "ok"],
  QUEUE_WAITS: ["queue", "warn"],
  MESSAGE_REFUSED: ["queue", "warn"],
  DEADLINES_KEPT: ["overdue", "ok"],
  DEADLINES_MISSED: ["overdue", "warn"],
  LOG_PROVED: ["log", "ok"],
  LOG_ABSENT: ["log", "ok"],
  LOG_UNPROVED: ["log", "bad"],
  LOG_FORKED: ["log", "bad"],
  LOG_UNWITNESSED: ["log", "warn"],
  ACTS_MISSING: ["log", "bad"],
  ACTS_REFUSED: ["log", "warn"],
  LOG_COUNTED: ["log", "ok"],
  LOG_COUNT_BEHIND: ["log", "warn"],
  STORE_WHOLE: ["store", "ok"],
  STORE_NOT_READ: ["store", "ok"],
  STORE_LOCKED: ["store", "warn"],
  STORE_MISSING: ["store", "warn"],
  STORE_DAMAGED: ["store", "bad"],
} as const satisfies Record<string, readonly [string, FindingState]>;

/** A code of a finding; a published one never changes its meaning. */
export type FindingCode = keyof typeof findingKinds;

/** What was looked at. */
export type CheckName = (typeof findingKinds)[FindingCode][0];

/** One thing that was found, good or bad. Facts are plain: numbers, names of ours, times as RFC 3339. */
export interface Finding {
  readonly check: CheckName;
  readonly state: FindingState;
  readonly code: FindingCode;
  readonly facts: Readonly<Record<string, string | number>>;
}

/** Builds a finding. */
export function makeFinding(
  code: FindingCode,
  facts: Readonly<Record<string, string | number>> = {},
): Finding {
  const [check, state] = findingKinds[code];
  return { check, state, code, facts };
}
