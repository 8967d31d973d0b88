import { mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, sep } from "node:path";

import { replaceFile } from "../../../schemas/disk/index.ts";
import { type Bytes, Fault, toFault } from "../../../schemas/ground/index.ts";
import { type RepositoryFiles, repositoryLimits, timestampPath } from "../../trust/index.ts";

function writeFile(folder: string, path: string, bytes: Bytes): void {
  const place = join(folder, path);
  mkdirSync(dirname(place), { recursive: true });
  replaceFile(place, bytes, { sync: "bytes" });
}

/**
 * Writes a repository as a folder that any web server may serve and any client of TUF reads: `metadata/` and
 * `targets/`. The timestamp comes last, so that whoever reads meanwhile finds what it names.
 *
 * @throws {Fault} STORE_WRITE_FAILED
 */
export function exportRepository(folder: string, files: RepositoryFiles): void {
  const order = [...files].toSorted(
    ([a], [b]) => Number(a === timestampPath) - Number(b === timestampPath),
  );
  try {
    for (const [path, bytes] of order) writeFile(folder, path, bytes);
  } catch (error) {
    throw toFault(error, "STORE_WRITE_FAILED", "the repository could not be written");
  }
}

const known =
  /^(?:metadata\/(?:\d{1,10}\.)?[a-z]{2,10}\.json|targets\/(?:[a-z]{2,10}\/)?[0-9a-f]{64}\.(?:region|part)\.bin)$/;

/**
 * Reads the repository in a folder. Files that are none of a repository's are passed over.
 *
 * @throws {Fault} REGISTER_INVALID when a file cannot be read or is too large
 */
export function importRepository(folder: string): RepositoryFiles {
  try {
    const paths = readdirSync(folder, { recursive: true, encoding: "utf8" })
      .map((path) => path.split(sep).join("/"))
      .filter((path) => known.test(path))
      .toSorted();
    return new Map(paths.map((path) => [path, readWhole(folder, path)]));
  } catch (error) {
    throw toFault(error, "REGISTER_INVALID", "the repository's folder cannot be read");
  }
}

function readWhole(folder: string, path: string): Bytes {
  const place = join(folder, path);
  if (statSync(place).size <= repositoryLimits.regionBytes) return readFileSync(place);
  throw new Fault("REGISTER_INVALID", `${path} is larger than any file of a repository`);
}
