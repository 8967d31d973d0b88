import type { SQLInputValue } from "node:sqlite";

import { type Bytes, type EpochMs, Fault } from "../../schemas/ground/index.ts";
import type { Database } from "./database.ts";
import { parseNames, renderNames } from "./names.ts";
import { bytesOf, maybeOf, numberOf, type Row, textOf } from "./row.ts";

/** A message as lists show it. */
export interface StoredSummary {
  /** Place in the store; rises with time. */
  readonly seq: number;
  readonly box: "in" | "out";
  readonly id: Bytes;
  readonly originator: string;
  readonly type: string;
  readonly crimes: readonly string[];
  readonly recs: readonly string[];
  readonly handling: string;
  readonly urgency: string;
  readonly status: string;
  readonly createdAt: EpochMs;
  readonly expiresAt: EpochMs;
  readonly storedAt: EpochMs;
  readonly state: string;
  readonly code?: string | undefined;
}

/** Whether it is what gateways tell each other, and shown in no list; the column `system` says the same. */
export function isSystemMessage({ type, state }: Pick<StoredSummary, "type" | "state">): boolean {
  return type.startsWith("key.") && state !== "QUARANTINED";
}

/** A message in full. */
export interface StoredMessage extends StoredSummary {
  /** SHA-256 of the envelope; of a quarantined one of its publication. */
  readonly digest: Bytes;
  readonly audience: readonly string[];
  /** Of a quarantined one: the subject it came on. */
  readonly subject?: string | undefined;
  /** The encoded Message; of a quarantined one the publication as it came. */
  readonly raw: Bytes;
  /** The encoded parts, opened; absent when quarantined. */
  readonly parts?: Bytes | undefined;
}

/** Which messages, newest first. */
export interface StoredQuery {
  readonly box: "in" | "out";
  readonly state?: string | undefined;
  readonly type?: string | undefined;
  readonly crime?: string | undefined;
  /** Only messages stored before this place. */
  readonly before?: number | undefined;
  readonly limit: number;
}

/** The messages of a store. What changes them is called inside `write` only. */
export interface Messages {
  add(message: Omit<StoredMessage, "seq">): number;
  setState(seq: number, state: string, code?: string): void;
  remove(seq: number): void;
  /** A message that is not in quarantine. */
  known(
    box: "in" | "out",
    originator: string,
    id: Bytes,
  ): { seq: number; digest: Bytes; state: string } | undefined;
  /** Whether a publication of this digest is in quarantine. */
  isQuarantined(publicationDigest: Bytes): boolean;
  /**
   * Publications that lie in quarantine for one of these codes and are not past their time, newest first; what was taken
   * back is no publication and not among them.
   */
  quarantined(
    codes: readonly string[],
    page: { readonly now: EpochMs; readonly before: number; readonly limit: number },
  ): readonly StoredMessage[];
  summary(seq: number): StoredSummary | undefined;
  get(seq: number): StoredMessage | undefined;
  /** Ours before others', proved before quarantined, the first stored first. */
  find(id: Bytes): StoredMessage | undefined;
  /** What people see: without what gateways tell each other. */
  list(query: StoredQuery): readonly StoredSummary[];
  /** Likewise. */
  count(box: "in" | "out", state: string): number;
}

const summaryColumns = `seq, box, id, originator, type, crimes, recs, handling, urgency, status,
  created_at, expires_at, stored_at, state, code`;
const allColumns = `${summaryColumns}, digest, audience, subject, raw, parts`;

function summaryOf(row: Row): StoredSummary {
  return {
    seq: numberOf(row, "seq"),
    box: textOf(row, "box") === "in" ? "in" : "out",
    id: bytesOf(row, "id"),
    originator: textOf(row, "originator"),
    type: textOf(row, "type"),
    crimes: parseNames(textOf(row, "crimes")),
    recs: parseNames(textOf(row, "recs")),
    handling: textOf(row, "handling"),
    urgency: textOf(row, "urgency"),
    status: textOf(row, "status"),
    createdAt: numberOf(row, "created_at"),
    expiresAt: numberOf(row, "expires_at"),
    storedAt: numberOf(row, "stored_at"),
    state: textOf(row, "state"),
    code: maybeOf(row, "code", textOf),
  };
}

function messageOf(row: Row): StoredMessage {
  return {
    ...summaryOf(row),
    digest: bytesOf(row, "digest"),
    audience: parseNames(textOf(row, "audience")),
    subject: maybeOf(row, "subject", textOf),
    raw: bytesOf(row, "raw"),
    // of what was taken back they stay in the file, should it be given back, and are nobody's to read until then
    parts: textOf(row, "state") === "QUARANTINED" ? undefined : maybeOf(row, "parts", bytesOf),
  };
}

