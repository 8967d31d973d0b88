/** The state, or the community, whose agency this is: `lr` of `lr/tcu`. */
export function authorityOf(agency: string): string {
  return agency.slice(0, agency.indexOf("/"));
}
