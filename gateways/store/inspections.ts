import type { EpochMs } from "../../schemas/ground/index.ts";
import type { Database } from "./database.ts";
import { numberOf, type Row, textOf } from "./row.ts";

/** An inspection as it is kept; what it says stands in its content. */
export interface InspectionRow {
  readonly id: string;
  readonly state: string;
  /** The inspector, as a caller. */
  readonly askedBy: string;
  readonly askedAt: EpochMs;
  /** When it ends by itself: its waiting, or the inspection. */
  readonly endsAt: EpochMs;
  /** JSON. */
  readonly content: string;
}

/** Inspections of one gateway; none is ever taken out. What changes them is called inside `write` only. */
export interface Inspections {
  get(id: string): InspectionRow | undefined;
  put(row: InspectionRow): void;
  /** The newest first. */
  list(limit: number): readonly InspectionRow[];
  /** All in these states. */
  inState(...states: readonly string[]): readonly InspectionRow[];
}

function rowOf(row: Row): InspectionRow {
  return {
    id: textOf(row, "id"),
    state: textOf(row, "state"),
    askedBy: textOf(row, "asked_by"),
    askedAt: numberOf(row, "asked_at"),
    endsAt: numberOf(row, "ends_at"),
    content: textOf(row, "content"),
  };
}

/** Builds the part of the store that holds inspections. */
export function makeInspections(database: Database): Inspections {
  const get = database.prepare("SELECT * FROM inspection WHERE id = ?");
  const put = database.prepare(
    "INSERT OR REPLACE INTO inspection (id, state, asked_by, asked_at, ends_at, content) VALUES (?, ?, ?, ?, ?, ?)",
  );
  const list = database.prepare("SELECT * FROM inspection ORDER BY asked_at DESC, id LIMIT ?");
  const inState = database.prepare("SELECT * FROM inspection WHERE state = ? ORDER BY asked_at");
  return {
    get: (id) => {
      const row = get.get(id);
      return row === undefined ? undefined : rowOf(row);
    },
    put: ({ id, state, askedBy, askedAt, endsAt, content }) =>
      void put.run(id, state, askedBy, askedAt, endsAt, content),
    list: (limit) => list.all(limit).map(rowOf),
    inState: (...states) => states.flatMap((state) => inState.all(state).map(rowOf)),
  };
}
