import { type Bytes, Fault } from "../../schemas/ground/index.ts";
import { type Der, parseDer, renderDer } from "./der.ts";
import { readDistinguishedName } from "./distinguished-name.ts";
import { type GeneralName, nameKey, readGeneralNames } from "./general-name.ts";
import { certLimits } from "./limits.ts";

/** Where lists that cover a certificate are found, RFC 5280 §4.2.1.13; names are kept as keys to compare. */
export interface DistributionPoint {
  /** Undefined when the point has no name. */
  readonly names?: readonly string[] | undefined;
  /** Revocation reasons (bits of ReasonFlags) that lists of this point cover; undefined: all. */
  readonly reasons?: number | undefined;
  /** Whether another than the certificate's issuer makes the list. */
  readonly isIndirect: boolean;
}

/** What part of its issuer's certificates a list is about, RFC 5280 §5.2.5. */
export interface ListScope extends DistributionPoint {
  readonly onlyUserCertificates: boolean;
  readonly onlyCaCertificates: boolean;
  readonly onlyAttributeCertificates: boolean;
}

/** Every reason a list may be split by, RFC 5280 §4.2.1.13: bits 1 to 8. */
export const allReasons = 0x1fe;

function malformed(detail: string): Fault {
  return new Fault("CERT_MALFORMED", detail);
}

/** Fields by context number; each once and in order. */
function fieldsOf({ tag, children }: Der, last: number): ReadonlyMap<number, Der> {
  const numbers = children.map((child) => ((child.tag & 0xc0) === 0x80 ? child.tag & 0x1f : 32));
  const isOrdered = numbers.every(
    (one, at) => one <= last && (at === 0 || one > (numbers[at - 1] ?? 0)),
  );
  if (tag !== 0x30 || !isOrdered) throw malformed("a distribution point is not of its shape");
  return new Map(children.map((child, at) => [numbers[at] ?? 0, child]));
}

/** A name relative to the issuer is the issuer's name with one more part. */
function readRelative({ content }: Der, issuerName: Bytes): readonly GeneralName[] {
  const parts = parseDer(issuerName).content;
  const whole = parseDer(renderDer(0x30, parts, renderDer(0x31, content)));
  return [{ form: "directory", name: readDistinguishedName(whole) }];
}

function readPointNames(field: Der | undefined, issuerName: Bytes): readonly string[] | undefined {
  if (field === undefined) return undefined;
  const [choice, ...more] = field.children;
  if (choice === undefined || more.length > 0)
    throw malformed("a distribution point has two names");
  if (choice.tag === 0xa0) return readGeneralNames(choice).map(nameKey);
  if (choice.tag === 0xa1) return readRelative(choice, issuerName).map(nameKey);
  throw malformed("the name of a distribution point is of no form there is");
}

/** ReasonFlags under a context tag: unused bits, then flags from the highest bit. */
function readReasons(field: Der | undefined): number | undefined {
  if (field === undefined) return undefined;
  const [unused = 8, first = 0, second = 0, ...more] = field.content;
  if (unused > 7 || field.content.length < 2 || more.length > 0)
    throw malformed("reasons of a list");
  const bits = Array.from({ length: 9 }, (_, at) => at).filter(
    (at) => ((at < 8 ? first : second) & (0x80 >> (at & 7))) !== 0,
  );
  return bits.reduce((all, at) => all | (1 << at), 0);
}

function readFlag(field: Der | undefined): boolean {
  if (field === undefined) return false;
  if (field.content.length !== 1 || field.content[0] !== 0xff)
    throw malformed("a flag is spelt out");
  return true;
}

/**
 * Reads where lists about a certificate of `issuerName` are found.
 *
 * @throws {Fault} CERT_MALFORMED, CERT_OUTSIDE_PROFILE, CERT_TOO_COMPLEX
 */
export function readDistributionPoints(list: Der, issuerName: Bytes): readonly DistributionPoint[] {
  const { tag, children } = list;
  if (tag !== 0x30 || children.length === 0) throw malformed("no distribution point is named");
  if (children.length > certLimits.maxListed) {
    throw new Fault("CERT_TOO_COMPLEX", `more than ${certLimits.maxListed} distribution points`);
  }
  return children.map((point) => {
    const fields = fieldsOf(point, 2);
    if (!fields.has(0) && !fields.has(2)) throw malformed("a distribution point names nothing");
    return {
      names: readPointNames(fields.get(0), issuerName),
      reasons: readReasons(fields.get(1)),
      isIndirect: fields.has(2),
    };
  });
}

/**
 * Reads what a list of `issuerName` is about.
 *
 * @throws {Fault} CERT_MALFORMED, CERT_OUTSIDE_PROFILE, CERT_TOO_COMPLEX
 */
export function readListScope(value: Der, issuerName: Bytes): ListScope {
  const fields = fieldsOf(value, 5);
  const scope = {
    names: readPointNames(fields.get(0), issuerName),
    onlyUserCertificates: readFlag(fields.get(1)),
    onlyCaCertificates: readFlag(fields.get(2)),
    reasons: readReasons(fields.get(3)),
    isIndirect: readFlag(fields.get(4)),
    onlyAttributeCertificates: readFlag(fields.get(5)),
  };
  const only = [
    scope.onlyUserCertificates,
    scope.onlyCaCertificates,
    scope.onlyAttributeCertificates,
  ];
  if (fields.size === 0 || only.filter(Boolean).length > 1) {
    throw malformed("the scope of a list is empty or contradicts itself");
  }
  return scope;
}
