import type { LogKey, RegionalPart, Witness } from "../../schemas/index.ts";
import { type EpochMs, Fault, isFault } from "../../schemas/ground/index.ts";
import {
  checkPolicy,
  isLogOriginOf,
  logOriginOf,
  noteAlgorithms,
  parseVerifierKey,
  type PolicyGroup,
  type QuorumPolicy,
  type VerifierKey,
} from "../log/index.ts";
import { isInForce } from "./period.ts";

/** A witness of the logs, with the keys of his that are in force. */
export interface RegisteredWitness {
  readonly name: string;
  /** Who runs it. */
  readonly agency: string;
  readonly keys: readonly VerifierKey[];
}

/** What the register says of logs and of those who watch them. Keys are read once. */
export interface LogLines {
  /** Keys that a hub's log signs with at that time; none: it has no log. */
  logKeys(hub: string, at: EpochMs): readonly VerifierKey[];
  /** Witnesses with a key in force at that time. */
  witnesses(at: EpochMs): readonly RegisteredWitness[];
  /** Witnesses of how many authorities must have cosigned; 0: nobody's word is asked. */
  readonly witnessQuorum: number;
  /**
   * The same as a rule: the witnesses of one authority are a group of which one is enough. A witness whose keys have
   * ended is missing, and no fewer are needed for it.
   */
  witnessPolicy(at: EpochMs): QuorumPolicy;
}

type LogsOf = Pick<RegionalPart, "hubs" | "witnessing">;

interface DatedKey {
  readonly line: LogKey;
  readonly key: VerifierKey;
}

function readKeys(lines: readonly LogKey[]): readonly DatedKey[] {
  return lines.map((line) => ({ line, key: parseVerifierKey(line.verifierKey) }));
}

function inForce(keys: readonly DatedKey[], at: EpochMs): readonly VerifierKey[] {
  return keys.filter(({ line }) => isInForce(line, at)).map(({ key }) => key);
}

/** The state or body that an agency belongs to. */
function authorityOf(agency: string): string {
  return agency.slice(0, agency.indexOf("/"));
}

/** Witnesses of one state are one voice: so one government alone never makes a quorum. */
function makeWitnessPolicy(found: readonly RegisteredWitness[], needed: number): QuorumPolicy {
  const witnesses = found.map(({ name, keys }) => ({ name, keys }));
  if (needed === 0) return { witnesses, groups: [], quorum: undefined };
  const houses = [...Map.groupBy(found, ({ agency }) => authorityOf(agency))];
  // names of groups end as no authority's and no witness's does
  const groups: readonly PolicyGroup[] = houses.map(([authority, own]) => ({
    name: `${authority}:`,
    needed: 1,
    members: own.map(({ name }) => name),
  }));
  const quorum = { name: "quorum:", needed, members: groups.map(({ name }) => name) };
  return { witnesses, groups: [...groups, quorum], quorum: quorum.name };
}

/**
 * Reads what the region's part says of logs and witnesses, once it was checked.
 *
 * @throws {Fault} LOG_NOTE_INVALID for a key that is none
 */
export function readLogLines({ hubs, witnessing }: LogsOf): LogLines {
  const byHub = new Map(hubs.map(({ hub, log }) => [hub, readKeys(log?.keys ?? [])]));
  const all = (witnessing?.witnesses ?? []).map(({ name, agency, keys }) => ({ name, agency, keys: readKeys(keys) })); // prettier-ignore
  const witnessQuorum = witnessing?.quorum ?? 0;
  const everyone = (at: EpochMs): readonly RegisteredWitness[] =>
    all.map((one) => ({ ...one, keys: inForce(one.keys, at) }));
  return {
    logKeys: (hub, at) => inForce(byHub.get(hub) ?? [], at),
    witnesses: (at) => everyone(at).filter(({ keys }) => keys.length > 0),
    witnessQuorum,
    witnessPolicy: (at) => makeWitnessPolicy(everyone(at), witnessQuorum),
  };
} // prettier-ignore

function refuse(detail: string): never {
  throw new Fault("REGISTER_INVALID", detail);
}

function checkedKeys(of: string, lines: readonly LogKey[]): readonly DatedKey[] {
  try {
    return readKeys(lines);
  } catch (error) {
    if (!isFault(error)) throw error;
    throw new Fault("REGISTER_INVALID", `${of}: ${error.detail}`, { cause: error });
  }
}

function checkHubKeys(hub: string, keys: readonly DatedKey[]): void {
  const isOwn = keys.every(({ key }) => isLogOriginOf(hub, key.name));
  if (!isOwn) refuse(`hub ${hub}: the keys of its log are named ${logOriginOf(hub)}, or below it`);
  const isForNotes = keys.every(({ key }) => key.algorithm === noteAlgorithms.ED25519);
  if (!isForNotes) refuse(`hub ${hub}: its log signs with Ed25519`);
}

function checkWitnesses(witnesses: readonly Witness[], read: ReadonlyMap<string, readonly DatedKey[]>): void {
  if (read.size !== witnesses.length) refuse("witnesses: a name stands twice");
  for (const [name, keys] of read) {
    if (!keys.every(({ key }) => key.name === name)) refuse("witnesses: a key bears another name than its witness");
  }
} // prettier-ignore

function checkQuorumOf(lines: LogLines): void {
  const { witnessQuorum } = lines;
  const { size } = new Set(lines.witnesses(0).map(({ agency }) => authorityOf(agency)));
  if (witnessQuorum > size) {
    refuse(`quorum: ${witnessQuorum} authorities are needed and ${size} have witnesses`);
  }
  checkPolicy(lines.witnessPolicy(0));
}

function always(keys: readonly LogKey[]): readonly LogKey[] {
  return keys.map(({ verifierKey }) => ({ verifierKey, from: 0 }));
}

/** Every key in one time, so that each is compared with every other. */
function alwaysInForce({ hubs, witnessing }: LogsOf): LogsOf {
  return {
    hubs: hubs.map(({ log, ...hub }) => (log === undefined ? hub : { ...hub, log: { keys: always(log.keys) } })),
    witnessing: witnessing && { ...witnessing, witnesses: witnessing.witnesses.map((one) => ({ ...one, keys: always(one.keys) })) },
  };
} // prettier-ignore

/**
 * Refuses lines about logs that could not be used: a key that is none or bears another's name, a witness twice, one
 * key for two, and a quorum of more authorities than have witnesses.
 *
 * @throws {Fault} REGISTER_INVALID
 */
export function checkLogLines(region: LogsOf): void {
  const { hubs, witnessing } = region;
  hubs.forEach(({ hub, log }) => checkHubKeys(hub, checkedKeys(`hub ${hub}`, log?.keys ?? [])));
  const witnesses = witnessing?.witnesses ?? [];
  const read = new Map(witnesses.map(({ name, keys }) => [name, checkedKeys("witnesses", keys)]));
  checkWitnesses(witnesses, read);
  try {
    checkQuorumOf(readLogLines(alwaysInForce(region)));
  } catch (error) {
    if (!isFault(error) || error.code === "REGISTER_INVALID") throw error;
    throw new Fault("REGISTER_INVALID", `witnesses: ${error.detail}`, { cause: error });
  }
}
