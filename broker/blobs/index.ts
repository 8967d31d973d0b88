/**
 * Chunks of files: agencies hand them over, ask which are there and fetch them, by the digest of their bytes.
 *
 * Promises: a chunk is kept under the digest the hub computed itself and under no other; "stored" is told only after the
 * stream synced it; who does not know a digest learns nothing. Trusts the server for who asks. Knows no key, and writes
 * down no digest and no name: only how many. Start at `desk.ts`, then `shelf.ts`.
 */
export * from "./desk.ts";
