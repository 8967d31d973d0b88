import { readFileSync } from "node:fs";

import type { Bytes } from "../../schemas/ground/index.ts";
import { type ProvenRegister, verifyRegister } from "../../certs/trust/index.ts";

/**
 * Reads a register where it is published, and proves it once for what stands there: tests ask at every receipt, and
 * to prove one of sixty agencies takes a tenth of a second.
 */
export function openProvenFile(file: string, rootNow: () => Bytes): () => ProvenRegister {
  let held: { readonly bytes: Buffer; readonly root: Bytes; readonly register: ProvenRegister } | undefined;
  return () => {
    const bytes = readFileSync(file);
    const root = rootNow();
    if (held === undefined || !bytes.equals(held.bytes) || !Buffer.from(root).equals(held.root))
      held = { bytes, root, register: verifyRegister(bytes, { root }) };
    return held.register;
  };
} // prettier-ignore
