import type { Bytes, EpochMs } from "../../schemas/ground/index.ts";
import type { Database } from "./database.ts";
import { bytesOf, maybeOf, numberOf, type Row, textOf } from "./row.ts";

/** A signing certificate that stands on a list, and since when it proves nothing. */
export interface RevokedSigner {
  readonly agency: string;
  /** SHA-256 of the certificate. */
  readonly thumbprint: Bytes;
  readonly since: EpochMs;
}

/** Up to where a signer's messages were checked again. */
export interface CheckedPlace {
  readonly storedAt: EpochMs;
  readonly seq: number;
}

/** A message of another's as it is checked again: proved once, or taken back since. */
export interface CheckedMessage extends CheckedPlace {
  readonly id: Bytes;
  readonly originator: string;
  readonly type: string;
  /** SHA-256 of the envelope. */
  readonly digest: Bytes;
  /** The encoded Message. */
  readonly raw: Bytes;
  readonly parts: Bytes;
}

/**
 * Which signers were revoked, and how far their messages were checked again. A message that was taken back lies in
 * quarantine as it was stored, with no subject. What changes anything is called inside `write` only.
 */
export interface Rechecks {
  /** Since when a certificate proves nothing, by the earliest that was ever noted; undefined when it is on no list. */
  since(agency: string, thumbprint: Bytes): EpochMs | undefined;
  /** Notes a revoked signer; an earlier moment than before has all checked again from that one on. */
  note(signer: RevokedSigner, from: CheckedPlace): void;
  /** Signers whose messages are not all checked, and after which place to go on. */
  open(): readonly (RevokedSigner & { readonly after: CheckedPlace })[];
  /** Proved messages of an agency that were stored after a place, the first stored first. */
  page(agency: string, after: CheckedPlace, limit: number): readonly CheckedMessage[];
  /** All up to a place are checked; with none, all are. */
  reach(signer: RevokedSigner, place: CheckedPlace | undefined): void;
  /** Messages that were taken back for a code, newest first. */
  takenBack(code: string, before: number, limit: number): readonly CheckedMessage[];
  /** Whether a message with this envelope was taken back. */
  isTakenBack(digest: Bytes): boolean;
  /** Forgets that one: it came again and was proved. */
  drop(digest: Bytes): void;
}

const columns = "seq, stored_at, id, originator, type, digest, raw, parts";
const isTaken = "state = 'QUARANTINED' AND subject IS NULL";
const empty = new Uint8Array();

function checkedOf(row: Row): CheckedMessage {
  return {
    seq: numberOf(row, "seq"),
    storedAt: numberOf(row, "stored_at"),
    id: bytesOf(row, "id"),
    originator: textOf(row, "originator"),
    type: textOf(row, "type"),
    digest: bytesOf(row, "digest"),
    raw: bytesOf(row, "raw"),
    parts: maybeOf(row, "parts", bytesOf) ?? empty,
  };
}

function openOf(row: Row): RevokedSigner & { readonly after: CheckedPlace } {
  return {
    agency: textOf(row, "agency"),
    thumbprint: bytesOf(row, "thumbprint"),
    since: numberOf(row, "since"),
    after: { storedAt: numberOf(row, "after_at"), seq: numberOf(row, "after_seq") },
  };
}

type Signers = Pick<Rechecks, "since" | "note" | "open" | "reach">;

function makeSigners(database: Database): Signers {
  const since = database.prepare(
    "SELECT since FROM revoked_signer WHERE agency = ? AND thumbprint = ?",
  );
  const note = database.prepare(
    `INSERT INTO revoked_signer (agency, thumbprint, since, after_at, after_seq, done)
     VALUES (?, ?, ?, ?, ?, 0) ON CONFLICT DO UPDATE SET since = excluded.since,
     after_at = excluded.after_at, after_seq = excluded.after_seq, done = 0
     WHERE excluded.since < since`,
  );
  const open = database.prepare("SELECT * FROM revoked_signer WHERE done = 0");
  // of a signer that was noted anew meanwhile nothing is reached yet
  const reach = database.prepare(
    `UPDATE revoked_signer SET after_at = ?, after_seq = ?
     WHERE agency = ? AND thumbprint = ? AND since = ?`,
  );
  const finish = database.prepare(
    "UPDATE revoked_signer SET done = 1 WHERE agency = ? AND thumbprint = ? AND since = ?",
  );
  return {
    since: (agency, thumbprint) => {
      const row = since.get(agency, thumbprint);
      return row === undefined ? undefined : numberOf(row, "since");
    },
    note: ({ agency, thumbprint, since: at }, { storedAt, seq }) =>
      void note.run(agency, thumbprint, at, storedAt, seq),
    open: () => open.all().map(openOf),
    reach: ({ agency, thumbprint, since: at }, place) => {
      if (place === undefined) finish.run(agency, thumbprint, at);
      else reach.run(place.storedAt, place.seq, agency, thumbprint, at);
    },
  };
}

/** Builds the part of the store that knows what was checked again, and what is still to be. */
export function makeRechecks(database: Database): Rechecks {
  const page = database.prepare(
    `SELECT ${columns} FROM message WHERE box = 'in' AND state = 'VERIFIED' AND originator = ?
     AND (stored_at, seq) > (?, ?) ORDER BY stored_at, seq LIMIT ?`,
  );
  const takenBack = database.prepare(
    `SELECT ${columns} FROM message WHERE box = 'in' AND system = 0 AND ${isTaken} AND code = ?
     AND seq < ? ORDER BY seq DESC LIMIT ?`,
  );
  const find = database.prepare(`SELECT 1 FROM message WHERE digest = ? AND ${isTaken}`);
  const drop = database.prepare(`DELETE FROM message WHERE digest = ? AND ${isTaken}`);
  return {
    ...makeSigners(database),
    page: (agency, { storedAt, seq }, limit) =>
      page.all(agency, storedAt, seq, limit).map(checkedOf),
    takenBack: (code, before, limit) => takenBack.all(code, before, limit).map(checkedOf),
    isTakenBack: (digest) => find.get(digest) !== undefined,
    drop: (digest) => void drop.run(digest),
  };
}
