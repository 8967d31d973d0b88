/**
 * The transparency log, as anybody can check it: the tree of RFC 6962, and the formats of C2SP for tiles, signed
 * notes, checkpoints, cosignatures, rules about witnesses and proofs.
 *
 * Promises: what is read has one spelling and a bounded size; what is verified was signed by the key that was asked
 * for; sizes and places are exact up to 2^53−1. Holds no key, reads no file, asks no network. Start at `tree.ts`,
 * then `checkpoint.ts`.
 */
export { addSignatures } from "./add-signatures.ts";
export * from "./checkpoint.ts";
export * from "./entries.ts";
export * from "./frontier.ts";
export { isLogOriginOf, logOriginOf } from "./hub-origin.ts";
export { emptyRoot, hashBytes, leafHash, nodeHash } from "./node-hash.ts";
export * from "./note.ts";
export type { Position } from "./ranges.ts";
export { type VerifiedSignature, verifyNote } from "./signatures.ts";
export * from "./policy-file.ts";
export * from "./policy.ts";
export * from "./proof-file.ts";
export * from "./quorum.ts";
export * from "./signer.ts";
export * from "./tile.ts";
export * from "./tile-path.ts";
export * from "./tiles.ts";
export * from "./tree.ts";
export * from "./verifier-key.ts";
export * from "./verify-checkpoint.ts";
export * from "./verify-proof.ts";
export * from "./verify-tree.ts";
