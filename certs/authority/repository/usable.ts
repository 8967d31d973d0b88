import { Fault, isFault } from "../../../schemas/ground/index.ts";
import {
  metadataShapes,
  parseKeys,
  parseMetadata,
  parseStatePart,
  proveAuthority,
  makeShelf,
  proveRoots,
  type RepositoryFiles,
  repositoryLimits,
  type Role,
  type Root,
  rolePath,
  type TopRole,
} from "../../trust/index.ts";
import { renderMeta } from "./draft.ts";
import { readNewest } from "./read.ts";

/** The newest root of a repository, proved from its first. @throws {Fault} REGISTER_* */
export function findRoot(files: RepositoryFiles): Root {
  const first = files.get(rolePath("root", 1));
  if (first === undefined) throw new Fault("REGISTER_INVALID", "the repository holds no root");
  return proveRoots(first, files).root;
}

function isTopRole(role: string): role is TopRole {
  return ["root", "timestamp", "snapshot", "targets"].includes(role);
}

/** Who may sign a role now: by the root, or by the registrars' delegation. @throws {Fault} REGISTER_* */
export function findRole(files: RepositoryFiles, role: string): Role {
  if (isTopRole(role)) return findRoot(files).roles[role];
  const { signed } = parseMetadata("targets", readNewest(files, "targets"), {
    shape: metadataShapes.targets,
    maxBytes: repositoryLimits.targetsBytes,
  });
  const delegation = signed.delegations.roles.find(({ name }) => name === role);
  if (delegation === undefined) {
    throw new Fault("REGISTER_INVALID", `the registrars delegate nothing to ${role}`);
  }
  return parseKeys(signed.delegations.keys)(delegation);
}

/** Whether readers will take this version of an authority's part. */
export function isUsablePart(files: RepositoryFiles, authority: string, version: number): boolean {
  try {
    const file = files.get(rolePath(authority, version)) ?? new Uint8Array();
    const meta = { version, ...renderMeta(file) };
    const role = findRole(files, authority);
    const proof = proveAuthority(makeShelf(files), { authority, role, meta });
    if (proof === undefined || isFault(proof.found)) return false;
    parseStatePart(authority, proof.found.content);
    return true;
  } catch (error) {
    if (isFault(error)) return false;
    throw error;
  }
}
