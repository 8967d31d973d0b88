import type {
  AgencyCertificate,
  Agreement,
  AgencyKey,
  AlgorithmRule,
  Deadline,
  GivenAssurance,
  Hub,
  MailboxKey,
  Mandate,
  RegionalPart,
  RelayAgreement,
  ReleaseRule,
  StalenessRule,
  StateClocks,
  StatePart,
} from "../../schemas/index.ts";
import { bytesKey, type Bytes, type EpochMs, sha256 } from "../../schemas/ground/index.ts";
import { findAgreements } from "./agreements.ts";
import { type LogLines, readLogLines } from "./log-keys.ts";
import { isInForce } from "./period.ts";
import type { ProvenParts } from "./register-parts.ts";
import { findRelays } from "./relays.ts";

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
  /** Keys that no certificate can hold yet. */
  readonly keys: readonly AgencyKey[];
}

/** A state, or a REC or the AU for its own bodies, as the register knows it. */
export interface RegisteredAuthority {
  readonly authority: string;
  readonly roots: readonly Bytes[];
  readonly intermediates: readonly Bytes[];
  readonly crls: readonly Bytes[];
  readonly release: readonly ReleaseRule[];
  /** Promises to whoever rests a release on them. */
  readonly givenAssurances: readonly GivenAssurance[];
  /** Until when its part counts; after that nothing of its agencies is proved. */
  readonly expiresAt?: EpochMs | undefined;
}

/** A verified register of one epoch, with what is asked of it most at hand. Never changes. */
export interface RegisterView extends LogLines {
  readonly epoch: number;
  readonly expiresAt: EpochMs;
  /**
   * SHA-256 of the snapshot: two registers of one epoch are the same exactly when these are, also where a part of it is
   * spoilt and its readers kept different versions of that part.
   */
  readonly digest: Bytes;
  /** A key under which proofs made with this register may be kept: registers that are read alike have one. */
  readonly key: string;
  /** Number of each part, by name. */
  readonly numbers: ReadonlyMap<string, number>;
  readonly recs: readonly string[];
  readonly hubs: readonly Hub[];
  readonly mailboxKeys: readonly MailboxKey[];
  readonly algorithms: readonly AlgorithmRule[];
  /** How long past its time the register is used, by handling; `stalenessOf` says it. */
  readonly staleness: readonly StalenessRule[];
  /** How long things may take; what no line names has the built-in terms. */
  readonly deadlines: readonly Deadline[];
  /** The relay agreements that count, in their order: the region's part and that of the relay's own authority hold them. */
  readonly relays: readonly RelayAgreement[];
  readonly agencies: readonly RegisteredAgency[];
  agency(agency: string): RegisteredAgency | undefined;
  authority(authority: string): RegisteredAuthority | undefined;
  /** What the region's part grants an agency. */
  mandates(agency: string, action: "PUBLISH" | "READ", scope: string): readonly Mandate[];
  /** What an agency's own authority lets it do, at most. */
  nominations(agency: string, action: "PUBLISH" | "READ", scope: string): readonly Mandate[];
  /** Those lines of one authority's release policy that may speak of readers of another, in its order. */
  releaseTo(originators: string, readers: string): readonly ReleaseRule[];
  /** Agreements of an authority that count: the own part of every party holds them, word for word. */
  agreements(authority: string): readonly Agreement[];
  /** When a state works and who of it is on duty, as its own part says. */
  clocks(authority: string): StateClocks | undefined;
  /** Whether an authority stands in a REC as a member; a REC is a member of itself. */
  membership(rec: string, authority: string, at: EpochMs): "member" | "suspended" | "none";
}

function keyOf(agency: string, action: string, scope: string): string {
  return `${agency} ${action} ${scope}`;
}

function indexMandates(mandates: readonly Mandate[]): RegisterView["mandates"] {
  const index = Map.groupBy(mandates, ({ agency, action, scope }) => keyOf(agency, action, scope));
  return (agency, action, scope) => index.get(keyOf(agency, action, scope)) ?? [];
}

