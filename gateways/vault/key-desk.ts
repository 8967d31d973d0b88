import { join } from "node:path";

import { type Bytes, Fault, renderHex } from "../../schemas/ground/index.ts";
import { findKeyId, keyIdOf } from "../store/index.ts";
import {
  type KeyPlace,
  makeProtector,
  openProtectors,
  type Proof,
  type ProtectorMeans,
  type ProtectorOrder,
} from "./protector.ts";
import { checkNames } from "./protector-names.ts";
import { loadStoreKeys } from "./store-keys.ts";
import type { Protector, StoreKey, StoreKeys } from "./store-keys-shape.ts";

/** A gateway's folder and whose it is. */
export interface StorePlace {
  readonly dir: string;
  readonly agency: string;
}

/** Where a gateway's store lies. */
export function storePath(dir: string): string {
  return join(dir, "store.db");
}

const wrong =
  "no protector of the store is opened by this; see that it is the right one for this agency";

/**
 * Of two keys the one the store lies under. The first bytes of the store say it, so an end while it was being brought
 * under another key leaves no doubt.
 *
 * @throws {Fault} CONFIG_INVALID, STORE_KEY_WRONG
 */
export function findCurrent({ keys }: StoreKeys, dir: string): StoreKey {
  const found = findKeyId(storePath(dir));
  const [first] = keys;
  const current = found === "NONE" ? (keys.at(-1) ?? first) : keys.find(({ id }) => id === found);
  if (current !== undefined) return current;
  const why =
    found === "PLAIN"
      ? "the store is not encrypted yet: run atumpan store protectors init again"
      : "store-key.json and store.db do not belong together; take both from one backup";
  throw new Fault("STORE_KEY_WRONG", why);
}

function checkAgency({ agency }: StoreKeys, place: StorePlace): void {
  if (agency === place.agency) return;
  throw new Fault("CONFIG_INVALID", `store-key.json is ${agency}'s, not ${place.agency}'s`);
}

/**
 * The key of a closed store by what was brought. The caller erases it as soon as the store is open.
 *
 * @throws {Fault} STORE_KEY_WRONG, REQUEST_INVALID, CONFIG_INVALID, KEY_UNUSABLE, KEY_TOKEN_AWAY
 */
export async function openStoreKey(place: StorePlace, proof: Proof): Promise<Buffer> {
  const keys = loadStoreKeys(place.dir);
  checkAgency(keys, place);
  const { id, protectors } = findCurrent(keys, place.dir);
  const key = await openProtectors(protectors, proof, { ...place, keyId: id });
  if (key !== undefined && renderHex(keyIdOf(key)) === id) return key;
  key?.fill(0);
  throw new Fault("STORE_KEY_WRONG", wrong);
}

/** A key in its boxes. @throws {Fault} as `makeProtector`; USAGE_INVALID when a name stands twice or there is none */
export async function wrapStoreKey(
  key: Bytes,
  { place, orders }: { readonly place: StorePlace; readonly orders: readonly ProtectorOrder[] },
  means: ProtectorMeans,
): Promise<StoreKey> {
  const id = renderHex(keyIdOf(key));
  const about: KeyPlace = { ...place, keyId: id };
  checkNames(orders.map(({ name }) => name));
  const protectors: Protector[] = [];
  // one after another: a passphrase takes the memory of all of them
  for (const order of orders)
    protectors.push(await makeProtector(key, { ...order, place: about }, means));
  return { id, protectors };
}
