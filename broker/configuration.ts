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

/** Where none is named nothing, so that no digest of before changes. */
function chosenDuty({ duty }: BrokerOptions): readonly unknown[] {
  return duty === undefined ? [] : [duty.map(({ fingerprint }) => fingerprint)];
}

/** Likewise: where the broker reaches its servers, if that is not where others do. */
function chosenDials({ dial, cluster }: BrokerOptions): readonly unknown[] {
  const dials = (cluster?.servers ?? [{ dial }]).map((one) => one.dial ?? "");
  return dials.every((one) => one === "") ? [] : [["dial", ...dials]];
}

/** Likewise: what this broker is called among others, if there may be others. */
function chosenStandby({ standby }: BrokerOptions): readonly unknown[] {
  return standby === undefined ? [] : [["standby", standby.name]];
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
    ...chosenDuty(options),
    ...chosenDials(options),
    ...chosenStandby(options),
  ];
  return renderHex(sha256(utf8(JSON.stringify(chosen))));
}
