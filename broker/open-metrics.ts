import type { Log } from "../schemas/ground/index.ts";
import type { LoginEvent } from "./callout/index.ts";
import type { Links } from "./links.ts";
import {
  type Face,
  type HubMetrics,
  type HubStanding,
  judgeHealth,
  makeHubMetrics,
  startFace,
} from "./metrics/index.ts";
import { hubAccounts, makeStreamHealthReader, makeTrafficReader } from "./nats/index.ts";
import type { BrokerOptions } from "./options.ts";

/** What the numbers of a broker are made of. */
export interface MetricsParts {
  readonly options: Pick<BrokerOptions, "cluster" | "dir" | "clock" | "metrics">;
  readonly links: Pick<Links, "control" | "system">;
  readonly log: Log;
}

/** The numbers of a broker, and where they are shown. */
export interface MetricsDesk {
  /** Counts an answer to a login. */
  login(event: LoginEvent): void;
  /** Shows them, where the operator says so. @throws {Fault} CONFIG_INVALID */
  show(standing: () => HubStanding): Promise<void>;
  readonly url: string | undefined;
  stop(): Promise<void>;
}

const ownAccounts = new Set<string>(Object.values(hubAccounts));

/** Makes the numbers of a broker; where the operator asked for none, nothing is counted and nothing listens. */
export function openMetrics({ options, links, log }: MetricsParts): MetricsDesk {
  const { dir, clock, metrics: place } = options;
  let standing: (() => HubStanding) | undefined;
  let metrics: HubMetrics | undefined;
  let face: Face | undefined;
  if (place !== undefined) {
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
    show: async (find) => {
      standing = find;
      if (place === undefined || metrics === undefined) return;
      const health = () => judgeHealth(find(), clock.now());
      face = await startFace({ ...place, metrics, health, log });
    },
    get url() {
      return face?.url;
    },
    stop: async () => {
      metrics?.stop();
      await face?.stop();
      face = undefined;
    },
  };
}
