import type { KeyObject } from "node:crypto";

import { type Bytes, Fault } from "../../schemas/ground/index.ts";
import {
  findAgencyName,
  isSignedBy,
  type LeafKind,
  leafProfiles,
  parseRequest,
  renderAgencyUri,
  renderExtension,
} from "../shape/index.ts";
import { renderAgencySubject } from "./subject.ts";
import { signRequest } from "./sign.ts";

/** A request whose maker holds the key and asks for the name it may have. */
export interface ProvenRequest {
  readonly agency: string;
  readonly kind: LeafKind;
  readonly spki: Bytes;
}

/** What an authority is willing to give: to this agency, of this kind. */
export interface RequestTerms {
  /** The authority that is asked. */
  readonly authority: string;
  readonly agency: string;
  readonly kind: LeafKind;
}

/**
 * Makes a certificate request (PKCS #10) in DER for an agency's key, signed by that key.
 *
 * @throws {Fault} KEY_UNUSABLE, CERT_NAME_NOT_PERMITTED
 */
export async function makeRequest(agency: string, key: KeyObject): Promise<Bytes> {
  const extensions = [renderExtension.subjectAltName(renderAgencyUri(agency))];
  return await signRequest({ subject: renderAgencySubject(agency), extensions }, key);
}

/**
 * Proves that the request's maker holds its key, that the key is fit for the kind, and that it asks for
 * exactly the agency's name, inside the authority's own domain. Whatever else it asks for is passed over.
 *
 * @throws {Fault} CSR_INVALID, CSR_POSSESSION_UNPROVEN, CSR_NAME_NOT_PERMITTED
 */
export function verifyRequest(
  der: Bytes,
  { authority, agency, kind }: RequestTerms,
): ProvenRequest {
  const request = parseRequest(der);
  if (!isSignedBy(request, request)) {
    throw new Fault("CSR_POSSESSION_UNPROVEN", "the request is not signed by the key it names");
  }
  if (!leafProfiles[kind].keyTypes.includes(request.keyType)) {
    throw new Fault("CSR_INVALID", `a ${kind} certificate has no key of ${request.keyType}`);
  }
  const [uri = ""] = request.uris;
  const name = findAgencyName(uri);
  const alone = request.uris.length === 1 && request.otherNames === 0;
  if (!alone || name?.agency !== agency || name.authority !== authority) {
    throw new Fault(
      "CSR_NAME_NOT_PERMITTED",
      `the one name a request may bear here is ${agency}'s`,
    );
  }
  return { agency, kind, spki: request.spki };
}
