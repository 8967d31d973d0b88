import type {
  AgencyCertificate,
  AlgorithmRule,
  Hub,
  MailboxKey,
  Mandate,
  RegionalPart,
  ReleaseRule,
} from "../../schemas/index.ts";
import { bytesKey, type Bytes, type EpochMs, sha256 } from "../../schemas/ground/index.ts";
import { isInForce } from "./period.ts";
import type { ProvenParts } from "./register-parts.ts";

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
}

/** A state, or a REC or the AU for its own bodies, as the register knows it. */
export interface RegisteredAuthority {
  readonly authority: string;
  readonly roots: readonly Bytes[];
  readonly intermediates: readonly Bytes[];
  readonly crls: readonly Bytes[];
  readonly release: readonly ReleaseRule[];
}

/** A verified register of one epoch, with what is asked of it most at hand. Never changes. */
export interface RegisterView {
  readonly epoch: number;
  readonly expiresAt: EpochMs;
  /** SHA-256 of the snapshot: two views of one epoch are the same exactly when these are. */
  readonly digest: Bytes;
  /** A key under which proofs made with this register may be kept. */
  readonly key: string;
  /** Number of each part, by name. */
  readonly numbers: ReadonlyMap<string, number>;
  readonly recs: readonly string[];
  readonly hubs: readonly Hub[];
  readonly mailboxKeys: readonly MailboxKey[];
  readonly algorithms: readonly AlgorithmRule[];
  readonly agencies: readonly RegisteredAgency[];
  agency(agency: string): RegisteredAgency | undefined;
  authority(authority: string): RegisteredAuthority | undefined;
  mandates(agency: string, action: "PUBLISH" | "READ", scope: string): readonly Mandate[];
  /** Whether an authority stands in a REC as a member; a REC is a member of itself. */
  membership(rec: string, authority: string, at: EpochMs): "member" | "suspended" | "none";
}

function indexMandates(mandates: readonly Mandate[]): ReadonlyMap<string, readonly Mandate[]> {
  const index = new Map<string, Mandate[]>();
  for (const mandate of mandates) {
    const key = `${mandate.agency} ${mandate.action} ${mandate.scope}`;
    const held = index.get(key);
    if (held === undefined) index.set(key, [mandate]);
    else held.push(mandate);
  }
  return index;
}

function indexAuthorities({
  region,
  states,
}: ProvenParts): ReadonlyMap<string, RegisteredAuthority> {
  return new Map(
    region.authorities.map(({ authority, roots }) => {
      const state = states.get(authority);
      const { intermediates = [], crls = [], release = [] } = state ?? {};
      return [authority, { authority, roots, intermediates, crls, release }];
    }),
  );
}

function memberOf(region: RegionalPart): RegisterView["membership"] {
  const index = new Map(region.memberships.map((one) => [`${one.rec} ${one.authority}`, [one]]));
  for (const one of region.memberships) {
    const all = index.get(`${one.rec} ${one.authority}`) ?? [];
    if (!all.includes(one)) all.push(one);
  }
  return (rec, authority, at) => {
    if (rec === authority) return "member";
    const held = (index.get(`${rec} ${authority}`) ?? []).find((one) => isInForce(one, at));
    if (held === undefined) return "none";
    const { suspendedFrom: from, suspendedUntil: until } = held;
    return from !== undefined && isInForce({ from, until }, at) ? "suspended" : "member";
  };
}

/** Builds the view of a proved register, with its indices. */
export function makeView(proven: ProvenParts): RegisterView {
  const { epoch, expiresAt, digest, numbers, region, states } = proven;
  const agencies = [...states.values()].flatMap(({ authority, agencies: own }) =>
    own.map((agency) => ({
      ...agency,
      authority,
      certificates: agency.certificates.map((one) => ({
        ...one,
        thumbprint: sha256(one.certificate),
      })),
    })),
  );
  const byName = new Map(agencies.map((agency) => [agency.agency, agency]));
  const authorities = indexAuthorities(proven);
  const mandates = indexMandates(region.mandates);
  return Object.freeze({
    epoch,
    expiresAt,
    digest,
    key: `${epoch}:${bytesKey(digest)}`,
    numbers,
    recs: region.recs.map(({ rec }) => rec),
    hubs: region.hubs,
    mailboxKeys: region.mailboxKeys,
    algorithms: region.algorithms,
    agencies,
    agency: (agency: string) => byName.get(agency),
    authority: (authority: string) => authorities.get(authority),
    mandates: (agency: string, action: string, scope: string) =>
      mandates.get(`${agency} ${action} ${scope}`) ?? [],
    membership: memberOf(region),
  });
}
