import { fromBase64, type Octets, octets, refuse } from "./bytes.ts";
import type { CourtCase, CourtMessage } from "./case.ts";
import { type CourtCertificate, type CourtList, readCertificate } from "./certificate.ts";
import { hash, isSame, join, seal, toHex } from "./join.ts";
import { checkLists, checkPath, type CourtPath, findPath } from "./path.ts";
import { isIssued, isSigned } from "./signed.ts";
import { fourOctets, wordsOf } from "./text.ts";
import { type CourtVerdict, ofCourtMessage, unknown, yes } from "./verdict.ts";
import { type Fields, numberOf, pieceOf, piecesOf, readFields } from "./wire.ts"; // prettier-ignore

/** A check of one question. */
export type CourtCheck = (one: CourtCase) => Promise<CourtVerdict>;

function idOf(text: string): string {
  return text.replaceAll("-", "");
}

const message: CourtCheck = (one) =>
  ofCourtMessage(one, async ({ envelope, envelopeBytes }) => {
    const { id, digest, salt } = one.file;
    const isOwn = toHex(pieceOf(envelope, 2) ?? new Uint8Array()) === idOf(id);
    const made = (await seal("atumpan-log-salt", envelopeBytes)).slice(0, 16);
    if (isOwn && isSame(await hash(envelopeBytes), digest) && isSame(made, salt)) return yes();
    return refuse("SUBJECT_MISMATCH");
  });

interface Signature {
  readonly algorithm: string;
  readonly header: string;
  readonly value: Octets;
  readonly thumbprint: string;
}

function textIn(value: object, name: string): string {
  const found: unknown = Object.entries(value).find(([key]) => key === name)?.[1];
  return typeof found === "string" ? found : refuse("SIGNATURE_MALFORMED");
}

function readSignature(text: string, originator: string): Signature {
  const [header = "", middle, value = ""] = text.split(".");
  if (middle !== "") refuse("SIGNATURE_MALFORMED");
  const parsed: unknown = JSON.parse(wordsOf(fromBase64(header, true)));
  if (typeof parsed !== "object" || parsed === null) return refuse("SIGNATURE_MALFORMED");
  if (textIn(parsed, "typ") !== "atumpan-envelope") refuse("SIGNATURE_MALFORMED");
  if (textIn(parsed, "kid") !== originator) refuse("ORIGIN_MISMATCH");
  const thumbprint = toHex(fromBase64(textIn(parsed, "x5t#S256"), true));
  return { algorithm: textIn(parsed, "alg"), header, value: fromBase64(value, true), thumbprint };
}

function signaturesOf({ signatures, originator }: CourtMessage): readonly Signature[] {
  if (signatures.length === 0) refuse("ENVELOPE_SIGNATURE_MISSING");
  if (signatures.length > 4) refuse("ENVELOPE_INVALID");
  return signatures.map((text) => readSignature(text, originator));
}

const certified = ["ES256", "EdDSA"];

async function leafOf(one: CourtCase, { thumbprint }: Signature): Promise<CourtCertificate> {
  for (const certificate of one.certificates()) {
    if (toHex(await hash(certificate.der)) === thumbprint) return certificate;
  }
  return refuse("CERT_UNKNOWN");
}

const signature: CourtCheck = (one) =>
  ofCourtMessage(one, async (read) => {
    let isAsked = true;
    for (const found of signaturesOf(read)) {
      // a key of another kind stands in the register alone
      if (!certified.includes(found.algorithm)) isAsked = false;
      else {
        const { spki } = await leafOf(one, found);
        const bytes = join(octets(`${found.header}.`), read.envelopeBytes);
        const how = found.algorithm === "ES256" ? "SHA-256" : "";
        const isGood = await isSigned(spki, { bytes, signature: found.value, hash: how });
        if (!isGood) refuse("ENVELOPE_SIGNATURE_INVALID");
      }
    }
    return isAsked ? yes() : unknown("NEEDS_REGISTER");
  });

/** The question about each signer's path; undefined: nothing is trusted. */
async function pathsOf(one: CourtCase, read: CourtMessage): Promise<readonly CourtPath[] | undefined> {
  const signed = signaturesOf(read).filter(({ algorithm }) => certified.includes(algorithm));
  const leaves: CourtCertificate[] = [];
  for (const found of signed) leaves.push(await leafOf(one, found));
  if (one.trust === undefined) return undefined;
  const { originator: agency } = read;
  const roots = (one.trust.roots.get(agency.split("/")[0] ?? "") ?? []).map(readCertificate);
  if (roots.length === 0) refuse("AGENCY_UNKNOWN");
  return leaves.map((leaf) => ({ leaf, others: one.certificates(), roots, agency, at: one.leafTime() }));
} // prettier-ignore

