import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";

import {
  type Authority,
  issueCrl,
  issueLeaf,
  type Journal,
  loadAuthority,
  makeAuthority,
  makeRequest,
  saveAuthority,
  type RenewalOutcome,
  type RenewalRound,
  startJournal,
  tendRenewals as tendRequests,
} from "../../certs/authority/index.ts";
import { loadSigningKey, makeKeyPair, saveKey, type SigningKey } from "../../certs/keys/index.ts";
import type { Certificate, LeafKind } from "../../certs/shape/index.ts";
import type { Bytes, Chance, EpochMs } from "../../schemas/ground/index.ts";
import type { KeyObject } from "node:crypto";

/** One authority's office: its CAs, its journal, and the key that signs its part of the register. */
export interface Office {
  readonly authority: Authority;
  readonly journal: Journal;
  readonly registerKey: SigningKey;
}

/** A key and the certificate that vouches for it. */
export interface Credential {
  readonly kind: LeafKind;
  readonly key: KeyObject;
  readonly certificate: Certificate;
  /** The CA between the leaf and its root. */
  readonly issuing: Certificate;
}

/** Opens the office in a folder, and makes its CAs and keys first when there are none. */
export async function openOffice(
  folder: string,
  name: string,
  { now, chance }: { now: EpochMs; chance: Chance },
): Promise<Office> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const registerKey = join(folder, "register.key");
  if (!existsSync(registerKey)) {
    saveAuthority(folder, await makeAuthority({ authority: name, now, chance }));
    saveKey(registerKey, makeKeyPair("P-256"));
  }
  return {
    authority: loadAuthority(folder),
    journal: startJournal(join(folder, "journal.jsonl")),
    registerKey: loadSigningKey(registerKey),
  };
}

/** Makes new keys for an agency and has the office certify each, by request and proof of possession. */
export async function enrolAgency(
  office: Office,
  order: { readonly agency: string; readonly kinds: readonly LeafKind[]; readonly days?: number },
  { now, chance }: { now: EpochMs; chance: Chance },
): Promise<readonly Credential[]> {
  const { agency, kinds, days } = order;
  const { authority, journal } = office;
  const credentials: Credential[] = [];
  for (const kind of kinds) {
    const key = makeKeyPair("P-256");
    const request = await makeRequest(agency, key);
    const leaf = { authority, journal, request, agency, kind, now, chance };
    const certificate = await issueLeaf({ ...leaf, ...(days === undefined ? {} : { days }) });
    credentials.push({ kind, key, certificate, issuing: authority.issuing.certificate });
  }
  return credentials;
}

/** The revocation lists of both of an office's CAs, made anew. */
export async function issueLists(office: Office, now: EpochMs): Promise<readonly Bytes[]> {
  const { authority, journal } = office;
  const root = await issueCrl({ authority, journal, issuer: "ROOT", now });
  const issuing = await issueCrl({ authority, journal, issuer: "ISSUING", now });
  return [root.der, issuing.der];
}

/**
 * Answers the requests for renewal that lie in a folder.
 *
 * @throws {Fault} as `tendRenewals` of the authority's tools
 */
export async function tendRenewals(
  { authority, journal }: Office,
  folder: string,
  ground: Pick<RenewalRound, "register" | "now" | "chance" | "vouched">,
): Promise<RenewalOutcome> {
  return await tendRequests({ authority, journal, folder, ...ground });
}
