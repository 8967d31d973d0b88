import { type Bytes, Fault } from "../../schemas/ground/index.ts";
import {
  findAgencyName,
  isSignedBy,
  type LeafKind,
  leafProfiles,
  parseRequest,
  type PublicKey,
  type CertificateRequest,
} from "../shape/index.ts";
import { checkKeyStrength } from "./weak-key.ts";

export { makeRequest } from "../keys/index.ts";

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

function readProven(der: Bytes): CertificateRequest {
  const request = parseRequest(der);
  if (!isSignedBy(request, request)) {
    throw new Fault("CSR_POSSESSION_UNPROVEN", "the request is not signed by the key it names");
  }
  checkKeyStrength(request);
  return request;
}

/** Kinds of key that a CA of ours may have. */
const caKeyTypes: ReadonlySet<string> = new Set(["P-256", "P-384"]);

/**
 * Proves that the maker of a CA's request holds its key. Whatever else it asks for is passed over: what a CA
 * may do is the root's to say.
 *
 * @throws {Fault} CSR_INVALID, CSR_POSSESSION_UNPROVEN, CSR_NAME_NOT_PERMITTED, CSR_KEY_NOT_PERMITTED
 */
export function verifyCaRequest(der: Bytes): PublicKey {
  const request = readProven(der);
  if (!caKeyTypes.has(request.keyType))
    throw new Fault("CSR_INVALID", "a CA has a key of P-256 or P-384");
  if (request.uris.length + request.otherNames > 0)
    throw new Fault("CSR_NAME_NOT_PERMITTED", "a CA bears no name of an agency");
  return request;
}

/**
 * Proves that the request's maker holds its key, that the key is fit for the kind, and that it asks for
 * exactly the agency's name, inside the authority's own domain. Whatever else it asks for is passed over.
 *
 * @throws {Fault} CSR_INVALID, CSR_POSSESSION_UNPROVEN, CSR_NAME_NOT_PERMITTED, CSR_KEY_NOT_PERMITTED
 */
export function verifyRequest(
  der: Bytes,
  { authority, agency, kind }: RequestTerms,
): ProvenRequest {
  const request = readProven(der);
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
