import type { Bytes, EpochMs } from "../../schemas/ground/index.ts";
import type { Database } from "./database.ts";
import { parseNames, renderNames } from "./names.ts";
import { bytesOf, maybeOf, numberOf, type Row, textOf } from "./row.ts";

/** One passkey of a person: what we keep of it is public. */
export interface PasskeyRow {
  /** As the authenticator names it, base64url. */
  readonly id: string;
  readonly person: string;
  /** COSE. */
  readonly publicKey: Bytes;
  readonly counter: number;
  /** As its owner calls it. */
  readonly name: string;
  readonly transports: readonly string[];
  readonly addedAt: EpochMs;
  readonly usedAt: EpochMs;
  /** Its counter went back once: there may be a copy, and it opens nothing any more. */
  readonly isSuspect: boolean;
}

/** A person who signed in. */
export interface SessionRow {
  /** SHA-256 of what the browser holds. */
  readonly digest: Bytes;
  /** The name people see; opens nothing. */
  readonly id: string;
  readonly person: string;
  readonly way: string;
  /** When the identity provider's word gives fewer than her roles; all of them when absent. */
  readonly roles?: readonly string[] | undefined;
  readonly startedAt: EpochMs;
  readonly seenAt: EpochMs;
  readonly provedAt?: EpochMs | undefined;
  readonly endsAt: EpochMs;
}

/** Passkeys and sessions. What changes them is called inside `write` only. */
export interface Sessions {
  passkey(id: string): PasskeyRow | undefined;
  passkeysOf(person: string): readonly PasskeyRow[];
  putPasskey(passkey: PasskeyRow): void;
  /** Whether there was one to remove. */
  dropPasskey(person: string, id: string): boolean;
  get(digest: Bytes): SessionRow | undefined;
  byId(id: string): SessionRow | undefined;
  /** Newest first. */
  of(person: string): readonly SessionRow[];
  put(session: SessionRow): void;
  end(id: string): void;
  /** How many there were. */
  endAll(person: string): number;
  purge(now: EpochMs): void;
}

function passkeyOf(row: Row): PasskeyRow {
  return {
    id: textOf(row, "id"),
    person: textOf(row, "person"),
    publicKey: bytesOf(row, "public_key"),
    counter: numberOf(row, "counter"),
    name: textOf(row, "name"),
    transports: parseNames(textOf(row, "transports")),
    addedAt: numberOf(row, "added_at"),
    usedAt: numberOf(row, "used_at"),
    isSuspect: numberOf(row, "suspect") !== 0,
  };
}

function sessionOf(row: Row): SessionRow {
  const roles = maybeOf(row, "roles", textOf);
  return {
    digest: bytesOf(row, "digest"),
    id: textOf(row, "id"),
    person: textOf(row, "person"),
    way: textOf(row, "way"),
    roles: roles === undefined ? undefined : parseNames(roles),
    startedAt: numberOf(row, "started_at"),
    seenAt: numberOf(row, "seen_at"),
    provedAt: maybeOf(row, "proved_at", numberOf),
    endsAt: numberOf(row, "ends_at"),
  };
}

function one(row: Row | undefined): SessionRow | undefined {
  return row === undefined ? undefined : sessionOf(row);
}

type Passkeys = Pick<Sessions, "passkey" | "passkeysOf" | "putPasskey" | "dropPasskey">;

function makePasskeys(database: Database): Passkeys {
  const get = database.prepare("SELECT * FROM passkey WHERE id = ?");
  const of = database.prepare("SELECT * FROM passkey WHERE person = ? ORDER BY added_at, id");
  const drop = database.prepare("DELETE FROM passkey WHERE person = ? AND id = ?");
  const put = database.prepare(
    `INSERT OR REPLACE INTO passkey
     (id, person, public_key, counter, name, transports, added_at, used_at, suspect)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  return {
    passkey: (id) => {
      const row = get.get(id);
      return row === undefined ? undefined : passkeyOf(row);
    },
    passkeysOf: (person) => of.all(person).map(passkeyOf),
    putPasskey: ({ id, person, publicKey, counter, name, transports, ...at }) => {
      const times = [at.addedAt, at.usedAt, at.isSuspect ? 1 : 0];
      put.run(id, person, publicKey, counter, name, renderNames(transports), ...times);
    },
    dropPasskey: (person, id) => drop.run(person, id).changes > 0,
  };
}

/** Builds the part of the store that holds passkeys and sessions. */
export function makeSessions(database: Database): Sessions {
  const get = database.prepare("SELECT * FROM session WHERE digest = ?");
  const byId = database.prepare("SELECT * FROM session WHERE id = ?");
  const of = database.prepare(
    "SELECT * FROM session WHERE person = ? ORDER BY started_at DESC, id",
  );
  const end = database.prepare("DELETE FROM session WHERE id = ?");
  const endAll = database.prepare("DELETE FROM session WHERE person = ?");
  const old = database.prepare("DELETE FROM session WHERE ends_at <= ?");
  const put = database.prepare(
    `INSERT OR REPLACE INTO session
     (digest, id, person, way, roles, started_at, seen_at, proved_at, ends_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  return {
    ...makePasskeys(database),
    get: (digest) => one(get.get(digest)),
    byId: (id) => one(byId.get(id)),
    of: (person) => of.all(person).map(sessionOf),
    put: ({ digest, id, person, way, roles, startedAt, seenAt, provedAt, endsAt }) => {
      const given = roles === undefined ? null : renderNames(roles);
      put.run(digest, id, person, way, given, startedAt, seenAt, provedAt ?? null, endsAt);
    },
    end: (id) => void end.run(id),
    endAll: (person) => endAll.run(person).changes,
    purge: (now) => void old.run(now),
  };
}
