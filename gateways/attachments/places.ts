import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { type Bytes, concatBytes, renderHex, sha256, utf8 } from "../../schemas/ground/index.ts";
import { type FileRow, sealedFilePath, type Store } from "../store/index.ts";
import { openSealed, removeFile } from "./sealed-file.ts";
import type { ClearFile } from "./clear-file.ts";

/** Where files lie. Every name is a digest or a number of our own; none comes from outside. */
export interface Places {
  upload(id: string): string;
  file(ref: Bytes): string;
}

/** Makes the folders of one gateway; what lies in them is sealed, under keys that the store has. */
export function makePlaces(dir: string): Places {
  const [uploads, files] = [join(dir, "attachments", "uploads"), join(dir, "attachments", "blobs")];
  for (const one of [uploads, files]) mkdirSync(one, { recursive: true, mode: 0o700 });
  return {
    upload: (id) => join(uploads, `${id}.part`),
    file: (ref) => join(dir, sealedFilePath(ref)),
  };
}

/** Takes away what lies in the folders and the store does not know: what a crash left between the two. */
export function clearStray(dir: string, { attachments }: Pick<Store, "attachments">): void {
  const uploads = new Set(attachments.uploads().map(({ id }) => `${id}.part`));
  const files = new Set(attachments.refs().map((ref) => `${renderHex(ref)}.sealed`));
  for (const [folder, known] of [["uploads", uploads], ["blobs", files]] as const) {
    const place = join(dir, "attachments", folder);
    for (const name of readdirSync(place)) {
      if (!known.has(name)) removeFile(join(place, name));
    }
  }
} // prettier-ignore

type Said = Pick<FileRow, "digest" | "size" | "mediaType" | "key" | "manifest">;

/** One name over all that is said of a file: who says something else of the same chunks speaks of another file. */
export function refOf({ digest, size, mediaType, key, manifest }: Said): Bytes {
  return sha256(concatBytes(digest, manifest, key, utf8(`${size} ${mediaType}`)));
}

/** A file that is here, in the clear. */
export function openFile(places: Places, row: FileRow): ClearFile {
  return openSealed(places.file(row.ref), row);
}
