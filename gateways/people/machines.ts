import { createPublicKey } from "node:crypto";

import type { z } from "zod";

import { type Bytes, Fault, makeUuid, renderUuid } from "../../schemas/ground/index.ts";
import type { MachineRow, ProofRow } from "../store/index.ts";
import { parseRanges } from "./addresses.ts";
import type { Caller } from "./caller.ts";
import type { machineShape, proofShape } from "./change-shapes.ts";
import type { PeopleDesk } from "./desk.ts";
import { handlingOf, rolesOf } from "./rights.ts";
import { digestSecret, makeSecret } from "./secrets.ts";

type Proof = z.infer<typeof proofShape>;

/** A new proof; of a secret its text, once. */
export interface GivenProof {
  readonly id: string;
  readonly kind: string;
  readonly secret?: string;
}

/** What a change to a machine came to. */
export interface MachineDone {
  readonly done: true;
  readonly id: string;
  readonly proof?: GivenProof;
}

/** How long the proof before goes on when a new one is given: time to change over without a gap. */
const overlapMs = 7 * 86_400_000;
const maxProofs = 4;

/** Keys whose assertions we check: P-256 and Ed25519. @throws {Fault} REQUEST_INVALID */
function readKey(pem: string): Bytes {
  const wrong = new Fault("REQUEST_INVALID", "publicKey is PEM of a P-256 or Ed25519 public key");
  try {
    const key = createPublicKey({ key: pem, format: "pem" });
    const { asymmetricKeyType: kind, asymmetricKeyDetails: details } = key;
    const isP256 = kind === "ec" && details?.namedCurve === "prime256v1";
    if (!pem.includes("PUBLIC KEY") || !(isP256 || kind === "ed25519")) throw wrong;
    return key.export({ format: "der", type: "spki" });
  } catch {
    throw wrong;
  }
}

/** Refuses a proof that cannot be one. @throws {Fault} REQUEST_INVALID */
export function checkProof(proof: Proof): void {
  if (proof.kind === "KEY") readKey(proof.publicKey);
}

function makeProof(desk: PeopleDesk, proof: Proof): { readonly value: Bytes; readonly secret?: string } {
  if (proof.kind === "KEY") return { value: readKey(proof.publicKey) };
  if (proof.kind === "CERTIFICATE") {
    const value = Buffer.from(proof.sha256, "hex");
    if (desk.store.machines.byCertificate(value) === undefined) return { value };
    throw new Fault("REQUEST_INVALID", "this certificate belongs to a machine already");
  }
  const secret = makeSecret(desk.chance);
  return { value: digestSecret(secret), secret };
} // prettier-ignore

function putProof(desk: PeopleDesk, machine: string, proof: Proof): GivenProof {
  const { store, clock, chance } = desk;
  const now = clock.now();
  const { value, secret } = makeProof(desk, proof);
  const id = renderUuid(makeUuid(now, chance));
  store.machines.putProof({ id, machine, kind: proof.kind, value, madeAt: now });
  return { id, kind: proof.kind, ...(secret === undefined ? {} : { secret }) };
}

/** Lets a machine in. Called inside `write`. @throws {Fault} REQUEST_INVALID */
export function addMachine(desk: PeopleDesk, by: string, given: z.infer<typeof machineShape>): MachineDone {
  const { store, clock, chance, note } = desk;
  const { proof, handlingUpTo: handling, ...rest } = given;
  parseRanges(rest.addresses);
  const now = clock.now();
  const id = renderUuid(makeUuid(now, chance));
  store.machines.put({ ...rest, id, handling, madeAt: now });
  note({ who: by, act: "MACHINE_ADDED", object: id });
  return { done: true, id, proof: putProof(desk, id, proof) };
} // prettier-ignore

function knownMachine({ store }: PeopleDesk, id: string): MachineRow {
  const machine = store.machines.get(id);
  if (machine === undefined) throw new Fault("NOT_FOUND", "no machine has this id");
  return machine;
}

/**
 * Gives a machine a new proof; those of the same kind before it end seven days later, or sooner where they were ending already.
 * Called inside `write`.
 *
 * @throws {Fault} NOT_FOUND, REQUEST_INVALID
 */
export function addProof(desk: PeopleDesk, by: string, given: { readonly id: string; readonly proof: Proof }): MachineDone {
  const { store, clock, note } = desk;
  const { id } = knownMachine(desk, given.id);
  const now = clock.now();
  store.machines.purge(now);
  const held = store.machines.proofsOf(id);
  for (const old of held.slice(maxProofs - 1)) store.machines.dropProof(old.id);
  for (const old of held.slice(0, maxProofs - 1).filter(({ kind }) => kind === given.proof.kind)) {
    store.machines.putProof({ ...old, endsAt: Math.min(old.endsAt ?? Infinity, now + overlapMs) });
  }
  const proof = putProof(desk, id, given.proof);
  note({ who: by, act: "MACHINE_CHANGED", object: id });
  return { done: true, id, proof };
} // prettier-ignore

/** Lets a machine ask no more, from this moment. Called inside `write`. @throws {Fault} NOT_FOUND */
export function endMachine(desk: PeopleDesk, by: string, id: string): MachineDone {
  knownMachine(desk, id);
  desk.store.machines.drop(id);
  desk.note({ who: by, act: "MACHINE_REMOVED", object: id });
  return { done: true, id };
}

/** The caller a machine is. */
export function machineCaller({ id, name, roles, handling, purpose }: MachineRow): Caller {
  return {
    id: `machine:${id}`,
    kind: "machine",
    name,
    roles: rolesOf(roles),
    handlingUpTo: handlingOf(handling),
    purpose,
  };
}

/** A machine as administrators see it. */
export interface ShownMachine extends Omit<MachineRow, "handling"> {
  readonly handlingUpTo: string;
  readonly proofs: readonly Pick<ProofRow, "id" | "kind" | "madeAt" | "endsAt">[];
}

/** Every machine, with what proves it; no secret and no digest of one. */
export function listMachines({ store, clock }: PeopleDesk): readonly ShownMachine[] {
  return store.machines.all().map(({ handling, ...machine }) => ({
    ...machine,
    handlingUpTo: handling,
    proofs: store.machines
      .proofsOf(machine.id)
      .filter(({ endsAt }) => endsAt === undefined || endsAt > clock.now())
      .map(({ id, kind, madeAt, endsAt }) => ({ id, kind, madeAt, endsAt })),
  }));
}
