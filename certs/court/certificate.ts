import { type Octets, refuse } from "./bytes.ts";
import { type Der, inside, pick, readDer, readOid, readTime } from "./der.ts";
import { toHex } from "./join.ts";
import { readSigned, type SignedDer } from "./signed.ts";
import { wordsOf } from "./text.ts";

interface Extension {
  readonly isCritical: boolean;
  readonly value: Octets;
}

/** What of a certificate a path is judged by. */
export interface CourtCertificate extends SignedDer {
  readonly der: Octets;
  readonly serial: string;
  readonly issuer: string;
  readonly subject: string;
  readonly from: number;
  readonly until: number;
  readonly spki: Octets;
  readonly extensions: ReadonlyMap<string, Extension>;
}

/** A list of revocations: serial numbers, each with since when. */
export interface CourtList extends SignedDer {
  readonly issuer: string;
  readonly from: number;
  readonly until: number;
  readonly revoked: ReadonlyMap<string, number>;
  readonly hasUnknown: boolean;
}

function readExtensions(values: readonly Der[]): ReadonlyMap<string, Extension> {
  return new Map(
    values.map((one) => {
      const parts = inside(one);
      const isCritical = parts.length === 3 && pick(parts, 1).content[0] === 0xff;
      return [readOid(pick(parts, 0)), { isCritical, value: pick(parts, parts.length - 1).content }];
    }),
  );
} // prettier-ignore

function optional(values: readonly Der[], tag: number): readonly Der[] {
  const found = values.find((one) => one.tag === tag);
  return found === undefined ? [] : inside(pick(inside(found), 0));
}

/** Takes a certificate apart. */
export function readCertificate(der: Octets): CourtCertificate {
  const signed = readSigned(der);
  // the version stands first, in its own brackets
  const [, serial, , issuer, validity, subject, key] = signed.inner;
  if (serial === undefined || issuer === undefined || validity === undefined) refuse("CERT_MALFORMED");
  if (subject === undefined || key === undefined) refuse("CERT_MALFORMED");
  const times = inside(validity);
  return {
    ...signed, der,
    serial: toHex(serial.content),
    issuer: toHex(issuer.whole), subject: toHex(subject.whole),
    from: readTime(pick(times, 0)), until: readTime(pick(times, 1)),
    spki: key.whole,
    extensions: readExtensions(optional(signed.inner, 0xa3)),
  };
} // prettier-ignore

function sinceOf(entry: readonly Der[]): number {
  const at = readTime(pick(entry, 1));
  const [, , more] = entry;
  const feared = more === undefined ? undefined : readExtensions(inside(more)).get("2.5.29.24");
  return feared === undefined ? at : Math.min(at, readTime(pick(readDer(feared.value), 0)));
}

/** Takes a list apart. */
export function readList(der: Octets): CourtList {
  const signed = readSigned(der);
  const [, , issuer, from, until, sixth] = signed.inner;
  if (issuer === undefined || from === undefined || until === undefined) refuse("CERT_MALFORMED");
  const entries = sixth?.tag === 0x30 ? inside(sixth).map(inside) : [];
  const extensions = readExtensions(optional(signed.inner, 0xa0));
  return {
    ...signed,
    issuer: toHex(issuer.whole), from: readTime(from), until: readTime(until),
    revoked: new Map(entries.map((entry) => [toHex(pick(entry, 0).content), sinceOf(entry)])),
    hasUnknown: [...extensions.values()].some(({ isCritical }) => isCritical),
  };
} // prettier-ignore

const understood = new Set(["2.5.29.14", "2.5.29.15", "2.5.29.17", "2.5.29.19", "2.5.29.30", "2.5.29.35", "2.5.29.37"]); // prettier-ignore

/** Whether nothing critical stands in it that is not acted on. */
export function isUnderstood({ extensions }: CourtCertificate): boolean {
  return [...extensions].every(([oid, { isCritical }]) => !isCritical || understood.has(oid));
}

/** The values inside an extension; none when it is absent. */
export function extensionOf({ extensions }: CourtCertificate, oid: string): readonly Der[] {
  const found = extensions.get(oid);
  return found === undefined ? [] : readDer(found.value);
}

/** URIs of the subject, or that a CA may give (tag 6 of GeneralName). */
export function uriIn(names: readonly Der[]): readonly string[] {
  return names.flatMap(({ tag, content }) => (tag === 0x86 ? [wordsOf(content)] : []));
}
