import type { LoginEvent } from "./callout/index.ts";
import type { Links } from "./links.ts";
import {
  type HubFace,
  type HubMetrics,
  type HubStanding,
  judgeHealth,
  makeHubMetrics,
  openHubFace,
} from "./metrics/index.ts";
import { hubAccounts, makeStreamHealthReader, makeTrafficReader } from "./nats/index.ts";
import type { BrokerOptions } from "./options.ts";

/** What the numbers of a broker are made of. */
export interface MetricsParts {
  readonly options: Pick<BrokerOptions, "cluster" | "dir" | "clock">;
  readonly links: Pick<Links, "control" | "system">;
}

/** The numbers of a broker, and where they are shown. */
export interface MetricsDesk {
  /** Counts an answer to a login. */
  login(event: LoginEvent): void;
  /** Shows them, where the operator says so. */
  show(standing: () => HubStanding): void;
  stop(): void;
}

/** Where numbers are shown, and how that ends: one that somebody else opened is left as it is. */
export interface OpenedFace {
  readonly face: HubFace | undefined;
  readonly closeFace: () => Promise<void>;
}

/** Opens what shows numbers and health, where the operator says so. @throws {Fault} CONFIG_INVALID */
export async function openFace({ face: given, metrics, log }: Pick<BrokerOptions, "face" | "metrics" | "log">): Promise<OpenedFace> {
  if (given !== undefined) return { face: given, closeFace: () => Promise.resolve() };
  const face = metrics && (await openHubFace({ ...metrics, log }));
  return { face, closeFace: async () => await face?.stop() };
} // prettier-ignore

const ownAccounts = new Set<string>(Object.values(hubAccounts));

/** Makes the numbers of a broker; where the operator asked for none, nothing is counted and nothing listens. */
export function openMetrics({ options, links }: MetricsParts, face: HubFace | undefined): MetricsDesk {
  const { dir, clock } = options;
  let standing: (() => HubStanding) | undefined;
  let metrics: HubMetrics | undefined;
  if (face !== undefined) {
    metrics = makeHubMetrics({
      standing: () => {
        if (standing === undefined) throw new TypeError("numbers are shown once the broker runs");
        return standing();
      },
      readStreams: makeStreamHealthReader(links.control),
      readTraffic: makeTrafficReader(links.system, options.cluster?.servers.length),
      isOwnAccount: (account) => ownAccounts.has(account),
      dir,
      clock,
    });
  }
  return {
    login: ({ allowed, code }) => metrics?.login(allowed, code),
    show: (find) => {
      standing = find;
      if (metrics === undefined) return;
      face?.show({ metrics, health: () => judgeHealth(find(), clock.now()) });
    },
    stop: () => {
      face?.wait("STARTING");
      metrics?.stop();
    },
  };
} // prettier-ignore
