import { closeSync, fsyncSync, ftruncateSync, openSync, readSync, writeSync } from "node:fs";

import { renderInstant } from "../../schemas/index.ts";
import {
  type Clock,
  Fault,
  isFault,
  parseUtf8,
  toFault,
  utf8,
} from "../../schemas/ground/index.ts";
import {
  type AuditEvent,
  type AuditFields,
  lineDigest,
  renderAuditLine,
  type TrailHead,
  verifyAuditLine,
} from "./record.ts";

/** The hub's audit record. What was written stays, in its order; each record is synced before it counts. */
export interface AuditTrail {
  /** @throws {Fault} INTEGRITY_STORE when it cannot be written: a hub that cannot say what it did stops */
  write(event: AuditEvent, fields?: AuditFields): void;
  /** The number of the last record. */
  readonly sequence: number;
  stop(): void;
}

const chunkBytes = 1024 * 1024;
const lineFeed = 0x0a;

interface Verified {
  readonly head: TrailHead;
  /** Bytes up to and with the last line feed. */
  readonly length: number;
  /** Whether bytes follow it: a write that a crash cut short. */
  readonly isTorn: boolean;
}

/** Reads the file from its start and checks each line against the one before. */
function verifyTrail(handle: number): Verified {
  const chunk = Buffer.alloc(chunkBytes);
  let head: TrailHead = { sequence: 0, digest: "" };
  let rest = Buffer.alloc(0);
  let length = 0;
  for (let at = 0; ;) {
    const got = readSync(handle, chunk, 0, chunkBytes, at);
    if (got === 0) return { head, length, isTorn: rest.length > 0 };
    at += got;
    rest = Buffer.concat([rest, chunk.subarray(0, got)]);
    for (let end = rest.indexOf(lineFeed); end >= 0; end = rest.indexOf(lineFeed)) {
      const text = parseUtf8(rest.subarray(0, end));
      head = { sequence: verifyAuditLine(text, head).sequence, digest: lineDigest(text) };
      length += end + 1;
      rest = rest.subarray(end + 1);
    }
  }
}

/**
 * Opens the audit record, verified from its first line to its last. A last line that a crash cut short is
 * taken off and said so; anything else that does not fit stops the hub.
 *
 * @throws {Fault} INTEGRITY_STORE
 */
export function openAuditTrail(file: string, clock: Clock): AuditTrail {
  let opened: number | undefined;
  try {
    const handle = openSync(file, "a+", 0o600);
    opened = handle;
    const { head: found, length, isTorn } = verifyTrail(handle);
    if (isTorn) ftruncateSync(handle, length);
    let head = found;
    const write = (event: AuditEvent, fields: AuditFields = {}): void => {
      const sequence = head.sequence + 1;
      const time = renderInstant(clock.now());
      const text = renderAuditLine({ sequence, time, event, fields, previous: head.digest });
      try {
        writeSync(handle, utf8(`${text}\n`));
        fsyncSync(handle);
      } catch (error) {
        throw toFault(error, "INTEGRITY_STORE", "the audit record cannot be written");
      }
      head = { sequence, digest: lineDigest(text) };
    };
    write(isTorn ? "trail mended" : "trail opened");
    return {
      write,
      get sequence() {
        return head.sequence;
      },
      stop: () => closeSync(handle),
    };
  } catch (error) {
    if (opened !== undefined) closeSync(opened);
    if (isFault(error, "INTEGRITY_STORE")) throw error;
    throw new Fault("INTEGRITY_STORE", "the audit record cannot be opened", { cause: error });
  }
}
