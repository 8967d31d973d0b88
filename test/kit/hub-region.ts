import type { KeyObject } from "node:crypto";

import {
  type Agency,
  type Hub,
  type LogKey,
  type Mandate,
  type ReleaseRule,
} from "../../schemas/index.ts";
import { type Bytes, makeSeededChance } from "../../schemas/ground/index.ts";
import {
  type Authority,
  issueCrl,
  issueLeaf,
  type Journal,
  makeAuthority,
  makeRequest,
  firstRoot,
  publishRegister,
  revokeCertificate,
} from "../../certs/authority/index.ts";
import { makeKeyPair, makeSigner, makeSigningKey, type KeySigner } from "../../certs/keys/index.ts";
import { makeMemoryJournal } from "./memory-journal.ts";
import { everyAlgorithm } from "./algorithms.ts";
import { usurp } from "./credentials.ts";
import { type Certificate, type LeafKind, renderPem } from "../../certs/shape/index.ts";
import { type Anchors, type ProvenRegister, verifyRegister } from "../../certs/trust/index.ts";

/** A moment every good certificate and list of the fixture holds at: 2026-06-01T00:00:00Z. */
export const fixtureNow = 1_780_272_000_000;
const day = 86_400_000;
const chance = makeSeededChance("broker fixture");

/** A leaf with its key, as PEM files hold them. */
export interface MadeLeaf {
  readonly leaf: Certificate;
  readonly key: KeyObject;
  readonly certificatePem: string;
  readonly keyPem: string;
}

/** How an agency's signing certificate is spoilt. */
export type Flaw = "expired" | "early" | "foreign" | "revoked";

/** An agency to be made. */
export interface AgencyPlan {
  readonly agency: string;
  readonly kind: string;
  readonly flaw?: Flaw;
  readonly suspendedFrom?: number;
}

/** What a region is made of. */
export interface RegionPlan {
  readonly agencies: readonly AgencyPlan[];
  readonly mandates: readonly Mandate[];
  readonly recs: readonly string[];
  readonly release?: (authority: string) => readonly ReleaseRule[];
  readonly now?: number;
  readonly url?: string;
  /** Keys of the hub's log. */
  readonly logKeys?: readonly LogKey[];
}

/** A region with its register and all its keys. */
export interface Region {
  readonly anchors: Anchors;
  readonly register: Bytes;
  readonly view: ProvenRegister;
  readonly now: number;
  signer(agency: string): KeySigner;
  leaf(agency: string, kind: LeafKind): MadeLeaf;
  /** The next epoch, with the plan changed; certificates stay. */
  next(change: Partial<RegionPlan>, lifeMs?: number): Bytes;
}

export const fixtureHub = "au/hub-one";

/** A mandate for all crimes up to H2 from ten days ago, changed as said. */
export function mandate(
  agency: string,
  [action, scope]: readonly ["PUBLISH" | "READ", string],
  change: Partial<Mandate> = {},
): Mandate {
  const common = { types: ["*"], crimes: ["*"], handlingUpTo: "H2", from: fixtureNow - 10 * day };
  return { agency, action, scope, ...common, ...change };
}

/** A release line that lets everyone read everything, changed as said. */
export function releaseRule(change: Partial<ReleaseRule> = {}): ReleaseRule {
  const any = {
    originators: [],
    authorities: [],
    kinds: [],
    agencies: [],
    types: [],
    crimes: [],
    askedAssurances: [],
  };
  return { effect: "ALLOW", ...any, from: fixtureNow - 10 * day, ...change };
}

function logOf({ logKeys = [] }: RegionPlan): Pick<Hub, "log"> {
  return logKeys.length === 0 ? {} : { log: { keys: logKeys } };
}

interface Desk {
  readonly authority: Authority;
  readonly journal: Journal;
}

interface LeafPlan {
  readonly agency: string;
  readonly kind: LeafKind;
  readonly at: number;
}

function madeLeafOf(
  { certificate: leaf, key }: { readonly certificate: Certificate; readonly key: KeyObject },
  authority: Authority,
): MadeLeaf {
  return {
    leaf,
    key,
    certificatePem: renderPem("CERTIFICATE", leaf.der, authority.issuing.certificate.der),
    keyPem: key.export({ format: "pem", type: "pkcs8" }).toString(),
  };
}

async function makeLeaf(
  { authority, journal }: Desk,
  { agency, kind, at }: LeafPlan,
): Promise<MadeLeaf> {
  const key = makeKeyPair("P-256");
  const request = await makeRequest(agency, key);
  const leaf = await issueLeaf({ authority, journal, request, agency, kind, now: at, chance });
  return madeLeafOf({ certificate: leaf, key }, authority);
}

const flawTimes: Readonly<Record<Flaw, number>> = {
  expired: -200 * day,
  early: 5 * day,
  foreign: 0,
  revoked: 0,
};

