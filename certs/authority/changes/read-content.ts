import { decodeRegionalPart, type StatePart } from "../../../schemas/index.ts";
import { type Bytes, Fault } from "../../../schemas/ground/index.ts";
import {
  findSigners,
  metadataShapes,
  parseKeys,
  parseMetadata,
  parseStatePart,
  renderKey,
  type RepositoryFiles,
  repositoryLimits,
  type Role,
  rolePath,
  targetPath,
} from "../../trust/index.ts";
import type { RoleKeys } from "../repository/drafts.ts";
import { findNewest } from "../repository/read.ts";
import type { PartContent, RegionContent, RegisterContent } from "./content.ts";

function contentOf(
  files: RepositoryFiles,
  target: string,
  meta: { readonly hashes: { readonly sha256: string } } | undefined,
): Bytes {
  const bytes = files.get(targetPath(target, meta?.hashes.sha256 ?? ""));
  if (bytes !== undefined) return bytes;
  throw new Fault("REGISTER_INVALID", `the repository lacks the content of ${target}`);
}

function readRegion(files: RepositoryFiles): RegionContent | undefined {
  const file = files.get(rolePath("targets", findNewest(files, "targets")));
  if (file === undefined) return undefined;
  const { signed } = parseMetadata("targets", file, {
    shape: metadataShapes.targets,
    maxBytes: repositoryLimits.targetsBytes,
  });
  const find = parseKeys(signed.delegations.keys);
  const region = decodeRegionalPart(contentOf(files, "region.bin", signed.targets["region.bin"]));
  const { roles } = signed.delegations;
  return { region, delegations: new Map(roles.map((one) => [one.name, keysOf(find(one))])) };
}

/** Keys as a plan names them. */
export function keysOf({ keys, threshold }: Role): RoleKeys {
  const spki = keys.map(({ publicKey }) => publicKey.export({ format: "der", type: "spki" }));
  return { keys: spki, threshold };
}

/** A part's content, when enough of these keys signed it; of any keys, when none are named. */
function readState(
  files: RepositoryFiles,
  authority: string,
  role: Role | undefined,
): StatePart | undefined {
  const file = files.get(rolePath(authority, findNewest(files, authority)));
  if (file === undefined) return undefined;
  const metadata = parseMetadata(authority, file, {
    shape: metadataShapes.authority,
    maxBytes: repositoryLimits.roleBytes,
  });
  if (role !== undefined && findSigners(metadata, role).length < role.threshold) return undefined;
  const target = `${authority}/part.bin`;
  return parseStatePart(authority, contentOf(files, target, metadata.signed.targets[target]));
}

/**
 * The content that a part has now.
 *
 * @returns undefined when it has none yet
 * @throws {Fault} REGISTER_INVALID
 */
export function readPartContent(files: RepositoryFiles, part: string): PartContent | undefined {
  if (part !== "region") {
    const state = readState(files, part, undefined);
    return state && { kind: "state", state };
  }
  const region = readRegion(files);
  return region && { kind: "region", ...region };
}

function roleOf({ keys, threshold }: RoleKeys): Role {
  const named = keys.map(renderKey);
  const entries = Object.fromEntries(named.map(({ keyid, entry }) => [keyid, entry]));
  return parseKeys(entries)({ keyids: named.map(({ keyid }) => keyid), threshold });
}

function readStates(files: RepositoryFiles, region: RegionContent): RegisterContent["states"] {
  const states = [...region.delegations].flatMap(([authority, keys]) => {
    const state = readState(files, authority, roleOf(keys));
    return state === undefined ? [] : [[authority, state] as const];
  });
  return new Map(states);
}

/**
 * The content of a whole repository. A part that its keys of today did not sign is left out, as readers leave it out.
 *
 * @throws {Fault} REGISTER_INVALID
 */
export function readRegisterContent(files: RepositoryFiles): RegisterContent {
  const region = readRegion(files);
  if (region === undefined) return { region, states: new Map() };
  return { region, states: readStates(files, region) };
}

/**
 * The content of a repository once a part says something else. When the registrars delegate a part to other keys,
 * it counts no longer until enough of these sign it anew.
 */
export function applyContent(files: RepositoryFiles, content: PartContent): RegisterContent {
  if (content.kind === "region") return { region: content, states: readStates(files, content) };
  const { region, states } = readRegisterContent(files);
  return { region, states: new Map([...states, [content.state.authority, content.state]]) };
}
