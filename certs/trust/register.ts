import { createPublicKey, type KeyObject } from "node:crypto";

import {
  type AgencyCertificate,
  type Authority,
  decodeRegionalPart,
  decodeRegister,
  decodeSnapshot,
  decodeStatePart,
  type Hub,
  type MailboxKey,
  type Mandate,
  type PartReference,
  type RegionalPart,
  type ReleaseRule,
  type SignedPart,
  type Snapshot,
  type StatePart,
} from "../../schemas/index.ts";
import {
  bytesKey,
  type Bytes,
  type EpochMs,
  Fault,
  sameBytes,
  sha256,
  toFault,
} from "../../schemas/ground/index.ts";
import { isInForce } from "./period.ts";
import { isSignatureValid, parseSignature } from "./signature.ts";

/** What a party trusts before it has any register: the registrars' public keys. */
export interface Anchors {
  /** SubjectPublicKeyInfo, DER. */
  readonly registrarKeys: readonly Bytes[];
}

/** One certificate that the register names for an agency. */
export interface RegisteredCertificate extends AgencyCertificate {
  /** SHA-256 of the certificate (DER). */
  readonly thumbprint: Bytes;
}

/** An agency as the register knows it. */
export interface RegisteredAgency {
  readonly agency: string;
  readonly authority: string;
  /** Code of AGENCY_KIND. */
  readonly kind: string;
  readonly languages: readonly string[];
  readonly suspendedFrom?: EpochMs | undefined;
  readonly certificates: readonly RegisteredCertificate[];
}

/** A state, or a REC or the AU for its own bodies, as the register knows it. */
export interface RegisteredAuthority {
  readonly authority: string;
  readonly roots: readonly Bytes[];
  readonly intermediates: readonly Bytes[];
  readonly crls: readonly Bytes[];
  readonly release: readonly ReleaseRule[];
}

