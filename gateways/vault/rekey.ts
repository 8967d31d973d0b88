import { renameSync, rmSync } from "node:fs";

import { syncFolder } from "../../schemas/disk/index.ts";
import { type Chance, Fault, toFault } from "../../schemas/ground/index.ts";
import { findKeyId, openBeside, openDatabase, rekeySqlite } from "../store/index.ts";
import { listBeginning, overwrite, shredFile, syncFile } from "./disk.ts";
import { openStoreKey, type StorePlace, storePath, wrapStoreKey } from "./key-desk.ts";
import type { Proof, ProtectorMeans, ProtectorOrder } from "./protector.ts";
import { hasStoreKeys, loadStoreKeys, saveStoreKeys } from "./store-keys.ts";
import type { StoreKey } from "./store-keys-shape.ts";

const keyBytes = 32;

/** The store, opened by this process, and the key it lies under. */
interface Held {
  readonly database: ReturnType<typeof openDatabase>;
  readonly key: Buffer | undefined;
}

function copyPath(dir: string): string {
  return `${storePath(dir)}.rekey`;
}

/** Takes away what an end in the middle left; what it leaves is never looked at. */
export function removeLeftovers(dir: string): void {
  for (const file of listBeginning(dir, "store.db.rekey")) rmSync(file, { force: true });
}

/** What an upgrade or a restore left beside the store lies under the old key, or none: it would open what the new one is to shut. */
function removeOldCopies(dir: string): void {
  const copies = [
    ...listBeginning(dir, "store.before-"),
    ...listBeginning(dir, "store.db.replaced"),
  ];
  for (const file of copies) shredFile(file);
  syncFolder(dir);
}

/**
 * Puts a copy of the store, every page of it under the new key, in the store's place. The store is locked for
 * others all the while, and stands without a journal at the moment of the change: a journal of the old one beside the
 * new one would be read into it.
 */
function replaceStore(held: Held, dir: string, to: Buffer): void {
  const [path, copy] = [storePath(dir), copyPath(dir)];
  const plain = held.key === undefined ? openBeside(path, "r+") : undefined;
  try {
    held.database.exec("PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE; COMMIT");
    held.database.prepare("VACUUM INTO ?").run(copy);
    rekeySqlite(copy, held.key, to);
    openDatabase(copy, { key: to }).close();
    syncFile(copy);
    renameSync(copy, path);
    syncFolder(dir);
    // as well as it can be done: what the disk moved elsewhere stays there
    if (plain !== undefined) overwrite(plain.handle);
  } finally {
    plain?.end();
  }
}

function save({ dir, agency }: StorePlace, keys: readonly StoreKey[]): void {
  const suspended = hasStoreKeys(dir) ? loadStoreKeys(dir).suspended : undefined;
  saveStoreKeys(dir, {
    format: 1,
    agency,
    keys: [...keys],
    ...(suspended === undefined ? {} : { suspended }),
  });
}

/** What the store is brought under: the protectors of the new key, and what those are made with. */
export interface RekeyOrder {
  readonly orders: readonly ProtectorOrder[];
  readonly means: ProtectorMeans & { readonly chance: Chance };
}

async function bringUnder(place: StorePlace, held: Held, order: RekeyOrder): Promise<void> {
  const { orders, means } = order;
  const { dir } = place;
  const fresh = Buffer.from(means.chance.bytes(keyBytes));
  try {
    const next = await wrapStoreKey(fresh, { place, orders }, means);
    const isOld = ({ id }: StoreKey): boolean => id === findKeyId(storePath(dir));
    const before = held.key === undefined ? [] : loadStoreKeys(dir).keys.filter(isOld);
    // before the change: an end in between may leave the old store without its copies, never the new one with them
    removeOldCopies(dir);
    save(place, [...before, next]);
    replaceStore(held, dir, fresh);
    save(place, [next]);
  } finally {
    fresh.fill(0);
  }
}

/** Opens the store first: while a gateway has it open, nothing of the folder is changed. */
async function bringOpened(
  place: StorePlace,
  key: Buffer | undefined,
  order: RekeyOrder,
): Promise<void> {
  const database = openDatabase(storePath(place.dir), { key });
  try {
    removeLeftovers(place.dir);
    await bringUnder(place, { database, key }, order);
  } catch (error) {
    const way = "the store stays as it was; see that its disk has room for two of it";
    throw toFault(error, "STORE_WRITE_FAILED", way);
  } finally {
    database.close();
  }
}

/**
 * Makes the key of a store and encrypts the store, if there is one. The gateway does not run. An end at any moment leaves
 * the plain or the encrypted store, whole; run again, it begins anew.
 *
 * @throws {Fault} USAGE_INVALID when the store is encrypted already; STORE_WRITE_FAILED when the gateway runs or the disk
 *   is full; and as `makeProtector`
 */
export async function encryptStore(place: StorePlace, order: RekeyOrder): Promise<void> {
  const found = findKeyId(storePath(place.dir));
  if (found !== "PLAIN" && (found !== "NONE" || hasStoreKeys(place.dir)))
    throw new Fault(
      "USAGE_INVALID",
      "the store has its keys already; see protectors add and rekey",
    );
  await bringOpened(place, undefined, order);
}

/**
 * Brings a store under another key, with the protectors of `order` and no others. The gateway does not run. An end at any
 * moment leaves the store under the old or the new key, and `openStoreKey` finds which.
 *
 * @throws {Fault} STORE_KEY_WRONG; STORE_WRITE_FAILED when the gateway runs or the disk is full; and as `makeProtector`
 */
export async function rekeyStore(
  place: StorePlace,
  proof: Proof,
  order: RekeyOrder,
): Promise<void> {
  const old = await openStoreKey(place, proof);
  try {
    await bringOpened(place, old, order);
  } finally {
    old.fill(0);
  }
}
