import { closeSync, fsyncSync, ftruncateSync, openSync, readSync, writeSync } from "node:fs";

import { parseInstant, renderInstant } from "../../schemas/index.ts";
import {
  type Bytes,
  type Chance,
  type Clock,
  Fault,
  isFault,
  parseUtf8,
  renderHex,
  systemChance,
  toFault,
  utf8,
} from "../../schemas/ground/index.ts";
import {
  type AuditEvent,
  type AuditFields,
  type AuditRecord,
  lineDigest,
  loggedEvents,
  renderAuditLine,
  type TrailHead,
  verifyAuditLine,
} from "./record.ts";

/** One line that stands in the hub's log too. */
export interface AuditAct {
  /** Which record: the digest of its first line. */
  readonly trail: string;
  readonly sequence: number;
  readonly event: string;
  /** As it was written, milliseconds. */
  readonly time: number;
  readonly salt: Bytes;
  /** The line itself, without line feed. */
  readonly line: Bytes;
}

/** The hub's audit record. What was written stays, in its order; each record is synced before it counts. */
export interface AuditTrail {
  /** @throws {Fault} INTEGRITY_STORE when it cannot be written: a hub that cannot say what it did stops */
  write(event: AuditEvent, fields?: AuditFields): void;
  /** The number of the last record. */
  readonly sequence: number;
  /** The digest of the configuration that was written down last; empty before the first. */
  readonly configuration: string;
  /** Tells the newest acts that stand in it, oldest first, and from then on each that is written. */
  follow(onAct: (act: AuditAct) => void): void;
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
  readonly acts: Acts;
}

interface Acts {
  take(record: AuditRecord, text: string): void;
  readonly configuration: string;
  readonly follow: AuditTrail["follow"];
}

/** Acts that are told again after a new start: far more than one run leaves out of the log. */
const maxActs = 1_024;

function makeActs(): Acts {
  let trail = "";
  let configuration = "";
  const newest: AuditAct[] = [];
  let tell: ((act: AuditAct) => void) | undefined;
  return {
    get configuration() {
      return configuration;
    },
    take: ({ sequence, event, time, fields: { salt, fingerprint = "" } }, text) => {
      if (event === "configuration changed") configuration = fingerprint;
      if (trail === "") trail = lineDigest(text).slice(0, 32);
      const moment = parseInstant(time);
      if (salt === undefined || moment === undefined) return;
      const act = { trail, sequence, event, time: moment, salt: Buffer.from(salt, "hex"), line: utf8(text) };
      if (tell !== undefined) return tell(act);
      newest.push(act);
      if (newest.length > maxActs) newest.shift();
    },
    follow: (onAct) => {
      tell = onAct;
      for (const act of newest.splice(0)) onAct(act);
    },
  };
} // prettier-ignore

/** Reads the file from its start and checks each line against the one before. */
function verifyTrail(handle: number): Verified {
  const chunk = Buffer.alloc(chunkBytes);
  let head: TrailHead = { sequence: 0, digest: "" };
  let rest = Buffer.alloc(0);
  let length = 0;
  const acts = makeActs();
  for (let at = 0; ;) {
    const got = readSync(handle, chunk, 0, chunkBytes, at);
    if (got === 0) return { head, length, isTorn: rest.length > 0, acts };
    at += got;
    rest = Buffer.concat([rest, chunk.subarray(0, got)]);
    for (let end = rest.indexOf(lineFeed); end >= 0; end = rest.indexOf(lineFeed)) {
      const text = parseUtf8(rest.subarray(0, end));
      const record = verifyAuditLine(text, head);
      head = { sequence: record.sequence, digest: lineDigest(text) };
      acts.take(record, text);
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
export function openAuditTrail(
  file: string,
  clock: Clock,
  chance: Chance = systemChance,
): AuditTrail {
  let opened: number | undefined;
  try {
    const handle = openSync(file, "a+", 0o600);
    opened = handle;
    const { head: found, length, isTorn, acts } = verifyTrail(handle);
    if (isTorn) ftruncateSync(handle, length);
    let head = found;
    const write = (event: AuditEvent, said: AuditFields = {}): void => {
      const sequence = head.sequence + 1;
      const time = renderInstant(clock.now());
      const salt = loggedEvents.has(event) ? { salt: renderHex(chance.bytes(16)) } : {};
      const record = { sequence, time, event, fields: { ...said, ...salt }, previous: head.digest };
      const text = renderAuditLine(record);
      try {
        writeSync(handle, utf8(`${text}\n`));
        fsyncSync(handle);
      } catch (error) {
        throw toFault(error, "INTEGRITY_STORE", "the audit record cannot be written");
      }
      head = { sequence, digest: lineDigest(text) };
      acts.take(record, text);
    };
    write(isTorn ? "trail mended" : "trail opened");
    return {
      write,
      get sequence() {
        return head.sequence;
      },
      get configuration() {
        return acts.configuration;
      },
      follow: acts.follow,
      stop: () => closeSync(handle),
    };
  } catch (error) {
    if (opened !== undefined) closeSync(opened);
    if (isFault(error, "INTEGRITY_STORE")) throw error;
    throw new Fault("INTEGRITY_STORE", "the audit record cannot be opened", { cause: error });
  }
}
