import { generateKeyPairSync, type KeyObject } from "node:crypto";

import type { KeyType } from "../shape/index.ts";

/**
 * Makes a new private key; its public half is in it. The one act that takes no `Chance`: a key is always
 * made by the platform's generator, so that no test seed can ever make one that is used.
 */
export function makeKeyPair(type: KeyType | "X25519" | "ML-DSA-44" | "ML-DSA-65"): KeyObject {
  if (type === "X25519") return generateKeyPairSync("x25519").privateKey;
  if (type === "ML-DSA-44") return generateKeyPairSync("ml-dsa-44").privateKey;
  if (type === "ML-DSA-65") return generateKeyPairSync("ml-dsa-65").privateKey;
  if (type === "Ed25519") return generateKeyPairSync("ed25519").privateKey;
  return generateKeyPairSync("ec", { namedCurve: type }).privateKey;
}
