import { z } from "zod";

import { Fault, renderHex, sha256, utf8 } from "../../schemas/ground/index.ts";

/** What the hub writes down besides messages and receipts. */
export type AuditEvent =
  | "trail opened"
  | "trail mended"
  | "login allowed"
  | "login refused"
  | "foreign subject"
  | "session closed"
  | "agency paused"
  | "admission stopped"
  | "admission resumed"
  | "stop order refused"
  | "register loaded"
  | "register refused"
  | "register stale"
  | "stream rebuilt"
  | "message erased"
  | "log stopped"
  | "log read"
  | "log restored"
  | "configuration changed"
  | "hub stopped"
  | "turn taken"
  | "certificate in use"
  | "certificate ends";

/** Acts of the hub that stand in its log too, by their digest: whoever is shown such a line can prove when it was written. */
export const loggedEvents: ReadonlySet<string> = new Set<AuditEvent>([
  "agency paused",
  "admission stopped",
  "admission resumed",
  "message erased",
  "stream rebuilt",
  "certificate in use",
  "trail mended",
  "configuration changed",
  "log read",
  "log restored",
  "hub stopped",
]);

const fields = z.strictObject({
  agency: z.string().optional(),
  code: z.string().optional(),
  host: z.string().optional(),
  fingerprint: z.string().optional(),
  subject: z.string().optional(),
  action: z.string().optional(),
  stream: z.string().optional(),
  kind: z.string().optional(),
  epoch: z.number().optional(),
  count: z.number().optional(),
  /** Of what stands in the log: nobody can guess the line by its digest there. */
  salt: z
    .string()
    .regex(/^[0-9a-f]{32}$/)
    .optional(),
});

/** What a record may say; nothing of what a message holds. */
export type AuditFields = Readonly<z.infer<typeof fields>>;

const line = z.strictObject({
  sequence: z.number().int().min(1),
  time: z.iso.datetime(),
  event: z.string(),
  fields,
  previous: z.string().regex(/^([0-9a-f]{64})?$/),
});

/** One record: each holds the digest of the line before it, so none can be changed or taken out unseen. */
export type AuditRecord = Readonly<z.infer<typeof line>>;

/** Where a trail stands: the number of its last line and that line's digest; 0 and "" before the first. */
export interface TrailHead {
  readonly sequence: number;
  readonly digest: string;
}

/** SHA-256 of a line without its line feed, lower-case hexadecimal. */
export function lineDigest(text: string): string {
  return renderHex(sha256(utf8(text)));
}

/** The line of a record, without line feed. */
export function renderAuditLine(record: AuditRecord): string {
  return JSON.stringify(record);
}

/**
 * Reads one line and checks that it follows `head`.
 *
 * @throws {Fault} INTEGRITY_STORE
 */
export function verifyAuditLine(text: string, head: TrailHead): AuditRecord {
  let record: AuditRecord;
  try {
    record = line.parse(JSON.parse(text));
  } catch (cause) {
    throw new Fault("INTEGRITY_STORE", `audit record ${head.sequence + 1} cannot be read`, {
      cause,
    });
  }
  if (record.sequence !== head.sequence + 1 || record.previous !== head.digest) {
    throw new Fault(
      "INTEGRITY_STORE",
      `audit record ${head.sequence + 1} does not follow the one before`,
    );
  }
  return record;
}
