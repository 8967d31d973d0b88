import { type Bytes, Fault, isFault, parseUtf8 } from "../../../schemas/ground/index.ts";
import type { SigningKey } from "../../keys/index.ts";
import { renderKey, type RepositoryFiles, type Role, rolePath } from "../../trust/index.ts";
import { type Draft, signMetadata } from "../repository/draft.ts";
import { placeDraft } from "../repository/place.ts";
import { readMetadata } from "../repository/read.ts";
import { findRole } from "../repository/usable.ts";
import type { Change } from "./change.ts";
import { draftChange, roleOfPart } from "./draft-change.ts";
import { readRootRoles } from "./root-change.ts";
import type { OfficerDesk } from "./two-persons.ts";

/** What came of a signature: in its place, or more are needed. */
export interface Signed {
  readonly metadata: Bytes;
  /** The repository with it, once enough have signed. */
  readonly placed: RepositoryFiles | undefined;
  /** What is still missing, in words. */
  readonly missing: string;
}

function checkMaySign(name: string, key: SigningKey, roles: readonly Role[]): void {
  const { keyid } = renderKey(key.spki);
  if (roles.some(({ keys }) => keys.some((one) => one.keyid === keyid))) return;
  throw new Fault(
    "CHANGE_NOT_PERMITTED",
    `the key is none of those that sign ${name}; atumpan register show names them by their fingerprints`,
  );
}

/** Puts a draft in its place when enough have signed it. */
function tryPlace(files: RepositoryFiles, draft: Draft): Signed {
  const { metadata } = draft;
  try {
    return { metadata, placed: placeDraft(files, draft), missing: "" };
  } catch (error) {
    if (!isFault(error, "REGISTER_SIGNATURE_INVALID")) throw error;
    return { metadata, placed: undefined, missing: error.detail };
  }
}

/**
 * Signs an accepted change with one of the keys of its part, and puts it in its place when they are enough.
 *
 * @throws {Fault} CHANGE_*, SCHEMA_INVALID, REGISTER_*, KEY_UNUSABLE
 */
export function signChange(
  { files, desk }: { readonly files: RepositoryFiles; readonly desk: OfficerDesk },
  change: Change,
  key: SigningKey,
): Signed & { readonly change: Change } {
  const draft = draftChange(files, desk, change);
  const role = roleOfPart(change.proposal.part);
  checkMaySign(role, key, [findRole(files, role)]);
  const metadata = signMetadata(draft.metadata, key);
  const signed = tryPlace(files, { ...draft, metadata });
  return { ...signed, change: { ...change, metadata: parseUtf8(metadata) } };
}

/**
 * Puts an accepted change in its place when enough have signed it already, such as on two copies that were put
 * together.
 *
 * @throws {Fault} CHANGE_*, SCHEMA_INVALID, REGISTER_*
 */
export function finishChange(
  { files, desk }: { readonly files: RepositoryFiles; readonly desk: OfficerDesk },
  change: Change,
): Signed {
  return tryPlace(files, draftChange(files, desk, change));
}

/** Puts the next root in its place when enough have signed it already. @throws {Fault} REGISTER_* */
export function finishRoot(files: RepositoryFiles, metadata: Bytes): Signed {
  const { version } = readMetadata(metadata).signed;
  return tryPlace(files, { role: "root", version, metadata, targets: new Map() });
}

/**
 * Signs the next root, by a key of the root before it or of its own, and puts it in its place when of both there
 * are enough.
 *
 * @throws {Fault} CHANGE_NOT_PERMITTED, REGISTER_*, KEY_UNUSABLE
 */
export function signRoot(files: RepositoryFiles, file: Bytes, key: SigningKey): Signed {
  const isFirst = !files.has(rolePath("root", 1));
  const before = isFirst ? [] : [findRole(files, "root")];
  checkMaySign("root", key, [...before, readRootRoles(file).root]);
  return finishRoot(files, signMetadata(file, key));
}