async function makeSigning(
  desks: ReadonlyMap<string, Desk>,
  plan: AgencyPlan,
  now: number,
): Promise<MadeLeaf> {
  const { agency, flaw } = plan;
  const authority = agency.split("/")[0] ?? "";
  const own = desks.get(authority);
  const other = [...desks].find(([name]) => name !== authority)?.[1];
  if (own === undefined || other === undefined) throw new TypeError("a region has two authorities");
  const at = now + (flaw === undefined ? 0 : flawTimes[flaw]);
  if (flaw === "foreign") {
    return madeLeafOf(await usurp(other, { agency, kind: "SIGNING" }, at), other.authority);
  }
  const made = await makeLeaf(own, { agency, kind: "SIGNING", at });
  if (flaw === "revoked") {
    revokeCertificate({ ...own, serial: made.leaf.serial, reason: "KEY_COMPROMISE", now });
  }
  return made;
}

/** Makes a region: authorities, agencies with certificates of every kind, and its register. */
export async function makeRegion(plan: RegionPlan): Promise<Region> {
  const now = plan.now ?? fixtureNow;
  const names = [...new Set(plan.agencies.map(({ agency }) => agency.split("/")[0] ?? ""))];
  const desks = new Map<string, Desk>();
  for (const authority of names) {
    const made = await makeAuthority({ authority, now: now - 400 * day, chance });
    desks.set(authority, { authority: made, journal: makeMemoryJournal() });
  }
  const leaves = new Map<string, MadeLeaf>();
  for (const one of plan.agencies) {
    const { agency, kind } = one;
    const desk = desks.get(agency.split("/")[0] ?? "");
    if (desk === undefined) throw new TypeError("no authority");
    leaves.set(`${agency} SIGNING`, await makeSigning(desks, one, now));
    leaves.set(`${agency} LINK`, await makeLeaf(desk, { agency, kind: "LINK", at: now }));
    if (kind === "HUB") {
      leaves.set(`${agency} SERVER`, await makeLeaf(desk, { agency, kind: "SERVER", at: now }));
    }
  }
  const crls = new Map<string, readonly Bytes[]>();
  for (const [name, desk] of desks) {
    const root = await issueCrl({ ...desk, issuer: "ROOT", now });
    const issuing = await issueCrl({ ...desk, issuer: "ISSUING", now });
    crls.set(name, [root.der, issuing.der]);
  }
  const registrar = makeSigningKey(makeKeyPair("P-256"));
  const stateKeys = new Map(names.map((name) => [name, makeSigningKey(makeKeyPair("P-256"))]));
  const mailboxKey = { key: chance.bytes(32), from: now - 10 * day };

  const agencyOf = ({ agency, kind, suspendedFrom }: AgencyPlan): Agency => ({
    agency,
    kind,
    names: [],
    languages: ["en"],
    certificates: [...leaves].flatMap(([key, { leaf }]) =>
      key.startsWith(`${agency} `)
        ? [{ kind: key.split(" ")[1] ?? "", certificate: leaf.der, endorsements: [] }]
        : [],
    ),
    suspendedFrom,
    keys: [],
  });
  const publish = (parts: RegionPlan, current: Bytes | undefined, lifeMs: number): Bytes => {
    const { recs, mandates, release = () => [releaseRule()], url = "tls://127.0.0.1:4222" } = parts;
    const region = {
      recs: recs.map((rec) => ({ rec, names: [], languages: [] })),
      memberships: recs.flatMap((rec) =>
        names.map((authority) => ({ rec, authority, from: now - 300 * day })),
      ),
      authorities: names.map((authority) => ({
        authority,
        roots: [desks.get(authority)?.authority.root.certificate.der ?? new Uint8Array()],
      })),
      mandates,
      hubs: [{ hub: fixtureHub, urls: [url], recs, ...logOf(parts) }],
      mailboxKeys: [mailboxKey],
      algorithms: everyAlgorithm,
      staleness: [],
    };
    const states = names.map((authority) => ({
      authority,
      names: [],
      agencies: parts.agencies
        .filter(({ agency }) => agency.startsWith(`${authority}/`))
        .map(agencyOf),
      intermediates: [desks.get(authority)?.authority.issuing.certificate.der ?? new Uint8Array()],
      crls: crls.get(authority) ?? [],
      release: release(authority),
      nominations: mandates.filter(({ agency }) => agency.startsWith(`${authority}/`)),
      agreements: [],
      givenAssurances: [],
    }));
    const keys = { registrar, authorities: stateKeys };
    const times = { issuedAt: now - day, expiresAt: now + lifeMs };
    return publishRegister({ current, change: { region, states }, keys }, times);
  };
  let held = plan;
  let register = publish(plan, undefined, 6 * day);
  const anchors = { root: firstRoot(register) };
  const leafOf = (agency: string, kind: LeafKind): MadeLeaf => {
    const found = leaves.get(`${agency} ${kind}`);
    if (found === undefined) throw new TypeError(`no ${kind} certificate of ${agency}`);
    return found;
  };
  return {
    anchors,
    register,
    view: verifyRegister(register, anchors),
    now,
    leaf: leafOf,
    signer: (agency) => {
      const { leaf, key } = leafOf(agency, "SIGNING");
      return makeSigner({ signer: agency, key: makeSigningKey(key), thumbprint: leaf.thumbprint });
    },
    next: (change, lifeMs = 6 * day) => {
      held = { ...held, ...change };
      register = publish(held, register, lifeMs);
      return register;
    },
  };
}
