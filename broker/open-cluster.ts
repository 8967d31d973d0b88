import type { Log } from "../schemas/ground/index.ts";
import { type Gathering, startGathering } from "./gathering.ts";
import type { Links } from "./links.ts";
import { copiesOfEach, oneServer, type ServerControl, type Spread } from "./nats/index.ts";
import type { BrokerOptions } from "./options.ts";

/** How the streams of a hub are spread over its servers: each has one copy where there is one, and three where there are more. */
export function spreadOf({ cluster }: Pick<BrokerOptions, "cluster">): Spread {
  if (cluster === undefined) return oneServer;
  return { copies: copiesOfEach, placement: cluster.placement };
}

/** Starts what keeps a broker with most of its servers; it has nothing to do where there is one. */
export function openGathering({
  options: { cluster, clock },
  links,
  control,
  log,
}: {
  readonly options: Pick<BrokerOptions, "cluster" | "clock">;
  readonly links: Links;
  readonly control: ServerControl;
  readonly log: Log;
}): Gathering {
  if (cluster === undefined) return { look: () => Promise.resolve(), stop: () => undefined };
  return startGathering({ links, control, servers: cluster.servers.length, clock, log });
}
