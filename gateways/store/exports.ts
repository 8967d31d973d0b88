import type { EpochMs } from "../../schemas/ground/index.ts";
import type { Database } from "./database.ts";
import { parseNames, renderNames } from "./names.ts";
import { maybeOf, numberOf, type Row, textOf } from "./row.ts";

/** An export that somebody asked for. */
export interface StoredExport {
  readonly id: string;
  /** The caller who asked. */
  readonly owner: string;
  /** What was asked, in JSON. */
  readonly wish: string;
  /** What it is for, a code of PURPOSE. */
  readonly purpose: string;
  /** WAITING, READY or REFUSED. */
  readonly state: string;
  /** Ids of the messages, the newest first. */
  readonly messages: readonly string[];
  readonly isPersonal: boolean;
  readonly decidedBy?: string | undefined;
  /** What it held when it was last read, in JSON. */
  readonly given?: string | undefined;
  readonly madeAt: EpochMs;
  readonly endsAt: EpochMs;
}

/** Exports of one gateway. What changes them is called inside `write` only. */
export interface Exports {
  get(id: string): StoredExport | undefined;
  put(entry: StoredExport): void;
  /** The newest first; one's own, or those that wait for a word when no owner is said. */
  list(owner: string | undefined, limit: number): readonly StoredExport[];
  /** Takes away what has ended; says how many. */
  expire(now: EpochMs): number;
}

function exportOf(row: Row): StoredExport {
  return {
    id: textOf(row, "id"),
    owner: textOf(row, "owner"),
    wish: textOf(row, "wish"),
    purpose: textOf(row, "purpose"),
    state: textOf(row, "state"),
    messages: parseNames(textOf(row, "messages")),
    isPersonal: numberOf(row, "personal") === 1,
    decidedBy: maybeOf(row, "decided_by", textOf),
    given: maybeOf(row, "given", textOf),
    madeAt: numberOf(row, "made_at"),
    endsAt: numberOf(row, "ends_at"),
  };
}

/** Builds the part of the store that holds exports. */
export function makeExports(database: Database): Exports {
  const get = database.prepare("SELECT * FROM export WHERE id = ?");
  const put = database.prepare(
    `INSERT OR REPLACE INTO export (id, owner, wish, purpose, state, messages, personal, decided_by, given, made_at, ends_at)
     VALUES (${"?, ".repeat(10)}?)`,
  );
  const own = database.prepare("SELECT * FROM export WHERE owner = ? ORDER BY made_at DESC, id LIMIT ?");
  const waiting = database.prepare("SELECT * FROM export WHERE state = 'WAITING' ORDER BY made_at DESC, id LIMIT ?");
  const expire = database.prepare("DELETE FROM export WHERE ends_at <= ?");
  return {
    get: (id) => {
      const row = get.get(id);
      return row === undefined ? undefined : exportOf(row);
    },
    put: (one) => {
      const { id, owner, wish, purpose, state, messages, isPersonal, decidedBy = null, given = null } = one;
      const said = [id, owner, wish, purpose, state, renderNames(messages), isPersonal ? 1 : 0] as const;
      put.run(...said, decidedBy, given, one.madeAt, one.endsAt);
    },
    list: (owner, limit) =>
      (owner === undefined ? waiting.all(limit) : own.all(owner, limit)).map(exportOf),
    expire: (now) => expire.run(now).changes,
  };
} // prettier-ignore
