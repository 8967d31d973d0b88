import {
  type Draft,
  draftPath,
  draftRegion,
  draftRoot,
  draftState,
  draftTimestamp,
  exportRepository,
  type RoleKeys,
  signDraft,
  signMetadata,
} from "../../certs/authority/index.ts";
import { makeSnapshot } from "../../certs/authority/repository/snapshot.ts";
import { makeKeyPair, makeSigningKey, type SigningKey } from "../../certs/keys/index.ts";
import {
  renderRegister,
  type RepositoryFiles,
  rolePath,
  type TopRole,
} from "../../certs/trust/index.ts";
import type { RegionalPart, StatePart } from "../../schemas/index.ts";
import { type Bytes, utf8 } from "../../schemas/ground/index.ts";

/** A moment every role of the fixture still counts at: 2026-06-01T00:00:00Z. */
export const repositoryNow = 1_780_272_000_000;
const day = 86_400_000;

/** Keys of a role, and how many of them must sign. */
export interface Hands {
  readonly keys: readonly SigningKey[];
  readonly threshold: number;
}

/** Makes the keys of a role, of both kinds in turn. */
export function makeHands(threshold: number, count: number): Hands {
  const keys = Array.from({ length: count }, (_, i) =>
    makeSigningKey(makeKeyPair(i % 2 === 0 ? "P-256" : "Ed25519")),
  );
  return { keys, threshold };
}

/** The keys as a plan names them. */
export function publicOf({ keys, threshold }: Hands): RoleKeys {
  return { keys: keys.map(({ spki }) => spki), threshold };
}

/** Who signs what in the fixture. */
export type AllHands = Readonly<Record<TopRole | "ng" | "gh", Hands>>;

/** A part with one agency and nothing else. */
export function bareState(authority: string, agency = `${authority}/tcu`): StatePart {
  return {
    authority,
    names: [],
    agencies: [{ agency, kind: "TCU", names: [], languages: [], certificates: [], keys: [] }],
    intermediates: [],
    crls: [],
    release: [],
    nominations: [],
    agreements: [],
    givenAssurances: [],
  };
}

/** A region of two states and nothing else. */
export const bareRegion: RegionalPart = {
  recs: [{ rec: "ecowas", names: [], languages: [] }],
  memberships: [],
  authorities: ["ng", "gh"].map((authority) => ({ authority, roots: [new Uint8Array([1])] })),
  mandates: [],
  hubs: [],
  mailboxKeys: [],
  algorithms: [{ use: "SIGNATURE", name: "ES256", from: 0 }],
  staleness: [],
};

/** Puts a draft where it belongs without any question, signed by these. */
export function put(
  files: RepositoryFiles,
  draft: Draft,
  keys: readonly SigningKey[],
): RepositoryFiles {
  const { metadata, targets } = keys.length === 0 ? draft : signDraft(draft, keys);
  return new Map([...files, ...targets, [draftPath(draft), metadata]]);
}

/** Members of a JSON object, to be changed at will. */
export type Fields = Record<string, unknown>;

/** What stands at a place inside of `fields`. */
export function at(fields: Fields, ...path: readonly string[]): Fields {
  return path.reduce((inner, name) => inner[name] as Fields, fields);
}

/** What the metadata of the fixture may say otherwise. */
export type Edit = (signed: Fields) => unknown;

/** Metadata that says something else, signed anew by these keys. */
export function editMetadata(file: Bytes, edit: Edit, keys: readonly SigningKey[]): Bytes {
  const { signed } = JSON.parse(Buffer.from(file).toString("utf8")) as { signed: Fields };
  edit(signed);
  return keys.reduce(signMetadata, utf8(JSON.stringify({ signatures: [], signed })));
} // prettier-ignore

/** A repository whose every key is at hand. */
export interface MadeRepository {
  readonly hands: AllHands;
  /** Root, targets and parts, each in its first version; no snapshot names them yet. */
  readonly parts: RepositoryFiles;
  readonly root: Bytes;
  /** The next snapshot and timestamp, which name the newest of all. */
  seal(files: RepositoryFiles, ends?: Ends): RepositoryFiles;
  /** The next timestamp over the snapshot there is. */
  stamp(files: RepositoryFiles, end: number): RepositoryFiles;
  /** The next part of a state. */
  state(files: RepositoryFiles, part: StatePart): RepositoryFiles;
  /** The next part of the region. */
  region(files: RepositoryFiles, part?: RegionalPart): RepositoryFiles;
  /** A root like the first, changed. */
  nextRoot(change: Partial<AllHands>, expiresAt?: number): Draft;
}

/** When snapshot and timestamp end. */
export interface Ends {
  readonly snapshot?: number;
  readonly timestamp?: number;
}

/** Makes a repository: root 3 of 5, registrars 2 of 3, snapshot and timestamp one each, ng one, gh 2 of 3. */
export function makeRepository(expiresAt = repositoryNow + 100 * day): MadeRepository {
  const hands: AllHands = {
    root: makeHands(3, 5),
    targets: makeHands(2, 3),
    snapshot: makeHands(1, 1),
    timestamp: makeHands(1, 1),
    ng: makeHands(1, 1),
    gh: makeHands(2, 3),
  };
  const delegations = new Map([
    ["ng", publicOf(hands.ng)],
    ["gh", publicOf(hands.gh)],
  ]);
  const planOf = (all: AllHands, end: number) => ({
    expiresAt: end,
    roles: {
      root: publicOf(all.root),
      timestamp: publicOf(all.timestamp),
      snapshot: publicOf(all.snapshot),
      targets: publicOf(all.targets),
    },
  });
  const state = (files: RepositoryFiles, part: StatePart): RepositoryFiles => {
    const own = part.authority === "ng" ? hands.ng : hands.gh;
    return put(files, draftState(files, { state: part, expiresAt }), own.keys.slice(0, own.threshold));
  };
  const region = (files: RepositoryFiles, part = bareRegion): RepositoryFiles => {
    const draft = draftRegion(files, { region: part, delegations, expiresAt });
    return put(files, draft, hands.targets.keys.slice(0, 2));
  };
  const first = put(new Map(), draftRoot(new Map(), planOf(hands, expiresAt)), hands.root.keys.slice(0, 3));
  const parts = state(state(region(first), bareState("ng")), bareState("gh"));
  return {
    hands,
    parts,
    root: first.get(rolePath("root", 1))!,
    seal: (files, { snapshot = repositoryNow + 9 * day, timestamp = repositoryNow + 5 * day } = {}) => {
      const choose = (_: string, [newest]: readonly number[]): number | undefined => newest;
      const named = put(files, makeSnapshot(files, { expiresAt: snapshot, choose }), hands.snapshot.keys);
      return put(named, draftTimestamp(named, timestamp), hands.timestamp.keys);
    },
    stamp: (files, end) => put(files, draftTimestamp(files, end), hands.timestamp.keys),
    state,
    region,
    nextRoot: (change, end = expiresAt) => draftRoot(parts, planOf({ ...hands, ...change }, end)),
  };
} // prettier-ignore

/** A repository's files as a register file, whatever is among them. */
export function bundle(files: RepositoryFiles): Bytes {
  return renderRegister(files);
}

/** Lays a repository out in a folder, as its publisher does. */
export function layOut(folder: string, files: RepositoryFiles): void {
  exportRepository(folder, files);
}
