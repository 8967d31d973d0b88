import {
  createPrivateKey,
  generateKeyPairSync,
  randomBytes,
  sign,
  X509Certificate,
} from "node:crypto";
import { isIP } from "node:net";

import { oids, renderDer, renderOid, renderPem } from "../../certs/shape/index.ts";
import { type Bytes, utf8 } from "../../schemas/ground/index.ts";

/** A key of one of a hub's servers, and the certificate it made of itself. */
export interface RoutePair {
  readonly certificatePem: string;
  readonly keyPem: string;
}

const commonName = "2.5.4.3";
const keyUsage = "2.5.29.15";
const subjectAltName = "2.5.29.17";
const extendedKeyUsage = "2.5.29.37";
const ecdsaWithSha256 = "1.2.840.10045.4.3.2";

/** Good for as long as the hub keeps it: nothing that ends by itself may end what holds a hub together. */
const validity = renderDer(
  0x30,
  renderDer(0x17, utf8("250101000000Z")),
  renderDer(0x17, utf8("491231235959Z")),
);

function nameOf(name: string): Bytes {
  const pair = renderDer(0x30, renderOid(commonName), renderDer(0x0c, utf8(name)));
  return renderDer(0x30, renderDer(0x31, pair));
}

function extension(oid: string, value: Bytes): Bytes {
  return renderDer(0x30, renderOid(oid), renderDer(0x04, value));
}

function words(part: string): readonly string[] {
  return part === "" ? [] : part.split(":");
}

/** An address as a certificate has it: four octets, or sixteen. */
function addressOf(host: string): Bytes {
  if (isIP(host) === 4) return Buffer.from(host.split(".").map(Number));
  const [head = "", tail] = host.split("::");
  const [first, last] = [words(head), words(tail ?? "")];
  const zeros = Array.from({ length: 8 - first.length - last.length }, () => "0");
  const all = [...first, ...(tail === undefined ? [] : zeros), ...last];
  return Buffer.from(all.map((word) => word.padStart(4, "0")).join(""), "hex");
}

function hostName(host: string): Bytes {
  return isIP(host) === 0 ? renderDer(0x82, utf8(host)) : renderDer(0x87, addressOf(host));
}

/**
 * Makes a key for the ways between a hub's servers, and a certificate of it for the hosts it is dialled at. It shows the same one
 * when it dials and when it is dialled, and nobody vouches for it: whoever trusts it has it.
 */
export function makeRoutePair(name: string, hosts: readonly string[]): RoutePair {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const algorithm = renderDer(0x30, renderOid(ecdsaWithSha256));
  const serial = randomBytes(16);
  // positive, and of full length
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40;
  const extensions = renderDer(
    0x30,
    extension(keyUsage, renderDer(0x03, Buffer.from([7, 0x80]))),
    extension(
      extendedKeyUsage,
      renderDer(0x30, renderOid(oids.serverAuth), renderOid(oids.clientAuth)),
    ),
    extension(subjectAltName, renderDer(0x30, ...hosts.map(hostName))),
  );
  const signed = renderDer(
    0x30,
    renderDer(0xa0, renderDer(0x02, Buffer.from([2]))),
    renderDer(0x02, serial),
    algorithm,
    nameOf(name),
    validity,
    nameOf(name),
    publicKey.export({ type: "spki", format: "der" }),
    renderDer(0xa3, extensions),
  );
  const signature = sign("sha256", signed, privateKey);
  const bits = renderDer(0x03, Buffer.from([0]), signature);
  return {
    certificatePem: renderPem("CERTIFICATE", renderDer(0x30, signed, algorithm, bits)),
    keyPem: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

/** Whether a pair belongs together and is for all of these hosts. Never throws. */
export function isRoutePair(
  { certificatePem, keyPem }: RoutePair,
  hosts: readonly string[],
): boolean {
  try {
    const certificate = new X509Certificate(certificatePem);
    if (!certificate.checkPrivateKey(createPrivateKey(keyPem))) return false;
    return hosts.every((host) =>
      isIP(host) === 0
        ? certificate.checkHost(host) !== undefined
        : certificate.checkIP(host) !== undefined,
    );
  } catch {
    return false;
  }
}
