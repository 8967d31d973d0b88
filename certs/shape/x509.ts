// The library's classes are made by decorators that need this first.
import "reflect-metadata";
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsageExtension,
  type Extension,
  ExtensionFactory,
  KeyUsagesExtension,
  Name,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
} from "@peculiar/x509";

import { type Bytes, Fault } from "../../schemas/ground/index.ts";
import type { Certificate, KeyUsage } from "./certificate.ts";
import { type Der, parseDer } from "./der.ts";
import { findNameConstraints, keyUsageBits } from "./extensions.ts";
import { oids, processedExtensions } from "./oids.ts";

/** The extensions of a certificate, a request, a CRL or one of its entries, read into fields. */
export interface ExtensionFields extends Pick<
  Certificate,
  | "isCa"
  | "pathLength"
  | "keyUsage"
  | "extendedKeyUsage"
  | "uris"
  | "otherNames"
  | "nameConstraints"
  | "authorityKeyId"
  | "subjectKeyId"
  | "critical"
> {
  /** What each extension holds, DER, by identifier. */
  readonly values: ReadonlyMap<string, Bytes>;
}

function malformed(detail: string): Fault {
  return new Fault("CERT_MALFORMED", detail);
}

/** Holds that an extension is an identifier, perhaps a flag, and octets; the library passes over more. */
function checkExtension({ tag, children }: Der): void {
  const tags = children.map((child) => child.tag).join();
  if (tag !== 0x30 || !(tags === "6,4" || tags === "6,1,4")) {
    throw malformed("an extension is not an identifier and a value");
  }
}

/** Extensions by identifier: each once, and none that spells out the default of `critical`. */
function readList(list: Der): ReadonlyMap<string, Extension> {
  const found = new Map<string, Extension>();
  for (const item of list.children) {
    checkExtension(item);
    const flag = item.children[1];
    if (flag?.tag === 0x01 && flag.content[0] === 0) throw malformed("a default is spelt out");
    const extension = ExtensionFactory.create(Buffer.from(item.bytes));
    if (found.has(extension.type)) throw malformed("an extension stands twice");
    if (processedExtensions.has(extension.type)) parseDer(Buffer.from(extension.value));
    found.set(extension.type, extension);
  }
  if (list.tag !== 0x30 || found.size === 0)
    throw malformed("the extensions are not a filled list");
  return found;
}

function readKeyUsage(extension: Extension | undefined): ReadonlySet<KeyUsage> {
  if (extension === undefined) return new Set();
  if (!(extension instanceof KeyUsagesExtension)) throw malformed("key usage is not of its type");
  const { content } = parseDer(Buffer.from(extension.value));
  // A named bit list ends with a one, X.690 §11.2.2; so an empty list is refused here as well.
  const last = 7 - (content[0] ?? 0);
  if (((content.at(-1) ?? 0) & (0x80 >> last)) === 0 || content.length < 2) {
    throw malformed("key usage is empty or padded");
  }
  const usages: number = extension.usages;
  return new Set(keyUsageBits.filter((_, bit) => (usages & (1 << bit)) !== 0));
}

interface Constraints {
  readonly isCa: boolean;
  readonly pathLength?: number | undefined;
}

function readBasicConstraints(extension: Extension | undefined): Constraints {
  if (extension === undefined) return { isCa: false };
  if (!(extension instanceof BasicConstraintsExtension)) throw malformed("basic constraints");
  const { ca: isCa, pathLength } = extension;
  const spelt = parseDer(Buffer.from(extension.value)).children;
  const expected = Number(isCa) + Number(pathLength !== undefined);
  if (spelt.length !== expected || (pathLength !== undefined && (!isCa || pathLength < 0))) {
    throw malformed("basic constraints contradict themselves");
  }
  return { isCa, pathLength };
}

function readAltNames(extension: Extension | undefined): Pick<Certificate, "uris" | "otherNames"> {
  if (extension === undefined) return { uris: [], otherNames: 0 };
  if (!(extension instanceof SubjectAlternativeNameExtension)) throw malformed("alternative names");
  const { items } = extension.names;
  if (items.length === 0) throw malformed("alternative names are empty");
  const uris = items.filter(({ type }) => type === "url").map(({ value }) => value);
  return { uris, otherNames: items.length - uris.length };
}

function readPurposes(extension: Extension | undefined): readonly string[] {
  if (extension === undefined) return [];
  if (!(extension instanceof ExtendedKeyUsageExtension)) throw malformed("extended key usage");
  if (extension.usages.length === 0) throw malformed("extended key usage is empty");
  return Array.from(extension.usages, String);
}

function readKeyIds(
  extensions: ReadonlyMap<string, Extension>,
): Pick<Certificate, "authorityKeyId" | "subjectKeyId"> {
  const authority = extensions.get(oids.authorityKeyId);
  const subject = extensions.get(oids.subjectKeyId);
  return {
    authorityKeyId:
      authority instanceof AuthorityKeyIdentifierExtension ? authority.keyId : undefined,
    subjectKeyId: subject instanceof SubjectKeyIdentifierExtension ? subject.keyId : undefined,
  };
}

function readNameConstraints(extension: Extension | undefined): Certificate["nameConstraints"] {
  if (extension === undefined) return undefined;
  const constraints = findNameConstraints(parseDer(Buffer.from(extension.value)));
  if (constraints === undefined) throw malformed("name constraints are not of their shape");
  return constraints;
}

/**
 * Reads a list of extensions: each once, none that spells out a default, those we act on in their one
 * spelling. The library may throw anything over what a peer sent; `readDocument` makes it one code.
 *
 * @throws {Fault} CERT_MALFORMED
 */
export function readExtensions(list: Der): ExtensionFields {
  const found = readList(list);
  return {
    ...readBasicConstraints(found.get(oids.basicConstraints)),
    ...readAltNames(found.get(oids.subjectAltName)),
    ...readKeyIds(found),
    keyUsage: readKeyUsage(found.get(oids.keyUsage)),
    extendedKeyUsage: readPurposes(found.get(oids.extendedKeyUsage)),
    nameConstraints: readNameConstraints(found.get(oids.nameConstraints)),
    critical: new Set([...found.values()].filter((e) => e.critical).map(({ type }) => type)),
    values: new Map([...found].map(([oid, { value }]) => [oid, Buffer.from(value)])),
  };
}

/** UTF8String, PrintableString and IA5String: the texts a name may be of. */
const nameTexts = new Set([0x0c, 0x13, 0x16]);

function isAttribute({ tag, children: [type, value, ...more] }: Der): boolean {
  if (tag !== 0x30 || value === undefined || more.length > 0) return false;
  return type?.tag === 0x06 && nameTexts.has(value.tag);
}

/** RFC 5280 §4.1.2.4: sets of attributes, each one type and one text. The library reads on past others. */
function checkName({ tag, children }: Der): void {
  const isWhole = children.every(
    (part) => part.tag === 0x31 && part.children.length > 0 && part.children.every(isAttribute),
  );
  if (tag !== 0x30 || !isWhole) throw malformed("a name is not of types and texts");
}

/**
 * A distinguished name as people read it. Never compared: paths are built from the encoded names.
 *
 * @throws {Fault} CERT_MALFORMED
 */
export function renderName(name: Der): string {
  checkName(name);
  return new Name(Buffer.from(name.bytes)).toString();
}
