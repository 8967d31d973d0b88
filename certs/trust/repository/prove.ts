import { type Bytes, type EpochMs, Fault, renderHex } from "../../../schemas/ground/index.ts";
import { type AuthorityProof, proveAuthority } from "./prove-authority.ts";
import { type RepositoryFiles, rolePath, targetPath, timestampPath } from "./layout.ts";
import { repositoryLimits } from "./limits.ts";
import { checkSigned, type Metadata, parseMetadata, type Role } from "./metadata.ts";
import { parseKeys, proveRoots, type RootChain } from "./root.ts";
import { metadataShapes } from "./shapes.ts";
import { makeShelf, type Needed, type Shelf } from "./shelf.ts";
import type { TrustedMetadata } from "./trusted.ts";

/** Metadata that was proved, and until when it says that it counts. */
export interface ProvenMetadata extends TrustedMetadata {
  readonly expiresAt: EpochMs;
}

/** Everything of a repository that was proved, but for what its parts say. */
export interface ProvenRepository {
  readonly chain: RootChain;
  readonly timestamp: ProvenMetadata;
  readonly snapshot: ProvenMetadata;
  readonly targets: ProvenMetadata;
  /** Version and digest of each file that the snapshot names, by role. */
  readonly named: ReadonlyMap<string, { readonly version: number; readonly digest: string }>;
  /** The regional part. */
  readonly region: Bytes;
  readonly authorities: readonly AuthorityProof[];
}

function provenOf(
  name: string,
  metadata: Metadata<{ readonly version: number; readonly expires: EpochMs }>,
  role: Role,
): ProvenMetadata {
  const { version, expires: expiresAt } = metadata.signed;
  const signers = checkSigned(name, metadata, role);
  return { version, expiresAt, signers, digest: renderHex(metadata.digest) };
}

function checkVersion(name: string, found: number, wanted: number): void {
  if (found === wanted) return;
  throw new Fault("REGISTER_INVALID", `${name} bears version ${found}, but is named as ${wanted}`);
}

function proveTimestamp(shelf: Shelf, { root }: RootChain) {
  const maxBytes = repositoryLimits.timestampBytes;
  const bytes = shelf.take({ path: timestampPath, maxBytes });
  if (bytes === undefined) return undefined;
  const metadata = parseMetadata("timestamp", bytes, { shape: metadataShapes.timestamp, maxBytes });
  const proven = provenOf("the timestamp", metadata, root.roles.timestamp);
  return { proven, meta: metadata.signed.meta["snapshot.json"] };
}

type SnapshotMeta = NonNullable<ReturnType<typeof proveTimestamp>>["meta"];

function proveSnapshot(shelf: Shelf, { root }: RootChain, meta: SnapshotMeta) {
  const maxBytes = repositoryLimits.snapshotBytes;
  const bytes = shelf.take({ path: rolePath("snapshot", meta.version), maxBytes, meta });
  if (bytes === undefined) return undefined;
  const metadata = parseMetadata("snapshot", bytes, { shape: metadataShapes.snapshot, maxBytes });
  const proven = provenOf("the snapshot", metadata, root.roles.snapshot);
  checkVersion("the snapshot", proven.version, meta.version);
  const named = new Map(
    Object.entries(metadata.signed.meta).map(([file, one]) => [file.replace(".json", ""), one]),
  );
  if (named.size > repositoryLimits.delegations + 1) {
    throw new Fault("REGISTER_INVALID", "the snapshot names more files than there may be");
  }
  return { proven, named };
}

type Named = NonNullable<ReturnType<typeof proveSnapshot>>["named"];

function proveTargets(shelf: Shelf, { root }: RootChain, named: Named) {
  const meta = named.get("targets");
  if (meta === undefined) {
    throw new Fault("REGISTER_INVALID", "the snapshot does not name the targets");
  }
  const maxBytes = repositoryLimits.targetsBytes;
  const bytes = shelf.take({ path: rolePath("targets", meta.version), maxBytes, meta });
  if (bytes === undefined) return undefined;
  const metadata = parseMetadata("targets", bytes, { shape: metadataShapes.targets, maxBytes });
  const proven = provenOf("the targets", metadata, root.roles.targets);
  checkVersion("the targets", proven.version, meta.version);
  const { targets, delegations } = metadata.signed;
  const roleOf = parseKeys(delegations.keys);
  const roles = new Map(delegations.roles.map((one) => [one.name, roleOf(one)]));
  if (roles.size !== delegations.roles.length) {
    throw new Fault("REGISTER_INVALID", "the targets delegate one authority twice");
  }
  return { proven, roles, meta: targets["region.bin"] };
}

function proveAll(shelf: Shelf, trustedRoot: Bytes, files: RepositoryFiles) {
  const chain = proveRoots(trustedRoot, files);
  const timestamp = proveTimestamp(shelf, chain);
  if (timestamp === undefined) return undefined;
  const snapshot = proveSnapshot(shelf, chain, timestamp.meta);
  if (snapshot === undefined) return undefined;
  const targets = proveTargets(shelf, chain, snapshot.named);
  if (targets === undefined) return undefined;
  const region = shelf.take({
    path: targetPath("region.bin", targets.meta.hashes.sha256),
    maxBytes: repositoryLimits.regionBytes,
    meta: targets.meta,
  });
  const authorities = [...targets.roles].flatMap(([authority, role]) => {
    const meta = snapshot.named.get(authority);
    return meta === undefined ? [] : (proveAuthority(shelf, { authority, role, meta }) ?? []);
  });
  if (region === undefined) return undefined;
  const named = new Map(
    [...snapshot.named].map(([role, { version, hashes }]) => [
      role,
      { version, digest: hashes.sha256 },
    ]),
  );
  return {
    chain, timestamp: timestamp.proven, snapshot: snapshot.proven, targets: targets.proven, named, region, authorities,
  }; // prettier-ignore
}

/**
 * The client's workflow of TUF (§5.3 to 5.6) over files that are at hand: roots, timestamp, snapshot, targets and
 * every delegated role, each signed by enough of those who may, each the very file that the one above names.
 * No clock is asked: until when it all counts is in what is returned.
 *
 * @throws {Fault} REGISTER_INVALID, REGISTER_SIGNATURE_INVALID
 */
export function proveRepository(files: RepositoryFiles, trustedRoot: Bytes): ProvenRepository {
  const shelf = makeShelf(files);
  const proven = proveAll(shelf, trustedRoot, files);
  const missing = shelf.missing().map(({ path }) => path);
  if (proven !== undefined && missing.length === 0) return proven;
  const some = missing.slice(0, 3).join(", ");
  throw new Fault("REGISTER_INVALID", `the register lacks ${missing.length} files: ${some}`);
}

/**
 * What is still missing before these files can be proved, as far as they say. Nothing is asked for that was not
 * named by metadata that was proved; the first to be asked for is the timestamp, then what it names, and so on.
 *
 * @throws {Fault} REGISTER_INVALID, REGISTER_SIGNATURE_INVALID
 */
export function findNeeded(files: RepositoryFiles, trustedRoot: Bytes): readonly Needed[] {
  const shelf = makeShelf(files);
  proveAll(shelf, trustedRoot, files);
  return shelf.missing();
}
