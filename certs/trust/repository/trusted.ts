import type { RegionalPart, StatePart } from "../../../schemas/index.ts";
import { type EpochMs, Fault, type FaultCode } from "../../../schemas/ground/index.ts";
import type { Role } from "./metadata.ts";
import type { RootChain } from "./root.ts";

/** One version of metadata that was proved. */
export interface TrustedMetadata {
  readonly version: number;
  /** SHA-256 of what is signed, in hexadecimal. */
  readonly digest: string;
  /** Names of the keys that signed. */
  readonly signers: readonly string[];
}

/** A part of an authority that was proved. */
export interface TrustedPart {
  readonly version: number;
  /** SHA-256 of the file of its metadata, in hexadecimal. */
  readonly digest: string;
  readonly signers: readonly string[];
  readonly expiresAt: EpochMs;
  readonly part: StatePart;
}

/** A part that its own authority spoilt: left out, or kept as it was before. */
export interface PartFlaw {
  readonly authority: string;
  readonly version: number;
  readonly code: FaultCode;
  /** The version that is relied on in its place. */
  readonly kept?: number;
}

/** What a proof of a register rested on. The next register is held against it. */
export interface TrustedRoles {
  readonly root: { readonly version: number; readonly digest: string };
  readonly timestamp: TrustedMetadata;
  readonly snapshot: TrustedMetadata;
  /** Version and digest of each file that the snapshot names, by role. */
  readonly named: ReadonlyMap<string, { readonly version: number; readonly digest: string }>;
  /** The region's part, and the SHA-256 of the metadata that names it, in hexadecimal. */
  readonly region: { readonly digest: string; readonly part: RegionalPart };
  readonly parts: ReadonlyMap<string, TrustedPart>;
  readonly flaws: readonly PartFlaw[];
}

/** Whether keys that signed once would be enough today. */
export function isStillSigned(signers: readonly string[], { keys, threshold }: Role): boolean {
  return keys.filter(({ keyid }) => signers.includes(keyid)).length >= threshold;
}

interface Numbered {
  readonly version: number;
  readonly digest: string;
}

function checkNumber(name: string, next: Numbered | undefined, held: Numbered): void {
  if (next === undefined || next.version < held.version) {
    const offered = next === undefined ? "is gone" : `is version ${next.version}`;
    throw new Fault("REGISTER_ROLLBACK", `${name} ${offered}; version ${held.version} is held`);
  }
  if (next.version === held.version && next.digest !== held.digest) {
    throw new Fault(
      "REGISTER_FORKED",
      `two different files bear version ${held.version} of ${name}`,
    );
  }
}

/**
 * A register never goes back (TUF §5.3.5, 5.4.3, 5.5.5): no version of any role, and no version has two
 * contents. Where a new root no longer accepts the keys that signed the timestamp or the snapshot held, their
 * numbers count for nothing (§5.3.11): whoever had stolen those keys may have driven them as high as they go.
 *
 * @throws {Fault} REGISTER_ROLLBACK, REGISTER_FORKED
 */
export function checkForward(next: TrustedRoles, chain: RootChain, held: TrustedRoles): void {
  if (next.root.version < held.root.version) checkNumber("the root", next.root, held.root);
  const known = chain.digests.get(held.root.version);
  if (known !== undefined && known !== held.root.digest) {
    throw new Fault("REGISTER_FORKED", `two different roots bear version ${held.root.version}`);
  }
  const { timestamp, snapshot } = chain.root.roles;
  const isSameHands =
    isStillSigned(held.timestamp.signers, timestamp) &&
    isStillSigned(held.snapshot.signers, snapshot);
  if (!isSameHands) return;
  checkNumber("the snapshot", next.snapshot, held.snapshot);
  checkNumber("the timestamp", next.timestamp, held.timestamp);
  for (const [role, one] of held.named)
    checkNumber(`the metadata of ${role}`, next.named.get(role), one);
}
