import {
  decodeRegister,
  decodeSnapshot,
  encodeRegionalPart,
  encodeRegister,
  encodeSnapshot,
  encodeStatePart,
  type RegionalPart,
  type SignedPart,
  type Snapshot,
  type StatePart,
} from "../../schemas/index.ts";
import { type Bytes, type EpochMs, Fault, sha256 } from "../../schemas/ground/index.ts";
import { makeSigner, type SigningKey } from "../keys/index.ts";

/** The keys that sign a register: the registrars' for the region and the snapshot, each authority's for its own part. */
export interface RegisterKeys {
  readonly registrar: SigningKey;
  readonly authorities: ReadonlyMap<string, SigningKey>;
}

/** What a new epoch says anew. A part that is not named stays as it was, under its old signature. */
export interface RegisterChange {
  /** Its `number` is set by publishing. */
  readonly region?: Omit<RegionalPart, "number">;
  readonly states?: readonly Omit<StatePart, "number">[];
}

/** When a register is published, and until when it may be relied on. */
export interface PublishTimes {
  readonly issuedAt: EpochMs;
  readonly expiresAt: EpochMs;
}

interface Held {
  readonly epoch: number;
  readonly parts: ReadonlyMap<string, { readonly number: number; readonly part: SignedPart }>;
}

function readHeld(current: Bytes | undefined): Held {
  if (current === undefined) return { epoch: 0, parts: new Map() };
  const { snapshot, parts } = decodeRegister(current);
  const { epoch, parts: references } = decodeSnapshot(snapshot);
  const numbers = new Map(references.map(({ name, number }) => [name, number]));
  return {
    epoch,
    parts: new Map(parts.map((part) => [part.name, { number: numbers.get(part.name) ?? 0, part }])),
  };
}

function signContent(name: string, content: Bytes, key: SigningKey): SignedPart {
  const signer = makeSigner({ signer: name, key, thumbprint: sha256(key.spki) });
  return { name, content, signature: signer.sign("atumpan-register", content) };
}

function signState(state: StatePart, keys: RegisterKeys): SignedPart {
  const key = keys.authorities.get(state.authority);
  if (key === undefined)
    throw new Fault("KEY_UNUSABLE", `no register key of ${state.authority} is at hand`);
  return signContent(state.authority, encodeStatePart(state), key);
}

function renderSnapshot(held: Held, next: Held["parts"], times: PublishTimes): Bytes {
  const snapshot: Snapshot = {
    version: 1,
    epoch: held.epoch + 1,
    ...times,
    parts: [...next].map(([name, { number, part }]) => ({
      name,
      number,
      digest: sha256(part.content),
    })),
  };
  return encodeSnapshot(snapshot);
}

/**
 * Makes the next epoch of a register: the parts named in `change` get the next number and a new signature,
 * the others are carried over as they are, and a new snapshot names them all.
 *
 * @param current the register published before; none for the first epoch
 * @throws {Fault} KEY_UNUSABLE when a key that must sign is not given
 */
export function publishRegister(
  {
    current,
    change,
    keys,
  }: { current: Bytes | undefined; change: RegisterChange; keys: RegisterKeys },
  times: PublishTimes,
): Bytes {
  const held = readHeld(current);
  const next = new Map(held.parts);
  const numberAfter = (name: string): number => (held.parts.get(name)?.number ?? 0) + 1;
  if (change.region !== undefined) {
    const number = numberAfter("region");
    const content = encodeRegionalPart({ ...change.region, number });
    next.set("region", { number, part: signContent("region", content, keys.registrar) });
  }
  for (const state of change.states ?? []) {
    const number = numberAfter(state.authority);
    next.set(state.authority, { number, part: signState({ ...state, number }, keys) });
  }
  const snapshot = renderSnapshot(held, next, times);
  return encodeRegister({
    snapshot,
    snapshotSignature: signContent("snapshot", snapshot, keys.registrar).signature,
    parts: [...next.values()].map(({ part }) => part),
  });
}
