import { type Bytes, type EpochMs, Fault, renderHex } from "../../../schemas/ground/index.ts";
import { type KeyEntry, parseKey, type RepositoryKey } from "./key.ts";
import { type RepositoryFiles, rolePath } from "./layout.ts";
import { repositoryLimits } from "./limits.ts";
import { checkSigned, type Metadata, parseMetadata, type Role } from "./metadata.ts";
import { metadataShapes } from "./shapes.ts";

/** The four roles of a repository. */
export type TopRole = "root" | "timestamp" | "snapshot" | "targets";

/** A root that was proved: who may sign what. */
export interface Root {
  readonly version: number;
  readonly expiresAt: EpochMs;
  /** SHA-256 of what is signed, in hexadecimal. */
  readonly digest: string;
  readonly roles: Readonly<Record<TopRole, Role>>;
}

/** The newest root, and the digest of each between the trusted one and it, by version. */
export interface RootChain {
  readonly root: Root;
  readonly digests: ReadonlyMap<number, string>;
}

interface NamedRole {
  readonly keyids: readonly string[];
  readonly threshold: number;
}

/**
 * Reads the keys that metadata holds, each once.
 *
 * @returns what finds the keys of a role
 * @throws {Fault} REGISTER_INVALID, also from what is returned: when a role names a key that is not there
 */
export function parseKeys(entries: Readonly<Record<string, KeyEntry>>): (role: NamedRole) => Role {
  const keys = new Map(
    Object.entries(entries).map(([keyid, entry]) => [keyid, parseKey(keyid, entry)]),
  );
  return ({ keyids, threshold }) => {
    const found = keyids.map((keyid): RepositoryKey => {
      const key = keys.get(keyid);
      if (key !== undefined) return key;
      throw new Fault("REGISTER_INVALID", "a role names a key that the metadata does not hold");
    });
    return { keys: found, threshold };
  };
}

interface ReadRoot {
  readonly root: Root;
  readonly metadata: Metadata<unknown>;
}

function readRoot(bytes: Bytes): ReadRoot {
  const metadata = parseMetadata("root", bytes, {
    shape: metadataShapes.root,
    maxBytes: repositoryLimits.rootBytes,
  });
  const { version, expires: expiresAt, keys, roles } = metadata.signed;
  const roleOf = parseKeys(keys);
  const root = {
    version,
    expiresAt,
    digest: renderHex(metadata.digest),
    roles: {
      root: roleOf(roles.root),
      timestamp: roleOf(roles.timestamp),
      snapshot: roleOf(roles.snapshot),
      targets: roleOf(roles.targets),
    },
  };
  return { root, metadata };
}

/**
 * Reads a root that is trusted because somebody brought it: signed by as many of its own keys as it asks for.
 * Being past its time does not matter here; the newest root's does.
 *
 * @throws {Fault} REGISTER_INVALID, REGISTER_SIGNATURE_INVALID
 */
export function parseTrustedRoot(bytes: Bytes): Root {
  const { root, metadata } = readRoot(bytes);
  checkSigned("the trusted root", metadata, root.roles.root);
  return root;
}

function proveNext(before: Root, bytes: Bytes): Root {
  const { root, metadata } = readRoot(bytes);
  const name = `root ${before.version + 1}`;
  if (root.version !== before.version + 1) {
    throw new Fault("REGISTER_INVALID", `${name} bears another version`);
  }
  checkSigned(name, metadata, before.roles.root);
  checkSigned(name, metadata, root.roles.root);
  return root;
}

/**
 * Follows the roots from the trusted one to the newest there is (TUF §5.3): each one version higher, signed by
 * enough keys of the root before it and by enough of its own.
 *
 * @throws {Fault} REGISTER_INVALID, REGISTER_SIGNATURE_INVALID
 */
export function proveRoots(trusted: Bytes, files: RepositoryFiles): RootChain {
  let root = parseTrustedRoot(trusted);
  const digests = new Map([[root.version, root.digest]]);
  for (;;) {
    const next = files.get(rolePath("root", root.version + 1));
    if (next === undefined) return { root, digests };
    if (digests.size > repositoryLimits.rotations) {
      const most = repositoryLimits.rotations;
      throw new Fault(
        "REGISTER_INVALID",
        `at most ${most} roots follow the trusted one; bring a newer one`,
      );
    }
    root = proveNext(root, next);
    digests.set(root.version, root.digest);
  }
}
