import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";

import { z } from "zod";

import { type Anchors, verifyRegister } from "../../certs/trust/index.ts";
import { type EpochMs, Fault, tryShape } from "../../schemas/ground/index.ts";
import { type CheckedFile, checkStoreFile, type FileAccess, putBack } from "../store/index.ts";
import { isBesideMessages, type Manifest } from "./manifest.ts";
import { checkRoom, type FreeBytes } from "./room.ts";
import { type BackupReading, folderSink, openBackup } from "./open.ts";

/** A backup that is to be looked at or put back. */
export interface RestoreOrder extends Omit<BackupReading, "sinkOf"> {
  /** The gateway's folder; the gateway does not run. */
  readonly dir: string;
  readonly at: EpochMs;
  /** How the store in the backup is opened, once its folder is known; plain when left out. */
  readonly access?: (folder: string) => Promise<FileAccess>;
  /** How much room there is; as the system says when left out. */
  readonly free?: FreeBytes;
}

/** What a backup held, whole and proved. */
export interface RestoreDone {
  readonly manifest: Manifest;
  /** Every row of its store, checked. */
  readonly store: CheckedFile;
}

const gatewayShape = z.looseObject({ agency: z.string() });

function checkAgency({ agency }: Manifest, dir: string): void {
  const file = join(dir, "gateway.json");
  if (!existsSync(file)) return;
  const found = tryShape(gatewayShape, JSON.parse(readFileSync(file, "utf8")));
  if (found.success && found.data.agency === agency) return;
  throw new Fault("BACKUP_INVALID", `the backup is ${agency}'s; this folder is another gateway's`);
}

function checkTime({ createdAt }: Manifest, at: EpochMs): void {
  if (at >= createdAt) return;
  // a new series begins with the clock: behind the backup's, one might begin that was used before
  throw new Fault("CLOCK_BEHIND", "this machine's clock stands before the time the backup was made; set it right first");
} // prettier-ignore

/** Files beside messages are only read where nothing is put back: their bytes prove them. */
function sinksOf(folder: string, what: "LOOK" | "PUT"): NonNullable<BackupReading["sinkOf"]> {
  const into = folderSink(folder);
  return (name) => (what === "LOOK" && isBesideMessages(name) ? undefined : into(name));
}

async function unpack(order: RestoreOrder, folder: string, what: "LOOK" | "PUT"): Promise<RestoreDone> {
  checkRoom(order.file, folder, order.free);
  const manifest = await openBackup({ ...order, sinkOf: sinksOf(folder, what) });
  checkAgency(manifest, order.dir);
  checkTime(manifest, order.at);
  const access = (await order.access?.(folder)) ?? {};
  return { manifest, store: checkStoreFile(join(folder, "store.db"), access) };
} // prettier-ignore

async function inFolder<T>(dir: string, use: (folder: string) => Promise<T>): Promise<T> {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const folder = mkdtempSync(join(dir, ".restore-"));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function epochIn(file: string, anchors: Anchors): number {
  try {
    return verifyRegister(readFileSync(file), anchors).epoch;
  } catch {
    // one that cannot be proved is older than any
    return -1;
  }
}

/** Puts what is not there; the register also where it is the newer; the boxes of the store's key, and files, always. */
function placeFiles({ manifest }: RestoreDone, folder: string, { dir, anchors }: RestoreOrder): void {
  for (const { name } of manifest.entries) {
    if (name === "store.db") continue;
    const [from, to] = [join(folder, name), join(dir, name)];
    const isWanted =
      !existsSync(to) ||
      name === "store-key.json" ||
      isBesideMessages(name) ||
      (name === "register.bin" && epochIn(from, anchors) > epochIn(to, anchors));
    if (!isWanted) continue;
    mkdirSync(dirname(to), { recursive: true, mode: 0o700 });
    renameSync(from, to);
  }
} // prettier-ignore

/**
 * Reads and checks a backup whole: every byte, who signed it, and every row of its store. Changes nothing.
 *
 * @throws {Fault} BACKUP_INVALID, INTEGRITY_STORE, CLOCK_BEHIND, REGISTER_*, STORE_KEY_WRONG
 */
export async function verifyBackup(order: RestoreOrder): Promise<RestoreDone> {
  return await inFolder(order.dir, (folder) => unpack(order, folder, "LOOK"));
}

/** Reads and checks a backup likewise, and looks at what lies in its folder before that goes. @throws {Fault} as `verifyBackup` */
export async function lookInto<T>(order: RestoreOrder, look: (done: RestoreDone, folder: string) => T): Promise<T> {
  return await inFolder(order.dir, async (folder) => look(await unpack(order, folder, "LOOK"), folder));
} // prettier-ignore

/**
 * Puts a backup in the store's place, once all of it was checked as `verifyBackup` does. The store knows then that it is an old
 * one: it reuses no number, asks the hub what came since, and takes submissions again when it knows. A configuration and keys that
 * are there stay; the newer register stays. Files beside messages come back with it where they are in it; those that are not are
 * fetched from the hub again as far as it still has them.
 *
 * @throws {Fault} as `verifyBackup`, STORE_WRITE_FAILED when the gateway runs
 */
export async function restoreBackup(order: RestoreOrder): Promise<RestoreDone> {
  return await inFolder(order.dir, async (folder) => {
    const done = await unpack(order, folder, "PUT");
    const access = (await order.access?.(folder)) ?? {};
    const [path, copy] = [join(order.dir, "store.db"), join(order.dir, "store.db.new")];
    renameSync(join(folder, "store.db"), copy);
    placeFiles(done, folder, order);
    putBack({ path, copy, access, at: order.at, copiedAt: done.manifest.createdAt });
    return done;
  });
}
