import { z } from "zod";

import { parseJsonText } from "../../../schemas/index.ts";
import { type Bytes, Fault, parseUtf8 } from "../../../schemas/ground/index.ts";
import { type RepositoryFiles, repositoryLimits, rolePath } from "../../trust/index.ts";

const shape = z.strictObject({
  signatures: z.array(z.strictObject({ keyid: z.string(), sig: z.string() })),
  signed: z.looseObject({ _type: z.string(), version: z.int().min(1), expires: z.string() }),
});

/** A file of metadata as it stands, whoever signed it. */
export type SignedMetadata = z.infer<typeof shape>;

/** Reads a file of metadata to work on it; nothing of it is proved. @throws {Fault} REGISTER_INVALID */
export function readMetadata(file: Bytes): SignedMetadata {
  try {
    return shape.parse(parseJsonText(parseUtf8(file), repositoryLimits.targetsBytes));
  } catch (cause) {
    throw new Fault("REGISTER_INVALID", "the file is not metadata of a register", { cause });
  }
}

const metadataPath = /^metadata\/(\d{1,10})\.([a-z]{2,10})\.json$/;

/** The versions of each role's metadata that stand in a repository, rising. */
export function findVersions(files: RepositoryFiles): ReadonlyMap<string, readonly number[]> {
  const found = new Map<string, number[]>();
  for (const path of files.keys()) {
    const [, version = "", role] = metadataPath.exec(path) ?? [];
    if (role === undefined) continue;
    found.set(role, [...(found.get(role) ?? []), Number(version)]);
  }
  for (const versions of found.values()) versions.sort((a, b) => a - b);
  return found;
}

/** The newest version of a role's metadata; 0 when there is none. */
export function findNewest(files: RepositoryFiles, role: string): number {
  return findVersions(files).get(role)?.at(-1) ?? 0;
}

/** The newest metadata of a role. @throws {Fault} REGISTER_INVALID when there is none */
export function readNewest(files: RepositoryFiles, role: string): Bytes {
  const file = files.get(rolePath(role, findNewest(files, role)));
  if (file !== undefined) return file;
  throw new Fault("REGISTER_INVALID", `the repository holds no metadata of ${role}`);
}
