import { type Bytes, type EpochMs, Fault, toFault } from "../../../schemas/ground/index.ts";
import { rolePath, targetPath } from "./layout.ts";
import { repositoryLimits } from "./limits.ts";
import { checkSigned, parseMetadata, type Role } from "./metadata.ts";
import { metadataShapes } from "./shapes.ts";
import type { Shelf } from "./shelf.ts";
import type { FileMeta } from "./shapes.ts";

/** An authority to whom the registrars delegate its part, and what the snapshot says of its metadata. */
export interface DelegatedRole {
  readonly authority: string;
  readonly role: Role;
  readonly meta: FileMeta & { readonly version: number };
}

/** What was found of one authority's part: its content, or how the authority spoilt it. */
export interface AuthorityProof extends DelegatedRole {
  readonly found:
    | {
        readonly signers: readonly string[];
        readonly expiresAt: EpochMs;
        /** What the part says; not read yet. */
        readonly content: Bytes;
      }
    | Fault;
}

function readRole({ authority, role, meta }: DelegatedRole, bytes: Bytes) {
  const { signed, ...metadata } = parseMetadata(authority, bytes, {
    shape: metadataShapes.authority,
    maxBytes: repositoryLimits.roleBytes,
  });
  const signers = checkSigned(`the part of ${authority}`, { signed, ...metadata }, role);
  const names = Object.keys(signed.targets);
  const target = `${authority}/part.bin`;
  const part = signed.targets[target];
  if (part === undefined || names.length > 1 || signed.version !== meta.version) {
    const why = "names other than its own file, or bears another version than the snapshot says";
    throw new Fault("REGISTER_INVALID", `the metadata of ${authority} ${why}`);
  }
  if (part.length > repositoryLimits.partBytes) {
    const most = repositoryLimits.partBytes;
    throw new Fault("REGISTER_INVALID", `the part of ${authority} has more than ${most} bytes`);
  }
  return { signers, expiresAt: signed.expires, part, target };
}

/**
 * Proves an authority's metadata by the keys it was delegated to, and finds the part it names. What the
 * authority itself spoilt is its own loss and is returned; a file that is not the one the snapshot names was
 * spoilt by who carried it, and refuses the whole.
 *
 * @returns undefined when a file is missing
 * @throws {Fault} REGISTER_INVALID
 */
export function proveAuthority(shelf: Shelf, question: DelegatedRole): AuthorityProof | undefined {
  const { authority, meta } = question;
  const maxBytes = repositoryLimits.registerBytes;
  const bytes = shelf.take({ path: rolePath(authority, meta.version), maxBytes, meta });
  if (bytes === undefined) return undefined;
  let read: ReturnType<typeof readRole>;
  try {
    read = readRole(question, bytes);
  } catch (error) {
    return { ...question, found: toFault(error, "REGISTER_INVALID") };
  }
  const { signers, expiresAt, part, target } = read;
  const content = shelf.take({
    path: targetPath(target, part.hashes.sha256),
    maxBytes: repositoryLimits.partBytes,
    meta: part,
  });
  return content && { ...question, found: { signers, expiresAt, content } };
}
