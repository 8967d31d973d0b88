import { trustDomainOf } from "../shape/index.ts";

/** The subject of an agency's certificates. For people: the URI is the name that counts. */
export function renderAgencySubject(agency: string): string {
  const [authority = ""] = agency.split("/");
  return `CN=${agency},O=${trustDomainOf(authority)}`;
}

/** The subject of an authority's CA; `role` tells its root from the one that issues. */
export function renderCaSubject(authority: string, role: "root" | "issuing"): string {
  return `CN=${authority} ${role},O=${trustDomainOf(authority)}`;
}
