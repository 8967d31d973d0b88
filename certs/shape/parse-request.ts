import { type Bytes, Fault, renderHex, toFault } from "../../schemas/ground/index.ts";
import { childOf, type Der, renderOid } from "./der.ts";
import { readDocument } from "./document.ts";
import { certLimits } from "./limits.ts";
import { oids } from "./oids.ts";
import { parsePublicKey, type PublicKey } from "./public-key.ts";
import { parseSigned, type Signed } from "./signed.ts";
import { type ExtensionFields, readExtensions } from "./extension-fields.ts";

/** A certificate request (PKCS #10) read whole. Possession is not yet proved. */
export interface CertificateRequest extends Signed, PublicKey {
  readonly der: Bytes;
  readonly uris: readonly string[];
  readonly otherNames: number;
}

function malformed(detail: string): Fault {
  return new Fault("CERT_MALFORMED", detail);
}

const extensionRequest = renderOid(oids.extensionRequest);

/** The extensions a request asks for: of all its attributes we read this one only. */
function readRequested(attributes: Der): ExtensionFields {
  const asked = attributes.children.filter(
    ({ children }) =>
      children[0]?.bytes !== undefined && Buffer.from(children[0].bytes).equals(extensionRequest),
  );
  const [attribute] = asked;
  const values = attribute === undefined ? undefined : childOf(attribute, 1, 0x31);
  if (asked.length !== 1 || values === undefined || values.children.length !== 1) {
    throw malformed("a request asks once for its extensions");
  }
  return readExtensions(childOf(values, 0, 0x30));
}

function readRequest(outer: Der, der: Bytes): CertificateRequest {
  const { body, algorithm: _algorithm, ...signed } = parseSigned(outer);
  if (renderHex(childOf(body, 0, 0x02).content) !== "00" || body.children.length !== 4) {
    throw malformed("not a request of version 1");
  }
  const { uris, otherNames } = readRequested(childOf(body, 3, 0xa0));
  return Object.freeze({
    ...signed,
    ...parsePublicKey(childOf(body, 2, 0x30).bytes),
    uris,
    otherNames,
    der,
  });
}

/**
 * Reads a certificate request (PKCS #10) from DER. Whether its maker holds the key is not yet proved.
 *
 * @throws {Fault} CSR_INVALID
 * @see RFC 2986 §4
 */
export function parseRequest(der: Bytes): CertificateRequest {
  try {
    return readDocument(der, certLimits.maxRequestBytes, readRequest);
  } catch (error) {
    throw new Fault("CSR_INVALID", toFault(error, "CSR_INVALID").detail, { cause: error });
  }
}
