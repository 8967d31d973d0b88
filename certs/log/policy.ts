import { Fault } from "../../schemas/ground/index.ts";
import { noteAlgorithms, type VerifierKey } from "./verifier-key.ts";

/**
 * A witness as a rule names it. One witness may have several keys: an old and a new one, or one of each algorithm. One
 * without a key never counts.
 */
export interface PolicyWitness {
  readonly name: string;
  readonly keys: readonly VerifierKey[];
}

/** So many of these, each a witness or a group that stands before this one. */
export interface PolicyGroup {
  readonly name: string;
  readonly needed: number;
  readonly members: readonly string[];
}

/** Whose word about a checkpoint is enough (C2SP tlog-policy). */
export interface QuorumPolicy {
  readonly witnesses: readonly PolicyWitness[];
  readonly groups: readonly PolicyGroup[];
  /** A witness or a group; undefined: nobody's word is needed. */
  readonly quorum: string | undefined;
}

const maxNames = 64;

function refuse(detail: string): never {
  throw new Fault("LOG_POLICY_INVALID", detail);
}

function checkGroup({ name, needed, members }: PolicyGroup, isFree: (member: string) => boolean): void {
  if (members.length === 0 || !members.every(isFree)) refuse(`group ${name}: members stand before it, and each in one group only`);
  if (new Set(members).size !== members.length) refuse(`group ${name}: a member stands twice`);
  const isPossible = Number.isInteger(needed) && needed >= 1 && needed <= members.length;
  if (!isPossible) refuse(`group ${name}: from 1 to ${members.length} of its members are needed`);
} // prettier-ignore

function checkKeys(witnesses: readonly PolicyWitness[]): void {
  const keys = witnesses.flatMap((one) => one.keys);
  if (keys.some(({ algorithm }) => algorithm === noteAlgorithms.ED25519)) {
    refuse("the key of a witness is one for cosignatures");
  }
  const raw = keys.map((key) => Buffer.from(key.raw).toString("base64"));
  if (new Set(raw).size !== raw.length) refuse("one key stands twice, so one holder would count twice");
} // prettier-ignore

/**
 * Refuses a rule that could not be kept or that counts somebody twice: names are unique, no key stands twice, each
 * member in one group, groups name what stands before them, and not more are needed than there are.
 *
 * @throws {Fault} LOG_POLICY_INVALID
 */
export function checkPolicy({ witnesses, groups, quorum }: QuorumPolicy): void {
  const names = [...witnesses, ...groups].map(({ name }) => name);
  if (names.length > maxNames) refuse(`at most ${maxNames} witnesses and groups`);
  if (new Set(names).size !== names.length || names.includes("none")) refuse("each name stands for one, and none for nobody");
  checkKeys(witnesses);
  const free = new Set(witnesses.map(({ name }) => name));
  for (const group of groups) {
    checkGroup(group, (member) => free.has(member));
    group.members.forEach((member) => free.delete(member));
    free.add(group.name);
  }
  if (quorum !== undefined && !names.includes(quorum)) refuse("the quorum names no witness and no group");
} // prettier-ignore

/** The simplest rule: so many of these. With `needed` 0 nobody's word is needed. @throws {Fault} LOG_POLICY_INVALID */
export function makeQuorumPolicy(witnesses: readonly PolicyWitness[], needed: number): QuorumPolicy {
  const members = witnesses.map(({ name }) => name);
  const name = members.includes("quorum") ? "the quorum" : "quorum";
  const groups = needed === 0 ? [] : [{ name, needed, members }];
  const policy = { witnesses, groups, quorum: needed === 0 ? undefined : name };
  checkPolicy(policy);
  return policy;
} // prettier-ignore
