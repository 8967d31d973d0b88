import { KeyObject } from "node:crypto";

import { type Bytes, utf8 } from "../../schemas/ground/index.ts";
import {
  type ExtensionValue,
  type KeyType,
  oids,
  renderAgencyUri,
  renderDer,
  renderExtension,
  renderOid,
  trustDomainOf,
} from "../shape/index.ts";
import { type HeldKey, makeHeldKey } from "./held-key.ts";

/** AlgorithmIdentifiers in full, RFC 5758 §3.2 and RFC 8410 §3. */
const algorithms: Readonly<Record<KeyType, Bytes>> = {
  "P-256": renderDer(0x30, renderOid("1.2.840.10045.4.3.2")),
  "P-384": renderDer(0x30, renderOid("1.2.840.10045.4.3.3")),
  Ed25519: renderDer(0x30, renderOid("1.3.101.112")),
};

/** The parts of a name that we write, RFC 4519. */
export interface SubjectParts {
  readonly commonName: string;
  readonly organisation: string;
}

const nameOids = { commonName: "2.5.4.3", organisation: "2.5.4.10" } as const;

function renderPart(part: keyof SubjectParts, value: string): Bytes {
  return renderDer(0x31, renderDer(0x30, renderOid(nameOids[part]), renderDer(0x0c, utf8(value))));
}

function renderOneExtension({ oid, critical, value }: ExtensionValue): Bytes {
  const flag = critical ? [renderDer(0x01, Buffer.of(0xff))] : [];
  return renderDer(0x30, renderOid(oid), ...flag, renderDer(0x04, value));
}

/**
 * Puts a signature to what is to be signed: `SEQUENCE { tbs, algorithm, signature }`, DER. The algorithm is
 * that of the key.
 *
 * @throws {Fault} KEY_UNUSABLE, KEY_TOKEN_AWAY
 */
export function signDocument(tbs: Bytes, key: HeldKey): Bytes {
  const signature = renderDer(0x03, Buffer.of(0), key.sign(tbs));
  return renderDer(0x30, tbs, algorithms[key.keyType], signature);
}

/**
 * Makes a certificate request (PKCS #10) signed by the key it is for, DER.
 *
 * @throws {Fault} KEY_UNUSABLE, KEY_TOKEN_AWAY
 * @see RFC 2986 §4
 */
export function renderRequest(
  { subject, extensions }: { subject: SubjectParts; extensions: readonly ExtensionValue[] },
  key: HeldKey,
): Bytes {
  const name = renderDer(
    0x30,
    renderPart("commonName", subject.commonName),
    renderPart("organisation", subject.organisation),
  );
  const asked = renderDer(0x30, ...extensions.map(renderOneExtension));
  const attribute = renderDer(0x30, renderOid(oids.extensionRequest), renderDer(0x31, asked));
  const version = renderDer(0x02, Buffer.of(0));
  return signDocument(renderDer(0x30, version, name, key.spki, renderDer(0xa0, attribute)), key);
}

/**
 * Makes a certificate request (PKCS #10) in DER for an agency's key, signed by that key.
 *
 * @throws {Fault} KEY_UNUSABLE, KEY_TOKEN_AWAY, CERT_NAME_NOT_PERMITTED
 */
export async function makeRequest(agency: string, key: KeyObject | HeldKey): Promise<Bytes> {
  const [authority = ""] = agency.split("/");
  const extensions = [renderExtension.subjectAltName(renderAgencyUri(agency))];
  const held = key instanceof KeyObject ? makeHeldKey(key) : key;
  const subject = { commonName: agency, organisation: trustDomainOf(authority) };
  return await Promise.resolve(renderRequest({ subject, extensions }, held));
}
