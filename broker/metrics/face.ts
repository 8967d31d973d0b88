import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from "node:http";

import { type Log, toFault } from "../../schemas/ground/index.ts";
import { isMeantForLoopback, listenAt, serveHeaders, servePatience } from "../serve/index.ts";
import type { HubHealth } from "./health.ts";
import type { HubMetrics } from "./metrics.ts";

/** What is shown, and where. */
export interface FaceOptions {
  readonly metrics: Pick<HubMetrics, "contentType" | "render">;
  readonly health: () => HubHealth;
  /** This machine alone when left out; who names another answers for who reaches it. */
  readonly host?: string | undefined;
  /** 0 is any free port. */
  readonly port: number;
  readonly log: Log;
}

/** A face that listens. */
export interface Face {
  readonly url: string;
  stop(): Promise<void>;
}

const maxConnections = 16;
const answerMs = 20_000;
const security = { ...serveHeaders, "Cache-Control": "no-store" };
const json = "application/json";

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

async function find(url: string, { metrics, health }: FaceOptions): Promise<Answer> {
  switch (url) {
    case "/livez":
      return { status: 200, type: json, body: '{"live":true}' };
    case "/readyz": {
      const found = health();
      return { status: found.ready ? 200 : 503, type: json, body: JSON.stringify(found) };
    }
    case "/metrics":
      return { status: 200, type: metrics.contentType, body: await metrics.render() };
    default:
      return { status: 404, type: json, body: '{"code":"NOT_FOUND"}' };
  }
}

function end(response: ServerResponse, { status, type, body }: Answer, isHead = false): void {
  const length = Buffer.byteLength(body);
  response.writeHead(status, { ...security, "Content-Type": type, "Content-Length": length });
  response.end(isHead ? undefined : body);
}

function refuse(request: IncomingMessage, { host }: FaceOptions): Answer | undefined {
  const { method = "" } = request;
  if (method !== "GET" && method !== "HEAD") return { status: 405, type: json, body: '{"code":"METHOD_NOT_ALLOWED"}' };
  // a page in a browser of this machine asks by another name
  if (host !== undefined || isMeantForLoopback(request)) return undefined;
  return { status: 403, type: json, body: '{"code":"REQUEST_INVALID"}' };
} // prettier-ignore

function makeListener(options: FaceOptions): RequestListener {
  return (request, response) => {
    response.setTimeout(answerMs, () => response.destroy());
    // nothing that is sent is wanted
    request.resume();
    const refused = refuse(request, options);
    if (refused !== undefined) return end(response, refused);
    find(request.url ?? "", options).then(
      (answer) => end(response, answer, request.method === "HEAD"),
      (error: unknown) => {
        const { code } = toFault(error, "INTERNAL");
        options.log.warn("numbers were not shown", { code });
        end(response, { status: 500, type: json, body: JSON.stringify({ code }) });
      },
    );
  };
}

/**
 * Shows numbers at `/metrics`, that the process answers at `/livez`, and whether messages are taken in at `/readyz`.
 *
 * @throws {Fault} CONFIG_INVALID when it cannot listen there
 */
export async function startFace(options: FaceOptions): Promise<Face> {
  const { host, port } = options;
  const server = createServer(servePatience, makeListener(options));
  try {
    return await listenAt(server, { host, port, scheme: "http", maxConnections });
  } catch (error) {
    throw toFault(error, "CONFIG_INVALID", "metrics: it cannot listen there; take another host or port");
  }
} // prettier-ignore
