import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

import { replaceFile } from "../../schemas/disk/index.ts";
import type { AgencyCertificate } from "../../schemas/index.ts";
import {
  type Bytes,
  type Chance,
  type EpochMs,
  Fault,
  type FaultCode,
  isFault,
  renderHex,
  sameBytes,
  sha256,
  toFault,
  utf8,
} from "../../schemas/ground/index.ts";
import {
  type Certificate,
  parseCertificate,
  parsePem,
  parseRequest,
  type PublicKey,
  renderPem,
} from "../shape/index.ts";
import {
  isStatementProven,
  parseRenewalRequest,
  type RegisterView,
  renderRenewalAsked,
  renewalName,
  type RenewalRequest,
} from "../trust/index.ts";
import { issueLeaf } from "./issue.ts";
import type { Authority } from "./issuer.ts";
import type { Journal } from "./journal.ts";
import { findEndorsements } from "./renewal-endorsements.ts";

/** One look into a folder of requests, by an authority's office. */
export interface RenewalRound {
  readonly authority: Authority;
  /** With one that only tries, nothing is laid beside a request either. */
  readonly journal: Journal;
  /** In force now: by it the askers are known. */
  readonly register: RegisterView;
  /** Where gateways leave their requests and find their answers; nothing in it is believed. */
  readonly folder: string;
  readonly now: EpochMs;
  readonly chance: Chance;
  /**
   * SHA-256 of new keys (SubjectPublicKeyInfo), hexadecimal, that an officer compared with their agency by another way:
   * of these nobody's signature is asked. So an agency comes back whose certificates have all ended.
   */
  readonly vouched?: ReadonlySet<string>;
}

/** A line that is to stand in the authority's part of the register. */
export interface RenewedLine {
  readonly agency: string;
  readonly line: AgencyCertificate;
}

/** What a round came to. */
export interface RenewalOutcome {
  /** New lines; until they are published, the next round gives the same ones again. */
  readonly added: readonly RenewedLine[];
  readonly refused: readonly {
    readonly file: string;
    readonly code: FaultCode;
    readonly detail: string;
  }[];
}

const namePattern = /^((?:link|server|signing|sealing)-[0-9a-f]{16})\.request$/;
const dayMs = 86_400_000;
/** A round looks at no more; the others come with the next. */
const maxRequests = 64;
const maxFileBytes = 64 * 1024;
/** A request older than this is from before the last renewal. */
const maxAgeMs = 60 * dayMs;

function readBounded(file: string): Bytes {
  if (statSync(file).size > maxFileBytes) {
    throw new Fault("CSR_INVALID", `${file} has more than ${maxFileBytes} bytes`);
  }
  return readFileSync(file);
}

/** One request, read and not believed. */
interface Asked {
  readonly name: string;
  readonly asked: RenewalRequest;
  /** The new key. */
  readonly key: PublicKey;
}

function isVouched({ vouched }: RenewalRound, { key }: Asked): boolean {
  return vouched?.has(renderHex(sha256(key.spki))) === true;
}

/** The certificates of the asker's kind that the register names for it. */
function namedFor(
  { register }: RenewalRound,
  { agency, kind }: RenewalRequest,
): readonly Certificate[] {
  const named = register.agency(agency)?.certificates ?? [];
  return named
    .filter((one) => one.kind === kind)
    .map(({ certificate }) => parseCertificate(certificate));
}

/** Whoever holds a signing key for a moment is not to have certificates made for keys of his own without end. */
function checkDue(named: readonly Certificate[], { keyType }: PublicKey, now: EpochMs): void {
  const fresh = named.find(
    ({ notBefore, notAfter, ...one }) =>
      one.keyType === keyType && notAfter - now > (2 * (notAfter - notBefore)) / 5,
  );
  if (fresh === undefined) return;
  const days = Math.floor((fresh.notAfter - now) / dayMs);
  throw new Fault(
    "CSR_INVALID",
    `renewal is not due; the certificate there is good for ${days} days`,
  );
}

function checkAsker(round: RenewalRound, one: Asked): void {
  const { authority, register, now } = round;
  const { asked } = one;
  const { agency, at, signature } = asked;
  const known = register.agency(agency);
  if (known?.authority !== authority.authority) {
    throw new Fault("CSR_NAME_NOT_PERMITTED", "the agency that asks is not this authority's");
  }
  if (known.suspendedFrom !== undefined && known.suspendedFrom <= now) {
    throw new Fault("MANDATE_SUSPENDED", "the agency that asks is suspended");
  }
  if (isVouched(round, one)) return;
  if (at < now - maxAgeMs || at > now + dayMs) {
    throw new Fault("CSR_INVALID", "the request is over sixty days old, or from another time");
  }
  const bytes = renderRenewalAsked(asked);
  const statement = { typ: "atumpan-renewal", bytes, signature, signer: agency } as const;
  if (isStatementProven(register, statement, now)) return;
  throw new Fault("SIGNATURE_INVALID", "the request is not signed by the agency that asks");
}

