import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";

import { type Bytes, Fault, toFault } from "../../schemas/ground/index.ts";
import { type LogWitness, maxRequestBytes } from "../../certs/witness/index.ts";

/** Where a witness listens, and who is told of what it could not do. */
export interface ListenOptions {
  readonly host: string;
  readonly port: number;
  readonly onFault: (fault: Fault) => void;
}

/** A witness that listens. */
export interface Listening {
  readonly url: string;
  stop(): Promise<void>;
}

const headTimeoutMs = 5_000;
const requestTimeoutMs = 15_000;
const maxConnections = 64;
const maxHeaderBytes = 8_192;

/** The body; undefined when there is more of it than any request has. */
async function readBody(request: AsyncIterable<Bytes>): Promise<Bytes | undefined> {
  const pieces: Bytes[] = [];
  let size = 0;
  for await (const piece of request) {
    size += piece.length;
    if (size > maxRequestBytes) return undefined;
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

function say(response: ServerResponse, status: number, says: string): void {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8", connection: "close" });
  response.end(`${says}\n`);
}

async function serve(witness: LogWitness, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.url !== "/add-checkpoint") return say(response, 404, "POST /add-checkpoint");
  if (request.method !== "POST") return say(response, 405, "POST /add-checkpoint");
  const body = await readBody(request);
  if (body === undefined) return say(response, 413, `at most ${maxRequestBytes} bytes`);
  const answer = witness.add(body);
  response.writeHead(answer.status, { "content-type": answer.type });
  return void response.end(answer.body);
} // prettier-ignore

function makeHttpServer(witness: LogWitness, onFault: ListenOptions["onFault"]): Server {
  const limits = {
    headersTimeout: headTimeoutMs,
    requestTimeout: requestTimeoutMs,
    maxHeaderSize: maxHeaderBytes,
  };
  const server = createServer(limits, (request, response) => {
    serve(witness, request, response).catch((error: unknown) => {
      onFault(toFault(error, "INTERNAL"));
      if (!response.headersSent) say(response, 500, "nothing was cosigned");
      else response.destroy();
    });
  });
  server.maxConnections = maxConnections;
  return server;
}

/**
 * Listens for what logs send (C2SP tlog-witness): `POST /add-checkpoint`, and nothing else.
 *
 * @throws {Fault} CONFIG_INVALID when the address cannot be had
 */
export async function listen(witness: LogWitness, { host, port, onFault }: ListenOptions): Promise<Listening> {
  const server = makeHttpServer(witness, onFault);
  try {
    server.listen(port, host);
    await once(server, "listening");
  } catch (cause) {
    throw new Fault("CONFIG_INVALID", "listen: the address cannot be had", { cause });
  }
  const address = server.address();
  const at = typeof address === "object" && address !== null ? address.port : port;
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${at}`,
    stop: async () => {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
} // prettier-ignore
