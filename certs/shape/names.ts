import { Fault } from "../../schemas/ground/index.ts";

/** An agency's name taken apart: `ng/tcu` is `tcu` of the authority `ng`. */
export interface AgencyName {
  readonly authority: string;
  readonly name: string;
  /** Both, as the register spells it. */
  readonly agency: string;
}

const agencyUri = /^spiffe:\/\/([a-z]{2,10})\.atumpan\/([a-z][a-z0-9-]{0,30})$/;

/** The host part of every URI an authority may give, and the one its CAs are constrained to. */
export function trustDomainOf(authority: string): string {
  return `${authority}.atumpan`;
}

/** Reads `spiffe://ng.atumpan/tcu`; undefined when it is not one of our names in its one spelling. */
export function findAgencyName(uri: string): AgencyName | undefined {
  const [, authority, name] = agencyUri.exec(uri) ?? [];
  if (authority === undefined || name === undefined) return undefined;
  return { authority, name, agency: `${authority}/${name}` };
}

/**
 * Reads `spiffe://ng.atumpan/tcu`.
 *
 * @throws {Fault} CERT_NAME_NOT_PERMITTED
 */
export function parseAgencyUri(uri: string): AgencyName {
  const name = findAgencyName(uri);
  if (name === undefined) {
    throw new Fault(
      "CERT_NAME_NOT_PERMITTED",
      "the name is not spiffe://<authority>.atumpan/<agency>",
    );
  }
  return name;
}

/**
 * The URI that names an agency in its certificates.
 *
 * @throws {Fault} CERT_NAME_NOT_PERMITTED when `agency` is not `<authority>/<name>`
 */
export function renderAgencyUri(agency: string): string {
  const [authority = "", name = "", ...more] = agency.split("/");
  const uri = `spiffe://${trustDomainOf(authority)}/${name}`;
  if (more.length > 0 || !agencyUri.test(uri)) {
    throw new Fault("CERT_NAME_NOT_PERMITTED", "an agency is <authority>/<name> in small letters");
  }
  return uri;
}
