import { type Bytes, Fault, renderHex } from "../../schemas/ground/index.ts";
import type { Certificate, KeyUsage } from "./certificate.ts";
import { type Der, parseDer } from "./der.ts";
import { renderDotted } from "./dotted.ts";
import { findNameConstraints, keyUsageBits } from "./extensions.ts";
import { certLimits } from "./limits.ts";
import { generalExtensions, oids } from "./oids.ts";

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

interface Extension {
  readonly critical: boolean;
  readonly value: Bytes;
}

type Extensions = ReadonlyMap<string, Extension>;

function malformed(detail: string): Fault {
  return new Fault("CERT_MALFORMED", detail);
}

/** An extension is an identifier, perhaps a flag, and octets; nothing spells out the default of the flag. */
function readExtension({ tag, children }: Der): readonly [string, Extension] {
  const [type, second] = children;
  const value = children.at(-1);
  const tags = children.map((child) => child.tag).join();
  if (tag !== 0x30 || !(tags === "6,4" || tags === "6,1,4")) {
    throw malformed("an extension is not an identifier and a value");
  }
  if (type === undefined || value === undefined) throw malformed("an extension is cut");
  if (second?.tag === 0x01 && second.content[0] === 0) throw malformed("a default is spelt out");
  return [renderDotted(type), { critical: second?.tag === 0x01, value: value.content }];
}

function readList(list: Der): Extensions {
  const found = new Map(list.children.map(readExtension));
  if (found.size !== list.children.length) throw malformed("an extension stands twice");
  if (list.tag !== 0x30 || found.size === 0)
    throw malformed("the extensions are not a filled list");
  return found;
}

type Value = (oid: string) => Der | undefined;

function readKeyUsage(value: Der | undefined): ReadonlySet<KeyUsage> {
  if (value === undefined) return new Set();
  const { tag, content } = value;
  // A named bit list ends with a one, X.690 §11.2.2; so an empty list is refused here as well.
  const last = 7 - (content[0] ?? 0);
  const isFilled = tag === 0x03 && content.length > 1 && content.length < 4;
  if (!isFilled || ((content.at(-1) ?? 0) & (0x80 >> last)) === 0) {
    throw malformed("key usage is empty, padded or not of its type");
  }
  const bit = (at: number): number => (content[1 + (at >> 3)] ?? 0) & (0x80 >> (at & 7));
  return new Set(keyUsageBits.filter((_, at) => bit(at) !== 0));
}

/** A count of CAs; one of more than two octets is as good as none. Undefined when it is not a count. */
function findCount({ tag, content }: Der): number | undefined {
  if (tag !== 0x02 || (content[0] ?? 0x80) >= 0x80) return undefined;
  return content.length > 2 ? 65_536 : parseInt(renderHex(content), 16);
}

function readBasicConstraints(
  value: Der | undefined,
): Pick<ExtensionFields, "isCa" | "pathLength"> {
  if (value === undefined) return { isCa: false };
  const [flag, length, ...more] = value.children;
  const isCa = flag?.tag === 0x01 && flag.content[0] === 0xff;
  const pathLength = length === undefined ? undefined : findCount(length);
  const isWhole = value.tag === 0x30 && more.length === 0 && (flag === undefined || isCa);
  if (!isWhole || (pathLength === undefined) !== (length === undefined)) {
    throw malformed("basic constraints contradict themselves");
  }
  return { isCa, pathLength };
}

/** Forms of alternative names besides URIs, RFC 5280 §4.2.1.6. */
const nameTags = new Set([0xa0, 0x81, 0x82, 0xa3, 0xa4, 0xa5, 0x87, 0x88]);
const ascii = /^[\x20-\x7e]*$/;

function readAltNames(value: Der | undefined): Pick<ExtensionFields, "uris" | "otherNames"> {
  if (value === undefined) return { uris: [], otherNames: 0 };
  const { tag, children } = value;
  const uris = children
    .filter((child) => child.tag === 0x86)
    .map(({ content }) => Buffer.from(content).toString("latin1"));
  const others = children.filter((child) => nameTags.has(child.tag)).length;
  const isWhole = tag === 0x30 && children.length > 0 && uris.length + others === children.length;
  if (!isWhole || !uris.every((uri) => ascii.test(uri))) throw malformed("alternative names");
  return { uris, otherNames: others };
}

function readPurposes(value: Der | undefined): readonly string[] {
  if (value === undefined) return [];
  const { tag, children } = value;
  const isList = tag === 0x30 && children.every((child) => child.tag === 0x06);
  if (!isList || children.length === 0 || children.length > certLimits.maxListed) {
    throw malformed("extended key usage is empty or not of its type");
  }
  return children.map(renderDotted);
}

/** RFC 5280 §4.2.1.1: any of three fields in order; we act on the first alone. */
function readAuthorityKeyId(value: Der | undefined): string | undefined {
  if (value === undefined) return undefined;
  const tags = value.children.map((child) => child.tag);
  const isOrdered = tags.every(
    (tag, at) => at === 0 || (tag & 0x1f) > ((tags[at - 1] ?? 0) & 0x1f),
  );
  if (value.tag !== 0x30 || !isOrdered || !tags.every((tag) => [0x80, 0xa1, 0x82].includes(tag))) {
    throw malformed("the identifier of the issuer's key is not of its type");
  }
  const id = value.children.find(({ tag }) => tag === 0x80);
  return id === undefined ? undefined : renderHex(id.content);
}

function readSubjectKeyId(value: Der | undefined): string | undefined {
  if (value === undefined) return undefined;
  if (value.tag !== 0x04) throw malformed("the identifier of the key is not of its type");
  return renderHex(value.content);
}

function readNameConstraints(value: Der | undefined): Certificate["nameConstraints"] {
  if (value === undefined) return undefined;
  const constraints = findNameConstraints(value);
  if (constraints === undefined) throw malformed("name constraints are not of their shape");
  return constraints;
}

/**
 * Reads a list of extensions: each once, none that spells out a default, those we act on in their one
 * spelling.
 *
 * @throws {Fault} CERT_MALFORMED
 */
export function readExtensions(list: Der): ExtensionFields {
  const found = readList(list);
  const parsed = new Map(
    [...found]
      .filter(([oid]) => generalExtensions.has(oid))
      .map(([oid, { value }]) => [oid, parseDer(value)]),
  );
  const value: Value = (oid) => parsed.get(oid);
  return {
    ...readBasicConstraints(value(oids.basicConstraints)),
    ...readAltNames(value(oids.subjectAltName)),
    authorityKeyId: readAuthorityKeyId(value(oids.authorityKeyId)),
    subjectKeyId: readSubjectKeyId(value(oids.subjectKeyId)),
    keyUsage: readKeyUsage(value(oids.keyUsage)),
    extendedKeyUsage: readPurposes(value(oids.extendedKeyUsage)),
    nameConstraints: readNameConstraints(value(oids.nameConstraints)),
    critical: new Set([...found].filter(([, one]) => one.critical).map(([oid]) => oid)),
    values: new Map([...found].map(([oid, one]) => [oid, one.value])),
  };
}
