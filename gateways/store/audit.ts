import type { Bytes, EpochMs } from "../../schemas/ground/index.ts";
import type { Database } from "./database.ts";
import type { SqlValue } from "./drivers/sqlite.ts";
import { bytesOf, numberOf, type Row, textOf } from "./row.ts";

/** One line of the audit record as it is kept. Nothing of a message's content, and no name, stands in it. */
export interface StoredAuditLine {
  /** From 1 on, without gaps. */
  readonly position: number;
  readonly at: EpochMs;
  /** The caller's id. */
  readonly who: string;
  readonly act: string;
  /** An id, or empty. */
  readonly object: string;
  /** A code of PURPOSE, or empty. */
  readonly purpose: string;
  /** OK, or the code of the fault it was refused with. */
  readonly outcome: string;
  /** From where it was asked, as a class: LOCAL, PRIVATE, PUBLIC, or empty. */
  readonly address: string;
  /** How many it was about. */
  readonly count: number;
  /** SHA-256 of what was given out, in hexadecimal; empty when nothing was, or it is not said. */
  readonly digest: string;
  /** Hash of the line before; 32 zeros before the first. */
  readonly previous: Bytes;
  readonly hash: Bytes;
}

/** What the agency signed about its record at one moment. */
export interface StoredAuditAnchor {
  readonly position: number;
  readonly hash: Bytes;
  readonly at: EpochMs;
  /** Lines up to here were taken away from the front; 0 when none. */
  readonly cutPosition: number;
  readonly statement: Bytes;
  /** Detached JWS over the statement. */
  readonly signature: string;
}

/** Which lines, newest first. */
export interface AuditQuery {
  readonly who?: string | undefined;
  readonly act?: string | undefined;
  readonly object?: string | undefined;
  /** OK, or the code of a fault. */
  readonly outcome?: string | undefined;
  /** Only lines before this position. */
  readonly before?: number | undefined;
  readonly limit: number;
}

/** How much one caller did lately. */
export interface ActsAsked {
  readonly who: string;
  readonly acts: readonly string[];
  readonly from: EpochMs;
  readonly to: EpochMs;
}

/** The table of the audit record. What adds or cuts is called inside `write` only; nothing changes a line. */
export interface AuditTable {
  add(line: StoredAuditLine): void;
  last(): StoredAuditLine | undefined;
  list(query: AuditQuery): readonly StoredAuditLine[];
  /** Lines from a position on, in order. */
  from(position: number, limit: number): readonly StoredAuditLine[];
  /** How many lines, and in how many different hours. */
  acts(asked: ActsAsked): { readonly lines: number; readonly hours: number };
  /** The last position that is older than this moment; 0 when none is. */
  lastBefore(at: EpochMs): number;
  addAnchor(anchor: StoredAuditAnchor): void;
  /** The newest first. */
  anchors(limit: number): readonly StoredAuditAnchor[];
  /** Takes away what the newest anchor says is cut. */
  cut(position: number): void;
}

function lineOf(row: Row): StoredAuditLine {
  return {
    position: numberOf(row, "position"),
    at: numberOf(row, "at"),
    who: textOf(row, "who"),
    act: textOf(row, "act"),
    object: textOf(row, "object"),
    purpose: textOf(row, "purpose"),
    outcome: textOf(row, "outcome"),
    address: textOf(row, "address"),
    count: numberOf(row, "count"),
    digest: textOf(row, "digest"),
    previous: bytesOf(row, "previous"),
    hash: bytesOf(row, "hash"),
  };
}

function anchorOf(row: Row): StoredAuditAnchor {
  return {
    position: numberOf(row, "position"),
    hash: bytesOf(row, "hash"),
    at: numberOf(row, "at"),
    cutPosition: numberOf(row, "cut_position"),
    statement: bytesOf(row, "statement"),
    signature: textOf(row, "signature"),
  };
}

/**
 * How lines are looked for: by what they are about where that is asked, for few are about the same; else by who and act, each
 * with an index in the order of the record. The sign keeps SQLite from another.
 */
