import {
  type Bytes,
  type EpochMs,
  Fault,
  renderHex,
  sameBytes,
  sha256,
} from "../../../schemas/ground/index.ts";
import {
  metadataShapes,
  parseKeys,
  parseMetadata,
  renderCanonical,
  type RepositoryFiles,
  repositoryLimits,
  type Role,
  type TopRole,
} from "../../trust/index.ts";
import { renderFingerprint } from "../ceremony/fingerprint.ts";
import { draftRoot, type RoleKeys } from "../repository/drafts.ts";
import { findRoot } from "../repository/usable.ts";
import { readMetadata } from "../repository/read.ts";
import { checkRoleKeys } from "./delegations.ts";
import { keysOf } from "./read-content.ts";
import { remark, type Remark } from "./sentences.ts";

/** What a role's keys are to be: some come, some go, and how many of them must sign. */
export interface KeyChange {
  readonly add: readonly Bytes[];
  readonly drop: readonly Bytes[];
  readonly threshold?: number | undefined;
}

const topRoles = ["root", "targets", "snapshot", "timestamp"] as const satisfies readonly TopRole[];

/** Whether a name is that of one of the four roles of a repository. */
export function isTopRoleName(name: string): name is TopRole {
  return topRoles.some((role) => role === name);
}

/** Who may sign what by a root that is not in its place yet. @throws {Fault} REGISTER_INVALID */
export function readRootRoles(file: Bytes): Readonly<Record<TopRole, Role>> {
  const { keys, roles } = parseMetadata("root", file, {
    shape: metadataShapes.root,
    maxBytes: repositoryLimits.rootBytes,
  }).signed;
  const roleOf = parseKeys(keys);
  const { root, targets, snapshot, timestamp } = roles;
  return {
    root: roleOf(root),
    targets: roleOf(targets),
    snapshot: roleOf(snapshot),
    timestamp: roleOf(timestamp),
  };
}

function isIn(list: readonly Bytes[], key: Bytes): boolean {
  return list.some((one) => sameBytes(one, key));
}

/**
 * The keys of a role once some came and some went.
 *
 * @throws {Fault} CHANGE_INVALID when a key to be dropped is none of them, or the rest cannot reach the threshold
 */
export function changeKeys(name: string, before: RoleKeys, change: KeyChange): RoleKeys {
  if (!change.drop.every((key) => isIn(before.keys, key))) {
    throw new Fault(
      "CHANGE_INVALID",
      `a key that is to go is none of ${name}; atumpan register show names them`,
    );
  }
  const keys = [...before.keys.filter((key) => !isIn(change.drop, key)), ...change.add];
  return checkRoleKeys(name, { keys, threshold: change.threshold ?? before.threshold });
}

/** The next root, in which one role has other keys. @throws {Fault} CHANGE_INVALID, REGISTER_* */
export function draftRootChange(
  files: RepositoryFiles,
  { role, change, expiresAt }: { role: TopRole; change: KeyChange; expiresAt: EpochMs },
): Bytes {
  const { roles: own } = findRoot(files);
  const { root, targets, snapshot, timestamp } = own;
  const before = {
    root: keysOf(root),
    targets: keysOf(targets),
    snapshot: keysOf(snapshot),
    timestamp: keysOf(timestamp),
  };
  const roles = { ...before, [role]: changeKeys(role, before[role], change) };
  return draftRoot(files, { roles, expiresAt }).metadata;
}

function spellRole({ keys, threshold }: Role): string {
  return `${threshold} ${keys
    .map(({ keyid }) => keyid)
    .toSorted()
    .join()}`;
}

/** What a root says otherwise than the one before it: whose keys, and how many of them must sign. */
export function describeRoot(
  files: RepositoryFiles,
  file: Bytes,
  isFirst: boolean,
): readonly Remark[] {
  const roles = readRootRoles(file);
  const before = isFirst ? undefined : findRoot(files).roles;
  return topRoles
    .filter((role) => before === undefined || spellRole(before[role]) !== spellRole(roles[role]))
    .map((role) => {
      const { keys, threshold } = keysOf(roles[role]);
      return remark("ROLE_KEYS", {
        role,
        threshold,
        count: keys.length,
        keys: keys.map(renderFingerprint),
      });
    });
}

/** Names what is signed, whoever signed it: two files that people sign one after another are one when these are. */
export function digestOfMetadata(file: Bytes): string {
  return renderHex(sha256(Buffer.from(renderCanonical(readMetadata(file).signed))));
} // prettier-ignore
