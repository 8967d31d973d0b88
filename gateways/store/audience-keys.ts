import type { Bytes, EpochMs } from "../../schemas/ground/index.ts";
import type { Database } from "./database.ts";
import { parseNames, renderNames } from "./names.ts";
import { bytesOf, numberOf, type Row, textOf } from "./row.ts";

/** A key of ours, and the exact audience it is shared with. */
export interface StoredAudienceKey {
  readonly name: string;
  readonly key: Bytes;
  /** Digest of the members and their sealing certificates. */
  readonly audience: Bytes;
  readonly members: readonly string[];
  readonly usableFrom: EpochMs;
  readonly usableUntil: EpochMs;
  /** What was last sent with it, as JSON: whom the next key is for. */
  readonly asked: string;
  readonly usedAt: EpochMs;
  /** Until then a message sealed with it may be asked about. */
  readonly keepUntil: EpochMs;
}

/** A use of a key of ours. */
export interface KeyUse {
  readonly asked: string;
  readonly usedAt: EpochMs;
  readonly keepUntil: EpochMs;
}

/** The audience keys we seal with. What changes them is called inside `write` only. */
export interface AudienceKeys {
  add(key: StoredAudienceKey): void;
  get(name: string): StoredAudienceKey | undefined;
  /** The key to seal with at a time; of several the one that ends last. */
  current(audience: Bytes, at: EpochMs): StoredAudienceKey | undefined;
  /** The key of an audience that ends last, whether it has begun or not. */
  last(audience: Bytes): StoredAudienceKey | undefined;
  /** Notes a use; one of minutes ago is not written over for every message. */
  use(name: string, use: KeyUse): void;
  /** Those used since, the last used first. */
  usedSince(at: EpochMs): readonly StoredAudienceKey[];
  /** Erases what can open nothing any more. Says how many. */
  erase(now: EpochMs): number;
}

/** A use is written down again after this time; a day's renewal needs no more. */
const useStepMs = 10 * 60_000;

function keyOf(row: Row): StoredAudienceKey {
  return {
    name: textOf(row, "name"),
    key: bytesOf(row, "key"),
    audience: bytesOf(row, "audience"),
    members: parseNames(textOf(row, "members")),
    usableFrom: numberOf(row, "usable_from"),
    usableUntil: numberOf(row, "usable_until"),
    asked: textOf(row, "asked"),
    usedAt: numberOf(row, "used_at"),
    keepUntil: numberOf(row, "keep_until"),
  };
}

function read(row: Row | undefined): StoredAudienceKey | undefined {
  return row === undefined ? undefined : keyOf(row);
}

/** Builds the part of the store that holds our audience keys. */
export function makeAudienceKeys(database: Database): AudienceKeys {
  const add = database.prepare(
    `INSERT INTO audience_key (name, key, audience, members, usable_from, usable_until, asked, used_at,
     keep_until) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const get = database.prepare("SELECT * FROM audience_key WHERE name = ?");
  const current = database.prepare(
    `SELECT * FROM audience_key WHERE audience = ? AND usable_from <= ? AND usable_until > ?
     ORDER BY usable_until DESC LIMIT 1`,
  );
  const last = database.prepare(
    "SELECT * FROM audience_key WHERE audience = ? ORDER BY usable_until DESC LIMIT 1",
  );
  const use = database.prepare(
    `UPDATE audience_key SET asked = ?, used_at = ?, keep_until = max(keep_until, ?)
     WHERE name = ? AND (used_at < ? OR keep_until < ?)`,
  );
  const usedSince = database.prepare(
    "SELECT * FROM audience_key WHERE used_at >= ? ORDER BY used_at DESC",
  );
  const erase = database.prepare(
    "DELETE FROM audience_key WHERE keep_until <= ? AND usable_until <= ?",
  );
  return {
    add: (key) => {
      const { name, audience, members, usableFrom, usableUntil, asked, usedAt, keepUntil } = key;
      add.run(name, key.key, audience, renderNames(members), usableFrom, usableUntil, asked, usedAt, keepUntil); // prettier-ignore
    },
    get: (name) => read(get.get(name)),
    current: (audience, at) => read(current.get(audience, at, at)),
    last: (audience) => read(last.get(audience)),
    use: (name, { asked, usedAt, keepUntil }) =>
      void use.run(asked, usedAt, keepUntil, name, usedAt - useStepMs, keepUntil),
    usedSince: (at) => usedSince.all(at).map(keyOf),
    erase: (now) => erase.run(now, now).changes,
  };
}
