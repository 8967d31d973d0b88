import type { Bytes, EpochMs } from "../../schemas/ground/index.ts";
import type { Database } from "./database.ts";
import { bytesOf, maybeOf, numberOf, type Row, textOf } from "./row.ts";

/** An authority's order that a message is kept. */
export interface LegalHold {
  readonly id: string;
  readonly target: Bytes;
  /** The order's own number. */
  readonly ref: string;
  readonly country: string;
  readonly ground: string;
  /** After this it keeps nothing any more. */
  readonly until: EpochMs;
  readonly setBy: string;
  readonly setAt: EpochMs;
  readonly confirmedBy?: string | undefined;
  readonly liftedBy?: string | undefined;
  readonly liftedAt?: EpochMs | undefined;
  readonly liftGround?: string | undefined;
}

/** Legal holds of one gateway. What changes them is called inside `write` only. */
export interface LegalHolds {
  get(id: string): LegalHold | undefined;
  put(hold: LegalHold): void;
  of(target: Bytes): readonly LegalHold[];
  /** The newest first. */
  list(limit: number): readonly LegalHold[];
}

function holdOf(row: Row): LegalHold {
  return {
    id: textOf(row, "id"),
    target: bytesOf(row, "target"),
    ref: textOf(row, "ref"),
    country: textOf(row, "country"),
    ground: textOf(row, "ground"),
    until: numberOf(row, "until_at"),
    setBy: textOf(row, "set_by"),
    setAt: numberOf(row, "set_at"),
    confirmedBy: maybeOf(row, "confirmed_by", textOf),
    liftedBy: maybeOf(row, "lifted_by", textOf),
    liftedAt: maybeOf(row, "lifted_at", numberOf),
    liftGround: maybeOf(row, "lift_ground", textOf),
  };
}

/** Builds the part of the store that holds legal holds. */
export function makeLegalHolds(database: Database): LegalHolds {
  const get = database.prepare("SELECT * FROM legal_hold WHERE id = ?");
  const put = database.prepare(
    `INSERT OR REPLACE INTO legal_hold (id, target, ref, country, ground, until_at, set_by, set_at, confirmed_by,
     lifted_by, lifted_at, lift_ground) VALUES (${"?, ".repeat(11)}?)`,
  );
  const of = database.prepare("SELECT * FROM legal_hold WHERE target = ? ORDER BY set_at, id");
  const list = database.prepare("SELECT * FROM legal_hold ORDER BY set_at DESC, id LIMIT ?");
  return {
    get: (id) => {
      const row = get.get(id);
      return row === undefined ? undefined : holdOf(row);
    },
    put: (one) => {
      const { id, target, ref, country, ground, until, setBy, setAt } = one;
      const later = [one.confirmedBy, one.liftedBy, one.liftedAt, one.liftGround] as const;
      const more = later.map((value) => value ?? null);
      put.run(id, target, ref, country, ground, until, setBy, setAt, ...more);
    },
    of: (target) => of.all(target).map(holdOf),
    list: (limit) => list.all(limit).map(holdOf),
  };
} // prettier-ignore
