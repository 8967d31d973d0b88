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
  /** Of the second hub, where one is planned. */
  readonly second?: { readonly hubUrl: string; readonly logKey: VerifierKey } | undefined;
  readonly from: EpochMs;
}

function makeWitnessing({ keys, ...witness }: LocalWitness, from: EpochMs): RegionalPart["witnessing"] {
  const lines = keys.map((key) => ({ verifierKey: renderVerifierKey(key), from }));
  return { witnesses: [{ ...witness, keys: lines }], quorum: 1 };
} // prettier-ignore

/** The hubs: one for all communities, or two that part them. */
function makeHubs({ hub, recs, second }: RegionPlan, lines: Pick<RegionLines, "hubUrl" | "logKey" | "second" | "from">): RegionalPart["hubs"] {
  const { from } = lines;
  const others = second?.recs ?? [];
  const line = (name: string, served: readonly string[], { hubUrl, logKey }: Pick<RegionLines, "hubUrl" | "logKey">) => ({
    hub: name,
    urls: [hubUrl],
    recs: [...served],
    log: { keys: [{ verifierKey: renderVerifierKey(logKey), from }] },
  });
  const first = line(hub, recs.map(({ rec }) => rec).filter((rec) => !others.includes(rec)), lines);
  return second === undefined || lines.second === undefined ? [first] : [first, line(second.hub, others, lines.second)];
} // prettier-ignore

/** The region's part: who exists, and what each may do. */
export function makeRegionalPart(
  plan: RegionPlan,
  offices: Offices,
  { hubUrl, mailboxKey, logKey, witness, second, from }: RegionLines,
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
    hubs: makeHubs(plan, { hubUrl, logKey, second, from }),
    ...(plan.second === undefined ? {} : { relaying: { agreements: [plan.second.agreement] } }),
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
  const hubs = [plan.hub, ...(plan.second === undefined ? [] : [plan.second.hub])].map((name): PlannedAgency => {
    return { agency: name, authority: "au", kind: "HUB", name, languages: ["en"] };
  });
  const agencies = [...plan.agencies, ...hubs].filter((one) => one.authority === authority);
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
    // nobody is a relay by the region's word alone: his own authority says it too
    ...(plan.second?.agreement.relay.startsWith(`${authority}/`) === true ? { relaying: { agreements: [plan.second.agreement] } } : {}),
  };
} // prettier-ignore

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
