import { decodeMessage, encodePublication } from "../../schemas/index.ts";
import { type Bytes, isFault, sameBytes, sha256 } from "../../schemas/ground/index.ts";
import { bytesOf, type Row, textOf } from "./row.ts";

/** Rows that hold bytes and their digest. */
export interface Digested {
  readonly what: "message" | "receipt" | "slip";
  /** The highest place. */
  readonly last: string;
  /** Rows after a place, so many. */
  readonly read: string;
}

/** In the order in which a check counts them. */
export const digested: readonly Digested[] = [
  {
    what: "message",
    last: "SELECT coalesce(max(seq), 0) AS n FROM message",
    read: `SELECT seq, digest, raw, CASE WHEN state = 'QUARANTINED' AND subject IS NOT NULL THEN 'WHOLE' ELSE 'ENVELOPE' END AS kind
      FROM message WHERE seq > ? ORDER BY seq LIMIT ?`,
  },
  {
    what: "receipt",
    last: "SELECT coalesce(max(seq), 0) AS n FROM receipt",
    read: "SELECT seq, digest, raw, 'WHOLE' AS kind FROM receipt WHERE seq > ? ORDER BY seq LIMIT ?",
  },
  {
    what: "slip",
    last: "SELECT coalesce(max(seq), 0) AS n FROM publication",
    // of a message whose content was erased the publication cannot be made again; its slip is there
    read: `SELECT p.seq, p.digest, p.slip, p.slip_signature, p.slip_digest, m.raw, m.state = 'ERASED' AS erased
      FROM publication p JOIN message m ON m.seq = p.message WHERE p.seq > ? ORDER BY p.seq LIMIT ?`,
  },
];

function digestOfMessage(row: Row): Bytes {
  const raw = bytesOf(row, "raw");
  return sha256(textOf(row, "kind") === "WHOLE" ? raw : decodeMessage(raw).envelope);
}

function isSlipWhole(row: Row): boolean {
  const slip = bytesOf(row, "slip");
  const slipSignature = textOf(row, "slip_signature");
  const publication = encodePublication({ slip, slipSignature, message: bytesOf(row, "raw") });
  const isSame = sameBytes(sha256(publication), bytesOf(row, "digest"));
  return sameBytes(sha256(slip), bytesOf(row, "slip_digest")) && (isSame || row["erased"] === 1);
}

function isWhole(row: Row, what: Digested["what"]): boolean {
  try {
    if (what === "slip") return isSlipWhole(row);
    return sameBytes(digestOfMessage(row), bytesOf(row, "digest"));
  } catch (error) {
    // what cannot be read any more is not what was stored
    if (isFault(error)) return false;
    throw error;
  }
}

/** Whether the bytes of all these rows are those their digests were made of. */
export function checkDigestsOf(rows: readonly Row[], what: Digested["what"]): boolean {
  return rows.every((row) => isWhole(row, what));
}
