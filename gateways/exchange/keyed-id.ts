import { createHmac } from "node:crypto";

import { type Bytes, type Chance, Fault, makeUuid } from "../../schemas/ground/index.ts";
import type { Store } from "../store/index.ts";

const secretName = "ids.secret";
/** Of an id these bytes are chance, the ones before them its time. */
const chanceFrom = 6;

/** As text: of bytes the runtime makes a key object each time, ten times the cost of the HMAC. */
function secretOf(store: Pick<Store, "settings">): string {
  const held = store.settings.get(secretName);
  if (held === undefined) throw new Fault("INTEGRITY_STORE", "the secret of the ids is not there");
  return held;
}

/**
 * What the id of a submission is made with: bytes that only this store and its copies can make of the Idempotency-Key. A
 * store that was put back from a copy knows by them under which key a message was sent that it has lost.
 */
export function idChance(store: Store, key: string): Chance {
  const secret = secretOf(store);
  return {
    bytes: (count) => createHmac("sha256", secret).update(`id\0${key}`).digest().subarray(0, count),
  };
}

/** What shows the hub that this store put a chunk: bytes that only this store and its copies can make of its digest. */
export function chunkToken(store: Pick<Store, "settings">, digest: Bytes): Bytes {
  return createHmac("sha256", secretOf(store)).update("chunk\0").update(digest).digest();
}

/** The part of an id that its key decides. */
export function tagOf(id: Bytes): Bytes {
  return id.subarray(chanceFrom);
}

/** The tag of every id made under this key. */
export function tagOfKey(store: Store, key: string): Bytes {
  return tagOf(makeUuid(0, idChance(store, key)));
}
