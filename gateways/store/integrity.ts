import { Fault, systemChance } from "../../schemas/ground/index.ts";
import type { Database } from "./database.ts";
import { checkDigestsOf, type Digested, digested } from "./integrity-digests.ts";
import { numberOf, textOf } from "./row.ts";

/** What a check of the whole store looked at. */
export interface StoreChecked {
  readonly messages: number;
  readonly receipts: number;
  readonly publications: number;
  readonly version: number;
}

/** A store larger than this is checked at the start by a sample of what it holds; all of it by `atumpan store check`. */
const smallBytes = 64 * 1024 * 1024;
/** How long the sample at the start may take. */
const sampleMs = 400;
const newest = 200;
const wayOut = "stop, keep the file for inquiry, and put back a backup: atumpan backup restore";

function refuse(what: string): never {
  throw new Fault("INTEGRITY_STORE", `${what}; ${wayOut}`);
}

/**
 * The file's own structure.
 *
 * @throws {Fault} INTEGRITY_STORE
 */
export function checkQuick(database: Database): void {
  const found = database.prepare("PRAGMA quick_check(1)").get();
  if (found !== undefined && textOf(found, "quick_check") === "ok") return;
  refuse("the store's file is damaged");
}

/** What must never be found, and what it means when it is. */
const contradictions: readonly (readonly [string, string])[] = [
  [
    "a channel of ours stands before a number that was given away in it",
    `SELECT 1 FROM out_channel o JOIN publication p ON p.channel = o.channel AND p.series = o.series
     WHERE p.sequence > o.sequence LIMIT 1`,
  ],
  [
    "the last slip of a channel of ours is not the one it is told to be",
    `SELECT 1 FROM out_channel o LEFT JOIN publication p
     ON p.channel = o.channel AND p.series = o.series AND p.sequence = o.sequence
     WHERE p.slip_digest IS NULL OR p.slip_digest <> o.digest LIMIT 1`,
  ],
  [
    "a channel of ours is in a later series than the outbox",
    `SELECT 1 FROM out_channel o WHERE o.series >
     (SELECT CAST(value AS INTEGER) FROM setting WHERE name = 'series') LIMIT 1`,
  ],
  [
    "the last slip of a sender's channel is not the one it is told to be",
    `SELECT 1 FROM chain c LEFT JOIN slip s ON s.chain = c.seq AND s.sequence = c.highest
     WHERE s.digest IS NULL OR (s.digest <> c.digest AND c.broken = 0) LIMIT 1`,
  ],
];

function checkContradictions(database: Database): void {
  for (const [what, sql] of contradictions) {
    if (database.prepare(sql).get() !== undefined) refuse(what);
  }
}

function checkReferences(database: Database): void {
  const found = database.prepare("PRAGMA foreign_key_check").get();
  if (found !== undefined) refuse(`a row of ${textOf(found, "table")} belongs to none`);
}

function checkRange({ what, last, read }: Digested, database: Database, until: number): void {
  const top = numberOf(database.prepare(last).get() ?? {}, "n");
  const statement = database.prepare(read);
  const check = (from: number, count: number): void => {
    if (!checkDigestsOf(statement.all(from, count), what)) refuse(`a ${what} is not what was stored`);
  };
  check(Math.max(0, top - newest), newest);
  const older = top - newest;
  if (older <= 0) return;
  // any of the older ones may be asked about at the next start
  for (let pass = 0; pass < 50 && performance.now() < until; pass += 1) {
    const drawn = Buffer.from(systemChance.bytes(6)).readUIntBE(0, 6);
    check(drawn % older, 20);
  }
} // prettier-ignore

/**
 * What SQLite does not see: what belongs to nothing, chains that contradict themselves, and bytes that are not those that were
 * stored; of the last the newest and, within a bounded time, a random sample. A store of up to 64 MiB is checked for what
 * belongs to nothing too.
 *
 * @throws {Fault} INTEGRITY_STORE
 */
export function checkStart(database: Database): void {
  const pages = numberOf(database.prepare("PRAGMA page_count").get() ?? {}, "page_count");
  const size = numberOf(database.prepare("PRAGMA page_size").get() ?? {}, "page_size");
  if (pages * size <= smallBytes) {
    checkReferences(database);
    checkContradictions(database);
  }
  const until = performance.now() + sampleMs;
  for (const kind of digested) checkRange(kind, database, until);
}

/**
 * References and chains of the whole store.
 *
 * @throws {Fault} INTEGRITY_STORE
 */
export function checkDeep(database: Database): void {
  checkReferences(database);
  checkContradictions(database);
}

const pageRows = 256;

function checkAll({ what, read }: Digested, database: Database): number {
  const statement = database.prepare(read);
  let count = 0;
  for (let from = 0; ;) {
    const rows = statement.all(from, pageRows);
    const last = rows.at(-1);
    if (last === undefined) return count;
    if (!checkDigestsOf(rows, what)) refuse(`a ${what} is not what was stored`);
    count += rows.length;
    from = numberOf(last, "seq");
  }
}

/**
 * Everything: the structure, references, chains, and every message, receipt and slip against its digest.
 *
 * @throws {Fault} INTEGRITY_STORE
 */
export function checkStore(database: Database): StoreChecked {
  checkQuick(database);
  checkDeep(database);
  const [messages = 0, receipts = 0, publications = 0] = digested.map((kind) =>
    checkAll(kind, database),
  );
  const version = numberOf(database.prepare("PRAGMA user_version").get() ?? {}, "user_version");
  return { messages, receipts, publications, version };
}