const certificate: CourtCheck = (one) =>
  ofCourtMessage(one, async (read) => {
    const paths = await pathsOf(one, read);
    if (paths === undefined) return unknown("NEEDS_ROOTS");
    const used: string[] = [];
    for (const path of paths) {
      const found = await findPath(path);
      checkPath(found, path);
      used.push(...found.map(({ der }) => toHex(der)));
    }
    if (one.certificates().every(({ der }) => used.includes(toHex(der)))) return yes("AS_OF_ENTRY");
    return refuse("CERT_PATH_INVALID");
  });

async function checkIssued(lists: readonly CourtList[], issuers: readonly CourtCertificate[]): Promise<void> {
  for (const list of lists) {
    const [issuer] = issuers.filter(({ subject }) => subject === list.issuer);
    if (issuer === undefined || !(await isIssued(issuer.spki, list))) refuse("CERT_STATUS_UNKNOWN");
  }
} // prettier-ignore

const revocation: CourtCheck = (one) =>
  ofCourtMessage(one, async (read) => {
    const paths = await pathsOf(one, read);
    if (paths === undefined) return unknown("NEEDS_ROOTS");
    const lists = one.lists();
    for (const path of paths) {
      const found = await findPath(path).catch(() => undefined);
      await checkIssued(lists, [...one.certificates(), ...path.roots]);
      if (found === undefined) return unknown("NO_PATH");
      if (!(await checkLists(found, lists, path.at))) return unknown("NO_LIST");
    }
    return yes("AS_OF_ENTRY");
  });

interface Parts {
  readonly root: Octets;
  readonly withheld: readonly number[];
}

async function treeOf(leaves: readonly Octets[]): Promise<Octets> {
  const [first] = leaves;
  if (leaves.length === 1 && first !== undefined) return first;
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  const [left, right] = [await treeOf(leaves.slice(0, split)), await treeOf(leaves.slice(split))];
  return await hash(Uint8Array.of(1), left, right);
}

function isPart(part: Fields, isHeld: boolean): boolean {
  const [value, salt, held] = [pieceOf(part, 2), pieceOf(part, 3), pieceOf(part, 4)];
  if (isHeld) return value === undefined && salt === undefined && held?.length === 32;
  return value !== undefined && salt?.length === 16;
}

function contentOf(part: Fields): Octets | Promise<Octets> {
  const empty = new Uint8Array();
  return pieceOf(part, 4) ?? hash(pieceOf(part, 3) ?? empty, pieceOf(part, 2) ?? empty);
}

async function partsOf(open: Octets): Promise<Parts> {
  const leaves: Octets[] = [];
  const withheld: number[] = [];
  let before = -1;
  for (const piece of piecesOf(readFields(open), 1)) {
    const part = readFields(piece);
    const number = numberOf(part, 1);
    const isHeld = part.has(4);
    if (!isPart(part, isHeld) || number <= before) refuse("BODY_PARTS_INVALID");
    before = number;
    if (isHeld) withheld.push(number);
    leaves.push(await hash(Uint8Array.of(0), fourOctets(number), await contentOf(part)));
  }
  if (leaves.length === 0 || leaves.length > 256) refuse("BODY_PARTS_INVALID");
  return { root: await treeOf(leaves), withheld };
}

async function openParts({ envelope, open }: CourtMessage): Promise<Parts> {
  const parts = await partsOf(open ?? new Uint8Array());
  if (isSame(parts.root, pieceOf(envelope, 23) ?? new Uint8Array())) return parts;
  return refuse("BODY_ROOT_MISMATCH");
}

const body: CourtCheck = (one) =>
  ofCourtMessage(one, async (read) => {
    const { open, sealed, envelope } = read;
    if (open !== undefined && sealed !== undefined) refuse("BODY_PARTS_INVALID");
    if (open !== undefined) {
      await openParts(read);
      return yes();
    }
    if (sealed === undefined) return unknown("BODY_ABSENT");
    if (isSame(await hash(sealed), pieceOf(envelope, 24) ?? new Uint8Array()))
      return yes("BODY_SEALED");
    return refuse("BODY_DIGEST_MISMATCH");
  });

const withheld: CourtCheck = (one) =>
  ofCourtMessage(one, async (read) => {
    if (read.open === undefined) return unknown(read.sealed === undefined ? "BODY_ABSENT" : "BODY_SEALED");
    const found = await openParts(read);
    return found.withheld.length === 0 ? yes() : unknown("PARTS_WITHHELD", found.withheld.join(", "));
  }); // prettier-ignore

/** The checks of the message and its signer. */
export const messageCourt: Readonly<Record<string, CourtCheck>> = {
  message, signature, certificate, revocation, body, withheld,
}; // prettier-ignore
