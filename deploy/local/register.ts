import { publishRegister, registerDays, type RegisterKeys } from "../../certs/authority/index.ts";
import type { SigningKey } from "../../certs/keys/index.ts";
import { renderVerifierKey, type VerifierKey } from "../../certs/log/index.ts";
import type { AgencyCertificate, RegionalPart, StatePart } from "../../schemas/index.ts";
import type { Bytes, EpochMs } from "../../schemas/ground/index.ts";
import { issueLists, type Credential, type Office } from "./office.ts";
import type { PlannedAgency, RegionPlan } from "./plan.ts";

const dayMs = 86_400_000;

/** The offices of a region, by authority, and the registrars' key. */
export interface Offices {
  readonly registrar: SigningKey;
  readonly all: ReadonlyMap<string, Office>;
}

/** The certificates of each agency. */
export type Credentials = ReadonlyMap<string, readonly Credential[]>;

function certificatesOf(credentials: readonly Credential[]): readonly AgencyCertificate[] {
  return credentials.map(({ kind, certificate }) => ({
    kind,
    certificate: certificate.der,
    endorsements: [],
  }));
}

/** What signs and seals in the local region. */
const suite = [
  { use: "SIGNATURE", name: "ES256" },
  { use: "KEY_AGREEMENT", name: "ECDH-ES+A256KW" },
  { use: "CONTENT", name: "A256GCM" },
] as const;

/** A witness of the hub's log, and the agency that runs it. */
export interface LocalWitness {
  readonly agency: string;
  readonly name: string;
  readonly keys: readonly VerifierKey[];
}

/** What of the region's part is not in its plan. */
export interface RegionLines {
  readonly hubUrl: string;
  readonly mailboxKey: Bytes;
  /** By which the notes of the hub's log are verified. */
  readonly logKey: VerifierKey;
  /** Who watches the log; nobody when left out. */
  readonly witness?: LocalWitness | undefined;
  readonly from: EpochMs;
}

function makeWitnessing({ keys, ...witness }: LocalWitness, from: EpochMs): RegionalPart["witnessing"] {
  const lines = keys.map((key) => ({ verifierKey: renderVerifierKey(key), from }));
  return { witnesses: [{ ...witness, keys: lines }], quorum: 1 };
} // prettier-ignore

/** The region's part: who exists, and what each may do. */
export function makeRegionalPart(
  plan: RegionPlan,
  offices: Offices,
  { hubUrl, mailboxKey, logKey, witness, from }: RegionLines,
): RegionalPart {
  return {
    ...(witness === undefined ? {} : { witnessing: makeWitnessing(witness, from) }),
    recs: plan.recs,
    memberships: plan.memberships,
    authorities: [...offices.all].map(([authority, { authority: ca }]) => ({
      authority,
      roots: [ca.root.certificate.der],
    })),
    mandates: plan.mandates,
    hubs: [
      {
        hub: plan.hub,
        urls: [hubUrl],
        recs: plan.recs.map(({ rec }) => rec),
        log: { keys: [{ verifierKey: renderVerifierKey(logKey), from }] },
      },
    ],
    mailboxKeys: [{ key: mailboxKey, from }],
    algorithms: suite.map(({ use, name }) => ({ use, name, from })),
    // what certs/trust says where the region says nothing
    staleness: [],
  };
}

/** One authority's part: its agencies with their certificates, its lists, its release policy. */
export async function makeStatePart(
  plan: RegionPlan,
  { office, credentials, now }: { office: Office; credentials: Credentials; now: EpochMs },
): Promise<StatePart> {
  const { authority } = office.authority;
  const hub: PlannedAgency = {
    agency: plan.hub,
    authority: "au",
    kind: "HUB",
    name: plan.hub,
    languages: ["en"],
  };
  const agencies = [...plan.agencies, hub].filter((one) => one.authority === authority);
  return {
    authority,
    names: [],
    agencies: agencies.map(({ agency, kind, name, languages }) => ({
      agency,
      kind,
      names: [{ text: name, lang: "en", marks: [] }],
      languages,
      certificates: certificatesOf(credentials.get(agency) ?? []),
      keys: [],
    })),
    intermediates: [office.authority.issuing.certificate.der],
    crls: await issueLists(office, now),
    release: plan.releaseOf(authority),
    nominations: plan.mandates.filter(({ agency }) => agency.startsWith(`${authority}/`)),
    agreements: [],
    givenAssurances: [],
  };
}

/** Publishes the next epoch with the parts given; good for three days. */
export function publish(
  current: Bytes | undefined,
  change: {
    readonly region?: RegionalPart;
    readonly states: readonly StatePart[];
  },
  { offices, now }: { offices: Offices; now: EpochMs },
): Bytes {
  const authorities = new Map(
    [...offices.all].map(([name, { registerKey }]) => [name, registerKey]),
  );
  const keys: RegisterKeys = { registrar: offices.registrar, authorities };
  return publishRegister(
    { current, change, keys },
    { issuedAt: now, expiresAt: now + registerDays * dayMs },
  );
}
