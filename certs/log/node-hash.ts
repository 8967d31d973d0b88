import { type Bytes, Fault, sha256 } from "../../schemas/ground/index.ts";

/** Bytes of a hash in the tree: SHA-256. */
export const hashBytes = 32;

/** The root of a tree without leaves: the hash of nothing (RFC 6962 §2.1). */
export const emptyRoot: Bytes = sha256(new Uint8Array());

/** What an entry is called in the tree. The byte in front tells a leaf from a node (RFC 6962 §2.1). */
export function leafHash(entry: Bytes): Bytes {
  const input = Buffer.allocUnsafe(1 + entry.length);
  input[0] = 0;
  input.set(entry, 1);
  return sha256(input);
}

/** The hash of the node over two subtrees. */
export function nodeHash(left: Bytes, right: Bytes): Bytes {
  const input = Buffer.allocUnsafe(1 + left.length + right.length);
  input[0] = 1;
  input.set(left, 1);
  input.set(right, 1 + left.length);
  return sha256(input);
}

/**
 * Refuses hashes that are not 32 bytes each: two nodes of other lengths could be cut otherwise and hash alike.
 *
 * @throws {Fault} LOG_PROOF_INVALID
 */
export function checkHashes(hashes: readonly Bytes[], name: string): void {
  if (hashes.every(({ length }) => length === hashBytes)) return;
  throw new Fault("LOG_PROOF_INVALID", `${name}: a hash has not ${hashBytes} bytes`);
}
