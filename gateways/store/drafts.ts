import type { EpochMs } from "../../schemas/ground/index.ts";
import type { Database } from "./database.ts";
import { maybeOf, numberOf, type Row, textOf } from "./row.ts";

/** A message that is being written. */
export interface StoredDraft {
  readonly id: string;
  /** The caller who began it. */
  readonly owner: string;
  /** Whether everybody of the agency who writes messages works on it. */
  readonly isShared: boolean;
  /** A submission in JSON, whole or not; empty once it was sent. */
  readonly content: string;
  readonly type: string;
  readonly handling: string;
  /** Rises with every change. */
  readonly version: number;
  /** How many things were wrong with it at its last change. */
  readonly missing: number;
  readonly changedBy: string;
  readonly madeAt: EpochMs;
  readonly changedAt: EpochMs;
  readonly endsAt: EpochMs;
  /** The message it became. */
  readonly message?: string | undefined;
}

/** Drafts of one gateway. What changes them is called inside `write` only. */
export interface Drafts {
  get(id: string): StoredDraft | undefined;
  put(draft: StoredDraft): void;
  remove(id: string): void;
  /** One's own and the shared ones that were not sent, the last changed first. */
  list(owner: string, limit: number): readonly StoredDraft[];
  /** How many of one's own were not sent. */
  count(owner: string): number;
  /** Takes away what has ended; says how many. */
  expire(now: EpochMs): number;
}

function draftOf(row: Row): StoredDraft {
  return {
    id: textOf(row, "id"),
    owner: textOf(row, "owner"),
    isShared: numberOf(row, "shared") === 1,
    content: textOf(row, "content"),
    type: textOf(row, "type"),
    handling: textOf(row, "handling"),
    version: numberOf(row, "version"),
    missing: numberOf(row, "missing"),
    changedBy: textOf(row, "changed_by"),
    madeAt: numberOf(row, "made_at"),
    changedAt: numberOf(row, "changed_at"),
    endsAt: numberOf(row, "ends_at"),
    message: maybeOf(row, "message", textOf),
  };
}

/** Builds the part of the store that holds drafts. */
export function makeDrafts(database: Database): Drafts {
  const get = database.prepare("SELECT * FROM draft WHERE id = ?");
  const put = database.prepare(
    `INSERT OR REPLACE INTO draft (id, owner, shared, content, type, handling, version, missing, changed_by,
     made_at, changed_at, ends_at, message) VALUES (${"?, ".repeat(12)}?)`,
  );
  const remove = database.prepare("DELETE FROM draft WHERE id = ?");
  const list = database.prepare(
    `SELECT * FROM draft WHERE message IS NULL AND (owner = ? OR shared = 1)
     ORDER BY changed_at DESC, id LIMIT ?`,
  );
  const count = database.prepare("SELECT count(*) AS n FROM draft WHERE owner = ? AND message IS NULL");
  const expire = database.prepare("DELETE FROM draft WHERE ends_at <= ?");
  return {
    get: (id) => {
      const row = get.get(id);
      return row === undefined ? undefined : draftOf(row);
    },
    put: (one) => {
      const { id, owner, isShared, content, type, handling, version, missing } = one;
      const said = [id, owner, isShared ? 1 : 0, content, type, handling, version, missing] as const;
      put.run(...said, one.changedBy, one.madeAt, one.changedAt, one.endsAt, one.message ?? null);
    },
    remove: (id) => void remove.run(id),
    list: (owner, limit) => list.all(owner, limit).map(draftOf),
    count: (owner) => numberOf(count.get(owner) ?? {}, "n"),
    expire: (now) => expire.run(now).changes,
  };
} // prettier-ignore