/** A server's certificate is renewed for who has one: nobody becomes a hub by asking. */
function checkServed({ agency, kind }: RenewalRequest, named: readonly Certificate[]): void {
  if (kind !== "SERVER" || named.length > 0) return;
  throw new Fault(
    "CSR_NAME_NOT_PERMITTED",
    `the register names no server of ${agency}; the first certificate is made by an officer`,
  );
}

/** The certificate that an earlier round made for this key, when it is ours. */
function findIssued(
  { folder, journal }: RenewalRound,
  { name, key: { spki } }: Asked,
): Certificate | undefined {
  const file = join(folder, `${name}.certificate`);
  if (!existsSync(file)) return undefined;
  try {
    const [der] = parsePem("CERTIFICATE", Buffer.from(readBounded(file)).toString("utf8"));
    const leaf = der === undefined ? undefined : parseCertificate(der);
    if (leaf === undefined || !sameBytes(leaf.spki, spki)) return undefined;
    return journal.ledger.knows(renderHex(leaf.thumbprint)) ? leaf : undefined;
  } catch (error) {
    if (isFault(error)) return undefined;
    throw error;
  }
}

function saveIssued({ folder, authority }: RenewalRound, name: string, leaf: Certificate): void {
  const file = join(folder, `${name}.certificate`);
  try {
    const pem = renderPem("CERTIFICATE", leaf.der, authority.issuing.certificate.der);
    replaceFile(file, utf8(pem), { sync: "bytes" });
  } catch (error) {
    throw toFault(error, "STORE_WRITE_FAILED", `${file} could not be written`);
  }
}

async function issueFor(round: RenewalRound, one: Asked): Promise<Certificate> {
  const { authority, journal, now, chance } = round;
  const { name, asked, key } = one;
  checkAsker(round, one);
  const named = namedFor(round, asked);
  checkServed(asked, named);
  checkDue(named, key, now);
  const issued = findIssued(round, one);
  if (issued !== undefined) return issued;
  const { agency, kind, request } = asked;
  const leaf = await issueLeaf({ authority, journal, request, agency, kind, now, chance });
  if (!journal.isTried) saveIssued(round, name, leaf);
  return leaf;
}

function readAsked({ folder }: RenewalRound, name: string): Asked {
  const asked = parseRenewalRequest(readBounded(join(folder, `${name}.request`)));
  const key = parseRequest(asked.request);
  if (renewalName(asked.kind, key.spki) === name) return { name, asked, key };
  throw new Fault("CSR_INVALID", "the file's name is not that of the key it asks for");
}

/** What one request comes to: a line, or none when it is done or waits for the word of the key before. */
async function answer(round: RenewalRound, name: string): Promise<readonly RenewedLine[]> {
  const one = readAsked(round, name);
  const { agency, kind } = one.asked;
  if (namedFor(round, one.asked).some(({ spki }) => sameBytes(spki, one.key.spki))) return [];
  const { der: certificate, thumbprint } = await issueFor(round, one);
  if (kind !== "SEALING") return [{ agency, line: { kind, certificate, endorsements: [] } }];
  const line = { kind, certificate, thumbprint } as const;
  // where all keys before have ended, people at the other agencies confirm the new one
  const endorsements = isVouched(round, one) ? [] : findEndorsements(round, { agency, name, line });
  return endorsements === undefined ? [] : [{ agency, line: { kind, certificate, endorsements } }];
}

/**
 * Answers the requests in a folder: each is proved to be by the holder of its key and by the agency, whose signing
 * certificate the register names and which holds now; then its certificate is made and laid beside it. Making the
 * same again is not done twice, so a round may end anywhere and be repeated. A new sealing key waits for the word of
 * the one before.
 *
 * @throws {Fault} STORE_WRITE_FAILED, KEY_UNUSABLE, KEY_TOKEN_AWAY
 */
export async function tendRenewals(round: RenewalRound): Promise<RenewalOutcome> {
  const files = existsSync(round.folder) ? readdirSync(round.folder).toSorted() : [];
  const names = files.flatMap((file) => namePattern.exec(file)?.[1] ?? []).slice(0, maxRequests);
  const added: RenewedLine[] = [];
  const refused: RenewalOutcome["refused"][number][] = [];
  for (const name of names) {
    try {
      added.push(...(await answer(round, name)));
    } catch (error) {
      const { code, detail } = toFault(error, "CSR_INVALID");
      if (code === "STORE_WRITE_FAILED" || code.startsWith("KEY_")) throw error;
      refused.push({ file: `${name}.request`, code, detail });
    }
  }
  return { added, refused };
}
