import { type ExtensionValue, readGeneralCertificate } from "../../certs/shape/index.ts";
import type { Bytes } from "../../schemas/ground/index.ts";
import {
  caExtensions,
  certify,
  type Change,
  leafExtensions,
  makeHolder,
} from "../vectors/made-chain.ts";
import { codeOf } from "./code-of.ts";

const root = makeHolder("a root");
const holder = makeHolder("a leaf");

/** The code that reading a certificate of RFC 5280 ends with, or "accepted". */
export function codeOfCertificate(der: Bytes): string {
  return codeOf(() => readGeneralCertificate(der));
}

/** `codeOfCertificate` of a leaf that is good but for `change`. */
export function leafWith(change: Change): string {
  return codeOfCertificate(certify(holder, root, { extensions: leafExtensions, change }));
}

/** `codeOfCertificate` of a CA that is good but for `change`. */
export function caWith(change: Change): string {
  return codeOfCertificate(certify(holder, root, { extensions: caExtensions(), change }));
}

/** An extension, not critical unless said. */
export function extension(oid: string, value: Uint8Array, critical = false): ExtensionValue {
  return { oid, critical, value };
}
