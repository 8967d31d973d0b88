import type { AlgorithmRule } from "../../schemas/index.ts";

/** Lines that let ES256 and EdDSA sign, and our one way of sealing, at any time. */
export const everyAlgorithm: readonly AlgorithmRule[] = [
  { use: "SIGNATURE", name: "ES256", from: 0 },
  { use: "SIGNATURE", name: "EdDSA", from: 0 },
  { use: "KEY_AGREEMENT", name: "ECDH-ES+A256KW", from: 0 },
  { use: "CONTENT", name: "A256GCM", from: 0 },
];
