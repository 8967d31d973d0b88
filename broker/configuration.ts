import { renderHex, sha256, utf8 } from "../schemas/ground/index.ts";
import type { BrokerOptions } from "./options.ts";

/** Of one server nothing: what is above says it all. */
function chosenCluster(cluster: BrokerOptions["cluster"]): readonly unknown[] {
  if (cluster === undefined) return [];
  const places = cluster.servers.map(({ url, listen, storeDir, monitorPort, cluster: place }) => [
    place.name,
    url,
    [listen.host, listen.port, storeDir, monitorPort ?? 0],
    [place.listen.host, place.listen.port, place.advertise ?? ""],
    place.routes,
    place.tags,
  ]);
  return [places, cluster.placement];
}

/**
 * What an operator chose for a hub, as one digest: where it listens, its limits, its witnesses, where its log is served. Keys
 * and certificates are no part of it; they are told of as they change.
 */
export function digestConfiguration(options: BrokerOptions): string {
  const {
    hub,
    url,
    server,
    cluster,
    blobs,
    witnesses = [],
    logService,
    metrics,
    renewal,
    patienceMs,
    duty,
  } = options;
  const { listen, storeDir, monitorPort, maxMemoryBytes, maxFileBytes } = server;
  const chosen = [
    hub,
    url,
    [listen.host, listen.port, storeDir, monitorPort ?? 0, maxMemoryBytes, maxFileBytes],
    [blobs?.bytesPerAgencyDay ?? 0, blobs?.maxBytes ?? 0],
    witnesses.map((one) => one.url),
    logService === undefined ? [] : [logService.host ?? "", logService.port],
    metrics === undefined ? [] : [metrics.host ?? "", metrics.port],
    renewal !== undefined,
    patienceMs ?? 0,
    ...chosenCluster(cluster),
    ...(duty === undefined ? [] : [duty.map(({ fingerprint }) => fingerprint)]),
  ];
  return renderHex(sha256(utf8(JSON.stringify(chosen))));
}
