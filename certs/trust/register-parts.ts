import {
  checkRegionalPart,
  checkStatePart,
  decodeRegionalPart,
  decodeStatePart,
  type RegionalPart,
  type StatePart,
} from "../../schemas/index.ts";
import {
  type Bytes,
  type EpochMs,
  Fault,
  isFault,
  sha256,
  toFault,
  utf8,
  tryShape,
} from "../../schemas/ground/index.ts";
import { checkLogLines } from "./log-keys.ts";
import { proveRepository, type ProvenRepository } from "./repository/prove.ts";
import type { AuthorityProof } from "./repository/prove-authority.ts";
import type { RepositoryFiles } from "./repository/layout.ts";
import {
  checkForward,
  isStillSigned,
  type PartFlaw,
  type TrustedPart,
  type TrustedRoles,
} from "./repository/trusted.ts";

/** What a party trusts before it has any register. */
export interface Anchors {
  /** A root of the register's repository (root.json) that somebody brought by a way of his own. */
  readonly root: Bytes;
}

/** Everything of one register that was proved to be signed by who may sign it. */
export interface ProvenParts {
  readonly epoch: number;
  readonly expiresAt: EpochMs;
  /** SHA-256 of what the snapshot says. */
  readonly digest: Bytes;
  /** Of the snapshot, and of how the parts were read that could not be proved; the digest when it is left out. */
  readonly readAs?: Bytes;
  /** Number of each part, by name. */
  readonly numbers: ReadonlyMap<string, number>;
  readonly region: RegionalPart;
  readonly states: ReadonlyMap<string, StatePart>;
  /** Until when each authority's part counts, by authority. */
  readonly partEnds?: ReadonlyMap<string, EpochMs>;
}

/**
 * Refuses what its signer may sign but its schema does not allow, and a name that stands twice: hubs and
 * gateways make accounts, subjects and files of these names, so one state must not be able to stop them all.
 */
function checkShape(
  name: string,
  shaped: { readonly success: boolean },
  names: readonly string[],
): void {
  if (shaped.success && new Set(names).size === names.length) return;
  throw new Fault("REGISTER_INVALID", `part ${name} breaks its schema, or names something twice`);
}

function namesOf({ authorities, recs, hubs }: RegionalPart): readonly string[] {
  return [
    ...authorities.map(({ authority }) => authority),
    ...recs.map(({ rec }) => `rec ${rec}`),
    ...hubs.map(({ hub }) => `hub ${hub}`),
  ];
}

function readRegion(
  { region: content, targets }: ProvenRepository,
  held: TrustedRoles | undefined,
): TrustedRoles["region"] {
  const { digest } = targets;
  // the same metadata names the same content, and that was read when it was proved first
  if (held?.region.digest === digest) return held.region;
  const part = decodeRegionalPart(content);
  checkShape("region", tryShape(checkRegionalPart, part), namesOf(part));
  checkLogLines(part);
  return { digest, part };
}

/** The registrars delegate parts to authorities of the region and to nobody else. */
function checkDelegates({ authorities }: ProvenRepository, region: RegionalPart): void {
  const known = new Set(namesOf(region));
  const stranger = authorities.find(({ authority }) => !known.has(authority));
  if (stranger === undefined) return;
  const why = "belongs to no authority of the region";
  throw new Fault("REGISTER_INVALID", `part ${stranger.authority} ${why}`);
}

/**
 * Reads an authority's part: of its schema, by its name, and with agencies of its own and no other.
 *
 * @throws {Fault} REGISTER_INVALID, and what decoding throws
 */
export function parseStatePart(authority: string, content: Bytes): StatePart {
  const state = decodeStatePart(content);
  const names = state.agencies.map(({ agency }) => agency);
  checkShape(authority, tryShape(checkStatePart, state), names);
  const isOwn = names.every((agency) => agency.startsWith(`${authority}/`));
  if (state.authority === authority && isOwn) return state;
  throw new Fault("REGISTER_INVALID", `part ${authority} speaks of what is not its own`);
}

