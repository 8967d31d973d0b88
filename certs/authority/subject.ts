import { trustDomainOf } from "../shape/index.ts";

/** The subject of an agency's certificates. For people: the URI is the name that counts. */
export function renderAgencySubject(agency: string): string {
  const [authority = ""] = agency.split("/");
  return `CN=${agency},O=${trustDomainOf(authority)}`;
}

/**
 * The subject of an authority's CA; `role` tells its root from the one that issues, `number` the issuing CAs
 * from each other, so that no two lists are issued in one name.
 */
export function renderCaSubject(authority: string, role: "root" | "issuing", number = 1): string {
  const name = number === 1 ? role : `${role} ${number}`;
  return `CN=${authority} ${name},O=${trustDomainOf(authority)}`;
}