/** An authority nominates agencies of its own; a line about another's is nobody's word. */
function findNominations(states: ReadonlyMap<string, StatePart>): readonly Mandate[] {
  return [...states].flatMap(([authority, { nominations }]) =>
    nominations.filter(({ agency }) => agency.startsWith(`${authority}/`)),
  );
}

function indexAuthorities({
  region,
  states,
  partEnds,
}: ProvenParts): ReadonlyMap<string, RegisteredAuthority> {
  return new Map(
    region.authorities.map(({ authority, roots }) => {
      const state = states.get(authority);
      const { intermediates = [], crls = [], release = [], givenAssurances = [] } = state ?? {};
      const expiresAt = partEnds?.get(authority);
      return [
        authority,
        { authority, roots, intermediates, crls, release, givenAssurances, expiresAt },
      ];
    }),
  );
}

function memberOf(region: RegionalPart): RegisterView["membership"] {
  const index = Map.groupBy(region.memberships, ({ rec, authority }) => `${rec} ${authority}`);
  return (rec, authority, at) => {
    if (rec === authority) return "member";
    const held = (index.get(`${rec} ${authority}`) ?? []).find((one) => isInForce(one, at));
    if (held === undefined) return "none";
    const { suspendedFrom: from, suspendedUntil: until } = held;
    return from !== undefined && isInForce({ from, until }, at) ? "suspended" : "member";
  };
}

/** Policies are long and most of their lines name other readers: each pair is sorted out when it is first asked for. */
function makeReleaseIndex(
  authorities: ReadonlyMap<string, RegisteredAuthority>,
): RegisterView["releaseTo"] {
  const sorted = new Map<string, readonly ReleaseRule[]>();
  return (originators, readers) => {
    const key = `${originators} ${readers}`;
    const known = sorted.get(key);
    if (known !== undefined) return known;
    const { release = [] } = authorities.get(originators) ?? {};
    const found = release.filter(
      ({ authorities: named }) => named.length === 0 || named.includes(readers),
    );
    sorted.set(key, found);
    return found;
  };
}

/** Every agency of every state, its certificates with their thumbprints. */
function listAgencies(states: ReadonlyMap<string, StatePart>): readonly RegisteredAgency[] {
  return [...states.values()].flatMap(({ authority, agencies: own }) =>
    own.map((agency) => ({
      ...agency,
      authority,
      certificates: agency.certificates.map((one) => ({
        ...one,
        thumbprint: sha256(one.certificate),
      })),
    })),
  );
}

/** Builds the view of a proved register, with its indices. */
export function makeView(proven: ProvenParts): RegisterView {
  const { epoch, expiresAt, digest, readAs = digest, numbers, region, states } = proven;
  const agencies = listAgencies(states);
  const byName = new Map(agencies.map((agency) => [agency.agency, agency]));
  const authorities = indexAuthorities(proven);
  const agreements = findAgreements(states);
  return Object.freeze({
    epoch,
    expiresAt,
    digest,
    key: `${epoch}:${bytesKey(readAs)}`,
    numbers,
    recs: region.recs.map(({ rec }) => rec),
    hubs: region.hubs,
    mailboxKeys: region.mailboxKeys,
    algorithms: region.algorithms,
    staleness: region.staleness,
    deadlines: region.clocks?.deadlines ?? [],
    relays: findRelays(region, states),
    agencies,
    agency: (agency: string) => byName.get(agency),
    authority: (authority: string) => authorities.get(authority),
    mandates: indexMandates(region.mandates),
    nominations: indexMandates(findNominations(states)),
    releaseTo: makeReleaseIndex(authorities),
    agreements: (authority: string) => agreements.get(authority) ?? [],
    clocks: (authority: string) => states.get(authority)?.clocks,
    membership: memberOf(region),
    ...readLogLines(region),
  });
}
