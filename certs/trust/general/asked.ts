import { Fault, sameBytes } from "../../../schemas/ground/index.ts";
import { type GeneralName, oids } from "../../shape/index.ts";
import type { GeneralPath, GeneralQuestion } from "./question.ts";

/**
 * The purposes that the leaf has and every CA allows are not none. Where one is asked for, the leaf is no CA,
 * names it and does not claim every purpose, and every CA that names purposes allows it.
 *
 * @throws {Fault} CERT_USAGE_NOT_PERMITTED
 */
export function checkPurposes(path: GeneralPath, { leaf, purpose }: GeneralQuestion): void {
  const limits = path
    .slice(1)
    .map(({ extendedKeyUsage }) => extendedKeyUsage)
    .filter((one) => one.length > 0 && !one.includes(oids.anyExtendedKeyUsage));
  const isAllowed = (one: string): boolean => limits.every((limit) => limit.includes(one));
  const { extendedKeyUsage, isCa } = leaf;
  const isAnyNamed = extendedKeyUsage.includes(oids.anyExtendedKeyUsage);
  const isOpen = extendedKeyUsage.length === 0 || isAnyNamed;
  const claimed = isOpen ? (limits[0] ?? []) : extendedKeyUsage;
  const isGood =
    purpose === undefined
      ? (isOpen && limits.length === 0) || claimed.some(isAllowed)
      : !isCa && !isAnyNamed && extendedKeyUsage.includes(purpose) && isAllowed(purpose);
  if (!isGood)
    throw new Fault("CERT_USAGE_NOT_PERMITTED", "the certificate is not for this purpose");
}

/**
 * The host that is asked for stands among the leaf's alternative names; its common name counts for nothing.
 *
 * @throws {Fault} CERT_NAME_NOT_PERMITTED
 */
export function checkHost({ leaf, host }: GeneralQuestion): void {
  if (host === undefined) return;
  const isHost = (name: GeneralName): boolean => {
    if ("dns" in host)
      return name.form === "dns" && name.text.toLowerCase() === host.dns.toLowerCase();
    return name.form === "ip" && sameBytes(name.octets, host.ip);
  };
  if (!leaf.names.some(isHost)) {
    throw new Fault("CERT_NAME_NOT_PERMITTED", "the certificate does not name this host");
  }
}
