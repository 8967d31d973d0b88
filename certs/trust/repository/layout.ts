import { decodeRegister, encodeRegister } from "../../../schemas/index.ts";
import { type Bytes, Fault } from "../../../schemas/ground/index.ts";
import { repositoryLimits } from "./limits.ts";

/**
 * The files of a repository by their paths, as a web server would lay them out (TUF §3, consistent snapshots):
 * `metadata/7.snapshot.json`, `targets/ng/<digest>.part.bin`.
 */
export type RepositoryFiles = ReadonlyMap<string, Bytes>;

/** The one file whose name never changes. */
export const timestampPath = "metadata/timestamp.json";

/** Where a version of a role's metadata stands. */
export function rolePath(role: string, version: number): string {
  return `metadata/${version}.${role}.json`;
}

/** Where the content of a target stands; `digest` is its SHA-256 in hexadecimal. */
export function targetPath(target: string, digest: string): string {
  const slash = target.lastIndexOf("/") + 1;
  return `targets/${target.slice(0, slash)}${digest}.${target.slice(slash)}`;
}

/**
 * Reads a register file into the files of its repository.
 *
 * @throws {Fault} REGISTER_INVALID, CODEC_MALFORMED
 */
export function parseRegister(bytes: Bytes): RepositoryFiles {
  if (bytes.length > repositoryLimits.registerBytes) {
    const most = repositoryLimits.registerBytes;
    throw new Fault("REGISTER_INVALID", `a register has at most ${most} bytes`);
  }
  const { files } = decodeRegister(bytes);
  const byPath = new Map(files.map(({ path, content }) => [path, content]));
  if (byPath.size === files.length) return byPath;
  throw new Fault("REGISTER_INVALID", "a register holds two files of one path");
}

/** The register file that holds `files`, in the order of their paths. */
export function renderRegister(files: RepositoryFiles): Bytes {
  const sorted = [...files].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return encodeRegister({ files: sorted.map(([path, content]) => ({ path, content })) });
}