/** A verified register of one epoch, with what is asked of it most at hand. Never changes. */
export interface RegisterView {
  readonly epoch: number;
  readonly expiresAt: EpochMs;
  /** SHA-256 of the snapshot: two views of one epoch are the same exactly when these are. */
  readonly digest: Bytes;
  /** A key under which proofs made with this register may be kept. */
  readonly key: string;
  /** Number of each part, by name. */
  readonly numbers: ReadonlyMap<string, number>;
  readonly recs: readonly string[];
  readonly hubs: readonly Hub[];
  readonly mailboxKeys: readonly MailboxKey[];
  readonly algorithms: readonly string[];
  readonly agencies: readonly RegisteredAgency[];
  agency(agency: string): RegisteredAgency | undefined;
  authority(authority: string): RegisteredAuthority | undefined;
  mandates(agency: string, action: "PUBLISH" | "READ", scope: string): readonly Mandate[];
  /** Whether an authority stands in a REC as a member; a REC is a member of itself. */
  membership(rec: string, authority: string, at: EpochMs): "member" | "suspended" | "none";
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
interface ProvenParts {
  readonly snapshot: Snapshot;
  readonly digest: Bytes;
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

function proveParts(bytes: Bytes, anchors: Anchors): ProvenParts {
  if (bytes.length > maxRegisterBytes) {
    throw new Fault("REGISTER_INVALID", `a register has at most ${maxRegisterBytes} bytes`);
  }
  const { snapshot: content, snapshotSignature: signature, parts } = decodeRegister(bytes);
  checkSigned({ name: "snapshot", content, signature }, anchors.registrarKeys);
  const snapshot = decodeSnapshot(content);
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
    snapshot,
    digest: sha256(content),
    region,
    states: new Map(states.map((state) => [state.authority, state])),
  };
}

function indexMandates(mandates: readonly Mandate[]): ReadonlyMap<string, readonly Mandate[]> {
  const index = new Map<string, Mandate[]>();
  for (const mandate of mandates) {
    const key = `${mandate.agency} ${mandate.action} ${mandate.scope}`;
    const held = index.get(key);
    if (held === undefined) index.set(key, [mandate]);
    else held.push(mandate);
  }
  return index;
}

function indexAuthorities({
  region,
  states,
}: ProvenParts): ReadonlyMap<string, RegisteredAuthority> {
  return new Map(
    region.authorities.map(({ authority, roots }) => {
      const state = states.get(authority);
      const { intermediates = [], crls = [], release = [] } = state ?? {};
      return [authority, { authority, roots, intermediates, crls, release }];
    }),
  );
}

function memberOf(region: RegionalPart): RegisterView["membership"] {
  const index = new Map(region.memberships.map((one) => [`${one.rec} ${one.authority}`, [one]]));
  for (const one of region.memberships) {
    const all = index.get(`${one.rec} ${one.authority}`) ?? [];
    if (!all.includes(one)) all.push(one);
  }
  return (rec, authority, at) => {
    if (rec === authority) return "member";
    const held = (index.get(`${rec} ${authority}`) ?? []).find((one) => isInForce(one, at));
    if (held === undefined) return "none";
    const { suspendedFrom: from, suspendedUntil: until } = held;
    return from !== undefined && isInForce({ from, until }, at) ? "suspended" : "member";
  };
}

function makeView(proven: ProvenParts): RegisterView {
  const { snapshot, region, states } = proven;
  const agencies = [...states.values()].flatMap(({ authority, agencies: own }) =>
    own.map((agency) => ({
      ...agency,
      authority,
      certificates: agency.certificates.map((one) => ({
        ...one,
        thumbprint: sha256(one.certificate),
      })),
    })),
  );
  const byName = new Map(agencies.map((agency) => [agency.agency, agency]));
  const authorities = indexAuthorities(proven);
  const mandates = indexMandates(region.mandates);
  return Object.freeze({
    epoch: snapshot.epoch,
    expiresAt: snapshot.expiresAt,
    digest: proven.digest,
    key: `${snapshot.epoch}:${bytesKey(proven.digest)}`,
    numbers: new Map(snapshot.parts.map(({ name, number }) => [name, number])),
    recs: region.recs.map(({ rec }) => rec),
    hubs: region.hubs,
    mailboxKeys: region.mailboxKeys,
    algorithms: region.algorithms,
    agencies,
    agency: (agency: string) => byName.get(agency),
    authority: (authority: string) => authorities.get(authority),
    mandates: (agency: string, action: string, scope: string) =>
      mandates.get(`${agency} ${action} ${scope}`) ?? [],
    membership: memberOf(region),
  });
}

/** A register never goes back: not its epoch, not the number of any part, and no epoch has two contents. */
function checkForward(next: RegisterView, held: RegisterView): void {
  if (next.epoch < held.epoch) {
    throw new Fault(
      "REGISTER_ROLLBACK",
      `epoch ${next.epoch} is older than epoch ${held.epoch}, which is held`,
    );
  }
  if (next.epoch === held.epoch && !sameBytes(next.digest, held.digest)) {
    throw new Fault("REGISTER_FORKED", `two registers bear epoch ${next.epoch}`);
  }
  for (const [name, number] of held.numbers) {
    if ((next.numbers.get(name) ?? 0) < number) {
      throw new Fault("REGISTER_ROLLBACK", `part ${name} is older than the one held, or gone`);
    }
  }
}

/**
 * Proves a register: every part signed by who may sign it, all named by one snapshot, none older than what
 * is held. Whether it is out of date is the caller's to ask of `expiresAt`.
 *
 * @param held the register trusted so far, if any
 * @throws {Fault} REGISTER_INVALID, REGISTER_SIGNATURE_INVALID, REGISTER_ROLLBACK, REGISTER_FORKED
 */
export function verifyRegister(bytes: Bytes, anchors: Anchors, held?: RegisterView): RegisterView {
  let view: RegisterView;
  try {
    view = makeView(proveParts(bytes, anchors));
  } catch (error) {
    const fault = toFault(error, "REGISTER_INVALID");
    if (fault.code.startsWith("REGISTER_")) throw fault;
    throw new Fault("REGISTER_INVALID", "the register is not well formed", { cause: fault });
  }
  if (held !== undefined) checkForward(view, held);
  return view;
}
