import { type Bytes, Fault } from "../../schemas/ground/index.ts";
import type { Der } from "./der.ts";
import { type GeneralName, readGeneralName } from "./general-name.ts";
import { isHostName, splitMailbox } from "./host-name.ts";
import { certLimits } from "./limits.ts";

/** What a CA may give, and what it may not, RFC 5280 §4.2.1.10. */
export interface Subtrees {
  readonly permitted: readonly GeneralName[];
  readonly excluded: readonly GeneralName[];
}

function malformed(detail: string): Fault {
  return new Fault("CERT_MALFORMED", detail);
}

/** A base is a host, or what stands behind a full stop, or nothing: then it covers every name of its form. */
function isHostBase(text: string): boolean {
  return text === "" || isHostName(text.startsWith(".") ? text.slice(1) : text);
}

/** Whether an address and mask of one family are a block: a mask is ones, then zeros (RFC 4632 §3.1). */
function isBlock(octets: Bytes): boolean {
  if (octets.length !== 8 && octets.length !== 32) return false;
  const mask = octets.subarray(octets.length / 2);
  const bits = [...mask].map((octet) => octet.toString(2).padStart(8, "0")).join("");
  return /^1*0*$/.test(bits);
}

function isBase(base: GeneralName): boolean {
  switch (base.form) {
    case "dns":
      return base.text === "" || isHostName(base.text);
    case "uri":
      return isHostBase(base.text);
    case "email":
      return base.text.includes("@")
        ? splitMailbox(base.text) !== undefined
        : isHostBase(base.text);
    case "ip":
      return isBlock(base.octets);
    default:
      return true;
  }
}

/** Each base of a list of subtrees; a minimum or maximum is forbidden by RFC 5280. */
function readBases(list: Der | undefined): readonly GeneralName[] {
  if (list === undefined) return [];
  const { children } = list;
  if (children.length > certLimits.maxListed) {
    throw new Fault("CERT_TOO_COMPLEX", `more than ${certLimits.maxListed} subtrees in one list`);
  }
  return children.map((subtree) => {
    const [base, ...more] = subtree.children;
    if (subtree.tag !== 0x30 || base === undefined || more.length > 0) {
      throw malformed("a subtree is not one name");
    }
    const name = readGeneralName(base);
    if (!isBase(name)) throw malformed("the base of a subtree is not a name of its form");
    return name;
  });
}

/**
 * Reads name constraints whose shape `readExtensions` has judged, with each base in the syntax of its form.
 *
 * @throws {Fault} CERT_MALFORMED, CERT_OUTSIDE_PROFILE, CERT_TOO_COMPLEX
 */
export function readSubtrees({ children }: Der): Subtrees {
  return {
    permitted: readBases(children.find(({ tag }) => tag === 0xa0)),
    excluded: readBases(children.find(({ tag }) => tag === 0xa1)),
  };
}