function conditionsOf({ who, act, object, outcome, before }: AuditQuery): readonly (readonly [string, SqlValue | undefined])[] {
  const free = object === undefined ? "" : "+";
  return [
    ["object <> '' AND object = ?", object],
    [`${free}who = ?`, who],
    [`${free}act = ?`, act],
    ["+outcome = ?", outcome],
    ["position < ?", before],
  ];
} // prettier-ignore

function makeLister(database: Database): AuditTable["list"] {
  const statements = new Map<string, ReturnType<Database["prepare"]>>();
  return (query) => {
    const filters = conditionsOf(query);
    const used = filters.flatMap(([sql, value]) => (value === undefined ? [] : [{ sql, value }]));
    const where = ["1", ...used.map(({ sql }) => sql)].join(" AND ");
    const sql = `SELECT * FROM audit WHERE ${where} ORDER BY position DESC LIMIT ?`;
    const statement = statements.get(where) ?? database.prepare(sql);
    statements.set(where, statement);
    return statement.all(...used.map(({ value }) => value), query.limit).map(lineOf);
  };
}

type Anchors = Pick<AuditTable, "addAnchor" | "anchors" | "cut">;

function makeAnchors(database: Database): Anchors {
  const add = database.prepare(
    `INSERT OR REPLACE INTO audit_anchor (position, hash, at, cut_position, statement, signature)
     VALUES (?, ?, ?, ?, ?, ?)`,
  );
  const list = database.prepare("SELECT * FROM audit_anchor ORDER BY position DESC LIMIT ?");
  const cut = database.prepare("DELETE FROM audit WHERE position <= ?");
  const cutAnchors = database.prepare("DELETE FROM audit_anchor WHERE position <= ?");
  return {
    addAnchor: ({ position, hash, at, cutPosition, statement, signature }) => {
      add.run(position, hash, at, cutPosition, statement, signature);
    },
    anchors: (limit) => list.all(limit).map(anchorOf),
    cut: (position) => {
      cut.run(position);
      cutAnchors.run(position);
    },
  };
}

/** Builds the part of the store that holds the audit record. */
export function makeAuditTable(database: Database): AuditTable {
  const add = database.prepare(
    `INSERT INTO audit (position, at, who, act, object, purpose, outcome, address, count, digest, previous, hash)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const last = database.prepare("SELECT * FROM audit ORDER BY position DESC LIMIT 1");
  const from = database.prepare(
    "SELECT * FROM audit WHERE position >= ? ORDER BY position LIMIT ?",
  );
  const acts = database.prepare(
    `SELECT coalesce(sum(count), 0) AS lines, count(DISTINCT at / 3600000) AS hours FROM audit
     WHERE who = ? AND at >= ? AND at < ? AND instr(?, ' ' || act || ' ') > 0 AND outcome = 'OK'`,
  );
  const lastBefore = database.prepare(
    // the clock may have gone back: what stands before an old line goes with it only when it is old itself
    `SELECT coalesce(min(position) - 1, (SELECT coalesce(max(position), 0) FROM audit)) AS n
     FROM audit WHERE at >= ?`,
  );
  return {
    ...makeAnchors(database),
    add: (line) => {
      const { position, at, who, act, object, purpose, outcome, address, count, digest } = line;
      add.run(position, at, who, act, object, purpose, outcome, address, count, digest, line.previous, line.hash); // prettier-ignore
    },
    last: () => {
      const row = last.get();
      return row === undefined ? undefined : lineOf(row);
    },
    list: makeLister(database),
    from: (position, limit) => from.all(position, limit).map(lineOf),
    acts: ({ who, acts: names, from: since, to }) => {
      const row = acts.get(who, since, to, ` ${names.join(" ")} `) ?? {};
      return { lines: numberOf(row, "lines"), hours: numberOf(row, "hours") };
    },
    lastBefore: (at) => numberOf(lastBefore.get(at) ?? {}, "n"),
  };
}
