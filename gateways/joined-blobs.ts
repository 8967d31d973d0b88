import { type Bytes, Fault, isFault, renderHex, sha256 } from "../schemas/ground/index.ts";
import type { BlobPiece, BlobRun, HubBlobs } from "./link/index.ts";

function nobody(): Fault {
  return new Fault("HUB_UNREACHABLE", "no hub is in reach");
}

/** The answer of the first hub that holds a chunk; that none holds it is said only when every one said so. */
async function fetchFirst(hubs: readonly HubBlobs[], run: BlobRun): Promise<BlobPiece> {
  let failed: Fault | undefined;
  for (const hub of hubs) {
    try {
      return await hub.getBlob(run);
    } catch (error) {
      if (!isFault(error)) throw error;
      if (failed === undefined || error.code !== "BLOB_MISSING") failed = error;
    }
  }
  throw failed ?? nobody();
}

/**
 * The chunks of files at several hubs, as at one: each hub that is up is handed every chunk, and a chunk is missing that one
 * of them does not hold; what a hub did not hold while it was away is handed over when it is back. A chunk is fetched from
 * the first that has it.
 *
 * @param up those that are up now
 */
export function joinBlobs(up: () => readonly HubBlobs[]): HubBlobs {
  const all = (): readonly HubBlobs[] => {
    const hubs = up();
    if (hubs.length === 0) throw nobody();
    return hubs;
  };
  return {
    putBlob: async (bytes, mark) => {
      for (const hub of all()) await hub.putBlob(bytes, mark);
      return sha256(bytes);
    },
    missingBlobs: async (digests) => {
      const missing = new Set<string>();
      for (const hub of all()) {
        const one: readonly Bytes[] = await hub.missingBlobs(digests);
        for (const digest of one) missing.add(renderHex(digest));
      }
      return digests.filter((digest) => missing.has(renderHex(digest)));
    },
    getBlob: async (run) => await fetchFirst(all(), run),
  };
}
