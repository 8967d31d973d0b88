import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

import { syncFolder } from "../../schemas/disk/index.ts";
import { parseJsonText, renderInstant } from "../../schemas/index.ts";
import { type EpochMs, Fault, utf8 } from "../../schemas/ground/index.ts";
import { checkNotHeld } from "../store/index.ts";
import { listBeginning, listFolders, shredFile, shredFolder, writeWhole } from "./disk.ts";

/** Why a store was wiped. */
export type WipeReason = "ASKED" | "SUSPENDED";

/** The last moment of the year 9999. */
const maxTime = 253_402_300_799_999;
const maxWhoLength = 200;
const maxEndLength = 100;
const shape = z.strictObject({
  at: z.number().int().min(0).max(maxTime),
  reason: z.enum(["ASKED", "SUSPENDED"]),
  who: z.string().max(maxWhoLength).optional(),
  recordEnd: z.string().max(maxEndLength).optional(),
  done: z.boolean(),
});

function markPath(dir: string): string {
  return join(dir, "wiped.json");
}

function mark(dir: string, value: z.infer<typeof shape>): void {
  writeWhole(markPath(dir), utf8(`${JSON.stringify(value)}\n`));
}

/** A mark that cannot be read is still one: nothing begins anew by itself beside it. */
function findMark(dir: string): z.infer<typeof shape> | undefined {
  if (!existsSync(markPath(dir))) return undefined;
  try {
    return shape.parse(parseJsonText(readFileSync(markPath(dir), "utf8"), 4096));
  } catch {
    return { at: 0, reason: "ASKED", done: false };
  }
}

/** Where the key of a backup, sealed to recovery keys, ends at the latest: nothing behind it opens without. */
const backupHeadBytes = 1024 * 1024;

/** The store, its journal, and every copy that an upgrade, a restore or another key left beside it. */
function storeFiles(dir: string): readonly string[] {
  return listBeginning(dir, "store.");
}

/**
 * The keys first: from the moment their boxes are overwritten an encrypted store is noise to everybody who has no copy of
 * them. Because somebody may have one, and a plain store has none, all of the store is overwritten too. Attachments lie under
 * keys that the store had; of backups the head is overwritten, which holds their only key.
 */
function removeAll(dir: string): void {
  for (const file of listBeginning(dir, "store-key")) shredFile(file);
  syncFolder(dir);
  for (const file of storeFiles(dir)) shredFile(file);
  syncFolder(dir);
  for (const folder of listFolders(dir, ".restore-")) shredFolder(folder);
  shredFolder(join(dir, "carry"));
  shredFolder(join(dir, "backups"), backupHeadBytes);
  rmSync(join(dir, "attachments"), { recursive: true, force: true });
  syncFolder(dir);
}

/** Why a store is wiped, and when it was asked for. */
export interface WipeOrder {
  readonly at: EpochMs;
  readonly reason: WipeReason;
  /** The id of who asked for it. */
  readonly who?: string | undefined;
  /** Where the audit record ended that goes with the store, as `position.hash`: the last word on it, for copies kept elsewhere. */
  readonly recordEnd?: string | undefined;
}

/** Notes that a store is to be wiped: from here on it is, whenever the process ends. @throws {Fault} STORE_WRITE_FAILED */
export function beginWipe(dir: string, order: WipeOrder): void {
  mark(dir, { ...order, done: false });
}

/**
 * Wipes the closed store of a folder, so that nobody can read it again, whatever he holds: the store and all copies of it in
 * the folder, attachments, what was being carried in, and the backups in `backups`. An end at any moment is made up for by
 * `checkNotWiped`: what was begun is finished. What stays in the folder: configuration, register, the API's token, certificates
 * and the agency's private keys, which are for the authority to revoke. Copies elsewhere, backups in a folder of the operator's
 * choice among them, and what the disk keeps of overwritten blocks are not reached.
 *
 * @throws {Fault} STORE_WRITE_FAILED when the disk does not take the mark, INTERNAL when the store is open in this process;
 *   then nothing was wiped
 */
export function wipeStore(dir: string, order: WipeOrder): void {
  for (const file of storeFiles(dir)) checkNotHeld(file);
  beginWipe(dir, order);
  removeAll(dir);
  mark(dir, { ...order, done: true });
}

/**
 * Refuses a folder whose store was wiped, and finishes a wiping that was cut short.
 *
 * @throws {Fault} STORE_WIPED
 */
export function checkNotWiped(dir: string): void {
  const found = findMark(dir);
  if (found === undefined) return;
  if (!found.done) wipeStore(dir, found);
  const when = renderInstant(found.at);
  const way =
    "restore a backup into a new folder, or remove wiped.json to begin with an empty store";
  throw new Fault("STORE_WIPED", `wiped at ${when}; ${way}`);
}
