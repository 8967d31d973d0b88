import type { Bytes, EpochMs } from "../../schemas/ground/index.ts";
import { type ChunkErasures, makeChunkErasures } from "./chunk-erasures.ts";
import type { Database } from "./database.ts";
import { bytesOf, maybeOf, numberOf, type Row, textOf } from "./row.ts";

/** That the content of a message was erased here. */
export interface Erasure {
  /** Its place in the store. */
  readonly message: number;
  readonly target: Bytes;
  readonly originator: string;
  readonly box: "in" | "out";
  /** SHA-256 of its envelope, which stays. */
  readonly digest: Bytes;
  /** PURGE, or RETENTION; FILES where only files of it were taken back. */
  readonly why: string;
  /** The order, of a purge. */
  readonly byOrder?: Bytes | undefined;
  readonly files: number;
  readonly drafts: number;
  readonly at: EpochMs;
  /** SHA-256 over all of this; what an answer to the owner names. */
  readonly evidence: Bytes;
}

/** That the hub says that nothing of a message stands in a channel any more. */
export interface HubErasure {
  readonly target: Bytes;
  readonly channel: string;
  readonly stream: string;
  /** Where it stood; undefined when it stood nowhere any more. */
  readonly sequence?: number | undefined;
  readonly at: EpochMs;
  /** Place of its signed receipt. */
  readonly receipt: number;
}

/** What stands beside a message and goes with it. */
export interface Beside {
  /** Files that no other message names. */
  readonly files: readonly Bytes[];
  readonly drafts: number;
}

/** What was erased, and what goes with a message. What changes it is called inside `write` only. */
export interface Erasures extends ChunkErasures {
  /** Takes away all that was made of a message or stands beside it: keys, words, lookups, drafts that name it, files. */
  clearBeside(message: { readonly seq: number; readonly id: Bytes; readonly idText: string; readonly originator: string }): Beside;
  /** Places of what lies in quarantine for want of a key, and is this message. */
  waitingForKey(originator: string, id: Bytes): readonly number[];
  /** Takes away a file beside a message, if no other message names it; says whether it did. */
  dropFile(message: Bytes, digest: Bytes): readonly Bytes[];
  add(erasure: Erasure): void;
  /** Of one message by its owner, ours and others'; the first first. */
  of(target: Bytes, originator: string): readonly Erasure[];
  list(page: { readonly before: number; readonly limit: number }): readonly (Erasure & { readonly seq: number })[];
  addHub(erasure: HubErasure): void;
  hub(target: Bytes): readonly HubErasure[];
} // prettier-ignore

function erasureOf(row: Row): Erasure & { readonly seq: number } {
  return {
    seq: numberOf(row, "seq"),
    message: numberOf(row, "message"),
    target: bytesOf(row, "target"),
    originator: textOf(row, "originator"),
    box: textOf(row, "box") === "in" ? "in" : "out",
    digest: bytesOf(row, "digest"),
    why: textOf(row, "why"),
    byOrder: maybeOf(row, "by_order", bytesOf),
    files: numberOf(row, "files"),
    drafts: numberOf(row, "drafts"),
    at: numberOf(row, "at"),
    evidence: bytesOf(row, "evidence"),
  };
}

function hubOf(row: Row): HubErasure {
  return {
    target: bytesOf(row, "target"),
    channel: textOf(row, "channel"),
    stream: textOf(row, "stream"),
    sequence: maybeOf(row, "sequence", numberOf),
    at: numberOf(row, "at"),
    receipt: numberOf(row, "receipt"),
  };
}

type Clearing = Pick<Erasures, "clearBeside" | "waitingForKey" | "dropFile">;

function makeFiles(database: Database): (uses: readonly Row[], message: Bytes) => readonly Bytes[] {
  const dropUse = database.prepare("DELETE FROM attachment_use WHERE ref = ? AND message = ?");
  const others = database.prepare("SELECT 1 FROM attachment_use WHERE ref = ?");
  const dropFile = database.prepare("DELETE FROM attachment WHERE ref = ?");
  const dropUpload = database.prepare("DELETE FROM upload WHERE file = ?");
  return (uses, message) =>
    uses.flatMap((row) => {
      const ref = bytesOf(row, "ref");
      dropUse.run(ref, message);
      if (others.get(ref) !== undefined) return [];
      dropFile.run(ref);
      dropUpload.run(ref);
      return [ref];
    });
}

function makeClearing(database: Database): Clearing {
  const uses = database.prepare("SELECT ref FROM attachment_use WHERE message = ?");
  const named = database.prepare(
    "SELECT u.ref FROM attachment_use u JOIN attachment a ON a.ref = u.ref WHERE u.message = ? AND a.digest = ?",
  );
  const dropKeys = database.prepare("DELETE FROM message_key WHERE originator = ? AND id = ?");
  const dropLookups = database.prepare("DELETE FROM lookup_key WHERE message = ?");
  const dropDrafts = database.prepare("DELETE FROM draft WHERE instr(content, ?) > 0");
  const waits = database.prepare("SELECT message FROM key_wait WHERE originator = ? AND id = ?");
  const clear = makeFiles(database);
  return {
    clearBeside: ({ seq, id, idText, originator }) => {
      dropKeys.run(originator, id);
      dropLookups.run(seq);
      const drafts = dropDrafts.run(idText).changes;
      return { files: clear(uses.all(id), id), drafts };
    },
    waitingForKey: (originator, id) =>
      waits.all(originator, id).map((row) => numberOf(row, "message")),
    dropFile: (message, digest) => clear(named.all(message, digest), message),
  };
}

/** Builds the part of the store that knows what was erased. */
export function makeErasures(database: Database): Erasures {
  const add = database.prepare(
    `INSERT INTO erasure (message, target, originator, box, digest, why, by_order, files, drafts, at, evidence)
     VALUES (${"?, ".repeat(10)}?)`,
  );
  const of = database.prepare("SELECT * FROM erasure WHERE target = ? AND originator = ? ORDER BY seq");
  const list = database.prepare("SELECT * FROM erasure WHERE seq < ? ORDER BY seq DESC LIMIT ?");
  const addHub = database.prepare(
    "INSERT OR IGNORE INTO hub_erasure (target, channel, stream, sequence, at, receipt) VALUES (?, ?, ?, ?, ?, ?)",
  );
  const hub = database.prepare("SELECT * FROM hub_erasure WHERE target = ? ORDER BY channel");
  return {
    ...makeClearing(database),
    ...makeChunkErasures(database),
    add: ({ message, target, originator, box, digest, why, byOrder, files, drafts, at, evidence }) =>
      void add.run(message, target, originator, box, digest, why, byOrder ?? null, files, drafts, at, evidence),
    of: (target, originator) => of.all(target, originator).map(erasureOf),
    list: ({ before, limit }) => list.all(before, limit).map(erasureOf),
    addHub: ({ target, channel, stream, sequence, at, receipt }) =>
      void addHub.run(target, channel, stream, sequence ?? null, at, receipt),
    hub: (target) => hub.all(target).map(hubOf),
  };
} // prettier-ignore
