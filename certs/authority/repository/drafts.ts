import {
  encodeRegionalPart,
  encodeStatePart,
  type RegionalPart,
  type StatePart,
} from "../../../schemas/index.ts";
import type { Bytes, EpochMs } from "../../../schemas/ground/index.ts";
import {
  renderExpiry,
  renderKey,
  type RepositoryFiles,
  targetPath,
  type TopRole,
} from "../../trust/index.ts";
import { type Draft, makeDraft, renderMeta } from "./draft.ts";
import { findNewest } from "./read.ts";

/** The keys of a role and how many of them must sign. */
export interface RoleKeys {
  /** SubjectPublicKeyInfo, DER. */
  readonly keys: readonly Bytes[];
  readonly threshold: number;
}

/** Whom a root lets sign what. */
export interface RootPlan {
  readonly roles: Readonly<Record<TopRole, RoleKeys>>;
  readonly expiresAt: EpochMs;
}

/** What the registrars publish: the region's part, and who signs each authority's. */
export interface RegionPlan {
  readonly region: RegionalPart;
  readonly delegations: ReadonlyMap<string, RoleKeys>;
  readonly expiresAt: EpochMs;
}

function renderKeys(roles: readonly RoleKeys[]): object {
  const all = roles.flatMap(({ keys }) => keys.map(renderKey));
  return Object.fromEntries(all.map(({ keyid, entry }) => [keyid, entry]));
}

function renderRole({ keys, threshold }: RoleKeys): object {
  return { keyids: keys.map((spki) => renderKey(spki).keyid), threshold };
}

/**
 * The next root. It has to be signed by enough keys of the root before it and by enough of its own.
 *
 * @throws {Fault} KEY_UNUSABLE, CERT_MALFORMED when a key is not one that may sign
 */
export function draftRoot(files: RepositoryFiles, { roles, expiresAt }: RootPlan): Draft {
  const { root, timestamp, snapshot, targets } = roles;
  return makeDraft("root", {
    version: findNewest(files, "root") + 1,
    expires: renderExpiry(expiresAt),
    more: {
      consistent_snapshot: true,
      keys: renderKeys([root, timestamp, snapshot, targets]),
      roles: {
        root: renderRole(root),
        timestamp: renderRole(timestamp),
        snapshot: renderRole(snapshot),
        targets: renderRole(targets),
      },
    },
  });
}

/** The next part of the region, with the keys of every authority. */
export function draftRegion(
  files: RepositoryFiles,
  { region, delegations, expiresAt }: RegionPlan,
): Draft {
  const content = encodeRegionalPart(region);
  const meta = renderMeta(content);
  const roles = [...delegations].map(([name, role]) => ({
    name,
    ...renderRole(role),
    paths: [`${name}/*`],
    terminating: true,
  }));
  return makeDraft(
    "targets",
    {
      version: findNewest(files, "targets") + 1,
      expires: renderExpiry(expiresAt),
      more: {
        targets: { "region.bin": meta },
        delegations: { keys: renderKeys([...delegations.values()]), roles },
      },
    },
    new Map([[targetPath("region.bin", meta.hashes.sha256), content]]),
  );
}

/** The next part of an authority. Its own keys alone sign it. */
export function draftState(
  files: RepositoryFiles,
  { state, expiresAt }: { readonly state: StatePart; readonly expiresAt: EpochMs },
): Draft {
  const content = encodeStatePart(state);
  const target = `${state.authority}/part.bin`;
  const meta = renderMeta(content);
  return makeDraft(
    state.authority,
    {
      version: findNewest(files, state.authority) + 1,
      expires: renderExpiry(expiresAt),
      more: { targets: { [target]: meta } },
    },
    new Map([[targetPath(target, meta.hashes.sha256), content]]),
  );
}
