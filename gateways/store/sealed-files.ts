import { type Bytes, renderHex } from "../../schemas/ground/index.ts";

/** Where a file beside messages lies sealed, from the gateway's folder on. Its name is a digest of ours; none comes from outside. */
export function sealedFilePath(ref: Bytes): string {
  return `attachments/blobs/${renderHex(ref)}.sealed`;
}
