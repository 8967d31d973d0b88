import { type Bytes, parseUtf8, utf8 } from "../../schemas/ground/index.ts";
import type { KeyUsage, NameConstraints } from "./certificate.ts";
import { type Der, renderDer, renderOid } from "./der.ts";
import { oids } from "./oids.ts";

/** One extension of a certificate, CRL or request, as it is to be written. */
export interface ExtensionValue {
  readonly oid: string;
  readonly critical: boolean;
  /** What the OCTET STRING holds, DER. */
  readonly value: Bytes;
}

/** Key usages in the order of their bits, RFC 5280 §4.2.1.3. */
export const keyUsageBits: readonly KeyUsage[] = [
  "digitalSignature",
  "nonRepudiation",
  "keyEncipherment",
  "dataEncipherment",
  "keyAgreement",
  "keyCertSign",
  "cRLSign",
  "encipherOnly",
  "decipherOnly",
];

function keyUsageValue(usages: readonly KeyUsage[]): Bytes {
  const bits = usages.map((usage) => keyUsageBits.indexOf(usage));
  const last = Math.max(...bits);
  const octets = Buffer.alloc((last >> 3) + 1);
  for (const bit of bits) octets[bit >> 3] = (octets[bit >> 3] ?? 0) | (0x80 >> (bit & 7));
  return renderDer(0x03, Buffer.from([7 - (last & 7)]), octets);
}

function subtree(tag: number, base: Bytes): Bytes {
  return renderDer(0x30, renderDer(tag, base));
}

function constraintsValue(trustDomain: string): Bytes {
  const permitted = renderDer(0xa0, subtree(0x86, utf8(trustDomain)));
  // An empty DNS or mail name covers all of them; an address with an empty mask does, for each family.
  const excluded = renderDer(
    0xa1,
    subtree(0x82, utf8("")),
    subtree(0x87, Buffer.alloc(8)),
    subtree(0x87, Buffer.alloc(32)),
    subtree(0x81, utf8("")),
  );
  return renderDer(0x30, permitted, excluded);
}

function basicConstraintsValue(pathLength: number): Bytes {
  const yes = renderDer(0x01, Buffer.from([0xff]));
  return renderDer(0x30, yes, renderDer(0x02, Buffer.from([pathLength])));
}

/** The extensions we write, each made from plain values. */
export const renderExtension = {
  keyUsage: (usages: readonly KeyUsage[]): ExtensionValue => ({
    oid: oids.keyUsage,
    critical: true,
    value: keyUsageValue(usages),
  }),
  extendedKeyUsage: (purposes: readonly string[]): ExtensionValue => ({
    oid: oids.extendedKeyUsage,
    critical: false,
    value: renderDer(0x30, ...purposes.map(renderOid)),
  }),
  /** A CA that may have at most `pathLength` (0 to 127) CAs beneath it. */
  basicConstraints: (pathLength: number): ExtensionValue => ({
    oid: oids.basicConstraints,
    critical: true,
    value: basicConstraintsValue(pathLength),
  }),
  /** URIs of `trustDomain` and nothing else; no DNS name, address or mail name at all. */
  nameConstraints: (trustDomain: string): ExtensionValue => ({
    oid: oids.nameConstraints,
    critical: true,
    value: constraintsValue(trustDomain),
  }),
  subjectAltName: (uri: string): ExtensionValue => ({
    oid: oids.subjectAltName,
    critical: false,
    value: renderDer(0x30, renderDer(0x86, utf8(uri))),
  }),
  subjectKeyId: (id: Bytes): ExtensionValue => ({
    oid: oids.subjectKeyId,
    critical: false,
    value: renderDer(0x04, id),
  }),
  authorityKeyId: (id: Bytes): ExtensionValue => ({
    oid: oids.authorityKeyId,
    critical: false,
    value: renderDer(0x30, renderDer(0x80, id)),
  }),
  /** At most 127 bits, so that the number needs no padding octet from us. */
  crlNumber: (number: number): ExtensionValue => ({
    oid: oids.crlNumber,
    critical: false,
    value: renderDer(0x02, minimalInteger(number)),
  }),
} as const;

function minimalInteger(value: number): Bytes {
  const hex = value.toString(16);
  const octets = Buffer.from(hex.padStart(hex.length + (hex.length % 2), "0"), "hex");
  return (octets[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), octets]) : octets;
}

const forms: Readonly<Record<number, "dns" | "ip" | "email">> = {
  0x81: "email",
  0x82: "dns",
  0x87: "ip",
};

/** Every form a name may have, RFC 5280 §4.2.1.6. */
const nameTags = new Set([0xa0, 0x81, 0x82, 0xa3, 0xa4, 0xa5, 0x86, 0x87, 0x88]);

/**
 * Each base of a list of subtrees; undefined when one is of no form there is, or has a minimum or maximum,
 * which RFC 5280 forbids.
 */
function basesOf(list: Der | undefined): readonly Der[] | undefined {
  if (list === undefined) return [];
  const bases = list.children.map(({ tag, children }) =>
    tag === 0x30 && children.length === 1 ? children[0] : undefined,
  );
  if (bases.some((base) => base !== undefined && !nameTags.has(base.tag))) return undefined;
  return bases.length > 0 && bases.every((base) => base !== undefined) ? bases : undefined;
}

function urisOf(bases: readonly Der[]): readonly string[] {
  return bases.filter(({ tag }) => tag === 0x86).map(({ content }) => parseUtf8(content));
}

/** Reads name constraints; undefined when they are not of the shape RFC 5280 §4.2.1.10 gives them. */
export function findNameConstraints(value: Der): NameConstraints | undefined {
  const known = value.children.every(({ tag }) => tag === 0xa0 || tag === 0xa1);
  const permitted = basesOf(value.children.find(({ tag }) => tag === 0xa0));
  const excluded = basesOf(value.children.find(({ tag }) => tag === 0xa1));
  const [first, second, ...more] = value.children;
  const ordered = first !== undefined && (second === undefined || first.tag < second.tag);
  if (value.tag !== 0x30 || !known || !ordered || more.length > 0) return undefined;
  if (permitted === undefined || excluded === undefined) return undefined;
  return {
    permittedUris: urisOf(permitted),
    excludedUris: urisOf(excluded),
    excludedForms: excluded
      .filter(({ tag }) => tag !== 0x86)
      .map(({ tag }) => forms[tag] ?? "other"),
    hasDirectoryNames: [...permitted, ...excluded].some(({ tag }) => tag === 0xa4),
  };
}
