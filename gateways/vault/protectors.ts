import { Fault } from "../../schemas/ground/index.ts";
import { findCurrent, openStoreKey, type StorePlace } from "./key-desk.ts";
import {
  makeProtector,
  type Proof,
  type ProtectorMeans,
  type ProtectorOrder,
} from "./protector.ts";
import { checkNames } from "./protector-names.ts";
import { loadStoreKeys, saveStoreKeys } from "./store-keys.ts";
import type { Protector } from "./store-keys-shape.ts";

/** The protectors of a store: name and kind of each, never a secret. @throws {Fault} CONFIG_INVALID, STORE_KEY_WRONG */
export function listProtectors(dir: string): readonly Pick<Protector, "kind" | "name">[] {
  return findCurrent(loadStoreKeys(dir), dir).protectors.map(({ kind, name }) => ({ kind, name }));
}

/**
 * Lets one more protector open the store; nothing of the store is written anew. The gateway may run.
 *
 * @throws {Fault} USAGE_INVALID, and as `openStoreKey` and `makeProtector`
 */
export async function addProtector(
  place: StorePlace,
  { proof, order }: { readonly proof: Proof; readonly order: ProtectorOrder },
  means: ProtectorMeans,
): Promise<void> {
  const key = await openStoreKey(place, proof);
  try {
    const keys = loadStoreKeys(place.dir);
    const current = findCurrent(keys, place.dir);
    checkNames([...current.protectors.map(({ name }) => name), order.name]);
    const about = { ...place, keyId: current.id };
    const added = await makeProtector(key, { ...order, place: about }, means);
    const changed = { ...current, protectors: [...current.protectors, added] };
    saveStoreKeys(place.dir, { ...keys, keys: [changed] });
  } finally {
    key.fill(0);
  }
}

/**
 * Takes a protector's box away; the last one stays. Whoever has an old copy of the file and the protector still has the
 * key: only another key shuts him out (`rekeyStore`).
 *
 * @throws {Fault} NOT_FOUND, USAGE_INVALID, CONFIG_INVALID, STORE_KEY_WRONG
 */
export function removeProtector(dir: string, name: string): void {
  const keys = loadStoreKeys(dir);
  const current = findCurrent(keys, dir);
  const protectors = current.protectors.filter((one) => one.name !== name);
  if (protectors.length === current.protectors.length)
    throw new Fault("NOT_FOUND", "the store has no protector of this name");
  if (protectors.length === 0)
    throw new Fault(
      "USAGE_INVALID",
      "the last protector stays, or nobody could open the store again",
    );
  saveStoreKeys(dir, { ...keys, keys: [{ ...current, protectors }] });
}
