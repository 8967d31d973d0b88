import type { RegionalPart, StatePart } from "../../schemas/index.ts";
import { type Bytes, type EpochMs, Fault } from "../../schemas/ground/index.ts";
import { parseRegister, renderRegister, type RepositoryFiles, rolePath } from "../trust/index.ts";
import type { SigningKey } from "../keys/index.ts";
import { signDraft } from "./repository/draft.ts";
import { draftRegion, draftRoot, draftState, type RoleKeys } from "./repository/drafts.ts";
import { findCurrentFiles, putDraft } from "./repository/place.ts";
import { draftTimestamp, makeSnapshot } from "./repository/snapshot.ts";

/** The keys that sign a register: the registrar's for all of the region's roles, each authority's for its own part. */
export interface RegisterKeys {
  readonly registrar: SigningKey;
  readonly authorities: ReadonlyMap<string, SigningKey>;
}

/** What a new epoch says anew. A part that is not named stays as it was, under its old signature. */
export interface RegisterChange {
  readonly region?: RegionalPart;
  readonly states?: readonly StatePart[];
}

/** When a register is published, and until when it may be relied on. */
export interface PublishTimes {
  readonly issuedAt: EpochMs;
  readonly expiresAt: EpochMs;
}

const tenYearsMs = 3650 * 86_400_000;

/**
 * How long a register is in date without a newer one. With the three days that routine messages may still be judged by
 * it afterwards it ends before the revocation lists in it do, after which nothing can be judged.
 */
export const registerDays = 3;

function alone(key: SigningKey): RoleKeys {
  return { keys: [key.spki], threshold: 1 };
}

function startRepository({ registrar }: RegisterKeys, expiresAt: EpochMs): RepositoryFiles {
  const own = alone(registrar);
  const roles = { root: own, timestamp: own, snapshot: own, targets: own };
  const files = new Map<string, Bytes>();
  return putDraft(files, signDraft(draftRoot(files, { roles, expiresAt }), [registrar]));
}

function putRegion(
  files: RepositoryFiles,
  { region, keys }: { readonly region: RegionalPart; readonly keys: RegisterKeys },
  expiresAt: EpochMs,
): RepositoryFiles {
  const own = region.authorities.flatMap(({ authority }) => {
    const key = keys.authorities.get(authority);
    return key === undefined ? [] : [[authority, alone(key)] as const];
  });
  const draft = draftRegion(files, { region, delegations: new Map(own), expiresAt });
  return putDraft(files, signDraft(draft, [keys.registrar]));
}

function putState(
  files: RepositoryFiles,
  { state, keys }: { readonly state: StatePart; readonly keys: RegisterKeys },
  expiresAt: EpochMs,
): RepositoryFiles {
  const key = keys.authorities.get(state.authority);
  if (key === undefined) {
    throw new Fault("KEY_UNUSABLE", `no register key of ${state.authority} is at hand`);
  }
  return putDraft(files, signDraft(draftState(files, { state, expiresAt }), [key]));
}

function chooseNewest(_authority: string, [newest]: readonly number[]): number | undefined {
  return newest;
}

/**
 * Makes the next epoch of a register whose keys are all in one hand, as on one machine and in tests: one
 * registrar for every role, one key for each authority. What is named in `change` gets its next version, the
 * rest is carried over. It asks nothing: whether readers take it is theirs to say. Where keys are in several
 * hands, drafts are signed one by one and put in place by `placeDraft`, which does ask.
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
  { issuedAt, expiresAt }: PublishTimes,
): Bytes {
  const long = issuedAt + tenYearsMs;
  let files = current === undefined ? startRepository(keys, long) : parseRegister(current);
  if (change.region !== undefined) files = putRegion(files, { region: change.region, keys }, long);
  for (const state of change.states ?? []) files = putState(files, { state, keys }, long);
  const { registrar } = keys;
  files = putDraft(
    files,
    signDraft(makeSnapshot(files, { expiresAt, choose: chooseNewest }), [registrar]),
  );
  files = putDraft(files, signDraft(draftTimestamp(files, expiresAt), [registrar]));
  return renderRegister(findCurrentFiles(files));
}

/** The first root of a register: what hubs and gateways of its region begin with. @throws {Fault} REGISTER_INVALID */
export function firstRoot(register: Bytes): Bytes {
  const root = parseRegister(register).get(rolePath("root", 1));
  if (root === undefined) throw new Fault("REGISTER_INVALID", "the register holds no first root");
  return root;
}
