import { generateKeyPairSync, sign as signWith } from "node:crypto";

import type { NoteKey } from "../../certs/log/index.ts";

/** A key held in this process. */
export function noteKey(type: "ed25519" | "ml-dsa-44"): NoteKey {
  const { privateKey, publicKey } = type === "ed25519" ? generateKeyPairSync(type) : generateKeyPairSync(type);
    return { spki: publicKey.export({ format: "der", type: "spki" }), sign: (bytes) => signWith(null, bytes, privateKey) };
} // prettier-ignore
