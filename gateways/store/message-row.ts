import type { Bytes, EpochMs } from "../../schemas/ground/index.ts";
import { parseNames } from "./names.ts";
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

/** The columns of a summary. */
export const summaryColumns = `seq, box, id, originator, type, crimes, recs, handling, urgency, status,
  created_at, expires_at, stored_at, state, code`;
/** Beside a table that has a box too. */
export const listColumns = summaryColumns.replace("box", "message.box");
/** Those of the whole message. */
export const allColumns = `${summaryColumns}, digest, audience, subject, raw, parts`;

/** Reads a summary. */
export function summaryOf(row: Row): StoredSummary {
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

/** Reads a message. */
export function messageOf(row: Row): StoredMessage {
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
