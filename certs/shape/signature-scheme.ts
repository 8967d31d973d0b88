import { constants, verify } from "node:crypto";

import { type Bytes, renderHex } from "../../schemas/ground/index.ts";
import { renderDer, renderOid } from "./der.ts";
import type { GeneralKey, GeneralKeyType } from "./general-key.ts";

/** How a certificate or list of RFC 5280 was signed, as far as we verify it. */
export type SignatureScheme =
  | `ecdsa-${"sha256" | "sha384" | "sha512"}`
  | "ed25519"
  | `rsa-${"sha256" | "sha384" | "sha512"}`
  | `rsa-pss-${"sha256" | "sha384" | "sha512"}`;

type Hash = "sha256" | "sha384" | "sha512";

const hashOids: Readonly<Record<Hash, string>> = {
  sha256: "2.16.840.1.101.3.4.2.1",
  sha384: "2.16.840.1.101.3.4.2.2",
  sha512: "2.16.840.1.101.3.4.2.3",
};
const hashes = ["sha256", "sha384", "sha512"] as const;
const hashBytes: Readonly<Record<Hash, number>> = { sha256: 32, sha384: 48, sha512: 64 };
const none = renderDer(0x05);

function algorithm(oid: string, ...parameters: readonly Bytes[]): Bytes {
  return renderDer(0x30, renderOid(oid), ...parameters);
}

/** RFC 4055 §3.1: one hash for the message and the mask, a salt as long as it, the usual trailer. */
function pss(hash: Hash, ...parameters: readonly Bytes[]): string {
  const inner = algorithm(hashOids[hash], ...parameters);
  const fields = renderDer(
    0x30,
    renderDer(0xa0, inner),
    renderDer(0xa1, algorithm("1.2.840.113549.1.1.8", inner)),
    renderDer(0xa2, renderDer(0x02, Buffer.of(hashBytes[hash]))),
  );
  return renderHex(algorithm("1.2.840.113549.1.1.10", fields));
}

/**
 * AlgorithmIdentifiers in full, so that no parameter can say something else: RFC 5758 §3.2, RFC 8410 §3,
 * RFC 4055 §5 (NULL parameters) and §3.1 (with and without NULL parameters of the hash).
 */
const schemes: ReadonlyMap<string, SignatureScheme> = new Map<string, SignatureScheme>([
  [renderHex(algorithm("1.3.101.112")), "ed25519"],
  ...hashes.flatMap((hash, index): [string, SignatureScheme][] => [
    [renderHex(algorithm(`1.2.840.10045.4.3.${index + 2}`)), `ecdsa-${hash}`],
    [renderHex(algorithm(`1.2.840.113549.1.1.${index + 11}`, none)), `rsa-${hash}`],
    [pss(hash, none), `rsa-pss-${hash}`],
    [pss(hash), `rsa-pss-${hash}`],
  ]),
]);

/** The scheme of an AlgorithmIdentifier (DER); undefined for any that we do not verify, SHA-1 among them. */
export function findScheme(identifier: Bytes): SignatureScheme | undefined {
  return schemes.get(renderHex(identifier));
}

function keyFits(scheme: SignatureScheme, keyType: GeneralKeyType): boolean {
  if (scheme === "ed25519") return keyType === "Ed25519";
  return scheme.startsWith("rsa") ? keyType === "RSA" : keyType.startsWith("P-");
}

/** Something signed under a scheme. */
export interface SchemeSigned {
  readonly tbs: Bytes;
  readonly scheme: SignatureScheme;
  readonly signature: Bytes;
}

/** Whether the holder of `key` signed `tbs` under its scheme. Costs the arithmetic each time. */
export function isSchemeSignedBy(
  { tbs, scheme, signature }: SchemeSigned,
  key: GeneralKey,
): boolean {
  if (!keyFits(scheme, key.keyType)) return false;
  const hash = hashes.find((one) => scheme.endsWith(one)) ?? null;
  if (!scheme.startsWith("rsa-pss")) return verify(hash, tbs, key.publicKey, signature);
  const padding = constants.RSA_PKCS1_PSS_PADDING;
  const saltLength = constants.RSA_PSS_SALTLEN_DIGEST;
  return verify(hash, tbs, { key: key.publicKey, padding, saltLength }, signature);
}
