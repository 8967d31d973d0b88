import type { z } from "zod";

import { type Bytes, Fault } from "../../../schemas/ground/index.ts";
import {
  checkSigned,
  metadataShapes,
  parseMetadata,
  proveRepository,
  proveRoots,
  renderRegister,
  type RepositoryFiles,
  repositoryLimits,
  rolePath,
  targetPath,
  timestampPath,
} from "../../trust/index.ts";
import { type Draft, draftPath } from "./draft.ts";
import { findNewest, readMetadata } from "./read.ts";
import { readNamed } from "./snapshot.ts";
import { findRole } from "./usable.ts";

interface Kind {
  readonly shape: z.ZodType;
  readonly maxBytes: number;
}

const shapes: Readonly<Record<string, Kind>> = {
  root: { shape: metadataShapes.root, maxBytes: repositoryLimits.rootBytes },
  timestamp: { shape: metadataShapes.timestamp, maxBytes: repositoryLimits.timestampBytes },
  snapshot: { shape: metadataShapes.snapshot, maxBytes: repositoryLimits.snapshotBytes },
  targets: { shape: metadataShapes.targets, maxBytes: repositoryLimits.targetsBytes },
};
const authority: Kind = { shape: metadataShapes.authority, maxBytes: repositoryLimits.roleBytes };

/** Puts a draft into the repository without any question; for `placeDraft`, and for those who test readers. */
export function putDraft(files: RepositoryFiles, draft: Draft): RepositoryFiles {
  return new Map([...files, ...draft.targets, [draftPath(draft), draft.metadata]]);
}

function newestOf(files: RepositoryFiles, role: string): number {
  if (role !== "timestamp") return findNewest(files, role);
  const file = files.get(timestampPath);
  return file === undefined ? 0 : readMetadata(file).signed.version;
}

function checkDraft(files: RepositoryFiles, { role, metadata }: Draft): void {
  const kind = shapes[role] ?? authority;
  checkSigned(role, parseMetadata(role, metadata, kind), findRole(files, role));
}

/**
 * Puts a draft into the repository: it is the next version of its role, of the shape readers ask for, and
 * signed by as many as must. A root is signed by enough of the keys before it and by enough of its own.
 *
 * @returns the repository with it
 * @throws {Fault} REGISTER_INVALID, REGISTER_ROLLBACK, REGISTER_SIGNATURE_INVALID while signatures are missing
 */
export function placeDraft(files: RepositoryFiles, draft: Draft): RepositoryFiles {
  const { role, version } = draft;
  const { version: signed } = readMetadata(draft.metadata).signed;
  const wanted = newestOf(files, role) + 1;
  if (signed !== wanted || version !== wanted) {
    const told = `the next version of ${role} is ${wanted}; make the draft again`;
    throw new Fault("REGISTER_ROLLBACK", told);
  }
  const next = putDraft(files, draft);
  if (role === "root") proveRoots(next.get(rolePath("root", 1)) ?? new Uint8Array(), next);
  else checkDraft(files, draft);
  return next;
}

const targetsShape = metadataShapes.targets.pick({ targets: true }).strip();

function targetFiles(files: RepositoryFiles, role: string, version: number): readonly string[] {
  const file = files.get(rolePath(role, version));
  if (file === undefined) return [];
  const shape =
    role === "targets" ? targetsShape : metadataShapes.authority.pick({ targets: true }).strip();
  const { signed } = readMetadata(file);
  try {
    const { targets } = shape.parse(signed);
    return Object.entries(targets).map(([name, { hashes }]) => targetPath(name, hashes.sha256));
  } catch (cause) {
    throw new Fault("REGISTER_INVALID", `the metadata of ${role} does not name its content`, {
      cause,
    });
  }
}

/** The files that the timestamp names, from one to the next, and every root: no more than a reader needs. */
export function findCurrentFiles(files: RepositoryFiles): RepositoryFiles {
  const timestamp = files.get(timestampPath) ?? new Uint8Array();
  const version = readNamed(timestamp)["snapshot.json"]?.version ?? 0;
  const snapshotPath = rolePath("snapshot", version);
  const named = Object.entries(readNamed(files.get(snapshotPath) ?? new Uint8Array()));
  const paths = named.flatMap(([name, meta]) => {
    const role = name.replace(".json", "");
    return [rolePath(role, meta.version), ...targetFiles(files, role, meta.version)];
  });
  const wanted = new Set([timestampPath, snapshotPath, ...paths]);
  return new Map([...files].filter(([path]) => wanted.has(path) || path.endsWith(".root.json")));
}

/**
 * The register of the moment as one file, for hubs and gateways: what the timestamp names and every root.
 *
 * @throws {Fault} REGISTER_* when readers that trust the first root would refuse it
 */
export function bundleRegister(files: RepositoryFiles): Bytes {
  const current = findCurrentFiles(files);
  proveRepository(current, current.get(rolePath("root", 1)) ?? new Uint8Array());
  return renderRegister(current);
}
