import { once } from "node:events";
import type { AddressInfo } from "node:net";

import { createAdaptorServer } from "@hono/node-server";

import { type Chance, type Clock, Fault, type Log, toFault } from "../../schemas/ground/index.ts";
import type { Exchange } from "../exchange/index.ts";
import { makeApp } from "./app.ts";
import type { Directory } from "./directory.ts";
import { makeEventStreams } from "./events.ts";
import { makeHostNames } from "./host.ts";
import type { Callers } from "../people/index.ts";
import type { Services } from "./services.ts";
import { digestToken, loadToken } from "./token.ts";

/** What the API stands on and where it listens. */
export interface ApiOptions {
  readonly exchange: Exchange;
  readonly directory: Directory;
  /** The gateway's own folder: `api-token` lies there. */
  readonly dir: string;
  /** Loopback unless the operator says otherwise. */
  readonly host: string;
  /** 0 is any free port. */
  readonly port: number;
  /** How people and machines prove who they are; without it the token is the only way. */
  readonly callers?: Callers | undefined;
  readonly services?: Services | undefined;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: Log;
  /** Called with an INTEGRITY_* fault after its request was answered: stop the process. */
  readonly onFatal?: (fault: Fault) => void;
}

/** The running API. */
export interface Api {
  /** Such as `http://127.0.0.1:7401`; no slash at the end. */
  readonly url: string;
  /** Stops listening, ends event streams, and resolves when every request under way is done. */
  stop(): Promise<void>;
}

/** How long a request may take to arrive, and an idle connection to stay; in milliseconds. */
const patience = { headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 30_000 };
const maxHeaderSize = 16 * 1024;
const maxConnections = 512;
/** Time for requests under way to end before their connections are cut. */
const graceMs = 5_000;

type Server = ReturnType<typeof createAdaptorServer>;

async function listen(server: Server, host: string, port: number): Promise<AddressInfo> {
  try {
    server.listen(port, host);
    await once(server, "listening");
  } catch (error) {
    throw toFault(error, "CONFIG_INVALID", `the API cannot listen on ${host} port ${port}`);
  }
  const address = server.address();
  if (address === null || typeof address === "string") {
    throw new Fault("INTERNAL", "the API listens on no port");
  }
  return address;
}

async function close(server: Server, clock: Clock): Promise<void> {
  const closed = once(server, "close");
  server.close();
  const cut = clock.after(graceMs, () => {
    if ("closeAllConnections" in server) server.closeAllConnections();
  });
  if ("closeIdleConnections" in server) server.closeIdleConnections();
  await closed;
  cut.stop();
}

/**
 * Serves the API until stopped. Makes the token file when there is none.
 *
 * @throws {Fault} CONFIG_INVALID when it cannot listen there or the token file is unusable
 */
export async function startApi(options: ApiOptions): Promise<Api> {
  const { exchange, directory, dir, host, port, clock, chance, log } = options;
  const streams = makeEventStreams(exchange, clock);
  const app = makeApp({
    exchange,
    directory,
    clock,
    chance,
    log,
    streams,
    callers: options.callers,
    services: options.services,
    tokenDigest: digestToken(loadToken(dir, chance)),
    hostNames: makeHostNames(host),
    onFatal: options.onFatal ?? ((): void => undefined),
  });
  const server = createAdaptorServer({
    fetch: app.fetch,
    overrideGlobalObjects: false,
    serverOptions: { ...patience, maxHeaderSize },
  });
  if ("maxConnections" in server) server.maxConnections = maxConnections;
  const bound = await listen(server, host, port);
  const name = bound.family === "IPv6" ? `[${bound.address}]` : bound.address;
  log.info("api listens", { host: name, port: bound.port });
  return {
    url: `http://${name}:${bound.port}`,
    stop: async () => {
      streams.stop();
      await close(server, clock);
    },
  };
}
