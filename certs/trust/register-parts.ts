import { createPublicKey, type KeyObject } from "node:crypto";

import {
  type Authority,
  checkRegionalPart,
  checkSnapshot,
  checkStatePart,
  decodeRegionalPart,
  decodeRegister,
  decodeSnapshot,
  decodeStatePart,
  type PartReference,
  type RegionalPart,
  type SignedPart,
  type StatePart,
} from "../../schemas/index.ts";
import { type Bytes, type EpochMs, Fault, sameBytes, sha256 } from "../../schemas/ground/index.ts";
import { isSignatureValid, parseSignature } from "./signature.ts";

/** What a party trusts before it has any register: the registrars' public keys. */
export interface Anchors {
  /** SubjectPublicKeyInfo, DER. */
  readonly registrarKeys: readonly Bytes[];
}

/** How far a register is read from outside: 16 MiB holds three thousand agencies several times over. */
const maxRegisterBytes = 16 * 1024 * 1024;
const regionPart = "region";

function importKey(spki: Bytes): KeyObject {
  try {
    return createPublicKey({ key: Buffer.from(spki), format: "der", type: "spki" });
  } catch (cause) {
    throw new Fault("REGISTER_INVALID", "a public key in the register is not usable", { cause });
  }
}

interface Signed {
  readonly name: string;
  readonly content: Bytes;
  readonly signature: string;
}

function checkSigned({ name, content, signature }: Signed, keys: readonly Bytes[]): void {
  const parsed = parseSignature(signature);
  const key = keys.find((spki) => sameBytes(sha256(spki), parsed.thumbprint));
  const named = parsed.kid === name && parsed.typ === "atumpan-register";
  if (key === undefined || !named || !isSignatureValid(parsed, content, importKey(key))) {
    throw new Fault(
      "REGISTER_SIGNATURE_INVALID",
      `part ${name} is not signed by a key that may sign it`,
    );
  }
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

function namesOfRegion({ authorities, recs, hubs }: RegionalPart): readonly string[] {
  return [
    ...authorities.map(({ authority }) => authority),
    ...recs.map(({ rec }) => `rec ${rec}`),
    ...hubs.map(({ hub }) => `hub ${hub}`),
  ];
}

function findPart(parts: readonly SignedPart[], reference: PartReference): SignedPart {
  const found = parts.filter(({ name }) => name === reference.name);
  const [part] = found;
  if (
    part === undefined ||
    found.length > 1 ||
    !sameBytes(sha256(part.content), reference.digest)
  ) {
    throw new Fault(
      "REGISTER_INVALID",
      `part ${reference.name} is missing, double, or not the one named`,
    );
  }
  return part;
}

/** Everything of one register that was proved to be signed by who may sign it. */
export interface ProvenParts {
  readonly epoch: number;
  readonly expiresAt: EpochMs;
  /** SHA-256 of the snapshot. */
  readonly digest: Bytes;
  /** Number of each part, by name. */
  readonly numbers: ReadonlyMap<string, number>;
  readonly region: RegionalPart;
  readonly states: ReadonlyMap<string, StatePart>;
}

function proveState(
  part: SignedPart,
  reference: PartReference,
  authorities: ReadonlyMap<string, Authority>,
): StatePart {
  const authority = authorities.get(reference.name);
  if (authority === undefined) {
    throw new Fault(
      "REGISTER_INVALID",
      `part ${reference.name} belongs to no authority of the region`,
    );
  }
  checkSigned(part, authority.registerKeys);
  const state = decodeStatePart(part.content);
  const names = state.agencies.map(({ agency }) => agency);
  checkShape(reference.name, checkStatePart.safeParse(state), names);
  const foreign = state.agencies.find(({ agency }) => !agency.startsWith(`${reference.name}/`));
  if (
    state.authority !== reference.name ||
    state.number !== reference.number ||
    foreign !== undefined
  ) {
    throw new Fault("REGISTER_INVALID", `part ${reference.name} speaks of what is not its own`);
  }
  return state;
}

/**
 * Proves every part of a register: each signed by who may sign it, all named by one snapshot, and no
 * authority speaking of what is not its own.
 *
 * @throws {Fault} REGISTER_INVALID, REGISTER_SIGNATURE_INVALID, and what decoding throws
 */
export function proveParts(bytes: Bytes, anchors: Anchors): ProvenParts {
  if (bytes.length > maxRegisterBytes) {
    throw new Fault("REGISTER_INVALID", `a register has at most ${maxRegisterBytes} bytes`);
  }
  const { snapshot: content, snapshotSignature: signature, parts } = decodeRegister(bytes);
  checkSigned({ name: "snapshot", content, signature }, anchors.registrarKeys);
  const snapshot = decodeSnapshot(content);
  const partNames = snapshot.parts.map(({ name }) => name);
  checkShape("snapshot", checkSnapshot.safeParse(snapshot), partNames);
  const regionReference = snapshot.parts.find(({ name }) => name === regionPart);
  if (regionReference === undefined || snapshot.parts.length !== parts.length) {
    throw new Fault(
      "REGISTER_INVALID",
      "the snapshot does not name the region's part and every other",
    );
  }
  const signedRegion = findPart(parts, regionReference);
  checkSigned(signedRegion, anchors.registrarKeys);
  const region = decodeRegionalPart(signedRegion.content);
  checkShape(regionPart, checkRegionalPart.safeParse(region), namesOfRegion(region));
  if (region.number !== regionReference.number) {
    throw new Fault(
      "REGISTER_INVALID",
      "the region's part bears another number than the snapshot says",
    );
  }
  const authorities = new Map(region.authorities.map((one) => [one.authority, one]));
  const states = snapshot.parts
    .filter((reference) => reference !== regionReference)
    .map((reference) => proveState(findPart(parts, reference), reference, authorities));
  return {
    epoch: snapshot.epoch,
    expiresAt: snapshot.expiresAt,
    digest: sha256(content),
    numbers: new Map(snapshot.parts.map(({ name, number }) => [name, number])),
    region,
    states: new Map(states.map((state) => [state.authority, state])),
  };
}
