import type { EpochMs } from "../../schemas/ground/index.ts";
import type { Database } from "./database.ts";
import { maybeOf, numberOf, type Row, textOf } from "./row.ts";

/** That a person has a message in hand. */
export interface StoredClaim {
  readonly message: string;
  /** The caller's id. */
  readonly who: string;
  /** As colleagues are shown him. */
  readonly name: string;
  readonly since: EpochMs;
  /** Past it the claim stands for nothing. */
  readonly until: EpochMs;
  /** The name of whom it was taken from, and why. */
  readonly takenFrom?: string | undefined;
  readonly reason?: string | undefined;
}

/** Who has what in hand. What changes it is called inside `write` only. */
export interface Claims {
  /** Undefined too when its time is over. */
  of(message: string, now: EpochMs): StoredClaim | undefined;
  /** Those that stand, the oldest first. */
  all(now: EpochMs, limit: number): readonly StoredClaim[];
  put(claim: StoredClaim): void;
  remove(message: string): void;
  /** Takes away those whose time is over. */
  expire(now: EpochMs): void;
}

function claimOf(row: Row): StoredClaim {
  return {
    message: textOf(row, "message"),
    who: textOf(row, "who"),
    name: textOf(row, "name"),
    since: numberOf(row, "since"),
    until: numberOf(row, "until"),
    takenFrom: maybeOf(row, "taken_from", textOf),
    reason: maybeOf(row, "reason", textOf),
  };
}

/** Builds the part of the store that knows who has what in hand. */
export function makeClaims(database: Database): Claims {
  const of = database.prepare("SELECT * FROM claim WHERE message = ? AND until > ?");
  const all = database.prepare(
    "SELECT * FROM claim WHERE until > ? ORDER BY since, message LIMIT ?",
  );
  const put = database.prepare(
    `INSERT OR REPLACE INTO claim (message, who, name, since, until, taken_from, reason)
     VALUES (${"?, ".repeat(6)}?)`,
  );
  const remove = database.prepare("DELETE FROM claim WHERE message = ?");
  const expire = database.prepare("DELETE FROM claim WHERE until <= ?");
  return {
    of: (message, now) => {
      const row = of.get(message, now);
      return row === undefined ? undefined : claimOf(row);
    },
    all: (now, limit) => all.all(now, limit).map(claimOf),
    put: ({ message, who, name, since, until, takenFrom, reason }) =>
      void put.run(message, who, name, since, until, takenFrom ?? null, reason ?? null),
    remove: (message) => void remove.run(message),
    expire: (now) => void expire.run(now),
  };
}
