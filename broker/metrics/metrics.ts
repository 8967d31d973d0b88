import { Registry } from "prom-client";

import type { Clock } from "../../schemas/ground/index.ts";
import { addProcessFigures } from "../../schemas/figures/index.ts";
import type { AccountTraffic, StreamHealth } from "../nats/index.ts";
import { makeHubGauges } from "./gauges.ts";
import { setLogins, setServer, setStanding } from "./set.ts";
import type { HubStanding } from "./standing.ts";

/** Numbers of a hub, in the text form of Prometheus. */
export interface HubMetrics {
  readonly contentType: string;
  /** All of them, as they stand now; what the server does not say in time is left out. */
  render(): Promise<string>;
  /** A login was answered: allowed, or refused with this code. */
  login(allowed: boolean, code?: string): void;
  stop(): void;
}

/** What they are made of. */
export interface HubMetricsParts {
  readonly standing: () => HubStanding;
  readonly readStreams: () => Promise<readonly StreamHealth[]>;
  readonly readTraffic: () => Promise<readonly AccountTraffic[]>;
  /** Whether an account is the hub's own. */
  readonly isOwnAccount: (account: string) => boolean;
  /** The broker's folder. */
  readonly dir: string;
  readonly clock: Clock;
}

/** What the server itself said. */
export interface ServerWord {
  readonly streams?: readonly StreamHealth[] | undefined;
  readonly sessions?: number | undefined;
  readonly connected?: number | undefined;
}

/** However many read, the server is asked once in so long. */
const askEveryMs = 5_000;

/** The sessions of agencies, as one number: who of them is there is nobody's business who reads numbers. */
function countSessions(traffic: readonly AccountTraffic[], { isOwnAccount }: HubMetricsParts): Pick<ServerWord, "sessions" | "connected"> {
  const theirs = traffic.filter(({ account }) => !isOwnAccount(account));
  return {
    sessions: theirs.reduce((sum, { connections }) => sum + connections, 0),
    connected: theirs.filter(({ connections }) => connections > 0).length,
  };
} // prettier-ignore

/** What the server does not say is not told; that it says nothing is seen in `server_up`. */
async function found<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise;
  } catch {
    return undefined;
  }
}

/** Asks the server, once for all who read within some seconds. */
function makeAsking(parts: HubMetricsParts): () => Promise<ServerWord> {
  let asked: { readonly at: number; readonly word: Promise<ServerWord> } | undefined;
  const ask = async (): Promise<ServerWord> => {
    const [streams, traffic] = await Promise.all([found(parts.readStreams()), found(parts.readTraffic())]);
    return { streams, ...(traffic === undefined ? {} : countSessions(traffic, parts)) };
  };
  return () => {
    const at = parts.clock.elapsed();
    if (asked === undefined || at - asked.at >= askEveryMs) asked = { at, word: ask() };
    return asked.word;
  };
} // prettier-ignore

/** Builds the numbers of one hub. */
export function makeHubMetrics(parts: HubMetricsParts): HubMetrics {
  const { standing, clock, dir } = parts;
  const register = new Registry();
  const gauges = makeHubGauges(register);
  const own = addProcessFigures(register, { dir });
  const askServer = makeAsking(parts);
  return {
    contentType: register.contentType,
    render: async () => {
      const word = await askServer();
      setStanding(gauges, standing(), clock.now());
      setServer(gauges, word);
      return await register.metrics();
    },
    login: (allowed, code) => setLogins(gauges, allowed ? "ALLOWED" : code),
    stop: () => own.stop(),
  };
}
