import { once } from "node:events";
import { createServer, type RequestListener, type Server as PlainServer } from "node:http";
import { createServer as createSecureServer, type Server as SecureServer } from "node:https";
import type { AddressInfo } from "node:net";

import { getRequestListener } from "@hono/node-server";

import {
  type Bytes,
  type Chance,
  type Clock,
  Fault,
  type Log,
  toFault,
} from "../../schemas/ground/index.ts";
import type { Exchange } from "../exchange/index.ts";
import { makeApp } from "./app.ts";
import { keepCrowd } from "./crowd.ts";
import type { Directory } from "./directory.ts";
import { makeEventStreams } from "./events.ts";
import { makeHostNames } from "./host.ts";
import { refuseMalformed, renderMalformed } from "./malformed.ts";
import type { Callers } from "../people/index.ts";
import type { Services } from "./services.ts";
import { digestToken, loadToken } from "./token.ts";

/** What TLS is spoken with. */
export interface TlsFiles {
  readonly keyPem: string;
  readonly certificatePem: string;
  /** Whether client certificates are asked for; none is ever needed, and none believed for its issuer. */
  readonly clients: boolean;
}

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
  /** How browsers call it from elsewhere, such as https://gateway.tcu.example. */
  readonly origin?: string | undefined;
  /** With it only TLS 1.3 is spoken. */
  readonly tls?: TlsFiles | undefined;
  /** Whether the owner of the token is let in; so unless said otherwise. */
  readonly token?: "on" | "off" | undefined;
  /** How people and machines prove who they are; without it the token is the only way. */
  readonly callers?: Callers | undefined;
  readonly services?: Services | undefined;
  /** What the owner of the token reads for when he does not say; NONE that he must. */
  readonly ownerPurpose?: string | undefined;
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
  /** Answers a request of this process itself, as one that came over a connection. */
  readonly serve: (request: Request) => Response | Promise<Response>;
  /** Stops listening, ends event streams, and resolves when every request under way is done. */
  stop(): Promise<void>;
}

/** How long a request may take to arrive, and an idle connection to stay; in milliseconds. */
const patience = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 30_000,
  connectionsCheckingInterval: 2_000,
};
const maxHeaderSize = 16 * 1024;
const maxConnections = 512;
/** Time for requests under way to end before their connections are cut. */
const graceMs = 5_000;

type Server = PlainServer | SecureServer;

const tokenDigestBytes = 32;

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
  const cut = clock.after(graceMs, () => server.closeAllConnections());
  server.closeIdleConnections();
  await closed;
  cut.stop();
}

function makeServer(listener: RequestListener, tls: TlsFiles | undefined): Server {
  // a request without Host is answered by us, as every other that is wrong
  const serverOptions = { ...patience, maxHeaderSize, requireHostHeader: false };
  if (tls === undefined) return createServer(serverOptions, listener);
  const { keyPem: key, certificatePem: cert, clients } = tls;
  // whose certificate it is is judged by us, by its digest: no issuer is asked, so none can be wrong
  const asking = { requestCert: clients, rejectUnauthorized: false };
  const secure = { ...serverOptions, ...asking, key, cert, minVersion: "TLSv1.3" } as const;
  try {
    return createSecureServer(secure, listener);
  } catch (error) {
    throw toFault(error, "CONFIG_INVALID", "api.tls names no key and certificate of one pair");
  }
}

type Fetch = ReturnType<typeof makeApp>["fetch"];

/** A server that answers every request, and bytes that are none. */
function makeAnswering(fetch: Fetch, { tls, chance }: ApiOptions): Server {
  const errorHandler = (): Response => renderMalformed(chance);
  const listener = getRequestListener(fetch, { overrideGlobalObjects: false, errorHandler });
  const server = makeServer((request, response) => void listener(request, response), tls);
  server.on("clientError", (error, socket) => void refuseMalformed(error, socket, chance));
  keepCrowd(server, maxConnections);
  return server;
}

/** What the owner's token is known by; where it is off, something that nobody holds. */
function chooseToken({ dir, chance, token, services }: ApiOptions): Bytes {
  if (token !== "off") return digestToken(loadToken(dir, chance));
  if (services?.people?.hasAdministrator() === true) return chance.bytes(tokenDigestBytes);
  throw new Fault(
    "CONFIG_INVALID",
    "api.token is off, and there is no administrator yet who could let people in",
  );
}

function namesOf({ host, origin }: ApiOptions): ReadonlySet<string> {
  const names = makeHostNames(host);
  return origin === undefined ? names : new Set([...names, new URL(origin).hostname]);
}

/**
 * Serves the API until stopped. Makes the token file when there is none.
 *
 * @throws {Fault} CONFIG_INVALID when it cannot listen there or the token file is unusable
 */
export async function startApi(options: ApiOptions): Promise<Api> {
  const { exchange, directory, host, port, clock, chance, log } = options;
  const streams = makeEventStreams(exchange, clock);
  const app = makeApp({
    exchange,
    directory,
    clock,
    chance,
    log,
    streams,
    callers: options.callers,
    ownerPurpose: options.ownerPurpose,
    services: options.services,
    tokenDigest: chooseToken(options),
    hostNames: namesOf(options),
    onFatal: options.onFatal ?? ((): void => undefined),
  });
  const server = makeAnswering(app.fetch, options);
  const bound = await listen(server, host, port);
  const name = bound.family === "IPv6" ? `[${bound.address}]` : bound.address;
  log.info("api listens", { host: name, port: bound.port });
  return {
    url: `${options.tls === undefined ? "http" : "https"}://${name}:${bound.port}`,
    serve: (request) => app.fetch(request),
    stop: async () => {
      streams.stop();
      await close(server, clock);
    },
  };
}
