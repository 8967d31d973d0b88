import { type Bytes, type EpochMs, parseUuid } from "../../schemas/ground/index.ts";
import type { Changes } from "./changes.ts";
import type { Database } from "./database.ts";
import { parseNames, renderNames } from "./names.ts";
import { bytesOf, maybeOf, numberOf, type Row, textOf } from "./row.ts";

/** A submission that waits for a second officer, or has waited. */
export interface StoredRelease {
  readonly id: string;
  /** The Idempotency-Key it was handed in with, and will be sent with. */
  readonly key: string;
  /** The caller who handed it in. */
  readonly maker: string;
  /** Others who wrote on it. */
  readonly writers: readonly string[];
  /** SHA-256 of the submission, in one spelling. */
  readonly digest: Bytes;
  /** The submission in JSON; empty once nobody needs it any more. */
  readonly content: string;
  /** Messages whose files its maker might pass on. */
  readonly readable: readonly string[];
  /** SHA-256 of the submission with the keys of its files. */
  readonly filled: Bytes;
  /** Who would have read it when it was handed in. */
  readonly audience: readonly string[];
  readonly type: string;
  readonly handling: string;
  readonly urgency: string;
  /** Why it takes two. */
  readonly reasons: readonly string[];
  /** WAITING, RELEASED, RETURNED, WITHDRAWN or EXPIRED. */
  readonly state: string;
  readonly madeAt: EpochMs;
  /** Until then it waits. */
  readonly endsAt: EpochMs;
  readonly decidedBy?: string | undefined;
  readonly decidedAt?: EpochMs | undefined;
  /** What was said to the maker when it was sent back. */
  readonly reason?: string | undefined;
  /** The message it became. */
  readonly message?: string | undefined;
}

/** What waits for a second officer. What changes it is called inside `write` only. */
export interface Releases {
  get(id: string): StoredRelease | undefined;
  byKey(key: string): StoredRelease | undefined;
  /** Adds it, or writes it anew; whoever follows changes is told when its state is another. */
  put(release: StoredRelease): void;
  /** Those of one state, the first that ends first; or of all, the last made first. */
  list(state: string | undefined, limit: number): readonly StoredRelease[];
  /** How many wait, and since when the oldest does. */
  waiting(): { readonly count: number; readonly oldestAt?: EpochMs | undefined };
  /** How many of one maker wait. */
  countOf(maker: string): number;
  /** Those that wait though their time is over. */
  overdue(now: EpochMs, limit: number): readonly StoredRelease[];
  /** Takes away what was decided, or ended, before a time; the content of what was not sent goes with it. */
  forget(before: EpochMs): void;
}

function releaseOf(row: Row): StoredRelease {
  return {
    id: textOf(row, "id"),
    key: textOf(row, "key"),
    maker: textOf(row, "maker"),
    writers: parseNames(textOf(row, "writers")),
    digest: bytesOf(row, "digest"),
    content: textOf(row, "content"),
    readable: parseNames(textOf(row, "readable")),
    filled: bytesOf(row, "filled"),
    audience: parseNames(textOf(row, "audience")),
    type: textOf(row, "type"),
    handling: textOf(row, "handling"),
    urgency: textOf(row, "urgency"),
    reasons: parseNames(textOf(row, "reasons")),
    state: textOf(row, "state"),
    madeAt: numberOf(row, "made_at"),
    endsAt: numberOf(row, "ends_at"),
    decidedBy: maybeOf(row, "decided_by", textOf),
    decidedAt: maybeOf(row, "decided_at", numberOf),
    reason: maybeOf(row, "reason", textOf),
    message: maybeOf(row, "message", textOf),
  };
}

const columns =
  "id, key, maker, writers, digest, content, readable, filled, audience, type, handling, urgency, reasons, state, " +
  "made_at, ends_at, decided_by, decided_at, reason, message";

function makePut(database: Database): (one: StoredRelease) => void {
  const put = database.prepare(
    `INSERT OR REPLACE INTO release_item (${columns}) VALUES (${"?, ".repeat(19)}?)`,
  );
  return (one) => {
    const { id, key, maker, digest, content, filled, type, handling, urgency, state } = one;
    const names = [one.writers, one.readable, one.audience, one.reasons].map(renderNames);
    const [writers = "", readable = "", audience = "", reasons = ""] = names;
    const said = [id, key, maker, writers, digest, content, readable, filled, audience] as const;
    const what = [type, handling, urgency, reasons, state, one.madeAt, one.endsAt] as const;
    const { decidedBy = null, decidedAt = null, reason = null, message = null } = one;
    put.run(...said, ...what, decidedBy, decidedAt, reason, message);
  };
}

function first(row: Row | undefined): StoredRelease | undefined {
  return row === undefined ? undefined : releaseOf(row);
}

/** Builds the part of the store that holds what waits for a second officer. */
export function makeReleases(database: Database, changes: Pick<Changes, "add">): Releases {
  const one = database.prepare("SELECT * FROM release_item WHERE id = ?");
  const byKey = database.prepare("SELECT * FROM release_item WHERE key = ?");
  const all = database.prepare("SELECT * FROM release_item ORDER BY made_at DESC, id LIMIT ?");
  const ofState = database.prepare(
    "SELECT * FROM release_item WHERE state = ? ORDER BY ends_at, id LIMIT ?",
  );
  const waiting = database.prepare(
    "SELECT count(*) AS n, min(made_at) AS oldest FROM release_item WHERE state = 'WAITING'",
  );
  const countOf = database.prepare(
    "SELECT count(*) AS n FROM release_item WHERE maker = ? AND state = 'WAITING'",
  );
  const overdue = database.prepare(
    "SELECT * FROM release_item WHERE state = 'WAITING' AND ends_at <= ? LIMIT ?",
  );
  const forget = database.prepare(
    "DELETE FROM release_item WHERE state <> 'WAITING' AND coalesce(decided_at, ends_at) < ?",
  );
  const put = makePut(database);
  return {
    get: (id) => first(one.get(id)),
    byKey: (key) => first(byKey.get(key)),
    put: (release) => {
      const before = first(one.get(release.id));
      put(release);
      if (before?.state === release.state) return;
      const { id, handling, state } = release;
      // place 0 is no message's
      changes.add({ kind: "RELEASE", message: 0, id: parseUuid(id), box: "out", handling, state });
    },
    list: (state, limit) =>
      (state === undefined ? all.all(limit) : ofState.all(state, limit)).map(releaseOf),
    waiting: () => {
      const row = waiting.get() ?? {};
      return { count: numberOf(row, "n"), oldestAt: maybeOf(row, "oldest", numberOf) };
    },
    countOf: (maker) => numberOf(countOf.get(maker) ?? {}, "n"),
    overdue: (now, limit) => overdue.all(now, limit).map(releaseOf),
    forget: (before) => void forget.run(before),
  };
}
