import { createPublicKey, type KeyObject } from "node:crypto";

import { Fault } from "../../schemas/ground/index.ts";
import { parsePublicKey, type PublicKey } from "../shape/index.ts";

/**
 * The public half of a private key of a kind we use.
 *
 * @throws {Fault} KEY_UNUSABLE
 */
export function publicHalf(key: KeyObject): PublicKey {
  try {
    return parsePublicKey(createPublicKey(key).export({ format: "der", type: "spki" }));
  } catch (cause) {
    throw new Fault("KEY_UNUSABLE", "not a private key of a kind we use", { cause });
  }
}
