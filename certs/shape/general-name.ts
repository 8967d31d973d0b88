import { type Bytes, Fault, renderHex } from "../../schemas/ground/index.ts";
import { childOf, type Der } from "./der.ts";
import { type DistinguishedName, readDistinguishedName } from "./distinguished-name.ts";
import { certLimits } from "./limits.ts";

/** A name of any form, RFC 5280 §4.2.1.6. */
export type GeneralName =
  | { readonly form: "dns" | "email" | "uri"; readonly text: string }
  | { readonly form: "ip"; readonly octets: Bytes }
  | { readonly form: "directory"; readonly name: DistinguishedName }
  /** Other names, X.400 addresses, EDI parties, registered identifiers: told apart, never read. */
  | { readonly form: "other"; readonly tag: number; readonly bytes: Bytes };

const textForms: Readonly<Record<number, "dns" | "email" | "uri">> = {
  0x81: "email",
  0x82: "dns",
  0x86: "uri",
};
const otherTags = new Set([0xa0, 0xa3, 0xa5, 0x88]);
// oxlint-disable-next-line no-control-regex -- IA5String without its control characters
const visible = /^[\x20-\x7e]*$/;

/**
 * Reads one GeneralName. The syntax of hosts and addresses is not judged here.
 *
 * @throws {Fault} CERT_MALFORMED, CERT_OUTSIDE_PROFILE
 */
export function readGeneralName(name: Der): GeneralName {
  const { tag, content, bytes, children } = name;
  const form = textForms[tag];
  if (form !== undefined) {
    const text = Buffer.from(content).toString("latin1");
    if (!visible.test(text)) throw new Fault("CERT_MALFORMED", "a name is not in ASCII");
    return { form, text };
  }
  if (tag === 0x87) return { form: "ip", octets: content };
  if (tag === 0xa4 && children.length === 1) {
    return { form: "directory", name: readDistinguishedName(childOf(name, 0, 0x30)) };
  }
  if (!otherTags.has(tag)) throw new Fault("CERT_MALFORMED", "a name is of no form there is");
  return { form: "other", tag, bytes };
}

/**
 * Reads GeneralNames from what stands in `list`, one at least and a bounded number.
 *
 * @throws {Fault} CERT_MALFORMED, CERT_OUTSIDE_PROFILE
 */
export function readGeneralNames({ children }: Der): readonly GeneralName[] {
  if (children.length === 0) throw new Fault("CERT_MALFORMED", "a list of names is empty");
  if (children.length > certLimits.maxListed) {
    throw new Fault("CERT_TOO_COMPLEX", `more than ${certLimits.maxListed} names in one list`);
  }
  return children.map(readGeneralName);
}

/** A string that two names share exactly when they are the same name. */
export function nameKey(name: GeneralName): string {
  if (name.form === "directory") return `directory ${JSON.stringify(name.name.parts)}`;
  if (name.form === "ip") return `ip ${renderHex(name.octets)}`;
  return name.form === "other" ? `other ${renderHex(name.bytes)}` : `${name.form} ${name.text}`;
}
