import type { EpochMs } from "../../schemas/ground/index.ts";
import type { Database } from "./database.ts";
import { numberOf, type Row, textOf } from "./row.ts";

/** A list that somebody keeps under a name. */
export interface StoredView {
  readonly id: string;
  readonly owner: string;
  /** Whether everybody of the agency who reads is shown it. */
  readonly isShared: boolean;
  readonly name: string;
  /** JSON: the parameters of a list. */
  readonly query: string;
  readonly changedAt: EpochMs;
}

/** Lists that are kept under a name. What changes them is called inside `write` only. */
export interface Views {
  get(id: string): StoredView | undefined;
  /** One's own and the shared ones, by their names. */
  list(owner: string, limit: number): readonly StoredView[];
  count(owner: string): number;
  put(view: StoredView): void;
  remove(id: string): void;
}

function viewOf(row: Row): StoredView {
  return {
    id: textOf(row, "id"),
    owner: textOf(row, "owner"),
    isShared: numberOf(row, "shared") === 1,
    name: textOf(row, "name"),
    query: textOf(row, "query"),
    changedAt: numberOf(row, "changed_at"),
  };
}

/** Builds the part of the store that holds them. */
export function makeViews(database: Database): Views {
  const get = database.prepare("SELECT * FROM saved_view WHERE id = ?");
  const list = database.prepare(
    "SELECT * FROM saved_view WHERE owner = ? OR shared = 1 ORDER BY name, id LIMIT ?",
  );
  const count = database.prepare("SELECT count(*) AS n FROM saved_view WHERE owner = ?");
  const put = database.prepare(
    "INSERT OR REPLACE INTO saved_view (id, owner, shared, name, query, changed_at) VALUES (?, ?, ?, ?, ?, ?)",
  );
  const remove = database.prepare("DELETE FROM saved_view WHERE id = ?");
  return {
    get: (id) => {
      const row = get.get(id);
      return row === undefined ? undefined : viewOf(row);
    },
    list: (owner, limit) => list.all(owner, limit).map(viewOf),
    count: (owner) => numberOf(count.get(owner) ?? {}, "n"),
    put: ({ id, owner, isShared, name, query, changedAt }) =>
      void put.run(id, owner, isShared ? 1 : 0, name, query, changedAt),
    remove: (id) => void remove.run(id),
  };
}
