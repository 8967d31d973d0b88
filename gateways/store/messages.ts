import { type Bytes, type EpochMs, Fault } from "../../schemas/ground/index.ts";
import { makeChangeNotes } from "./change-notes.ts";
import type { Changes } from "./changes.ts";
import type { Database } from "./database.ts";
import type { SqlValue } from "./drivers/sqlite.ts";
import { makeMessageLists, type MessageLists } from "./message-list.ts";
import {
  allColumns,
  isSystemMessage,
  messageOf,
  type StoredMessage,
  type StoredSummary,
  summaryColumns,
  summaryOf,
} from "./message-row.ts";
import { renderNames } from "./names.ts";
import { bytesOf, numberOf, type Row, textOf } from "./row.ts";
import { makeSearchIndex, type SearchIndex } from "./search.ts";

/** The messages of a store. What changes them is called inside `write` only. */
export interface Messages extends MessageLists {
  add(message: Omit<StoredMessage, "seq">): number;
  setState(seq: number, state: string, code?: string): void;
  /** When it ends, which direct mail says inside its seal alone. */
  setEnd(seq: number, expiresAt: EpochMs): void;
  remove(seq: number): void;
  /** Takes its content away: `raw` stands in its place, the envelope and its signatures alone. */
  erase(seq: number, raw: Bytes, code: string): void;
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
  /** What is told of the same message in lists. */
  glance(id: Bytes): StoredSummary | undefined;
  /**
   * Indexes so many of the messages before a place that are not yet, the newest first; says where to go on, if there may be
   * more. Called inside `write` only.
   */
  index(before: number, limit: number): number | undefined;
  /** Likewise. */
  count(box: "in" | "out", state: string): number;
}

function valuesOf(message: Omit<StoredMessage, "seq">): SqlValue[] {
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

function read<T>(row: Row | undefined, make: (row: Row) => T): T | undefined {
  return row === undefined ? undefined : make(row);
}

/** Builds the part of the store that holds messages. Each that is stored, moved or removed is told in the log of changes. */
export function makeMessages(
  database: Database,
  changes: Pick<Changes, "add">,
  words: SearchIndex = makeSearchIndex(database),
): Messages {
  const notes = makeChangeNotes(database, changes, isSystemMessage);
  const add = database.prepare(
    `INSERT INTO message (${allColumns.replace("seq, ", "")}) VALUES (${"?, ".repeat(18)}?)`,
  );
  const setState = database.prepare("UPDATE message SET state = ?, code = ? WHERE seq = ?");
  const setEnd = database.prepare("UPDATE message SET expires_at = ? WHERE seq = ?");
  const remove = database.prepare("DELETE FROM message WHERE seq = ?");
  const blank = database.prepare(
    "UPDATE message SET state = 'ERASED', code = ?, raw = ?, parts = NULL WHERE seq = ?",
  );
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
  const byId =
    "FROM message WHERE id = ? ORDER BY box = 'out' DESC, state = 'QUARANTINED', seq LIMIT 1";
  const find = database.prepare(`SELECT ${allColumns} ${byId}`);
  const glance = database.prepare(`SELECT ${summaryColumns} ${byId}`);
  const count = database.prepare(
    "SELECT count(*) AS n FROM message WHERE box = ? AND system = 0 AND state = ?",
  );
  // what was taken back is found by its outer header alone, until it is given back
  const indexAgain = (seq: number): void => {
    const message = read(get.get(seq), messageOf);
    if (message === undefined) return;
    if (isSystemMessage(message)) words.remove(seq);
    else words.put(message);
  };
  return {
    add: (message) => {
      const { seq } = add.run(...valuesOf(message));
      notes.stored({ ...message, seq });
      if (!isSystemMessage(message)) words.put({ ...message, seq });
      return seq;
    },
    setState: (seq, state, code) => {
      const before = read(summary.get(seq), summaryOf);
      notes.moves(seq, state);
      if (setState.run(state, code ?? null, seq).changes !== 1) {
        throw new Fault("INTEGRITY_STORE", "a message that was to move on is not in the store");
      }
      if (before?.state !== state && [before?.state, state].includes("QUARANTINED"))
        indexAgain(seq);
    },
    setEnd: (seq, expiresAt) => {
      setEnd.run(expiresAt, seq);
    },
    remove: (seq) => {
      notes.removes(seq);
      words.remove(seq);
      remove.run(seq);
    },
    erase: (seq, raw, code) => {
      notes.moves(seq, "ERASED");
      blank.run(code, raw, seq);
      indexAgain(seq);
    },
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
    glance: (id) => read(glance.get(id), summaryOf),
    ...makeMessageLists(database),
    index: (before, limit) => {
      const found = words.missing(before, limit);
      for (const seq of found) indexAgain(seq);
      return found.length < limit ? undefined : found.at(-1);
    },
    count: (box, state) => numberOf(count.get(box, state) ?? {}, "n"),
  };
}