function valuesOf(message: Omit<StoredMessage, "seq">): SQLInputValue[] {
  return [
    message.box,
    message.id,
    message.originator,
    message.type,
    renderNames(message.crimes),
    renderNames(message.recs),
    message.handling,
    message.urgency,
    message.status,
    message.createdAt,
    message.expiresAt,
    message.storedAt,
    message.state,
    message.code ?? null,
    message.digest,
    renderNames(message.audience),
    message.subject ?? null,
    message.raw,
    message.parts ?? null,
  ];
}

function makeLister(database: Database): Messages["list"] {
  const statements = new Map<string, ReturnType<Database["prepare"]>>();
  return ({ box, state, type, crime, before, limit }) => {
    const filters: readonly [string, SQLInputValue | undefined][] = [
      ["box = ?", box],
      ["system = ?", 0],
      ["state = ?", state],
      ["type = ?", type],
      ["instr(crimes, ?) > 0", crime === undefined ? undefined : renderNames([crime])],
      ["seq < ?", before],
    ];
    const used = filters.flatMap(([sql, value]) => (value === undefined ? [] : [{ sql, value }]));
    const where = used.map(({ sql }) => sql).join(" AND ");
    const statement =
      statements.get(where) ??
      database.prepare(
        `SELECT ${summaryColumns} FROM message WHERE ${where} ORDER BY seq DESC LIMIT ?`,
      );
    statements.set(where, statement);
    return statement.all(...used.map(({ value }) => value), limit).map(summaryOf);
  };
}

function read<T>(row: Row | undefined, make: (row: Row) => T): T | undefined {
  return row === undefined ? undefined : make(row);
}

/** Builds the part of the store that holds messages. */
export function makeMessages(database: Database): Messages {
  const add = database.prepare(
    `INSERT INTO message (${allColumns.replace("seq, ", "")}) VALUES (${"?, ".repeat(18)}?)`,
  );
  const setState = database.prepare("UPDATE message SET state = ?, code = ? WHERE seq = ?");
  const remove = database.prepare("DELETE FROM message WHERE seq = ?");
  const known = database.prepare(
    "SELECT seq, digest, state FROM message WHERE box = ? AND originator = ? AND id = ? AND state <> 'QUARANTINED'",
  );
  const isQuarantined = database.prepare(
    "SELECT 1 FROM message WHERE digest = ? AND state = 'QUARANTINED'",
  );
  const quarantined = database.prepare(
    `SELECT ${allColumns} FROM message WHERE box = 'in' AND system = 0 AND state = 'QUARANTINED'
     AND subject IS NOT NULL AND instr(?, ' ' || code || ' ') > 0 AND expires_at > ? AND seq < ? ORDER BY seq DESC LIMIT ?`,
  );
  const summary = database.prepare(`SELECT ${summaryColumns} FROM message WHERE seq = ?`);
  const get = database.prepare(`SELECT ${allColumns} FROM message WHERE seq = ?`);
  const find = database.prepare(
    `SELECT ${allColumns} FROM message WHERE id = ?
     ORDER BY box = 'out' DESC, state = 'QUARANTINED', seq LIMIT 1`,
  );
  const count = database.prepare(
    "SELECT count(*) AS n FROM message WHERE box = ? AND system = 0 AND state = ?",
  );
  return {
    add: (message) => add.run(...valuesOf(message)).seq,
    setState: (seq, state, code) => {
      if (setState.run(state, code ?? null, seq).changes !== 1) {
        throw new Fault("INTEGRITY_STORE", "a message that was to move on is not in the store");
      }
    },
    remove: (seq) => void remove.run(seq),
    known: (box, originator, id) =>
      read(known.get(box, originator, id), (row) => ({
        seq: numberOf(row, "seq"),
        digest: bytesOf(row, "digest"),
        state: textOf(row, "state"),
      })),
    isQuarantined: (digest) => isQuarantined.get(digest) !== undefined,
    quarantined: (codes, { now, before, limit }) =>
      quarantined.all(renderNames(codes), now, before, limit).map(messageOf),
    summary: (seq) => read(summary.get(seq), summaryOf),
    get: (seq) => read(get.get(seq), messageOf),
    find: (id) => read(find.get(id), messageOf),
    list: makeLister(database),
    count: (box, state) => numberOf(count.get(box, state) ?? {}, "n"),
  };
}
