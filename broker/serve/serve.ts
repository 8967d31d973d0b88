import { readFileSync } from "node:fs";
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from "node:http";
import { createServer as createSecureServer } from "node:https";

import type { RegisterView } from "../../certs/trust/index.ts";
import { type Clock, Fault, isFault, type Log, toFault } from "../../schemas/ground/index.ts";
import { listenAt, serveHeaders, servePatience } from "./listen.ts";
import { type LogFiles, parsePiece, readPiece } from "./pieces.ts";
import { findReader, isMeantForLoopback } from "./reader.ts";

/** What a log is served with. */
export interface LogServiceOptions extends LogFiles {
  /** With it TLS 1.3 is spoken, and readers show a link certificate; without, this machine alone may read. */
  readonly host?: string | undefined;
  /** 0 is any free port. */
  readonly port: number;
  /** The files of the hub's server certificate and key, as they are now. */
  readonly pair: () => { readonly certificateFile: string; readonly keyFile: string };
  readonly register: () => RegisterView;
  /** Told of each who reads, at each piece; nobody's name where this machine alone reads. */
  readonly onReader?: ((agency: string | undefined) => void) | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

/** A log that is being served. */
export interface LogService {
  readonly url: string;
  /** Shows the certificate of the moment from the next handshake on. */
  tend(): void;
  stop(): Promise<void>;
}

const maxConnections = 64;
/** A slow reader of a full bundle over 64 kbit/s. */
const answerMs = 60_000;

function answer(response: ServerResponse, status: number, words: string): void {
  response.writeHead(status, { ...serveHeaders, "Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store" });
  response.end(`${words}\n`);
} // prettier-ignore

type Serve = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

function makeServe({ dir, cosignedFile, host, register, clock, onReader }: LogServiceOptions): Serve {
  const checkReader = (request: IncomingMessage): string | undefined => {
    if (host !== undefined) return findReader(request, register(), clock.now());
    if (isMeantForLoopback(request)) return undefined;
    throw new Fault("AGENCY_UNKNOWN", "not from this machine");
  };
  return async (request, response) => {
    const reader = checkReader(request);
    const { method = "", url = "" } = request;
    if (method !== "GET" && method !== "HEAD") return answer(response, 405, "read only");
    const piece = parsePiece(url);
    const bytes = piece === undefined ? undefined : await readPiece({ dir, cosignedFile }, piece);
    if (piece === undefined || bytes === undefined) return answer(response, 404, "not in the log");
    onReader?.(reader);
    const { type, caching } = piece;
    response.writeHead(200, { ...serveHeaders, "Content-Type": type, "Content-Length": bytes.length, "Cache-Control": caching });
    return void response.end(method === "HEAD" ? undefined : bytes);
  };
} // prettier-ignore

function makeListener(options: LogServiceOptions): RequestListener {
  const serve = makeServe(options);
  return (request, response) => {
    response.setTimeout(answerMs, () => response.destroy());
    // nothing that is sent is wanted
    request.resume();
    serve(request, response).catch((error: unknown) => {
      const { code } = toFault(error, "INTERNAL");
      if (!isFault(error)) options.log.warn("the log was not served", { code });
      if (response.headersSent) response.destroy();
      else answer(response, isFault(error) ? 403 : 500, code);
    });
  };
}

function loadPair({ pair }: LogServiceOptions): { readonly cert: string; readonly key: string } {
  const { certificateFile, keyFile } = pair();
  return { cert: readFileSync(certificateFile, "utf8"), key: readFileSync(keyFile, "utf8") };
}

function makeServer(options: LogServiceOptions): { readonly server: ReturnType<typeof createServer>; readonly tend: () => void } {
  const listener = makeListener(options);
  if (options.host === undefined) return { server: createServer(servePatience, listener), tend: () => undefined };
  // no issuer is believed for its word: the register names the very certificates that may read
  const clients = { requestCert: true, rejectUnauthorized: false, minVersion: "TLSv1.3" } as const;
  let shown = options.pair();
  const server = createSecureServer({ ...servePatience, ...clients, ...loadPair(options) }, listener);
  const tend = (): void => {
    if (options.pair() === shown) return;
    shown = options.pair();
    server.setSecureContext({ minVersion: "TLSv1.3", ...loadPair(options) });
  };
  return { server, tend };
} // prettier-ignore

/**
 * Serves a log. What is asked is answered from the files that lie there at that moment.
 *
 * @throws {Fault} CONFIG_INVALID when it cannot listen there, or its certificate cannot be used
 */
export async function startLogService(options: LogServiceOptions): Promise<LogService> {
  const { host, port } = options;
  try {
    const { server, tend } = makeServer(options);
    const scheme = host === undefined ? "http" : "https";
    return { ...(await listenAt(server, { host, port, scheme, maxConnections })), tend };
  } catch (error) {
    throw toFault(error, "CONFIG_INVALID", "log.serve: the log cannot be served there");
  }
} // prettier-ignore
