import { refuse } from "./bytes.ts";
import {
  type CourtCertificate,
  type CourtList,
  extensionOf,
  isUnderstood,
  uriIn,
} from "./certificate.ts";
import { type Der, inside, pick, readOid } from "./der.ts";
import { isIssued } from "./signed.ts"; // prettier-ignore

/** What is asked of a signer's certificate. */
export interface CourtPath {
  readonly leaf: CourtCertificate;
  readonly others: readonly CourtCertificate[];
  readonly roots: readonly CourtCertificate[];
  readonly agency: string;
  /** When it was used: at the time of the log's entry. */
  readonly at: number;
}

const [usage, names, constraints, basic, purposes] = ["2.5.29.15", "2.5.29.17", "2.5.29.30", "2.5.29.19", "2.5.29.37"]; // prettier-ignore
const maxLength = 6;

async function findIssuer(one: CourtCertificate, all: readonly CourtCertificate[]): Promise<CourtCertificate | undefined> {
  for (const issuer of all) {
    if (issuer.subject === one.issuer && (await isIssued(issuer.spki, one))) return issuer;
  }
  return undefined;
} // prettier-ignore

/** The certificates from the leaf to a trusted root, each signed by the next. */
export async function findPath({ leaf, others, roots }: CourtPath): Promise<readonly CourtCertificate[]> {
  const path = [leaf];
  while (path.length < maxLength) {
    const last = path[path.length - 1] ?? leaf;
    const root = await findIssuer(last, roots);
    if (root !== undefined) return [...path, root];
    const next = await findIssuer(last, others.filter((one) => !path.includes(one)));
    path.push(next ?? refuse("CERT_PATH_INVALID"));
  }
  return refuse("CERT_PATH_INVALID");
} // prettier-ignore

function usageOf(one: CourtCertificate): number {
  const [bits] = extensionOf(one, usage ?? "");
  return bits?.content[1] ?? 0;
}

function isAuthority(one: CourtCertificate): boolean {
  const [value] = extensionOf(one, basic ?? "");
  const isCa = value !== undefined && inside(value)[0]?.content[0] === 0xff;
  // keyCertSign and cRLSign
  return isCa && (usageOf(one) & 0x06) === 0x06;
}

function depthOf(one: CourtCertificate): number {
  const [value] = extensionOf(one, basic ?? "");
  const length = value === undefined ? undefined : inside(value)[1];
  return length?.content[0] ?? Number.POSITIVE_INFINITY;
}

function urisOf(trees: readonly Der[]): readonly string[] {
  return trees.flatMap(inside).flatMap((tree) => uriIn(inside(tree)));
}

function isPermitted(host: string, one: CourtCertificate): boolean {
  const [value] = extensionOf(one, constraints ?? "");
  const permitted = value === undefined ? [] : inside(value).filter(({ tag }) => tag === 0xa0);
  const excluded = value === undefined ? [] : inside(value).filter(({ tag }) => tag === 0xa1);
  const fits = (text: string): boolean => (text.startsWith(".") ? host.endsWith(text) : host === text);
  return urisOf(permitted).some(fits) && !urisOf(excluded).some(fits);
} // prettier-ignore

function checkLeaf(leaf: CourtCertificate, agency: string): void {
  const [authority = "", name = ""] = agency.split("/");
  const [san] = extensionOf(leaf, names ?? "");
  const all = san === undefined ? [] : inside(san);
  const isNamed = all.length === 1 && uriIn(all)[0] === `spiffe://${authority}.atumpan/${name}`;
  if (!isNamed) refuse("CERT_NAME_NOT_PERMITTED");
  const [eku] = extensionOf(leaf, purposes ?? "");
  const isForDocuments = eku !== undefined && readOid(pick(inside(eku), 0)) === "1.3.6.1.5.5.7.3.36";
  if (!isForDocuments || usageOf(leaf) !== 0x80) refuse("CERT_USAGE_NOT_PERMITTED");
} // prettier-ignore

/** Judges a path that was found, but for revocations: times, names, usage, CAs. */
export function checkPath(path: readonly CourtCertificate[], { leaf, agency, at }: CourtPath): void {
  for (const { from, until } of path) {
    if (at < from) refuse("CERT_NOT_YET_VALID");
    if (at > until) refuse("CERT_EXPIRED");
  }
  path.slice(1).forEach((issuer, depth) => {
    if (!isAuthority(issuer) || depth > depthOf(issuer)) refuse("CERT_PATH_INVALID");
  });
  checkLeaf(leaf, agency);
  const host = `${agency.split("/")[0] ?? ""}.atumpan`;
  if (!path.slice(1).every((issuer) => isPermitted(host, issuer))) refuse("CERT_NAME_NOT_PERMITTED");
  if (!path.every(isUnderstood)) refuse("CERT_PATH_INVALID");
} // prettier-ignore

/** Whether no list says that a certificate of the path was revoked by then; false: no fresh list is at hand. */
export async function checkLists(path: readonly CourtCertificate[], lists: readonly CourtList[], at: number): Promise<boolean> {
  const judged = Math.max(at, ...lists.map(({ from }) => from));
  for (const [i, one] of path.slice(0, -1).entries()) {
    const issuer = path[i + 1] ?? one;
    const own: CourtList[] = [];
    for (const list of lists) {
      if (list.issuer === issuer.subject && !list.hasUnknown && (await isIssued(issuer.spki, list))) own.push(list);
    }
    if (own.some(({ revoked }) => (revoked.get(one.serial) ?? Number.POSITIVE_INFINITY) <= at)) refuse("CERT_REVOKED");
    if (!own.some(({ from, until }) => from <= judged && until >= judged)) return false;
  }
  return true;
} // prettier-ignore