function readPart(proof: AuthorityProof, held: TrustedPart | undefined): TrustedPart | Fault {
  const { authority, meta, found } = proof;
  if (isFault(found)) return found;
  const { version, hashes } = meta;
  const { content, ...signed } = found;
  const digest = hashes.sha256;
  // the same file says the same, and was read when it was proved first
  if (held?.digest === digest) return { ...held, ...signed };
  try {
    return { version, digest, ...signed, part: parseStatePart(authority, content) };
  } catch (error) {
    return toFault(error, "REGISTER_INVALID");
  }
}

interface ReadParts {
  readonly parts: ReadonlyMap<string, TrustedPart>;
  readonly flaws: readonly PartFlaw[];
}

/**
 * What an authority spoilt costs nobody but itself: its part stays as it was proved last, if the keys that
 * signed it then would be enough today; otherwise it is left out.
 */
function readParts(proofs: readonly AuthorityProof[], held: TrustedRoles | undefined): ReadParts {
  const parts = new Map<string, TrustedPart>();
  const flaws: PartFlaw[] = [];
  for (const proof of proofs) {
    const { authority, role, meta } = proof;
    const before = held?.parts.get(authority);
    const read = readPart(proof, before);
    if (!isFault(read)) {
      parts.set(authority, read);
      continue;
    }
    const flaw = { authority, version: meta.version, code: read.code };
    const isKept = before !== undefined && isStillSigned(before.signers, role);
    if (isKept) parts.set(authority, before);
    flaws.push(isKept ? { ...flaw, kept: before.version } : flaw);
  }
  return { parts, flaws };
}

/** A spoilt part is read by what was held before, which differs from party to party. */
function readAsOf(snapshot: string, flaws: readonly PartFlaw[]): Bytes {
  const told = flaws.map(({ authority, kept }) => `${authority} ${kept ?? "left out"}`);
  return sha256(utf8([snapshot, ...told].join("\n")));
}

/** What was proved, and what the proof rested on. */
export interface Proof {
  readonly parts: ProvenParts;
  readonly trusted: TrustedRoles;
}

/**
 * Proves every part of a register: each signed by who may sign it, all named by one snapshot, no authority
 * speaking of what is not its own, and nothing older than what is held.
 *
 * @throws {Fault} REGISTER_INVALID, REGISTER_SIGNATURE_INVALID, REGISTER_ROLLBACK, REGISTER_FORKED, and what
 * decoding throws
 */
export function proveParts(
  files: RepositoryFiles,
  anchors: Anchors,
  held: TrustedRoles | undefined,
): Proof {
  const proven = proveRepository(files, anchors.root);
  const { chain, timestamp, snapshot, targets, named } = proven;
  const { parts, flaws } = readParts(proven.authorities, held);
  const { version, digest } = chain.root;
  const root = { version, digest };
  const region = readRegion(proven, held);
  checkDelegates(proven, region.part);
  const trusted = { root, timestamp, snapshot, named, region, parts, flaws };
  if (held !== undefined) checkForward(trusted, chain, held);
  const times = [chain.root, timestamp, snapshot, targets].map(({ expiresAt }) => expiresAt);
  return {
    trusted,
    parts: {
      epoch: snapshot.version,
      expiresAt: Math.min(...times),
      digest: Buffer.from(snapshot.digest, "hex"),
      readAs: readAsOf(snapshot.digest, flaws),
      numbers: new Map([
        ["region", targets.version],
        ...[...parts].map(([name, one]) => [name, one.version] as const),
      ]),
      region: region.part,
      states: new Map([...parts].map(([name, { part }]) => [name, part])),
      partEnds: new Map([...parts].map(([name, { expiresAt }]) => [name, expiresAt])),
    },
  };
}
