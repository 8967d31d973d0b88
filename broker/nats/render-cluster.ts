import { renderAgencyTokens } from "../../schemas/index.ts";
import { hubLimits } from "./limits.ts";
import { quote } from "./quote.ts";

/** One server's place among those of its hub. */
export interface ClusterPlace {
  /** What tells it from the others, for good: what it keeps is under this name. */
  readonly name: string;
  /** Where gateways reach it by the register, `host:port`. */
  readonly reached: string;
  /** Where the others reach it. */
  readonly listen: { readonly host: string; readonly port: number };
  /** The others, `host:port`. */
  readonly routes: readonly string[];
  /** What it tells the others of where it is reached, `host:port`; where it listens when left out. */
  readonly advertise?: string | undefined;
  /** Its key for the ways between the servers, the certificate of that, and those of all: nobody else comes in. */
  readonly certificateFile: string;
  readonly keyFile: string;
  readonly caFile: string;
  /** What streams may be bound to. */
  readonly tags: readonly string[];
}

/** What a server of a hub calls itself. */
export function serverNameOf(hub: string, place?: Pick<ClusterPlace, "name">): string {
  const own = renderAgencyTokens(hub);
  return place === undefined ? own : `${own}-${place.name}`;
}

/** What a server of several says to whom it serves of where it is; nothing where there is one. */
export function renderReached(place: ClusterPlace | undefined): readonly string[] {
  if (place === undefined) return [];
  // a gateway is told at once when another comes or goes; it dials what the register names, and hears of nothing else here
  return [`client_advertise: ${quote(place.reached)}`];
}

/** The part of a server's configuration that makes it one of several; none where there is one. */
export function renderCluster(hub: string, place: ClusterPlace | undefined): readonly string[] {
  if (place === undefined) return [];
  const { listen, routes, advertise, certificateFile, keyFile, caFile, tags } = place;
  return [
    ...(tags.length === 0 ? [] : [`server_tags: [ ${tags.map(quote).join(", ")} ]`]),
    "cluster {",
    `  name: ${quote(renderAgencyTokens(hub))}`,
    `  listen: ${quote(`${listen.host}:${listen.port}`)}`,
    ...(advertise === undefined ? [] : [`  advertise: ${quote(advertise)}`]),
    `  routes: [ ${routes.map((route) => quote(`tls://${route}`)).join(", ")} ]`,
    // a way that nothing comes over any more is given up within twenty seconds
    '  ping_interval: "5s"',
    "  ping_max: 3",
    "  tls {",
    `    cert_file: ${quote(certificateFile)}`,
    `    key_file: ${quote(keyFile)}`,
    `    ca_file: ${quote(caFile)}`,
    "    verify: true",
    '    min_version: "1.3"',
    `    timeout: ${hubLimits.tlsTimeoutSeconds}`,
    "  }",
    "}",
  ];
}
