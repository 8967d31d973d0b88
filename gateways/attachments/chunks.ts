import type { Bytes } from "../../schemas/ground/index.ts";
import type { FileRow } from "../store/index.ts";
import { openManifest } from "./manifest.ts";

/** All that the hub may hold of a file, by digest: its manifest and its chunks; the manifest alone of one that is not here. */
export function digestsAtHub(row: FileRow): readonly Bytes[] {
  const chunks = row.sealed === undefined ? [] : openManifest(row, row.sealed).chunks;
  return [row.manifest, ...chunks];
}
