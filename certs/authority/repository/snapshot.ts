import { z } from "zod";

import { type Bytes, type EpochMs, Fault } from "../../../schemas/ground/index.ts";
import { renderExpiry, type RepositoryFiles, rolePath, timestampPath } from "../../trust/index.ts";
import { type Draft, makeDraft, renderMeta } from "./draft.ts";
import { isUsablePart } from "./usable.ts";
import { findNewest, findVersions, readMetadata, readNewest } from "./read.ts";

type Meta = ReturnType<typeof renderMeta> & { readonly version: number };

const versioned = z.object({
  version: z.int(),
  length: z.int(),
  hashes: z.object({ sha256: z.string() }),
});
const metaShape = z.looseObject({ meta: z.record(z.string(), versioned) });

/** What the newest snapshot, or the timestamp, names. @throws {Fault} REGISTER_INVALID */
export function readNamed(file: Bytes): Readonly<Record<string, Meta>> {
  const { signed } = readMetadata(file);
  try {
    return metaShape.parse(signed).meta;
  } catch (cause) {
    throw new Fault("REGISTER_INVALID", "the file does not say what it names", { cause });
  }
}

function metaOf(files: RepositoryFiles, role: string, version: number): Meta {
  const bytes = files.get(rolePath(role, version));
  if (bytes === undefined) {
    throw new Fault("REGISTER_INVALID", `the repository holds no version ${version} of ${role}`);
  }
  return { version, ...renderMeta(bytes) };
}

/** Chooses which of an authority's versions a snapshot names; none leaves it as it was named before. */
export type Choice = (authority: string, newerFirst: readonly number[]) => number | undefined;

/** Draws up the snapshot that names the newest targets, and of each authority the version that is chosen. */
export function makeSnapshot(
  files: RepositoryFiles,
  { expiresAt, choose }: { readonly expiresAt: EpochMs; readonly choose: Choice },
): Draft {
  const version = findNewest(files, "snapshot");
  // what was named once is named for ever (TUF §5.5.5): a name that vanished would be a rollback
  const meta = new Map(
    version === 0 ? [] : Object.entries(readNamed(readNewest(files, "snapshot"))),
  );
  for (const [role, versions] of findVersions(files)) {
    if (role === "root" || role === "snapshot") continue;
    const least = meta.get(`${role}.json`)?.version ?? 0;
    const newer = versions.filter((one) => one > least).toReversed();
    const chosen = role === "targets" ? newer[0] : choose(role, newer);
    if (chosen !== undefined) meta.set(`${role}.json`, metaOf(files, role, chosen));
  }
  return makeDraft("snapshot", {
    version: version + 1,
    expires: renderExpiry(expiresAt),
    more: { meta: Object.fromEntries([...meta].toSorted(([a], [b]) => (a < b ? -1 : 1))) },
  });
}

/**
 * The next snapshot: an epoch. Of each authority it names the newest version that its delegated keys signed and
 * that can be read; one that its authority spoilt is passed over, so that it never reaches a reader.
 */
export function draftSnapshot(files: RepositoryFiles, expiresAt: EpochMs): Draft {
  const choose: Choice = (authority, newerFirst) =>
    newerFirst.find((version) => isUsablePart(files, authority, version));
  return makeSnapshot(files, { expiresAt, choose });
}

/** The next timestamp: it names the newest snapshot, and says until when that is the newest. */
export function draftTimestamp(files: RepositoryFiles, expiresAt: EpochMs): Draft {
  const before = files.get(timestampPath);
  const version = before === undefined ? 0 : readMetadata(before).signed.version;
  const newest = metaOf(files, "snapshot", findNewest(files, "snapshot"));
  return makeDraft("timestamp", {
    version: version + 1,
    expires: renderExpiry(expiresAt),
    more: { meta: { "snapshot.json": newest } },
  });
}
