import { type Bytes, Fault, renderHex, sha256 } from "../../../schemas/ground/index.ts";
import type { RepositoryFiles } from "./layout.ts";
import type { FileMeta } from "./shapes.ts";

/** A file that proving asks for. */
export interface Needed {
  readonly path: string;
  readonly maxBytes: number;
  /** What metadata that was proved says of it; of the timestamp nothing says anything. */
  readonly meta?: FileMeta;
}

/** Files to prove from, and what proving asked for and did not find. */
export interface Shelf {
  /**
   * The file, or undefined when it is not there; then it is among those missing.
   *
   * @throws {Fault} REGISTER_INVALID when it is not the one that was named
   */
  take(needed: Needed): Bytes | undefined;
  missing(): readonly Needed[];
}

/** Whether bytes are those that metadata names. */
export function isNamed(bytes: Bytes, { maxBytes, meta }: Needed): boolean {
  if (bytes.length > maxBytes) return false;
  if (meta === undefined) return true;
  return bytes.length === meta.length && renderHex(sha256(bytes)) === meta.hashes.sha256;
}

/** Builds the shelf of some files. */
export function makeShelf(files: RepositoryFiles): Shelf {
  const missing: Needed[] = [];
  return {
    take: (needed) => {
      const bytes = files.get(needed.path);
      if (bytes === undefined) missing.push(needed);
      else if (!isNamed(bytes, needed)) {
        throw new Fault("REGISTER_INVALID", `${needed.path} is not the file that is named`);
      }
      return bytes;
    },
    missing: () => missing,
  };
}
