import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";

import { replaceFile } from "../schemas/disk/index.ts";
import { toFault, utf8 } from "../schemas/ground/index.ts";
import { isRoutePair, makeRoutePair, type RoutePair, serverNameOf } from "./nats/index.ts";
import type { ClusterOptions, ClusterServer } from "./options.ts";

function readPair({ cluster }: ClusterServer): RoutePair | undefined {
  const { certificateFile, keyFile } = cluster;
  if (!existsSync(certificateFile) || !existsSync(keyFile)) return undefined;
  return {
    certificatePem: readFileSync(certificateFile, "utf8"),
    keyPem: readFileSync(keyFile, "utf8"),
  };
}

/** The pair that stands there, or a new one where there is none for these hosts. */
function keepPair(hub: string, server: ClusterServer): RoutePair {
  const { certificateFile, keyFile } = server.cluster;
  const found = readPair(server);
  if (found !== undefined && isRoutePair(found, server.routeHosts)) return found;
  const made = makeRoutePair(serverNameOf(hub, server.cluster), server.routeHosts);
  mkdirSync(dirname(keyFile), { recursive: true, mode: 0o700 });
  // whoever is stopped between the two finds no pair, and makes another
  replaceFile(keyFile, utf8(made.keyPem), { mode: 0o600 });
  replaceFile(certificateFile, utf8(made.certificatePem), { mode: 0o600 });
  return made;
}

/**
 * Makes the keys for the ways between a hub's servers where they are missing, and writes whom each of them trusts: exactly
 * these. Says whether that changed.
 *
 * @throws {Fault} CONFIG_INVALID
 */
export function writeRouteFiles(hub: string, { servers }: ClusterOptions): boolean {
  try {
    const all = servers.map((server) => keepPair(hub, server).certificatePem).join("");
    const files = [...new Set(servers.map(({ cluster }) => cluster.caFile))];
    const changed = files.filter((file) => !existsSync(file) || readFileSync(file, "utf8") !== all);
    for (const file of changed) replaceFile(file, utf8(all), { mode: 0o600 });
    return changed.length > 0;
  } catch (error) {
    throw toFault(error, "CONFIG_INVALID", "the keys between the servers cannot be written");
  }
}
